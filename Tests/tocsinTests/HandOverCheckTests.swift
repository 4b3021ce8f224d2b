import Foundation
import Testing

/// What one runbook says of another is checked, also where only one of them is named.
@Suite struct HandOverCheckTests {
  private static let userAndHost = "{user: alert.labels.user, host: {from: alert.labels.host, type: ip}}"

  private static func runbook(_ id: String, _ handOver: String? = nil, fields: String = userAndHost) -> String {
    """
    tocsin: 1
    runbook: \(id)
    alert: {when: "true", fields: \(fields)}
    questions:
      ours:
        ask: Is it ours?
        person: {who: desk, within: 30m}
        then: {yes: bad, no: benign}
    contacts: {desk: {email: desk@example.org}}
    verdicts:
      bad:
        severity: medium
        means: Bad.
    \(handOver.map { "    hand_over: \($0)\n" } ?? "")
    """
  }

  private func withRunbooks(_ runbooks: [(String, String)], _ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    for (path, text) in runbooks {
      let folder = URL(fileURLWithPath: "\(program.folder)/\(path)").deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try program.write(path, text)
    }
    try body(program)
  }

  /// What is told in lines, but for the note on unknowns and what is not performed yet.
  private func told(_ program: Program, _ path: String) throws -> [Substring] {
    let ending = try program.run(["check", path, "--format", "line"])
    return ending.output.split(separator: "\n").filter { !$0.contains(": note: ") && !$0.contains("TOC0112") }
  }

  @Test(
    arguments: [
      ("{to: triage, with: {user: user, host: host}}", nil),
      ("{to: triag, with: {user: user, host: host}}", "14:21: warning: there is no runbook 'triag' here; did you mean"),
      ("{to: elsewhere, with: {usr: user}}", nil),
      (
        "{to: triage, with: {user: user, hst: host, host: host}}",
        "14:48: warning: the runbook 'triage' has no field 'hst'"
      ),
      (
        "{to: triage, with: {user: user}}",
        "14:21: warning: the runbook 'triage' takes 'host', which is not handed over"
      ),
      ("{to: triage}", "14:21: warning: the runbook 'triage' takes 'user' and 'host', which are not handed over"),
      (
        "{to: triage, with: {user: at, host: host}}",
        "14:42: warning: the field 'user' of the runbook 'triage' is string; this expression is timestamp"
      ),
      (
        "{to: triage, with: {user: user, host: 5}}",
        "14:54: warning: the field 'host' of the runbook 'triage' is ip; this expression is int"
      ),
      ("{to: triage, with: {user: user, host: \"'192.0.2.1'\"}}", nil),
      ("{to: triage, with: {user: user, host: user}}", nil),
    ] as [(String, String?)])
  func `a hand-over fits the runbook that it leads to`(handOver: String, words: String?) throws {
    let runbooks = [
      ("first.runbook.yaml", Self.runbook("first", handOver)), ("triage.runbook.yaml", Self.runbook("triage")),
    ]
    try withRunbooks(runbooks) { program in
      let alone = try told(program, "first.runbook.yaml")
      #expect(alone.count == (words == nil ? 0 : 1), "\(alone)")
      if let words { #expect(alone.first?.hasPrefix("first.runbook.yaml:\(words)") == true, "\(alone)") }
      #expect(try told(program, ".") == alone)
      #expect(try told(program, "triage.runbook.yaml") == [], "what is said of it stands elsewhere")
    }
  }

  @Test func `a field that the runbook makes without the alert need not be handed over`() throws {
    let runbooks = [
      ("first.runbook.yaml", Self.runbook("first", "{to: triage}")),
      ("triage.runbook.yaml", Self.runbook("triage", fields: "{user: \"'root'\"}")),
    ]
    try withRunbooks(runbooks) { program in
      let found = try told(program, "first.runbook.yaml")
      #expect(found == [])
    }
  }

  @Test func `a runbook with errors is there all the same, and its fields are not known`() throws {
    let runbooks = [
      ("first.runbook.yaml", Self.runbook("first", "{to: triage, with: {x: user}}")),
      ("triage.runbook.yaml", Self.runbook("triage", fields: "{user: alert.}")),
      ("triages.runbook.yaml", Self.runbook("triages")),
    ]
    try withRunbooks(runbooks) { program in
      let found = try told(program, "first.runbook.yaml")
      #expect(found == [])
    }
  }

  @Test func `a circle through runbooks elsewhere in the git tree is told of the one that is named`() throws {
    let runbooks = [("a", "b"), ("b", "c"), ("c", "a")].map { id, next in
      ("\(id)/\(id).runbook.yaml", Self.runbook(id, "{to: \(next), with: {user: user, host: host}}"))
    }
    try withRunbooks(runbooks) { program in
      #expect(try told(program, "b/b.runbook.yaml") == [], "without git, the folder is all there is")
      _ = try program.shell("git init -q -b main")
      #expect(
        try told(program, "b/b.runbook.yaml") == [
          "b/b.runbook.yaml:14:21: error: the runbooks hand over in a circle: b → c → a → b [TOC0422]"
        ])
      let ending = try program.run(["check", "b/b.runbook.yaml"])
      #expect(ending.code == 1)
      #expect(ending.error.contains("'c' hands over here (c/c.runbook.yaml:14:21)"), "\(ending.error)")
      #expect(ending.error.contains("1 runbook checked"), "\(ending.error)")
      #expect(try told(program, ".").map { $0.prefix(21) } == ["a/a.runbook.yaml:14:2"])
    }
  }

  @Test func `an import that is named is checked as one`() throws {
    let shared = """
      contacts:
        desk: {email: desk@example.org}
      escalations:
        page: [{notify: [desk]}, {notify: [other]}]
      definitions:
        many: hits.size() > 5
        torn: hits.size() >
      contact: {}

      """
    try withRunbooks([("shared.yaml", shared), ("part.runbook.yaml", shared)]) { program in
      let found = try told(program, "shared.yaml").map { $0.split(separator: " ").first ?? "" }
      #expect(found == ["shared.yaml:4:3:", "shared.yaml:7:22:", "shared.yaml:8:1:"])
      #expect(try told(program, "part.runbook.yaml").contains { $0.contains("a runbook needs 'questions'") })
    }
  }
}
