import Diagnostics
import RunbookLanguage

/// Files that have changed since some version.
package struct ChangedFiles: Sendable {
  private let paths: Set<String>
  private let folder: String

  /// - Parameters:
  ///   - paths: Absolute paths, of files that were removed, too.
  ///   - folder: What the paths of documents count from; absolute.
  package init(_ paths: some Sequence<String>, from folder: String) {
    self.paths = Set(paths.map(PathName.plain))
    self.folder = folder
  }

  package func contains(_ path: String) -> Bool {
    paths.contains(PathName.plain(DocumentFiles.resolve(path, in: folder)))
  }
}

/// What the check of one document rested on.
struct DocumentTrace: Sendable {
  /// Files that were asked for, be they there or not.
  var paths: Set<String> = []
  var runbook: String?
  /// Where its id stands.
  var place: SourceLocation?
  /// What it takes from an alert, or from the run that hands over to it; `nil` where there is an error in it.
  var fields: [AlertIntake.Field]?
  var handOvers: [Verdict.HandOver] = []

  mutating func note(_ report: RunbookCheck.Report) {
    runbook = report.id?.value
    place = report.id?.location
    fields = report.runbook?.runbook.alert.fields
    handOvers = report.runbook?.runbook.verdicts.compactMap(\.handOver) ?? []
  }
}

/// Documents of which something new may be told: those that have changed, those that rest on what has, and runbooks
/// that hand over to such a one or to one that is gone.
struct AffectedDocuments {
  private let paths: Set<String>

  init(
    of changed: ChangedFiles, and removed: [VersionCheck.Removal],
    among documents: [(document: DocumentSelection.Document, trace: DocumentTrace)]
  ) {
    let direct = documents.filter { $0.trace.paths.contains(where: changed.contains) }
    let runbooks = Set(direct.compactMap(\.trace.runbook) + removed.map(\.id))
    let handingOver = documents.filter { !runbooks.isDisjoint(with: $0.trace.handOvers.map(\.runbook)) }
    paths = Set((direct + handingOver).map(\.document.path))
  }

  func contains(_ document: DocumentSelection.Document) -> Bool { paths.contains(document.path) }
}
