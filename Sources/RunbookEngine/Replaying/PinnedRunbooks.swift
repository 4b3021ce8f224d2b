package import AuditTrail
import Diagnostics
import RunbookLanguage
package import RunbookPorts
import Synchronization
import Values

/// The runbooks of recorded runs, made again of the documents that the trail keeps. Each is read and checked once.
package final class PinnedRunbooks: Sendable {
  /// A runbook with what its runs have in common.
  struct Pinned: Sendable {
    let variants: RunbookVariants
    let digest: String

    var checked: CheckedRunbook { variants.checked }
  }

  private let reader: TrailReader
  private let known = Mutex<[String: Pinned]>([:])

  package init(_ reader: TrailReader) { self.reader = reader }

  /// - Parameter opening: The body of the run's first record.
  func runbook(of opening: RecordBody) throws(ReplayProblem) -> Pinned {
    let documents: [PinnedDocument]
    let lists: [(id: String, file: String)]
    do throws(RecordProblem) {
      documents = try PinnedDocument.all(in: opening)
      lists = try PinnedDocument.lists(in: opening)
    } catch { throw .badRecord(sequence: 1, type: "run.started", error) }
    let key = (documents.map(\.digest) + lists.flatMap { [$0.id, $0.file] }).joined(separator: "\n")
    if let runbook = known.withLock({ $0[key] }) { return runbook }
    let checked = try check(documents, lists)
    let runbook = Pinned(variants: RunbookVariants(checked), digest: ContentDigest.of(checked.documents))
    known.withLock { $0[key] = runbook }
    return runbook
  }

  private func check(
    _ documents: [PinnedDocument], _ lists: [(id: String, file: String)]
  ) throws(ReplayProblem) -> CheckedRunbook {
    var sources: [SourceText] = []
    for document in documents {
      do throws(EvidenceProblem) {
        sources.append(
          SourceText(name: document.name, bytes: try reader.layout.document(document.digest, in: reader.files)))
      } catch { throw .noRunbook("'\(document.name)': \(error.message)") }
    }
    guard let first = sources.first else { throw .noRunbook("its first record names no document") }
    let base = SourceText(name: "lists", bytes: [])
    let overrides = Dictionary(lists.map { ($0.id, (path: $0.file, base: base)) }) { first, _ in first }
    let result = RunbookChecker(files: PinnedFiles(sources: sources)).check(first, listOverrides: overrides)
    guard let runbook = result.runbook else {
      let finding = result.diagnostics.first { $0.severity == .error }
      throw .noRunbook("this version finds an error in it: \(finding?.message ?? "")")
    }
    guard runbook.documents.map(\.bytes) == sources.map(\.bytes) else {
      throw .noRunbook("the documents that it is made of are not those that were recorded")
    }
    return runbook
  }
}

/// A document as a run's first record names it.
private struct PinnedDocument {
  let name: String
  let digest: String

  static func all(in opening: RecordBody) throws(RecordProblem) -> [PinnedDocument] {
    var documents: [PinnedDocument] = []
    for (index, element) in (try opening.member("documents").elements ?? []).enumerated() {
      let document = RecordBody(element, at: opening.place(of: "documents[\(index)]"))
      documents.append(PinnedDocument(name: try document.text("name"), digest: try document.text("digest")))
    }
    return documents
  }

  /// The lists for which the deployment gave files.
  static func lists(in opening: RecordBody) throws(RecordProblem) -> [(id: String, file: String)] {
    guard opening.optional("lists") != nil else { return [] }
    let lists = try opening.body("lists")
    var found: [(id: String, file: String)] = []
    for member in lists.json.members ?? [] { found.append((member.name, try lists.text(member.name))) }
    return found
  }
}

/// Files that are found among pinned documents only.
private struct PinnedFiles: RunbookFiles {
  let sources: [SourceText]

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    let name = DocumentFiles.resolve(path, in: DocumentFiles.folder(of: base.name))
    return sources.first { $0.name.utf8.elementsEqual(name.utf8) }.map(Result.success)
      ?? .failure(FileProblem("the trail does not have it"))
  }

  /// That scripts were there was found when the run was made.
  func exists(_ path: String, from base: SourceText) -> Bool { true }
}

/// Why a recorded run cannot be folded again.
package enum ReplayProblem: Error, Hashable, Sendable {
  /// The runbook cannot be had from the trail.
  case noRunbook(String)
  /// A record is not what its type says.
  case badRecord(sequence: Int64, type: String, RecordProblem)
  /// The run's records are damaged or missing.
  case damaged(String)
  /// What it rests on was erased, lost or never kept, and a record says so.
  case gone(String)
  /// The run was made under a meaning of the language that this program does not know.
  case otherSemantics(String)

  /// Nothing is wrong with the trail.
  package var isRecordedLoss: Bool {
    switch self {
    case .gone: true
    case .badRecord(_, _, let problem): problem.isRecordedLoss
    case .noRunbook, .damaged, .otherSemantics: false
    }
  }

  package var message: String {
    switch self {
    case .noRunbook(let reason): "its runbook cannot be had from the trail: \(reason)"
    case .badRecord(let sequence, let type, let problem) where problem.isRecordedLoss:
      "what its record \(sequence) (\(type)) rests on is not there any more: \(problem.text)"
    case .badRecord(let sequence, let type, let problem):
      "its record \(sequence) (\(type)) cannot be used: \(problem.text)"
    case .damaged(let problem): "its records are damaged: \(problem)"
    case .gone(let what): "what it rests on is not there any more: \(what)"
    case .otherSemantics(let version):
      "it was made under version \(version) of the language's meaning, which is not known"
    }
  }
}
