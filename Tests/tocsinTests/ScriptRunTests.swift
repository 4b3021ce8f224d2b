import Foundation
import Testing

/// The script of a shipped runbook, run by the real program in the sandbox of this machine.
@Suite(.enabled(if: Sandboxes.areThere, "no sandbox can be made here: bubblewrap or user namespaces"))
struct ScriptRunTests {
  /// The runbook `dns-tunnel` in a folder of its own.
  private func withRunbook(script: String? = nil, _ work: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Runbooks").path
    for name in ["dns-tunnel", "shared"] {
      try FileManager.default.copyItem(atPath: "\(home)/\(name)", toPath: "\(program.folder)/\(name)")
    }
    if let script { try program.write("dns-tunnel/to-isolate.sh", script) }
    try work(program)
  }

  private static let arguments = [
    "run", "dns-tunnel/dns-tunnel.runbook.yaml", "--config", "dns-tunnel/tocsin.yaml", "--data",
    "dns-tunnel/cases/tunnel", "--alert", "dns-tunnel/cases/tunnel/alert.json", "--trail", "trail",
  ]

  private func records(_ program: Program) -> String {
    String(
      decoding: FileManager.default.contents(atPath: "\(program.folder)/trail/log/trail.jsonl") ?? Data(), as: UTF8.self
    )
  }

  @Test func `what the shipped script prints lies beside the export, and the report tells of it`() throws {
    try withRunbook { program in
      let run = try program.run(Self.arguments)
      #expect(run.code == 0, "\(run.error)")
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: "\(program.folder)/trail/exports").first {
          $0.hasSuffix(".out")
        })
      let path = "\(program.folder)/trail/exports/\(name)"
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "address,reason\n10.0.20.63,tunnel\n")
      #expect(run.output.contains("made of exports\n  clients: trail/exports/\(name)\n"), "\(run.output)")
      let report = try program.run(["report", "latest", "--trail", "trail", "--format", "html"])
      #expect(report.output.contains("script to-isolate.sh: trail/exports/\(name)"))
      #expect(report.output.contains("<li>10.0.20.63,tunnel"), "\(report.output.count)")
      let markdown = try program.run(["report", "latest", "--trail", "trail", "--format", "markdown"])
      #expect(markdown.output.contains("  - 10\\.0\\.20\\.63,tunnel\n"), "\(markdown.output)")
      let replay = try program.run(["replay", "latest", "--trail", "trail"])
      #expect(replay.code == 0 && replay.output.contains("same"), "\(replay.output)")
      let verify = try program.run(["trail", "verify", "--trail", "trail"])
      #expect(verify.output.contains("3 exported files as written"), "\(verify.output)")
      try program.write("trail/exports/\(name)", "address,reason\n")
      let changed = try program.run(["trail", "verify", "--trail", "trail"])
      #expect(changed.output.contains("exports/\(name) is not the file that record"), "\(changed.output)")
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "Python 3 is missing"))
  func `both verifiers find the trail and the exported case as they were written`() throws {
    try withRunbook { program in
      let environment = ["HOME": program.folder, "TOCSIN_TRAIL_KEY": "\(program.folder)/key"]
      let made = try program.run(["trail", "key", "--create", "--name", "tocsin/scripts"], environment: environment)
      let key = try #require(made.output.firstMatch(of: /tocsin\/scripts\+[0-9a-f]{8}\+[^ \n]+/)?.output)
      for arguments in [
        Self.arguments, ["trail", "export", "latest", "--trail", "trail", "--output", "case"],
        ["trail", "verify", "--trail", "trail"], ["trail", "verify", "--case", "case"],
      ] {
        let ending = try program.run(arguments, environment: environment)
        #expect(ending.code == 0, "\(arguments.prefix(2)): \(ending.output) \(ending.error)")
      }
      let verifier = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "AuditTrailTests/Verification/verify_trail.py").path
      for (option, folder) in [("--batch", "trail"), ("--cases", "case")] {
        let line = "echo \(folder) | python3 -B '\(verifier)' \(option) '\(key)'"
        let ending = try program.shell(line)
        #expect(ending.output.hasPrefix("VERIFIED "), "\(ending)")
      }
    }
  }

  @Test func `a script that fails is told of, and changes no verdict`() throws {
    try withRunbook(script: "#!/bin/sh\necho token=Zephyr-81-canoe >&2\nexit 3\n") { program in
      let run = try program.run(Self.arguments + ["--format", "json"])
      #expect(run.code == 0 && run.output.contains("\"verdict\":\"tunnel\""), "\(run.output)")
      #expect(
        run.error.contains("the script of the export 'clients': ended with exit code 3: token=***************"),
        "\(run.error)")
      #expect(!records(program).contains("Zephyr"))
    }
  }

  @Test func `a program that is killed takes the script with it, and the next does not start it again`() throws {
    try withRunbook(script: "#!/bin/sh\nsleep 600\n") { program in
      let started = try program.start(Self.arguments)
      while !records(program).contains("script.intended"), started.process.isRunning { sched_yield() }
      kill(started.process.processIdentifier, SIGKILL)
      started.process.waitUntilExit()
      #expect(records(program).contains("script.intended"))
      let resumed = try program.run(["resume", "--trail", "trail"])
      #expect(resumed.code == 0, "\(resumed.error)")
      let types = records(program).split(separator: "\n").compactMap { line in
        line.firstRange(of: "\"type\":\"").map { String(line[$0.upperBound...].prefix { $0 != "\"" }) }
      }
      #expect(types.filter { $0.hasPrefix("script.") } == ["script.intended", "script.unknown"])
      #expect(resumed.error.contains("perhaps run: the run was broken off"), "\(resumed.error)")
      // Nothing is left of the sandbox: the name of its file, which holds the run's, is on no command line any more.
      let run = try #require(records(program).firstMatch(of: /"run":"([^"]+)"/)?.output.1)
      while Sandboxes.isRunning("/tocsin/\(run)") { sched_yield() }
    }
  }
}

enum Sandboxes {
  /// Whether a program can be run in a sandbox; containers may forbid it.
  static let areThere: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// Whether a process has a word in its command line.
  static func isRunning(_ word: String) -> Bool {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.contains { process in
      guard Int(process) != nil, let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else {
        return false
      }
      return String(decoding: line, as: UTF8.self).contains(word)
    }
  }
}
