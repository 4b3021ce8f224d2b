package import Diagnostics
package import RunbookLanguage

/// The documents as they were before a change.
package protocol EarlierDocuments: RunbookFiles {
  /// A document under the path that it has today.
  func load(_ path: String) -> Result<SourceText, FileProblem>

  /// The paths of its runbooks.
  func runbooks() -> [String]
}

extension EarlierDocuments {
  /// What stood at the path, or the runbook of the same id that stood where nothing stands today.
  private func earlier(of source: SourceText, at path: String, today files: DocumentOverlay) -> SourceText? {
    if case .success(let before) = load(path) { return before }
    guard let id = VersionCheck.id(of: source) else { return nil }
    for old in runbooks() {
      if case .success = files.load(old) { continue }
      if case .success(let before) = load(old), VersionCheck.id(of: before) == id { return before }
    }
    return nil
  }

  /// What is wrong with the version of a runbook that has changed since. A new one can have any version, and one that
  /// had errors has no meaning to compare; errors that it has today have been told.
  func findings(on path: String, today files: DocumentOverlay) -> [Diagnostic] {
    guard case .success(let after) = files.load(path), let before = earlier(of: after, at: path, today: files) else {
      return []
    }
    do throws(VersionCheck.Problem) {
      return try VersionCheck.compare((before, self), with: (after, files)).findings
    } catch {
      return []
    }
  }

  /// The runbooks that stood where nothing stands today, of those that would be among the documents.
  func removals(among selection: DocumentSelection, today files: DocumentOverlay) -> [VersionCheck.Removal] {
    runbooks().filter(selection.wouldFind).compactMap { path in
      if case .success = files.load(path) { return nil }
      guard case .success(let before) = load(path) else { return nil }
      let removal = VersionCheck.Removal(of: before)
      return removal.id.isEmpty ? nil : removal
    }
  }
}
