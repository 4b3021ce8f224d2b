package import Diagnostics

/// Gives the checker the files that a runbook names.
package protocol RunbookFiles: Sendable {
  /// The file at `path`, which counts from the folder of the document `base`.
  ///
  /// - Returns: The file under the name people know it by; or why it cannot be read, as a sentence part.
  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem>

  /// Whether there is a file at `path`, counted from the folder of `base`.
  func exists(_ path: String, from base: SourceText) -> Bool
}

package struct FileProblem: Error, Hashable, Sendable {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }
}
