package import Diagnostics
package import RunbookLanguage

/// The documents as they were before a change.
package protocol EarlierDocuments: RunbookFiles {
  /// A document under the path that it has today.
  func load(_ path: String) -> Result<SourceText, FileProblem>
}

extension EarlierDocuments {
  /// What is wrong with the version of a runbook that has changed since. A new one can have any version, and one that
  /// had errors has no meaning to compare; errors that it has today have been told.
  func findings(on path: String, today files: DocumentOverlay) -> [Diagnostic] {
    guard case .success(let before) = load(path), case .success(let after) = files.load(path) else { return [] }
    do throws(VersionCheck.Problem) {
      return try VersionCheck.compare((before, self), with: (after, files)).findings
    } catch {
      return []
    }
  }
}
