import DurableFiles

/// The files that belong together: `NAME.runbook.yaml`, `NAME.tests.yaml`, and the folder's `*.alert.json`.
package struct CaseFolder: Hashable, Sendable {
  private static let runbookEndings = [".runbook.yaml", ".runbook.yml"]
  private static let testsEndings = [".tests.yaml", ".tests.yml"]
  private static let alertEnding = ".alert.json"

  package let runbook: String
  package let tests: String

  /// - Parameter path: The runbook, or its cases.
  /// - Returns: `nil` for another file.
  package init?(_ path: String) {
    for (runbookEnding, testsEnding) in zip(Self.runbookEndings, Self.testsEndings) {
      guard let ending = [runbookEnding, testsEnding].first(where: path.hasSuffix) else { continue }
      let name = path.dropLast(ending.count)
      runbook = name + runbookEnding
      tests = name + testsEnding
      return
    }
    return nil
  }

  /// The runbook that cases belong to.
  static func runbook(ofCases path: String) -> String { Self(path)?.runbook ?? path }

  /// Whether the runbook has cases.
  package var hasTests: Bool { Folder.exists(tests) }

  /// The raw alerts that lie beside the runbook, in the order of their names.
  package var alerts: [String] {
    DocumentFiles.names(in: DocumentFiles.folder(of: runbook), ending: Self.alertEnding)
  }
}
