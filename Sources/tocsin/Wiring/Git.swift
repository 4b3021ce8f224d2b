import Foundation
import RunbookEngine

/// Asks `git` what has changed. Nothing that a repository configures is run.
struct Git {
  /// What has changed since the version that the work tree and another one have in common: in commits, in the work
  /// tree, and files that git does not know yet.
  static func changes(since reference: String) throws(Unusable) -> ChangedFiles {
    guard let folder = realpath(".", nil) else { throw Unusable("the folder of this process is gone") }
    defer { free(folder) }
    let root = try text(["rev-parse", "--show-toplevel"], "this is no git repository")
    let commit = try text(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}"],
      "git knows no version '\(reference.shortened(to: 60))'; in CI it may have to be fetched first")
    let base = try text(
      ["merge-base", commit, "HEAD"], "'\(reference.shortened(to: 60))' and the work tree have nothing in common")
    let changed = try names(["-C", root, "diff", "--name-only", "--no-ext-diff", "--no-renames", "-z", base, "--"])
    let unknown = try names(["-C", root, "ls-files", "--others", "--exclude-standard", "-z"])
    return ChangedFiles((changed + unknown).map { "\(root)/\($0)" }, from: String(cString: folder))
  }

  private static func text(_ arguments: [String], _ problem: String) throws(Unusable) -> String {
    guard let output = try run(arguments), !output.isEmpty else { throw Unusable(problem) }
    return String(decoding: output.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  private static func names(_ arguments: [String]) throws(Unusable) -> [String] {
    guard let output = try run(arguments) else { throw Unusable("git cannot say what has changed") }
    return output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// - Returns: What it wrote to its standard output; `nil` if it did not succeed.
  private static func run(_ arguments: [String]) throws(Unusable) -> Data? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-c", "core.fsmonitor=false"] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    do { try process.run() } catch { throw Unusable("git cannot be started") }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data : nil
  }
}
