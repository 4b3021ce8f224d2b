import Foundation
import Testing
import Values

@testable import tocsin

/// The commands as scripts see them: what goes where, and how they end.
struct CommandTests {
  /// A new runbook in a folder of its own.
  private func withFirstRunbook(_ work: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    let made = try program.run(["new", "first"])
    #expect(made.code == 0, "\(made.error)")
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(program.folder)/first") {
      try FileManager.default.moveItem(atPath: "\(program.folder)/first/\(name)", toPath: "\(program.folder)/\(name)")
    }
    try work(program)
  }

  private static let run = ["run", "first.runbook.yaml", "--config", "tocsin.yaml", "--trail", "trail"]

  @Test func `a new runbook passes every check without a word and runs at once`() throws {
    try withFirstRunbook { program in
      let check = try program.run(["check", "first.runbook.yaml", "--config", "tocsin.yaml", "--fail-level", "warning"])
      #expect(check.code == 0, "\(check.error)")
      #expect(!check.error.contains("warning"), "\(check.error)")
      let layout = try program.run(["fmt", "--check"])
      #expect(layout.code == 0 && layout.output.isEmpty, "\(layout.output)")
      let run = try program.run(Self.run + ["--alert", "first.alert.json"])
      #expect(run.code == 0, "\(run.error)")
      #expect(run.output.contains("TAKEN_OVER"), "\(run.output)")
      #expect(run.output.contains("203.0.113.9"))
      #expect(!run.output.contains("\u{1B}"))
    }
  }

  @Test func `new overwrites nothing`() throws {
    let program = try Program()
    defer { program.remove() }
    _ = try program.run(["new", "mine"])
    try program.write("mine/mine.runbook.yaml", "mine")
    let again = try program.run(["new", "mine"])
    #expect(again.code == 2)
    #expect(again.error.contains("is there already"))
    #expect(try String(contentsOfFile: "\(program.folder)/mine/mine.runbook.yaml", encoding: .utf8) == "mine")
    #expect(try program.run(["new", "../Escape"]).code == 64)
  }

  @Test func `json on standard output is one object a run and nothing else`() throws {
    try withFirstRunbook { program in
      let run = try program.run(Self.run + ["--alert", "first.alert.json", "--format", "json"])
      #expect(run.code == 0, "\(run.error)")
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 1)
      let json = try JSON(parsing: Array((lines.first ?? "").utf8))
      #expect(
        json.members?.map(\.name) == [
          "run", "runbook", "version", "verdict", "severity", "answers", "open", "entities", "started", "finished",
          "thresholds",
        ])
      #expect(json["verdict"]?.text == "taken_over")
      #expect(json["entities"]?["source"]?["203.0.113.9"]?.text == "taken_over")
      let name = json["run"]?.text ?? ""
      let show = try program.run(["trail", "show", name, "--trail", "trail", "--format", "json"])
      #expect(show.code == 0, "\(show.error)")
      let shown = try JSON(parsing: Array(show.output.utf8))
      for member in json.members ?? [] {
        #expect(shown[member.name]?.canonicalText == member.value.canonicalText, "\(member.name)")
      }
      let list = try program.run(["trail", "list", "--trail", "trail", "--format", "json"])
      #expect(try JSON(parsing: Array(list.output.utf8))["verdict"]?.text == "taken_over")
    }
  }

  @Test func `a recorded run is shown as it was when it ran`() throws {
    try withFirstRunbook { program in
      let run = try program.run(Self.run + ["--alert", "first.alert.json"])
      let show = try program.run(["trail", "show", "latest", "--trail", "trail"])
      #expect(show.code == 0, "\(show.error)")
      #expect(show.output == run.output)
    }
  }

  @Test func `of several alerts each is a run, and those that are skipped are named`() throws {
    try withFirstRunbook { program in
      let alert = { (name: String, status: String) in
        #"{"status":"\#(status)","labels":{"alertname":"\#(name)","service":"mail"},"startsAt":"2026-03-02T10:05:00Z"}"#
      }
      let alerts = [
        alert("ManyFailedSignIns", "firing"), alert("Other", "firing"), alert("ManyFailedSignIns", "resolved"),
        alert("ManyFailedSignIns", "firing"),
      ]
      let run = try program.run(
        Self.run + ["--alert", "-", "--format", "json"], input: "{\"alerts\":[\(alerts.joined(separator: ","))]}")
      #expect(run.code == 0, "\(run.error)")
      #expect(run.output.split(separator: "\n").count == 2)
      #expect(run.error.contains("alert 2 of 4 (Other) is skipped: the runbook's 'when' is false for it"))
      #expect(run.error.contains("alert 3 of 4 (ManyFailedSignIns) is skipped: it is resolved"))
    }
  }

  @Test func `an alert that is none keeps no other from its run`() throws {
    try withFirstRunbook { program in
      let alert = try String(contentsOfFile: "\(program.folder)/first.alert.json", encoding: .utf8)
      let run = try program.run(
        Self.run + ["--alert", "-", "--format", "json"],
        input: alert.replacingOccurrences(of: #""alerts":["#, with: #""alerts":[{"labels":{"a":1}},"#))
      #expect(run.code == 2, "\(run.error)")
      #expect(run.output.split(separator: "\n").count == 1)
      #expect(run.error.contains("alert 1 of 2 cannot be used: it has a label that is no string"))
    }
  }

  @Test func `a notice that is not sent is told on standard error, whatever the format`() throws {
    try withFirstRunbook { program in
      let config = try String(contentsOfFile: "\(program.folder)/tocsin.yaml", encoding: .utf8)
      try program.write("paging.yaml", config + "\nnotify: {command: [./no-such-program]}\n")
      let run = try program.run([
        "run", "first.runbook.yaml", "--config", "paging.yaml", "--trail", "trail", "--alert", "first.alert.json",
        "--format", "json",
      ])
      #expect(run.code == 0, "\(run.error)")
      #expect(run.error.contains("a notice was not sent"))
      #expect(run.output.split(separator: "\n").count == 1)
      #expect(try JSON(parsing: run.output.utf8)["thresholds"]?.elements?.isEmpty == true, "there are only numbers")
      let text = try program.run([
        "run", "first.runbook.yaml", "--config", "paging.yaml", "--trail", "trail", "--alert", "first.alert.json",
      ])
      #expect(text.code == 0 && text.error.contains("a notice was not sent"), "\(text.error)")
    }
  }

  @Test func `a runbook that takes no fields is started by hand with an instant`() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "plain.runbook.yaml",
      "tocsin: 1\nrunbook: plain\nalert: {}\nquestions:\n  q: {ask: Is it?, answer: at > timestamp('2026-01-01T00:00:00Z'), then: {yes: suspicious, no: benign}}\n"
    )
    let arguments = ["run", "plain.runbook.yaml", "--trail", "trail"]
    let asked = try program.run(arguments)
    #expect(asked.code == 64)
    #expect(asked.error.contains("or --at TIME"), "\(asked.error)")
    let run = try program.run(arguments + ["--at", "2026-03-02T10:00:00Z"])
    #expect(run.code == 0, "\(run.error)")
    #expect(run.output.contains("SUSPICIOUS"))
  }

  @Test(
    arguments: [
      ([">/dev/full"], 2), ([">&-"], 0), ([">&-", "2>&-", "<&-"], 0), (["|", "true"], 0),
    ] as [([String], Int32)])
  func `results that a full disk swallows end with two, and a reader that is gone ends nothing`(
    redirections: [String], code: Int32
  ) throws {
    try withFirstRunbook { program in
      let words = Self.run + ["--alert", "first.alert.json"]
      let shell = try program.shell("tocsin \(words.joined(separator: " ")) \(redirections.joined(separator: " "))")
      #expect(shell.code == code, "\(shell.error)")
      let list = try program.run(["trail", "list", "--trail", "trail"])
      #expect(list.code == 0)
      #expect(list.output.contains("taken_over"))
    }
  }

  private static let runs: [(arguments: [String], code: Int32)] = [
    (["--alert", "first.alert.json", "--fail-on", "critical"], 1),
    (["--field", "service=mail", "--at", "2026-03-02T10:05:00Z", "--now", "2026-03-02T11:00:00Z"], 0),
    (["--field", "service=mail", "--at", "2026-03-02T12:05:00Z"], 0),
    ([], 64), (["--field", "servce=mail"], 64), (["--field", "mail"], 64), (["--alert", "a", "--field", "b=c"], 64),
    (["--field", "service=mail", "--now", "yesterday"], 64), (["--fail-on", "dreadful"], 64),
    (["--alert", "missing.json"], 2), (["--alert", "."], 2), (["--alert", "tocsin.yaml"], 2),
    (["--alert", "/dev/zero"], 2), (["--alert", "first.alert.json", "--data", "nowhere"], 2),
  ]

  @Test(arguments: runs)
  func `a run ends with the code that its help names`(arguments: [String], code: Int32) throws {
    try withFirstRunbook { program in
      let run = try program.run(Self.run + arguments)
      #expect(run.code == code, "\(run.error)")
      #expect(code == 0 || code == 1 || !run.error.isEmpty)
    }
  }

  @Test func `nothing to run on is answered with the runbook's fields`() throws {
    try withFirstRunbook { program in
      let run = try program.run(Self.run)
      #expect(run.error.contains("--field service=(string)"))
    }
  }

  @Test(arguments: ["check", "run"])
  func `a runbook with errors is told whole`(command: String) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("bad.runbook.yaml", "tocsin: 1\nrunbok: a\nquestions:\n  q: {ask: Is it?, answr: tru}\n")
    let arguments = command == "check" ? [] : ["--trail", "trail", "--field", "a=b"]
    let ending = try program.run([command, "bad.runbook.yaml"] + arguments)
    #expect(ending.code == (command == "check" ? 1 : 2))
    #expect(ending.error.contains("bad.runbook.yaml:2:1"))
    #expect(ending.error.contains("bad.runbook.yaml:4:20"))
    #expect(ending.output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/trail"))
  }

  @Test func `findings for machines are one list on standard output`() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("bad.runbook.yaml", "tocsin: 1\nrunbok: a\u{202E}b\n")
    let ending = try program.run(["check", "bad.runbook.yaml", "--format", "json"])
    #expect(ending.code == 1)
    #expect(!ending.output.unicodeScalars.contains("\u{202E}"))
    #expect(try JSON(parsing: Array(ending.output.utf8)).elements?.isEmpty == false)
  }

  @Test(arguments: [
    "", "\u{0}\u{1}\u{2}\u{3}", String(repeating: "[", count: 200_000), String(repeating: "a: b\n", count: 400_000),
  ])
  func `a file that is no runbook is told and ends at once`(text: String) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("odd.runbook.yaml", text)
    #expect(try program.run(["check", "odd.runbook.yaml"]).code == 1)
  }

  @Test func `one bad file keeps no other from being checked, and the level decides what fails`() throws {
    let program = try Program()
    defer { program.remove() }
    _ = try program.run(["new", "first"])
    try program.write("bad.runbook.yaml", "tocsin: 1\nrunbok: a\n")
    try program.write("worse.runbook.yaml", [0xFF, 0xFE, 0, 0])
    let all = try program.run(["check", "--format", "line"])
    #expect(all.code == 1)
    #expect(all.output.contains("bad.runbook.yaml:2:1: error: ") && all.output.contains("worse.runbook.yaml:1:1: "))
    #expect(all.error.contains("3 runbooks, 1 file of cases and 1 configuration checked"))
    #expect(try program.run(["check", "--fail-level", "never"]).code == 0)
    #expect(try program.run(["check", "first"]).code == 0)
    #expect(try program.run(["check", "first", "--fail-level", "note"]).code == 1)
    #expect(try program.run(["check", "first", "missing.yaml"]).code == 2)
  }

  @Test(arguments: ["line", "json", "jsonl", "sarif", "github", "junit"])
  func `machines find everything on standard output, and nothing that acts on terminals`(format: String) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("bad.runbook.yaml", "tocsin: 1\nrunbok: a\u{202E}b\u{1B}[31m\n")
    let ending = try program.run(["check", "--format", format])
    #expect(ending.code == 1)
    #expect(ending.output.contains("TOC0103") && ending.output.contains("TOC0003"))
    #expect(!(ending.output + ending.error).unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{1B}" })
    #expect(!ending.error.contains("TOC0103"))
  }

  @Test(arguments: ["missing.yaml", ".", "/dev/zero"])
  func `a file that cannot be read ends check with two`(path: String) throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run(["check", path])
    #expect(ending.code == 2)
    #expect(ending.error.contains("error[TOC0115]: cannot read '\(path)'"))
    #expect(!ending.error.contains("checked"))
  }

  @Test func `an alert's escape sequences reach no terminal and nothing of it is lost`() throws {
    try withFirstRunbook { program in
      let evil = #"\u001b]0;owned\u0007\u009b31m\u202e'; DROP TABLE sign_ins; --"#
      try program.write(
        "evil.json",
        #"{"labels":{"alertname":"ManyFailedSignIns","service":"\#(evil)"},"startsAt":"2026-03-02T10:05:00Z"}"#)
      for format in ["text", "json"] {
        let run = try program.run(Self.run + ["--alert", "evil.json", "--format", format])
        #expect(run.code == 0, "\(run.error)")
        for scalar in ["\u{1B}", "\u{7}", "\u{9B}", "\u{202E}"] as [Unicode.Scalar] {
          #expect(!(run.output + run.error).unicodeScalars.contains(scalar), "\(format) \(scalar.value)")
        }
      }
      let show = try program.run(["trail", "show", "latest", "--trail", "trail", "--format", "json"])
      let records = try JSON(parsing: Array(show.output.utf8))["records"]?.elements ?? []
      let field = records.first?["body"]?["fields"]?["service"]?.text
      #expect(field == "\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}'; DROP TABLE sign_ins; --")
    }
  }

  @Test func `a trail that cannot be written ends the run with two`() throws {
    try withFirstRunbook { program in
      try program.write("occupied", "a file")
      let run = try program.run(
        [
          "run", "first.runbook.yaml", "--config", "tocsin.yaml", "--alert", "first.alert.json", "--trail",
          "occupied",
        ])
      #expect(run.code == 2)
      #expect(run.error.contains("cannot write the trail"))
      #expect(run.output.isEmpty)
    }
  }

  @Test func `without a configuration everything is unknown, and why`() throws {
    try withFirstRunbook { program in
      let run = try program.run(
        ["run", "first.runbook.yaml", "--trail", "trail", "--alert", "first.alert.json", "--format", "json"])
      #expect(run.code == 0)
      let json = try JSON(parsing: Array(run.output.utf8))
      #expect(json["verdict"]?.text == "undetermined")
      #expect(json["answers"]?.elements?.first?["because"]?.text?.contains("without a configuration") == true)
    }
  }

  @Test func `a run that is told to end leaves a trail that says so`() throws {
    try withFirstRunbook { program in
      // Live data: the window ends half an hour from now, so the run waits, however slow the machine is.
      let config = try String(contentsOfFile: "\(program.folder)/tocsin.yaml", encoding: .utf8)
      try program.write("live.yaml", config.replacingOccurrences(of: "recorded: true", with: "recorded: false"))
      let later = ISO8601DateFormatter().string(from: Date().addingTimeInterval(1_800))
      let started = try program.start([
        "run", "first.runbook.yaml", "--config", "live.yaml", "--trail", "trail", "--field", "service=mail", "--at",
        later,
      ])
      while !(FileManager.default.contents(atPath: "\(program.folder)/trail/log/trail.jsonl") ?? Data())
        .contains(Data("wait.begun".utf8)), started.process.isRunning
      {
        sched_yield()
      }
      started.process.terminate()
      let ending = try started.finish()
      #expect(ending.code == 2, "\(ending.error)")
      #expect(ending.error.contains("SIGTERM"))
      let show = try program.run(["trail", "show", "latest", "--trail", "trail"])
      #expect(show.code == 0, "\(show.error)")
      #expect(show.output.contains("interrupted: the process was told to end (SIGTERM)"))
    }
  }

  @Test func `a damaged trail is shown as far as it goes and ends with one`() throws {
    try withFirstRunbook { program in
      _ = try program.run(Self.run + ["--alert", "first.alert.json"])
      let path = "\(program.folder)/trail/log/trail.jsonl"
      let log = try String(contentsOfFile: path, encoding: .utf8)
      try program.write("trail/log/trail.jsonl", log.replacingOccurrences(of: "203.0.113.9", with: "203.0.113.8"))
      let show = try program.run(["trail", "show", "latest", "--trail", "trail"])
      #expect(show.code == 1)
      #expect(show.error.contains("damaged: line"))
    }
  }

  private static let others: [(arguments: [String], code: Int32)] = [
    (["trail", "show", "nothing", "--trail", "trail"], 2), (["trail", "list", "--trail", "nowhere"], 2),
    (["trail", "list"], 64), (["tables"], 0), (["tables", "acess-log"], 64), (["tables", "--format", "json"], 0),
    (["--help"], 0), (["--version"], 0), (["frobnicate"], 64), (["check"], 2), (["check", "--data", "x", "y"], 64),
  ]

  @Test(arguments: others)
  func `other commands end as they should`(arguments: [String], code: Int32) throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run(arguments)
    #expect(ending.code == code, "\(ending.error)")
  }
}

extension Data {
  fileprivate func contains(_ part: Data) -> Bool { range(of: part) != nil }
}
