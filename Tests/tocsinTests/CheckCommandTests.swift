import Foundation
import Testing
import Values

/// What `check`, `explain` and `schema` do with files, git and their output.
@Suite struct CheckCommandTests {
  private static let shared = "contacts: {desk: {email: desk@example.org}}\n"

  private static func runbook(_ id: String, handingOverTo other: String? = nil) -> String {
    let handOver = other.map { ", hand_over: {to: \($0)}" } ?? ""
    return """
      tocsin: 1
      runbook: \(id)
      import: [shared.yaml]
      alert: {when: "true", fields: {site: alert.labels.site}}
      questions:
        first:
          ask: Is it ours?
          answer: site in known
          then: {yes: bad, no: benign}
      verdicts:
        bad: {severity: high, means: It is bad.\(handOver)}
      lists:
        known: {file: \(id).txt, of: string}
        spare: [a]

      """
  }

  /// A git repository with three runbooks: `a` hands over to `b`, and all import one file.
  private func withRepository(_ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("shared.yaml", Self.shared)
    for (id, other) in [("a", "b"), ("b", nil), ("c", nil)] as [(String, String?)] {
      try program.write("\(id).runbook.yaml", Self.runbook(id, handingOverTo: other))
      try program.write("\(id).txt", "shop\n")
    }
    #expect(try git(program, "init -q -b main && git add -A && git commit -q -m first").code == 0)
    try body(program)
  }

  private func git(_ program: Program, _ line: String) throws -> Program.Ending {
    try program.shell(
      "export HOME=. GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a "
        + "GIT_COMMITTER_EMAIL=a@b; git \(line)")
  }

  /// The runbooks that something is told of.
  private func told(_ program: Program, _ arguments: [String] = []) throws -> Set<Substring> {
    let ending = try program.run(["check", "--changed", "HEAD", "--format", "line"] + arguments)
    #expect(ending.code == 0, "\(ending.error)")
    return Set(ending.output.split(separator: "\n").map { $0.prefix { $0 != "." } })
  }

  @Test func `only what has changed, rests on what has, or hands over to it is told`() throws {
    try withRepository { program in
      #expect(try told(program) == [])
      try program.write("c.txt", "shop\nmail\n")
      #expect(try told(program) == ["c"], "a list")
      try program.write("b.runbook.yaml", Self.runbook("b") + "limits: {time: 2h}\n")
      #expect(try told(program) == ["a", "b", "c"], "a hand-over")
      _ = try git(program, "checkout -q .")
      try program.write("shared.yaml", Self.shared + "\n")
      #expect(try told(program) == ["a", "b", "c"], "an import")
      _ = try git(program, "checkout -q .")
      try program.write("d.runbook.yaml", Self.runbook("d"))
      try program.write("d.txt", "shop\n")
      #expect(try told(program) == ["d"], "what git does not know yet")
      #expect(try told(program, ["a.runbook.yaml"]) == [])
    }
  }

  @Test func `what rests on a file that is gone is told`() throws {
    try withRepository { program in
      try FileManager.default.removeItem(atPath: "\(program.folder)/b.txt")
      let ending = try program.run(["check", "--changed", "HEAD", "--format", "line", "--fail-level", "error"])
      #expect(ending.code == 1)
      #expect(ending.output.contains("b.runbook.yaml:13:17: error: cannot read 'b.txt'"))
      #expect(!ending.output.contains("c.runbook.yaml"))
    }
  }

  @Test func `a runbook that is gone is told, with who still hands over to it, and one with another name is not gone`()
    throws
  {
    try withRepository { program in
      func lines(_ arguments: [String] = []) throws -> [String] {
        let ending = try program.run(["check", "--changed", "HEAD", "--format", "line"] + arguments)
        return ending.output.split(separator: "\n").map(String.init).filter { !$0.contains(": note: 'benign'") }
      }
      try FileManager.default.removeItem(atPath: "\(program.folder)/b.runbook.yaml")
      let told = try lines()
      let left = "a.runbook.yaml:11:60: warning: the runbook 'b' is gone; it stood in 'b.runbook.yaml'"
      #expect(told.contains { $0.hasPrefix(left) }, "\(told)")
      #expect(told.contains("b.runbook.yaml:1:1: note: the runbook 'b' is gone; it was a draft [TOC0806]"), "\(told)")
      #expect(try lines(["c.runbook.yaml"]) == [], "nobody asked for it")
      let json = try program.run(["check", "--changed", "HEAD", "--format", "json"]).output
      #expect(json.contains("this still hands over to it"), "\(json)")
      try program.write("moved.runbook.yaml", Self.runbook("b").replacing("b.txt", with: "c.txt"))
      #expect(try lines().contains { $0.contains("gone") } == false)
      _ = try git(program, "add -A && git commit -q -m moved")
      let stable = Self.runbook("c").replacing("runbook: c\n", with: "runbook: c\nversion: 1.2.0\nstatus: stable\n")
      try program.write("c.runbook.yaml", stable)
      _ = try git(program, "commit -q -a -m stable")
      try FileManager.default.removeItem(atPath: "\(program.folder)/c.runbook.yaml")
      #expect(
        try lines() == [
          "c.runbook.yaml:1:1: warning: the runbook 'c' (1.2.0) is gone, and no version had said that it would go; "
            + "let one with 'status: deprecated' go before [TOC0806]"
        ])
    }
  }

  @Test func `a branch is compared with where it left the other`() throws {
    try withRepository { program in
      try program.write("b.txt", "mail\n")
      _ = try git(program, "checkout -q -b change && git commit -q -a -m change && git checkout -q main")
      try program.write("c.txt", "mail\n")
      _ = try git(program, "commit -q -a -m other && git checkout -q change")
      let ending = try program.run(["check", "--changed", "main", "--format", "line"])
      #expect(ending.output.contains("b.runbook.yaml") && !ending.output.contains("c.runbook.yaml"))
    }
  }

  @Test func `a runbook that has changed must have a version that says so`() throws {
    try withRepository { program in
      let versioned = Self.runbook("c").replacing("runbook: c\n", with: "runbook: c\nversion: 1.2.0\n")
      try program.write("c.runbook.yaml", versioned)
      _ = try git(program, "commit -q -a -m version")
      let changed = versioned.replacing("site in known", with: "!(site in known)")
        .replacing("answer: !(site in known)", with: "answer: '!(site in known)'")
      func codes(_ text: String) throws -> [String] {
        try program.write("c.runbook.yaml", text)
        let ending = try program.run(["check", "c.runbook.yaml", "--changed", "HEAD", "--format", "line"])
        return ending.output.split(separator: "\n").compactMap { line in
          line.firstMatch(of: /\[(TOC08[0-9]{2})\]/).map { String($0.1) }
        }
      }
      #expect(try codes(versioned + "# a comment\n") == [])
      #expect(try codes(changed) == ["TOC0801"])
      #expect(try codes(changed.replacing("1.2.0", with: "1.2.1")) == ["TOC0802"])
      #expect(try codes(changed.replacing("1.2.0", with: "1.3.0")) == [])
      #expect(try codes(changed.replacing("1.2.0", with: "1.1.0")) == ["TOC0803"])
      #expect(try codes(changed.replacing("version: 1.2.0\n", with: "")) == ["TOC0804"])
      let reused = versioned.replacing("1.2.0", with: "2.0.0").replacing("bad", with: "worse")
        .replacing("lists:\n", with: "lists:\n  bad: [a]\n")
      #expect(try codes(reused) == ["TOC0805"])
    }
  }

  @Test func `runbooks that hand over in a circle are told once, at the first of them`() throws {
    try withRepository { program in
      try program.write("b.runbook.yaml", Self.runbook("b", handingOverTo: "c"))
      try program.write("c.runbook.yaml", Self.runbook("c", handingOverTo: "a"))
      let ending = try program.run(["check", "--format", "line"])
      let loops = ending.output.split(separator: "\n").filter { $0.hasSuffix("[TOC0422]") }
      #expect(
        loops == [
          "a.runbook.yaml:11:60: error: the runbooks hand over in a circle: a → b → c → a [TOC0422]"
        ])
      #expect(ending.code == 1)
    }
  }

  @Test(arguments: ["no-such-version", "--output=x"])
  func `a version that git does not know ends with two`(reference: String) throws {
    try withRepository { program in
      let ending = try program.run(["check", "--changed=\(reference)"])
      #expect(ending.code == 2)
      #expect(ending.error.contains("names no commit"))
    }
  }

  @Test func `outside of a repository nothing can have changed`() throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run(["check", "--changed", "HEAD"], environment: ["GIT_DIR": "/nowhere"])
    #expect(ending.code == 2)
    #expect(ending.error.contains("not a git repository"))
  }

  @Test func `a difference is shown before anything is mended`() throws {
    let program = try Program()
    defer { program.remove() }
    let text = "tocsin: 1\nrunbook: a\nlimits:\n  time:1h\n  queries: 3\n"
    let path = try program.write("a.runbook.yaml", text)
    let shown = try program.run(["check", "--fix", "--dry-run"])
    #expect(shown.output.contains("-  time:1h\n+  time: 1h\n"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    let mended = try program.run(["check", "--fix"])
    #expect(mended.code == 1, "what cannot be mended is still told")
    #expect(mended.error.contains("mended 'a.runbook.yaml'") || mended.error.contains("mended './a.runbook.yaml'"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text.replacing("time:1h", with: "time: 1h"))
    #expect(try program.run(["check", "--dry-run"]).code == 64)
  }

  @Test func `explain says what a finding means, and which one is meant`() throws {
    let program = try Program()
    defer { program.remove() }
    let explained = try program.run(["explain", "toc0104"])
    #expect(explained.output.hasPrefix("TOC0104 missing-key (error)\n"))
    #expect(try program.run(["explain", "missing-key"]).output.contains("TOC1004 missing-key (error)"))
    let misspelt = try program.run(["explain", "TOC0140"])
    #expect(misspelt.code == 64 && misspelt.error.contains("did you mean 'TOC0"))
    #expect(try program.run(["explain", "--list"]).output.split(separator: "\n").count > 120)
    #expect(try program.run(["explain"]).code == 64)
  }

  private static let validator: String? = {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["TOCSIN_CHECK_JSONSCHEMA"].map { [$0] } ?? []
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/check-jsonschema" }
    return (named + folders).first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  @Test(.enabled(if: validator != nil, "'check-jsonschema' is absent: 'pip install check-jsonschema'"))
  func `the records of a trail, and what new writes, are what the schemas say`() throws {
    let program = try Program()
    defer { program.remove() }
    let validator = try #require(Self.validator)
    _ = try program.run(["new", "first"])
    for name in ["runbook", "config", "trail-record"] {
      try program.write("\(name).json", try program.run(["schema", name]).output)
    }
    let run = try program.run([
      "run", "first/first.runbook.yaml", "--config", "first/tocsin.yaml", "--alert", "first/first.alert.json",
      "--trail", "trail",
    ])
    #expect(run.code == 0, "\(run.error)")
    let log = try String(contentsOfFile: "\(program.folder)/trail/log/trail.jsonl", encoding: .utf8)
    let lines = log.split(separator: "\n")
    #expect(lines.count > 5)
    let records = try lines.enumerated().map { try program.write("record\($0).json", String($1)) }
    for (schema, files) in [
      ("runbook", ["first/first.runbook.yaml"]), ("config", ["first/tocsin.yaml"]), ("trail-record", records),
    ] {
      let ending = try program.shell("\(validator) --schemafile \(schema).json \(files.joined(separator: " "))")
      #expect(ending.code == 0, "\(ending.output)")
    }
    // Of each type of record one is spoilt: another type, and nothing in its body.
    var types: Set<String> = []
    for line in lines {
      let record = try JSON(parsing: Array(line.utf8))
      guard let type = record["type"]?.text, types.insert(type).inserted else { continue }
      for (member, value) in [("type", JSON.string("nonsense")), ("body", .object([JSON.Member]()))] {
        let members = (record.members ?? []).map { $0.name == member ? JSON.Member(member, value) : $0 }
        let spoilt = try program.write("spoilt.json", JSON.object(members).compactText)
        let ending = try program.shell("\(validator) --schemafile trail-record.json \(spoilt)")
        #expect(ending.code == 1, "\(type) with another \(member)")
      }
    }
    #expect(types.count > 8)
    let schema = try String(contentsOfFile: "\(program.folder)/first/runbook.schema.json", encoding: .utf8)
    #expect(try program.run(["schema", "runbook"]).output == schema)
  }

  @Test(arguments: ["runbook", "import", "tests", "config", "list", "trail-record"])
  func `every schema is JSON of draft 7`(name: String) throws {
    let program = try Program()
    defer { program.remove() }
    let json = try JSON(parsing: Array(try program.run(["schema", name]).output.utf8))
    #expect(json["$schema"]?.text == "http://json-schema.org/draft-07/schema#")
  }
}
