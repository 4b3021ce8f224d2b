import Diagnostics
import Investigation
package import RunbookLanguage
import RunbookPorts
import Values

/// A checked runbook with everything that its runs in one deployment have in common: made once, for any number of runs.
package final class PreparedRunbook: Sendable {
  package let checked: CheckedRunbook
  package let deployment: Deployment?
  let compiled: CompiledRunbook
  /// The runbook's digest; see `ContentDigest`.
  let digest: String
  /// What a run's first record says of the documents, and of the configuration.
  let documents: JSON
  /// The names of the documents that the deployment gives for lists.
  let lists: JSON
  let configuration: JSON
  /// Of each document by itself.
  let documentDigests: [String]
  /// What is asked, for those who read the trail without the runbook.
  let questionEntries: [JournalEntry]

  /// The digests of scripts, by the ids of their exports.
  let scripts: [String: String]

  /// Most questions in one record.
  private static let questionLimit = 50

  package init(_ checked: CheckedRunbook, in deployment: Deployment?) {
    self.checked = checked
    self.deployment = deployment
    compiled = CompiledRunbook(checked, thresholds: deployment?.thresholdRules(for: checked.runbook) ?? [:])
    digest = ContentDigest.of(checked.documents)
    documents = .array(checked.documents.map(\.record))
    documentDigests = checked.documents.map { ContentDigest.of($0.bytes) }
    let base = DocumentFiles.folder(of: deployment?.listBase.name ?? "")
    lists = .object(
      (deployment?.lists ?? []).map { .init($0.id.value, .string(DocumentFiles.resolve($0.path, in: base))) })
    configuration = deployment?.record ?? .null
    let scripts = checked.runbook.exports.compactMap { export in
      export.script.map { (export.id, ContentDigest.of($0.file.bytes)) }
    }
    self.scripts = Dictionary(uniqueKeysWithValues: scripts)
    questionEntries = Self.questionEntries(of: checked)
  }

  static func questionEntries(of checked: CheckedRunbook) -> [JournalEntry] {
    let questions = checked.runbook.questions.map(\.record)
    return stride(from: 0, to: questions.count, by: questionLimit).map { start in
      let part = Array(questions[start..<min(start + questionLimit, questions.count)])
      return JournalEntry("runbook.questions", .object(["questions": .array(part)])).written
    }
  }
}

extension Question {
  fileprivate var record: JSON {
    .object([
      "id": .string(id), "ask": .string(RecordText.cut(ask.source, to: 500)),
      "each": each.map(JSON.string) ?? .null, "sign": .bool(isSign), "optional": .bool(isOptional),
    ])
  }
}

extension Deployment {
  /// The configuration, and what its relative paths count from.
  var record: JSON { .object((source.record.members ?? []) + [.init("folder", .string(folder))]) }
}

extension SourceText {
  /// Its name, its digest and its length.
  fileprivate var record: JSON {
    .object([
      "name": .string(name), "digest": .string(ContentDigest.of(bytes)),
      "length": .integer(Int64(bytes.count)),
    ])
  }
}
