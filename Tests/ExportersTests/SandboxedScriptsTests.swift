import Foundation
import RunbookPorts
import Testing
import Values

@testable import Exporters

/// Scripts as they are really run, in the sandbox of this machine.
@Suite(.enabled(if: ExportFolder.hasSandbox, "no sandbox can be made here: bubblewrap or user namespaces"))
struct SandboxedScriptsTests {
  let folder: ExportFolder

  init() throws { folder = try ExportFolder() }

  private func run(_ script: String, within timeout: Duration = .seconds(20)) async throws -> ScriptResult {
    try await SandboxedScripts(exports: folder.path).run(folder.task(script, within: timeout))
  }

  private func output(_ script: String) async throws -> String {
    let result = try await run(script)
    return String(decoding: result.output, as: UTF8.self)
  }

  @Test func `it is given the exported file, by its name and as standard input`() async throws {
    let text = try await output("#!/bin/sh\necho \"$#\" \"$1\"; cat \"$1\"; cat\n")
    #expect(text == "1 /tocsin/rows.csv\n" + ExportFolder.text + ExportFolder.text)
  }

  @Test func `what it prints is a file beside the export, with its digest`() async throws {
    let result = try await run("#!/bin/sh\necho one; echo a word >&2\n")
    #expect(result.end == .exited(0) && result.outputBytes == 4 && result.complaint == "a word")
    let file = try #require(result.file)
    #expect(file.file == "\(folder.path)/rows.out" && file.bytes == 4)
    #expect(try String(contentsOfFile: file.file, encoding: .utf8) == "one\n")
    // printf 'one\n' | sha256sum
    #expect(file.digest == "sha256:2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806")
  }

  @Test(arguments: [
    ("exit 3", ScriptEnd.exited(3)), ("kill -9 $$", .exited(137)), ("/nowhere", .exited(127)),
  ])
  func `what did not end well leaves no file`(line: String, end: ScriptEnd) async throws {
    let result = try await run("#!/bin/sh\necho one\n\(line)\n")
    #expect(result.end == end && result.file == nil && result.output == Array("one\n".utf8))
  }

  @Test func `a script without a program to read it ends with a code, too`() async throws {
    let result = try await run("#!/nowhere/at/all\n")
    #expect(result.end == .exited(127) && result.complaint != nil)
  }

  // MARK: What it cannot do

  @Test func `it has no network, nobody's rights, and sees no process, file or variable of ours`() async throws {
    let text = try await output(
      """
      #!/bin/sh
      cat /proc/net/dev | grep -c :
      id -u
      grep -E 'CapEff|NoNewPrivs' /proc/self/status | tr -d '\\t'
      ls -d /etc/passwd /home /root /tmp /var /work/main 2>/dev/null
      ls /proc | grep -c '^[0-9]'
      env | cut -d= -f1 | sort | tr '\\n' ' '
      echo; ls /proc/self/fd | tr '\\n' ' '
      """)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.prefix(4) == ["1", "65534", "CapEff:0000000000000000", "NoNewPrivs:1"], "\(text)")
    #expect(lines.count == 7 && (Int(lines[4]) ?? 99) < 9, "\(text)")
    #expect(lines[5] == "LANG PATH PWD " && lines[6] == "0 1 2 3 ", "\(text)")
  }

  @Test func `it can write to a folder of its own and nowhere else`() async throws {
    let text = try await output(
      """
      #!/bin/sh
      for place in / /usr /tocsin /dev /dev/shm /etc /proc /tocsin/rows.csv /tocsin/script; do
        (echo x > $place/new || echo x >> $place) 2>/dev/null && echo "wrote to $place"
      done
      pwd; echo x > new && cat new
      """)
    #expect(text == "/work\nx\n")
  }

  @Test func `its folder, memory, processes and files have limits`() async throws {
    let text = try await output(
      """
      #!/bin/sh
      head -c 100000000 /dev/zero > big 2>/dev/null; wc -c < big
      ulimit -v; grep 'Max processes' /proc/self/limits | tr -s ' ' | cut -d' ' -f3; ulimit -n; ulimit -c
      """)
    let size = String(Sandbox.folderBytes)
    #expect(text.split(separator: "\n").map(String.init) == [size, "1048576", "64", "256", "0"], "\(text)")
  }

  @Test func `a fork bomb ends`() async throws {
    let result = try await run("#!/bin/sh\nf() { f | f & }\nf 2>/dev/null\nsleep 30\n", within: .seconds(1))
    #expect([.timedOut, .exited(2), .exited(254)].contains(result.end))
  }

  @Test(.timeLimit(.minutes(5)))
  func `a script that does not end is killed with all that it has started`() async throws {
    let sleeps = "600.\(UInt32.random(in: .min ... .max))"
    let result = try await run("#!/bin/sh\necho one\nsleep \(sleeps) & sleep \(sleeps)\n", within: .seconds(1))
    #expect(result.end == .timedOut && result.file == nil && "one\n".utf8.starts(with: result.output))
    // They are killed by then, and gone a moment later.
    while try isRunning(lastWord: sleeps) { await Task.yield() }
  }

  private func isRunning(lastWord: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { name in
      let words = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(name)/cmdline"))) ?? Data()
      return words.split(separator: 0).last.map { $0.elementsEqual(lastWord.utf8) } == true
    }
  }

  @Test func `of too much output the beginning is kept, and no file`() async throws {
    let result = try await run("#!/bin/sh\nhead -c 3000000 /dev/zero\n")
    #expect(result.end == .exited(0) && result.outputBytes == 3_000_000 && result.file == nil)
    #expect(result.output.count == SandboxedScripts.outputLimitBytes)
  }

  @Test func `what looks like a secret is starred in what it prints and complains`() async throws {
    let result = try await run("#!/bin/sh\necho password=Zephyr-81-canoe\necho token=Zephyr-82-canoe >&2\n")
    #expect(String(decoding: result.output, as: UTF8.self) == "password=***************\n")
    #expect(result.complaint == "token=***************")
    let file = try #require(result.file)
    #expect(try String(contentsOfFile: file.file, encoding: .utf8) == "password=***************\n")
  }

  // MARK: What is not run

  @Test func `another script than the recorded one is not run, nor any on another file`() async throws {
    let scripts = SandboxedScripts(exports: folder.path)
    let good = folder.task("#!/bin/sh\necho one\n")
    let other = ScriptTask(
      path: good.path, bytes: good.bytes + [0x0A], digest: good.digest, file: good.file, timeout: good.timeout,
      outputName: good.outputName)
    await #expect(throws: ScriptProblem.notRun("'list.sh' is not the script that the run was started with")) {
      try await scripts.run(other)
    }
    try "changed".write(toFile: "\(folder.path)/rows.csv", atomically: true, encoding: .utf8)
    await #expect(throws: ScriptProblem.notRun("'rows.csv' is not the file any more that was exported")) {
      try await scripts.run(good)
    }
    try FileManager.default.removeItem(atPath: "\(folder.path)/rows.csv")
    await #expect(throws: ScriptProblem.self) { try await scripts.run(good) }
  }

  @Test func `the record says what keeps a script`() async throws {
    let sandbox = try await SandboxedScripts(exports: folder.path).sandbox()
    #expect(sandbox["program"]?.text?.hasPrefix("bubblewrap ") == true)
    #expect(sandbox["network"]?.compactText == "false" && sandbox["limits"]?["processes"]?.integer == 64)
  }
}

/// Where there is no sandbox, nothing is run.
@Suite struct MissingSandboxTests {
  let folder: ExportFolder

  init() throws { folder = try ExportFolder() }

  @Test func `without bubblewrap a script is not run, and it is told what to install`() async throws {
    let programs = SandboxPrograms(bubblewrap: "\(folder.path)/bwrap")
    let scripts = SandboxedScripts(exports: folder.path, programs: programs)
    let problem = ScriptProblem.notRun(
      "'\(folder.path)/bwrap' is not there, and no script is run without it: install bubblewrap "
        + "(`apt install bubblewrap`)")
    await #expect(throws: problem) { try await scripts.sandbox() }
    await #expect(throws: problem) { try await scripts.run(folder.task("#!/bin/sh\n")) }
  }

  @Test(arguments: ["echo 'No permissions to create a new namespace' >&2; exit 1", "exit 0", "sleep 60", "kill -9 $$"])
  func `where no sandbox can be made a script is not run`(line: String) async throws {
    let path = "\(folder.path)/bwrap"
    let version = "[ \"$1\" = --version ] && exec echo bubblewrap 9"
    try "#!/bin/sh\n\(version)\n\(line)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let scripts = SandboxedScripts(
      exports: folder.path, programs: SandboxPrograms(bubblewrap: path, trialTime: .milliseconds(500)))
    let problem = await #expect(throws: ScriptProblem.self) { try await scripts.sandbox() }
    let beginning = line == "sleep 60" ? "the sandbox was not made within 0.5s" : "no sandbox can be made here"
    #expect(problem?.message.hasPrefix(beginning) == true, "\(problem?.message ?? "")")
  }
}

/// A folder with one exported file.
final class ExportFolder: Sendable {
  static let text = "site,hits\r\nshop,3\r\n"
  let path = "\(NSTemporaryDirectory())script-tests-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    // Whoever the sandbox is started as finds the programs of these tests in it.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    try Self.text.write(toFile: "\(path)/rows.csv", atomically: true, encoding: .utf8)
  }

  /// Whether a program can be run in a sandbox; containers may forbid it.
  static let hasSandbox: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func task(_ script: String, within timeout: Duration = .seconds(20)) -> ScriptTask {
    let bytes = Array(script.utf8)
    return ScriptTask(
      path: "list.sh", bytes: bytes, digest: ExportWriter.digest(of: bytes),
      file: ExportReceipt(
        file: "elsewhere/rows.csv", digest: ExportWriter.digest(of: Array(Self.text.utf8)), bytes: Self.text.utf8.count),
      timeout: timeout, outputName: "rows.out")
  }
}
