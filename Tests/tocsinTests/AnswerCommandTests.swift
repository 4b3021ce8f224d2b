import Foundation
import Testing
import Values

/// A run that asks somebody, and the command that answers it.
struct AnswerCommandTests {
  private static let runbook = """
    tocsin: 1
    runbook: theirs
    title: Is it theirs?
    alert: {at: alert.startsAt, fields: {user: alert.labels.user}}
    questions:
      recognised:
        ask: Does ${user} say the sign-in is theirs?
        person: {who: desk, within: 1h, note: required, file: the mail}
        then: {yes: benign, no: takeover, unknown: takeover}
    verdicts:
      takeover: {severity: high, means: It was not them.}
    contacts:
      desk: {email: desk@example.org}
    """
  private static let run = [
    "run", "theirs.runbook.yaml", "--field", "user=ben", "--trail", "trail", "--format", "json",
  ]

  private func withRunbook(_ work: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("theirs.runbook.yaml", Self.runbook)
    try work(program)
  }

  /// Looks until something is asked.
  private func openForm(_ program: Program) throws -> JSON {
    for _ in 0..<2_000 {
      let open = try program.run(["answer", "--trail", "trail", "--format", "json"])
      if open.code == 0, !open.output.isEmpty { return try JSON(parsing: Array(open.output.utf8)) }
    }
    throw Program.Trouble.notBuilt("nobody was asked")
  }

  @Test func `a run waits for the answer, and takes it in with its note and its file`() throws {
    try withRunbook { program in
      let running = try program.start(Self.run)
      let open = try openForm(program)
      let run = try #require(open["run"]?.text)
      #expect(open["rows"]?.elements?.compactMap { $0["ask"]?.text } == ["Does ben say the sign-in is theirs?"])
      try program.write("mail.txt", "from: ben")
      for (words, message) in [
        (["recognised", "yes"], "needs a note"), (["recognised", "perhaps", "--note", "x"], "none of the answers"),
        (["recognized", "yes"], "is not asked"), (["recognised", "yes", "--note", "x", "--file", "nowhere"], "file"),
      ] {
        let refused = try program.run(["answer", run] + words + ["--by", "ana", "--trail", "trail"])
        #expect(refused.code == 2 && refused.error.contains(message), "\(words): \(refused.error)")
      }
      let answered = try program.run([
        "answer", run, "recognised", "no", "--note", "he slept", "--by", "ana", "--file", "mail.txt", "--trail",
        "trail",
      ])
      #expect(answered.code == 0, "\(answered.error)")
      let ended = try running.finish()
      #expect(ended.code == 0, "\(ended.error)")
      let result = try JSON(parsing: Array(ended.output.utf8))
      #expect(result["verdict"]?.text == "takeover")
      #expect(result["answers"]?.elements?.first?["because"]?.text == "ana answered no: he slept")
      #expect(try program.run(["replay", run, "--trail", "trail"]).code == 0)
      let shown = try program.run(["trail", "show", run, "--trail", "trail"])
      #expect(shown.output.contains("ana (user \(geteuid()) of the machine) answers: no (he slept)"))
      #expect(try program.run(["answer", "--trail", "trail"]).error.contains("nobody is asked"))
    }
  }

  @Test func `a run that was broken off takes the answer in when it is taken up`() throws {
    try withRunbook { program in
      let running = try program.start(Self.run)
      let run = try #require(try openForm(program)["run"]?.text)
      running.process.terminate()
      #expect(try running.finish().code == 2)
      let answered = try program.run([
        "answer", run, "recognised", "yes", "--note", "it was me", "--by", "ben", "--trail", "trail",
      ])
      #expect(answered.code == 0, "\(answered.error)")
      let resumed = try program.run(["resume", run, "--trail", "trail", "--format", "json"])
      #expect(resumed.code == 0, "\(resumed.error)")
      #expect(try JSON(parsing: Array(resumed.output.utf8))["verdict"]?.text == "benign")
      let notices = try String(contentsOfFile: "\(program.folder)/trail/outbox.jsonl", encoding: .utf8)
      #expect(notices.split(separator: "\n").count == 1)
    }
  }
}
