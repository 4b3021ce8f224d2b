package import Diagnostics
package import Values

/// Gives the checker the files that a runbook names.
package protocol RunbookFiles: Sendable {
  /// The file at `path`, which counts from the folder of the document `base`.
  ///
  /// - Returns: The file under the name people know it by; or why it cannot be read, as a sentence part.
  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem>

  /// Whether there is a file at `path`, counted from the folder of `base`.
  func exists(_ path: String, from base: SourceText) -> Bool

  /// When the file at `path` was last changed; `nil` where nobody knows, as of what lies in memory or in a commit.
  func changed(_ path: String, from base: SourceText) -> Timestamp?

  /// The same files, of which those can be read that lie in the tree of a document: what a runbook or its cases name
  /// may be nowhere else, or whoever can write a runbook could have any file of the machine shown. Files that have no
  /// outside, such as those in memory or in a commit, are all in the tree.
  func inTree(of document: SourceText) -> any RunbookFiles
}

extension RunbookFiles {
  package func changed(_ path: String, from base: SourceText) -> Timestamp? { nil }
  package func inTree(of document: SourceText) -> any RunbookFiles { self }
}

package struct FileProblem: Error, Hashable, Sendable {
  package let reason: String
  /// Whether the file lies outside of the tree in which it may lie.
  package let isOutside: Bool

  package init(_ reason: String, isOutside: Bool = false) {
    self.reason = reason
    self.isOutside = isOutside
  }
}
