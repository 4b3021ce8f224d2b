internal import ChildProcesses
internal import DurableFiles
internal import Glibc
internal import RunbookPorts
internal import Values

/// Where the programs are that make a sandbox.
package struct SandboxPrograms: Sendable {
  let bubblewrap: String
  /// Sets limits, and belongs to util-linux as `setpriv` does. It is called inside of the sandbox.
  let prlimit: String
  /// Gives up the rights of root.
  let setpriv: String
  /// How long it may take to find out whether they make one.
  let trialTime: Duration

  package init(
    bubblewrap: String = "/usr/bin/bwrap", prlimit: String = "/usr/bin/prlimit", setpriv: String = "/usr/bin/setpriv",
    trialTime: Duration = .seconds(10)
  ) {
    self.bubblewrap = bubblewrap
    self.prlimit = prlimit
    self.setpriv = setpriv
    self.trialTime = trialTime
  }
}

/// Keeps a program from everything but one file to read and a folder of its own to write to: no network, no other
/// process, no device, nothing of the machine but `/usr`, and nothing that outlives it.
struct Sandbox: Sendable {
  /// Most bytes of address space of one process.
  static let addressSpaceBytes = 1 << 30
  /// Most processes and threads at a time.
  static let processes = 64
  /// Longest file that is written, and most bytes of the folder that can be written to.
  static let folderBytes = 64 << 20
  static let openFiles = 256
  /// Most seconds of processor time of one process.
  static let processorSeconds = 60
  /// Nobody, inside and, where we are root, outside.
  private static let user = "65534"
  /// Inside, where the script and its file lie.
  private static let given = "/tocsin"
  private static let folder = "/work"

  private let programs: SandboxPrograms
  /// As bubblewrap says it, such as `bubblewrap 0.8.0`.
  private let version: String

  /// What became of a program.
  struct Ending {
    let end: ScriptEnd
    let output: ChildCommand.Written
    let complaint: String?
  }

  private init(_ programs: SandboxPrograms, version: String) {
    self.programs = programs
    self.version = version
  }

  /// For the record.
  var json: JSON {
    .object([
      "limits": .object([
        "address_space_bytes": .integer(Int64(Self.addressSpaceBytes)),
        "folder_bytes": .integer(Int64(Self.folderBytes)), "open_files": .integer(Int64(Self.openFiles)),
        "output_bytes": .integer(Int64(SandboxedScripts.outputLimitBytes)),
        "processes": .integer(Int64(Self.processes)), "processor_seconds": .integer(Int64(Self.processorSeconds)),
      ]),
      "network": .bool(false), "program": .string(version), "readable": .string("/usr"),
    ])
  }

  // MARK: Whether there is one

  /// The sandbox, if a program could be run in it just now.
  static func tried(with programs: SandboxPrograms) async throws(ScriptProblem) -> Sandbox {
    for (program, package) in [
      (programs.bubblewrap, "bubblewrap"), (programs.prlimit, "util-linux"), (programs.setpriv, "util-linux"),
    ] where !Folder.exists(program) {
      throw .notRun(
        "'\(program)' is not there, and no script is run without it: install \(package) (`apt install \(package)`)")
    }
    let asked = ChildCommand(
      [programs.bubblewrap, "--version"], environment: [], outlets: [.init(1, limitBytes: 100)],
      timeout: programs.trialTime)
    let said = try? await asked.run().written.first?.bytes.prefix { $0 != 0x0A }
    let sandbox = Sandbox(programs, version: said.map { String(decoding: $0, as: UTF8.self) } ?? "bubblewrap")
    let ending = try await sandbox.run(
      Array("#!/bin/sh\nexit 0\n".utf8), on: [], named: "nothing", within: programs.trialTime)
    guard ending.end == .exited(0) else {
      throw .notRun(Self.impossible(ending.complaint ?? "what was tried in it did not end well"))
    }
    return sandbox
  }

  // MARK: Running

  /// - Parameters:
  ///   - input: Its standard input, and the file that its first argument names.
  ///   - name: What that file is called.
  func run(
    _ script: [UInt8], on input: [UInt8], named name: String, within timeout: Duration
  ) async throws(ScriptProblem) -> Ending {
    let command = ChildCommand(
      words(named: name), environment: [], input: input, files: [3: script, 4: input],
      outlets: [.init(1, limitBytes: SandboxedScripts.outputLimitBytes), .init(5, limitBytes: 4_096)], lifeline: 6,
      timeout: timeout,
      leavesNothing: true)
    let outcome: ChildCommand.Outcome
    do { outcome = try await command.run() } catch {
      throw .notRun("'\(programs.bubblewrap)' cannot be started: \(error.message)")
    }
    let status = Self.status(in: outcome.written[1].bytes)
    switch outcome.end {
    case .timedOut where status.isBegun:
      return Ending(end: .timedOut, output: outcome.written[0], complaint: outcome.complaint)
    case .exited where status.code != nil:
      return Ending(end: .exited(status.code ?? 0), output: outcome.written[0], complaint: outcome.complaint)
    case .killed(let signal) where status.isBegun:
      throw .outcomeUnknown("the sandbox was ended by signal \(signal)")
    case .timedOut: throw .notRun("the sandbox was not made within \(timeout.shorthand)")
    case .exited, .killed:
      throw .notRun(Self.impossible(outcome.complaint ?? "it was not begun"))
    }
  }

  private static func impossible(_ reason: String) -> String {
    "no sandbox can be made here: \(reason). Scripts need user namespaces, which containers may forbid"
  }

  /// bubblewrap tells when the program has begun, and how it ended only if it had.
  private static func status(in bytes: [UInt8]) -> (isBegun: Bool, code: Int?) {
    let lines = bytes.split(separator: 0x0A).compactMap { try? JSON(parsing: Array($0)) }
    return (
      lines.contains { $0["child-pid"] != nil }, lines.lazy.compactMap { $0["exit-code"]?.integer }.first.map(Int.init)
    )
  }

  private func words(named name: String) -> [String] {
    let script = "\(Self.given)/script"
    let file = "\(Self.given)/\(name)"
    // When we are killed, bubblewrap ends its sandbox, unless it has just begun to make it: then a child of its waits for
    // ever. What is told of our end by the lifeline kills them all.
    var words = ["/bin/sh", "-c", "(read end; kill -KILL 0) <&6 & exec \"$@\" 6<&-", "sh"]
    if geteuid() == 0 {
      // What root starts is not counted among the processes of anybody, so that no limit of them holds.
      words += [
        programs.setpriv, "--reuid=\(Self.user)", "--regid=\(Self.user)", "--clear-groups", "--inh-caps=-all",
      ]
    }
    words += [
      programs.bubblewrap, "--unshare-all", "--unshare-user", "--uid", Self.user, "--gid", Self.user,
      "--die-with-parent", "--new-session", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG",
      "C.UTF-8", "--ro-bind", "/usr", "/usr",
    ]
    for folder in ["bin", "lib", "lib64", "sbin"] where Folder.exists("/\(folder)") {
      words +=
        Folder.isLink("/\(folder)")
        ? ["--symlink", "usr/\(folder)", "/\(folder)"] : ["--ro-bind", "/\(folder)", "/\(folder)"]
    }
    for path in ["/etc/alternatives", "/etc/ld.so.cache"] { words += ["--ro-bind-try", path, path] }
    words += [
      "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--size", "\(Self.folderBytes)", "--tmpfs",
      Self.folder, "--dir", Self.given, "--perms", "0555", "--ro-bind-data", "3", script, "--perms", "0444",
      "--ro-bind-data", "4", file, "--remount-ro", "/", "--chdir", Self.folder, "--json-status-fd", "5", "--",
    ]
    words += [
      programs.prlimit, "--as=\(Self.addressSpaceBytes)", "--nproc=\(Self.processes)", "--fsize=\(Self.folderBytes)",
      "--nofile=\(Self.openFiles)", "--cpu=\(Self.processorSeconds)", "--core=0", "--", script, file,
    ]
    return words
  }
}
