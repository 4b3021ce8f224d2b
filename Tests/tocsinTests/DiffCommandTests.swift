import Foundation
import Testing

/// What `diff` says of runbooks that are gone, and of files that have other names.
@Suite struct DiffCommandTests {
  private static func runbook(_ id: String, version: String = "1.0.0", limit: Int = 1, status: String = "draft")
    -> String
  {
    """
    tocsin: 1
    runbook: \(id)
    version: \(version)
    status: \(status)
    \(status == "deprecated" ? "successor: better" : "")
    alert: {when: "true", fields: {site: alert.labels.site}}
    questions:
      first:
        ask: Is it ours?
        answer: limit > \(limit)
        then: {yes: suspicious, no: benign}
    thresholds: {limit: 3}

    """
  }

  /// A repository with two runbooks.
  private func withRepository(status: String = "draft", _ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("a.runbook.yaml", Self.runbook("a", status: status))
    try program.write("b.runbook.yaml", Self.runbook("b"))
    let made = try program.shell(
      "export HOME=. GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a "
        + "GIT_COMMITTER_EMAIL=a@b; git init -q -b main && git add -A && git commit -q -m first")
    #expect(made.code == 0, "\(made.error)")
    try body(program)
  }

  private func remove(_ name: String, in program: Program) throws {
    try FileManager.default.removeItem(atPath: "\(program.folder)/\(name)")
  }

  @Test func `a runbook that is gone is a major change and ends with one`() throws {
    try withRepository { program in
      try remove("a.runbook.yaml", in: program)
      let ending = try program.run(["diff", "HEAD"])
      #expect(ending.code == 1)
      #expect(ending.output.contains("a.runbook.yaml 1.0.0 → gone (major)"), "\(ending.output)")
      #expect(ending.output.contains("major  runbook 'a' is gone"))
      let json = try program.run(["diff", "HEAD", "--format", "json"])
      #expect(json.code == 1)
      #expect(json.output.contains("\"kind\":\"runbook\"") && json.output.contains("\"what\":\"removed\""))
    }
  }

  @Test func `one that was deprecated may go`() throws {
    try withRepository(status: "deprecated") { program in
      try remove("a.runbook.yaml", in: program)
      let ending = try program.run(["diff", "HEAD"])
      #expect(ending.code == 0, "\(ending.output)\(ending.error)")
      #expect(ending.output.contains("it was deprecated"))
    }
  }

  @Test func `a file with another name is known by its runbook's id`() throws {
    try withRepository { program in
      try remove("a.runbook.yaml", in: program)
      try program.write("renamed.runbook.yaml", Self.runbook("a", limit: 2))
      let ending = try program.run(["diff", "HEAD"])
      #expect(ending.code == 1, "the answer changed and the version did not")
      #expect(ending.error.contains("'a.runbook.yaml' is 'renamed.runbook.yaml' now"), "\(ending.error)")
      #expect(ending.error.contains("TOC0801") && !ending.output.contains("gone"))
      try program.write("renamed.runbook.yaml", Self.runbook("a"))
      let same = try program.run(["diff", "HEAD"])
      #expect(same.code == 0, "\(same.error)")
    }
  }

  @Test func `a version that went back is told with one that could be`() throws {
    try withRepository { program in
      try program.write("a.runbook.yaml", Self.runbook("a", version: "0.9.0", limit: 2))
      let ending = try program.run(["diff", "HEAD"])
      #expect(ending.code == 1)
      #expect(ending.error.contains("TOC0803") && ending.error.contains("help: write 1.1.0"), "\(ending.error)")
    }
  }

  @Test func `a version is held against that of the same id under another name`() throws {
    try withRepository { program in
      try remove("a.runbook.yaml", in: program)
      try program.write("renamed.runbook.yaml", Self.runbook("a", limit: 2))
      let told = try program.run(["check", "--changed", "HEAD", "--format", "line"]).output
      #expect(told.contains("[TOC0801]"), "\(told)")
    }
  }

  @Test func `another file of a list, and another order of verdicts, are changes`() throws {
    let program = try Program()
    defer { program.remove() }
    for name in ["one.txt", "two.txt"] { try program.write(name, "192.0.2.0/24\n") }
    func write(_ name: String, list: String, verdicts: [String]) throws {
      let declared = verdicts.map { "  \($0): {severity: medium, means: It is so.}\n" }.joined()
      try program.write(
        name,
        Self.runbook("a").replacingOccurrences(of: "yes: suspicious", with: "yes: [one, two]")
          + "verdicts:\n\(declared)lists: {ours: {file: \(list), of: cidr}}\n")
    }
    try write("old.runbook.yaml", list: "one.txt", verdicts: ["one", "two"])
    try write("same.runbook.yaml", list: "one.txt", verdicts: ["one", "two"])
    try write("new.runbook.yaml", list: "two.txt", verdicts: ["two", "one"])
    let same = try program.run(["diff", "old.runbook.yaml", "same.runbook.yaml"])
    #expect(same.code == 0, "\(same.output)\(same.error)")
    let other = try program.run(["diff", "old.runbook.yaml", "new.runbook.yaml"])
    #expect(other.code == 1, "\(other.error)")
    #expect(other.output.contains("list 'ours': file was 'one.txt' and is 'two.txt'"), "\(other.output)")
    let order = "order of verdicts was 'one, two, suspicious' and is 'two, one, suspicious'"
    #expect(other.output.contains(order), "\(other.output)")
  }
}
