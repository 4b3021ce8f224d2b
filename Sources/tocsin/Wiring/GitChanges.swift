import Foundation
import RunbookEngine

extension GitTree {
  /// The commit that this one and the work tree have in common.
  func mergeBase() throws(Problem) -> GitTree {
    try GitTree(Self.line(try Self.run(["merge-base", commit, "HEAD"])))
  }

  /// What has changed since this commit: in commits, in the work tree, and files that git does not know yet. Programs
  /// that the repository configures are not run.
  func changedFiles() throws(Problem) -> ChangedFiles {
    let root = Self.line(try Self.run(["rev-parse", "--show-toplevel"]))
    let quiet = ["-C", root, "-c", "core.fsmonitor=false"]
    let changed = try Self.run(
      quiet + ["diff", "--name-only", "--no-ext-diff", "--no-textconv", "--no-renames", "-z", commit, "--"])
    let unknown = try Self.run(quiet + ["ls-files", "--others", "--exclude-standard", "-z"])
    let paths = [changed, unknown].flatMap { $0.split(separator: 0) }
      .map { "\(root)/\(String(decoding: $0, as: UTF8.self))" }
    return ChangedFiles(paths, from: FileManager.default.currentDirectoryPath)
  }
}
