import Foundation
import Testing

/// What `check` finds where a runbook stands beside its deployment, and beside other runbooks.
@Suite struct CheckedTogetherTests {
  private static func runbook(_ id: String = "logins", sql: String = "") -> String {
    """
    tocsin: 1
    runbook: \(id)
    alert: {when: "true", fields: {user: alert.labels.user}}
    questions:
      failed:
        ask: Did a sign-in of ${user} fail?
        answer: sign_ins_failed.size() > 0
        then: {yes: suspicious, no: benign}
    queries:
      sign_ins_failed:
        from: sign_ins
        sql: |
          SELECT account FROM sign_ins
          WHERE account = ${user} AND time BETWEEN ${from} AND ${to}
          \(sql)
        rows: {account: string}

    """
  }

  private static let configuration = """
    deployment: 1
    sources:
      sign_ins:
        adapter: csv
        path: sign-ins.csv
        columns: {time: timestamp, account: string, success: bool, tries: int}
        time: time

    """

  private func withRunbook(_ text: String, _ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("logins.runbook.yaml", text)
    try program.write("tocsin.yaml", Self.configuration)
    try program.write("sign-ins.csv", "time,account,success,tries\n2026-11-23T12:00:00Z,ann,true,1\n")
    try body(program)
  }

  private func lines(_ program: Program, _ arguments: [String] = []) throws -> [String] {
    let ending = try program.run(
      ["check", "logins.runbook.yaml", "--config", "tocsin.yaml", "--format", "line"] + arguments)
    return ending.output.split(separator: "\n").map(String.init).filter { !$0.contains(": note: ") }
  }

  @Test(arguments: [
    ("AND success = 'false'", "TOC1210", "write false without quotes"),
    ("AND sign_ins.success <> 'no'", "TOC1210", "'sign_ins.success' is bool"),
    ("AND tries = 'many'", "TOC1210", "'tries' is int"),
    ("AND account BETWEEN ${from} AND ${to}", "TOC1211", "'account' is string, and '${from}' is an instant"),
    ("AND ${to} > account", "TOC1211", "'account' is string, and '${to}' is an instant"),
  ])
  func `a comparison that no value of the column fits is told`(sql: String, code: String, words: String) throws {
    try withRunbook(Self.runbook(sql: sql)) { program in
      let told = try lines(program)
      #expect(told.first?.contains("[\(code)]") == true && told.first?.contains(words) == true, "\(told)")
      #expect(told.allSatisfy { $0.hasPrefix("logins.runbook.yaml:15:") })
    }
  }

  @Test(arguments: [
    ("AND tries > ${user}", "15:11", "'tries' is int, and '${user}' is string"),
    ("AND time = ${user}", "15:11", "'time' is timestamp, and '${user}' is string"),
    ("AND success IN ${user}", "15:11", "'success' is bool, and '${user}' is string"),
    ("AND tries NOT IN (${user})", "15:11", "'tries' is int, and '${user}' is string"),
  ])
  func `a comparison with a value of another type is told where it stands`(
    sql: String, place: String, words: String
  ) throws {
    try withRunbook(Self.runbook(sql: sql)) { program in
      let told = try lines(program)
      #expect(told.count == 1 && told[0].contains("[TOC1213]") && told[0].contains(words), "\(told)")
      #expect(told[0].hasPrefix("logins.runbook.yaml:\(place):"), "\(told)")
    }
  }

  @Test(arguments: [
    ("account", "tries AS account", "string", "'tries' is int"), ("account", "account", "string", nil),
    ("account", "tries account", "ip", "'tries' is int"), ("account", "time AS account", "string", nil),
    ("account", "tries AS account", "double", nil), ("account", "success AS account", "timestamp", "'success' is bool"),
    ("account", "max(tries) AS account", "string", nil), ("account", "account", "int", nil),
  ])
  func `a column declared as what the table does not have is told where it is selected`(
    column: String, selected: String, type: String, words: String?
  ) throws {
    let text = Self.runbook().replacingOccurrences(of: "SELECT \(column) FROM", with: "SELECT \(selected) FROM")
      .replacingOccurrences(of: "rows: {account: string}", with: "rows: {account: \(type)}")
    try withRunbook(text) { program in
      let told = try lines(program)
      #expect(told.count == (words == nil ? 0 : 1), "\(told)")
      guard let words, told.count == 1 else { return }
      #expect(told[0].hasPrefix("logins.runbook.yaml:13:14:") && told[0].contains("[TOC1212]"), "\(told)")
      #expect(told[0].contains(words), "\(told)")
    }
  }

  @Test(arguments: [
    "AND success = FALSE", "AND tries = '3'", "AND account = 'false'",
    "AND lower(success) = 'false'", "AND success || '' = 'false'", "AND min(time, ${to}) = time",
  ])
  func `a comparison that may hold is not told`(sql: String) throws {
    try withRunbook(Self.runbook(sql: sql)) { program in
      let told = try lines(program)
      #expect(told == [])
    }
  }

  @Test(arguments: [
    ("sign_ins\n", "signins\n", "13:31", "did you mean 'sign_ins'?"),
    ("SELECT account", "SELECT acount AS account", "13:14", "did you mean 'account'?"),
    ("SELECT account", "SELECT sign_ins.acount AS account", "13:14", "did you mean 'account'?"),
    ("sign_ins\n", "elsewhere\n", "13:29", "no such table: elsewhere"),
  ])
  func `a table or column that is not there is told at its place, with the one that is meant`(
    part: String, written: String, place: String, words: String
  ) throws {
    let text = Self.runbook().replacingOccurrences(of: "FROM \(part)", with: "FROM \(written)")
      .replacingOccurrences(of: part.hasPrefix("SELECT") ? part : "\u{0}", with: written)
    try withRunbook(text) { program in
      let told = try lines(program)
      #expect(told.count == 1 && told[0].contains("[TOC1203]") && told[0].contains(words), "\(told)")
      #expect(told[0].hasPrefix("logins.runbook.yaml:13:"), "\(told)")
      guard words.hasPrefix("did") else { return }
      #expect(try program.run(["check", "--config", "tocsin.yaml", "--fix", "--unsafe"]).code == 0)
    }
  }

  @Test func `two runbooks with one id are told at the second, with the place of the first`() throws {
    try withRunbook(Self.runbook()) { program in
      try program.write("copy.runbook.yaml", Self.runbook())
      try program.write("other.runbook.yaml", Self.runbook("others"))
      let ending = try program.run(["check", ".", "--format", "jsonl"])
      let told = ending.output.split(separator: "\n").filter { $0.contains("TOC0208") }
      #expect(ending.code == 0 && told.count == 1, "\(ending.output)")
      #expect(
        told[0].contains("\"file\":\"logins.runbook.yaml\"") && told[0].contains("\"file\":\"copy.runbook.yaml\""))
      #expect(try !program.run(["check", "logins.runbook.yaml", "--format", "line"]).output.contains("TOC0208"))
    }
  }

  @Test func `a field that the next runbook does not have is told`() throws {
    let first =
      Self.runbook().replacingOccurrences(of: "yes: suspicious", with: "yes: bad")
      + "verdicts:\n  bad: {severity: medium, means: Bad., hand_over: {to: others, with: {usr: user}}}\n"
    try withRunbook(first) { program in
      let alone = try program.run(["check", "logins.runbook.yaml", "--format", "line"])
      #expect(!alone.output.contains("TOC0433"), "the other runbook is not known")
      try program.write("other.runbook.yaml", Self.runbook("others"))
      let told = try program.run(["check", ".", "--format", "line"]).output
      #expect(told.contains("did you mean 'user'? [TOC0433]"), "\(told)")
      try program.write("logins.runbook.yaml", first.replacingOccurrences(of: "usr:", with: "user:"))
      #expect(try !program.run(["check", ".", "--format", "line"]).output.contains("TOC0433"))
    }
  }

  @Test func `a list whose file nobody changed for too long is told`() throws {
    let lists = "lists: {ours: {file: ours.txt, of: cidr, review: 90d}}\n"
    try withRunbook(Self.runbook() + lists) { program in
      try program.write("ours.txt", "192.0.2.0/24\n")
      let fresh = try program.run(["check", "logins.runbook.yaml", "--format", "line"]).output
      #expect(!fresh.contains("TOC0612"), "\(fresh)")
      let old = Date(timeIntervalSinceNow: -100 * 86_400)
      try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: "\(program.folder)/ours.txt")
      let told = try program.run(["check", "logins.runbook.yaml", "--format", "line"]).output
      #expect(told.contains("the list 'ours' is to be looked at every 90d") && told.contains("[TOC0612]"), "\(told)")
    }
  }

  @Test func `what a run can cost is told of one runbook, and on its page`() throws {
    try withRunbook(Self.runbook()) { program in
      let words = "1 question on the longest way, 1 query at most"
      let told = try program.run(["check", "logins.runbook.yaml"]).error
      #expect(told.contains("at worst: \(words)"), "\(told)")
      let page = try program.run(["docs", "logins.runbook.yaml"]).output
      #expect(page.contains("It takes at worst: \(words)."), "\(page.prefix(400))")
    }
  }

  @Test func `paths of what is imported are shown without detours`() throws {
    try withRunbook(Self.runbook() + "import: [./x/../shared.yaml]\n") { program in
      try FileManager.default.createDirectory(atPath: "\(program.folder)/x", withIntermediateDirectories: true)
      try program.write("shared.yaml", "lists: {spare: [a]}\nwrong: 1\n")
      let told = try program.run(["check", "logins.runbook.yaml"]).error
      #expect(told.contains("--> shared.yaml:2:1"), "\(told)")
    }
  }

  @Test func `mends that are guesses are counted where they are not applied`() throws {
    try withRunbook(Self.runbook().replacingOccurrences(of: "sign_ins_failed.size", with: "sign_in_failed.size")) {
      program in
      let told = try program.run(["check", "logins.runbook.yaml", "--fix"]).error
      #expect(told.contains("1 more could be mended by guessing; --fix --unsafe does it"), "\(told)")
    }
  }

  @Test(arguments: ["foo-", "foo--bar", "-foo", "yes", "null", "Foo", "1st"])
  func `a name that is no good id is refused before anything is made`(name: String) throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run(["new", "--", name]).code == 64)
    #expect(try FileManager.default.contentsOfDirectory(atPath: program.folder).allSatisfy { $0 != name })
  }
}
