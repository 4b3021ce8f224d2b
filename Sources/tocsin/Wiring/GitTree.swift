import Diagnostics
import Foundation
import RunbookEngine
import RunbookLanguage

/// The files of a commit, as git has them.
struct GitTree: EarlierDocuments {
  /// Most bytes of one answer of git.
  private static let answerLimitBytes = 64 << 20

  struct Problem: Error {
    let message: String
  }

  /// The commit's own name.
  let commit: String

  /// - Parameter reference: A commit of the work tree that the current folder is in, by any name that git knows.
  init(_ reference: String) throws(Problem) {
    // Names of commits do not begin with a dash; git's options do.
    guard !reference.hasPrefix("-"), !reference.isEmpty else {
      throw Problem(message: "'\(reference)' names no commit")
    }
    do throws(Problem) {
      commit = Self.line(try Self.run(["rev-parse", "--verify", "--end-of-options", reference + "^{commit}"]))
    } catch {
      throw Problem(message: "'\(visible(reference))' is no file and names no commit (\(error.message))")
    }
  }

  /// The paths of all files of the commit below the current folder, in the order of their names.
  func paths() throws(Problem) -> [String] {
    try Self.run(["ls-tree", "-r", "-z", "--name-only", commit]).split(separator: 0)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  func runbooks() -> [String] {
    (try? paths())?.filter { $0.hasSuffix(".runbook.yaml") || $0.hasSuffix(".runbook.yml") } ?? []
  }

  /// A file of the commit, under the path that it has from the current folder.
  func load(_ path: String) -> Result<SourceText, FileProblem> {
    let here = FileManager.default.currentDirectoryPath + "/"
    let plain = PathName.plain(path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path)
    let relative = plain.hasPrefix("../") ? plain : "./" + plain
    do throws(Problem) {
      return .success(SourceText(name: path, bytes: try Self.run(["cat-file", "blob", "\(commit):\(relative)"])))
    } catch {
      return .failure(FileProblem("the commit does not have it"))
    }
  }

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    load(DocumentFiles.resolve(path, in: DocumentFiles.folder(of: base.name)))
  }

  func exists(_ path: String, from base: SourceText) -> Bool {
    if case .success = read(path, from: base) { true } else { false }
  }

  static func line(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  static func run(_ arguments: [String]) throws(Problem) -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { throw Problem(message: "git cannot be started: \(error.localizedDescription)") }
    // git's complaints are short, so reading one pipe to its end keeps it waiting on neither.
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile().prefix(answerLimitBytes))
    let complaint = [UInt8](errors.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Problem(message: visible(line(complaint))) }
    return bytes
  }
}
