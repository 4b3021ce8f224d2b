internal import ChildProcesses
internal import Diagnostics
internal import DurableFiles
package import RunbookPorts
internal import Synchronization
package import Values

/// Runs scripts under bubblewrap, and not at all where that cannot be.
///
/// A script is given a file of the exports' folder: as its first argument, and as standard input. Both the script and
/// the file are what their digests say, whatever lies under their names by then. What it prints becomes a file beside
/// the one that it was given.
package struct SandboxedScripts: ScriptRunner {
  /// Most bytes of what a script prints that are kept.
  package static let outputLimitBytes = 1 << 20
  /// Longest file that a script can be given.
  static let inputLimitBytes = 256 << 20

  private let exports: String
  private let programs: SandboxPrograms
  /// What was found out about the sandbox, when it was wanted first.
  private let known = Known()

  private final class Known: Sendable {
    let sandbox = Mutex<Result<Sandbox, ScriptProblem>?>(nil)
  }

  /// - Parameter exports: The folder that exported files are in.
  package init(exports: String, programs: SandboxPrograms = SandboxPrograms()) {
    self.exports = exports
    self.programs = programs
  }

  package func sandbox() async throws(ScriptProblem) -> JSON { try await made().json }

  private func made() async throws(ScriptProblem) -> Sandbox {
    if let known = known.sandbox.withLock({ $0 }) { return try known.get() }
    let found: Result<Sandbox, ScriptProblem>
    do throws(ScriptProblem) { found = .success(try await Sandbox.tried(with: programs)) } catch {
      found = .failure(error)
    }
    known.sandbox.withLock { $0 = found }
    return try found.get()
  }

  package func run(_ task: ScriptTask) async throws(ScriptProblem) -> ScriptResult {
    let sandbox = try await made()
    guard ExportWriter.digest(of: task.bytes) == task.digest else {
      throw .notRun("'\(task.path)' is not the script that the run was started with")
    }
    let name = String(task.file.file.split(separator: "/").last ?? "")
    let input = try given(name, digest: task.file.digest)
    let ending = try await sandbox.run(task.bytes, on: input, named: name, within: task.timeout)
    let output = SecretShape.concealed(ending.output.bytes)
    var complaint = ending.complaint.map { SecretShape.concealed($0) }
    var file: ExportReceipt?
    do { file = try written(output, as: task.outputName, of: ending) } catch {
      complaint = "what it printed cannot be written: \(error.message)"
    }
    return ScriptResult(
      end: ending.end, output: output, outputBytes: ending.output.count, complaint: complaint, file: file)
  }

  private func given(_ name: String, digest: String) throws(ScriptProblem) -> [UInt8] {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read("\(exports)/\(name)", limitBytes: Self.inputLimitBytes) } catch {
      throw .notRun("the exported file cannot be given to it: \(error.message)")
    }
    guard ExportWriter.digest(of: bytes) == digest else {
      throw .notRun("'\(name)' is not the file any more that was exported")
    }
    return bytes
  }

  /// What others take for the whole must be the whole, and of a script that did what it is for.
  private func written(
    _ output: [UInt8], as name: String, of ending: Sandbox.Ending
  ) throws(FileProblem) -> ExportReceipt? {
    guard ending.end == .exited(0), !output.isEmpty, output.count == ending.output.count else { return nil }
    let path = "\(exports)/\(name)"
    try WholeFile.write(output, to: path)
    return ExportReceipt(file: path, digest: ExportWriter.digest(of: output), bytes: output.count)
  }
}
