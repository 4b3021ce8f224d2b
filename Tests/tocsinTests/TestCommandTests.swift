import Foundation
import Testing

/// How `test` ends, which is what a CI goes by.
@Suite struct TestCommandTests {
  private static let cases = """
    tests: first
    cases:
      nothing is known:
        alert: {service: mail, at: "2026-03-02T10:05:00Z"}
        expect: {verdict: undetermined, notified: none, export: none}
    """

  private func withFirstRunbook(_ work: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run(["new", "first"]).code == 0)
    // What these tests are about is what is not tested.
    for name in ["first.tests.yaml", "first.alert.json"] {
      try FileManager.default.removeItem(atPath: "\(program.folder)/first/\(name)")
    }
    try work(program)
  }

  @Test func `what new writes passes its cases, which cover all of it`() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run(["new", "first"]).code == 0)
    let ending = try program.run(["test", "first", "--min-coverage", "100"])
    #expect(ending.code == 0 && ending.error.contains("8 cases of 1 runbook: all pass"), "\(ending.error)")
    #expect(ending.output.contains("first.alert.json"), "\(ending.output)")
    #expect(try program.run(["fmt", "--check", "first"]).code == 0)
  }

  @Test func `a runbook without cases covers nothing`() throws {
    try withFirstRunbook { program in
      let plain = try program.run(["test", "first"])
      #expect(plain.code == 0 && plain.error.contains("'first/first.runbook.yaml' has no cases"), "\(plain.error)")
      #expect(try program.run(["test", "first", "--min-coverage", "0"]).code == 0)
      #expect(try program.run(["test", "first", "--min-coverage", "1"]).code == 1)
    }
  }

  @Test func `alerts beside a runbook are tried without cases, and told at the field with the label that is meant`()
    throws
  {
    try withFirstRunbook { program in
      let alert = """
        {"labels": {"alertname": "ManyFailedSignIns", "servce": "mail"}, "startsAt": "2026-03-02T10:05:00Z"}
        """
      try program.write("first/odd.alert.json", alert)
      let odd = try program.run(["test", "first"])
      #expect(odd.code == 1, "\(odd.output)\(odd.error)")
      let told = odd.output + odd.error
      #expect(told.contains("it has 'alert.labels.servce'"), "\(told)")
      #expect(told.contains("|     service: alert.labels.service"), "\(told)")
      try program.write("first/odd.alert.json", alert.replacing("servce", with: "service"))
      #expect(try program.run(["test", "first"]).code == 0)
      try program.write("first/odd.alert.json", alert.replacing("ManyFailed", with: "Few"))
      #expect(try program.run(["test", "first"]).code == 1)
    }
  }

  @Test func `a name that no case has is told`() throws {
    try withFirstRunbook { program in
      try program.write("first/first.tests.yaml", Self.cases)
      let none = try program.run(["test", "first", "--named", "zz"])
      #expect(none.code == 1 && none.error.contains("no case has 'zz' in its name"), "\(none.error)")
      #expect(try program.run(["test", "first", "--named", "known"]).code == 0)
    }
  }

  @Test func `cases that pass cover a part`() throws {
    try withFirstRunbook { program in
      try program.write("first/first.tests.yaml", Self.cases)
      let plain = try program.run(["test", "first"])
      #expect(plain.code == 0, "\(plain.output)\(plain.error)")
      #expect(try program.run(["test", "first", "--min-coverage", "100"]).code == 1)
    }
  }

  @Test func `what a file or its coverage lacks is a test in JUnit, because systems show tests`() throws {
    try withFirstRunbook { program in
      func suite(_ arguments: [String]) throws -> String {
        try program.run(["test", "first", "--format", "junit"] + arguments).output
      }
      let without = try suite(["--min-coverage", "50"])
      #expect(
        without.contains("<testsuites name=\"tocsin test\" tests=\"1\" failures=\"1\" errors=\"0\">"), "\(without)")
      #expect(without.contains("name=\"coverage\">\n      <failure message=\"there are no cases\">"), "\(without)")
      try program.write("first/first.tests.yaml", Self.cases)
      #expect(try suite([]).contains("tests=\"1\" failures=\"0\" errors=\"0\""))
      #expect(try suite(["--min-coverage", "1"]).contains("tests=\"2\" failures=\"0\" errors=\"0\""))
      let covered = try suite(["--min-coverage", "100"])
      #expect(covered.contains("tests=\"2\" failures=\"1\" errors=\"0\""), "\(covered)")
      try program.write("first/first.tests.yaml", "tests: first\ncases: 5\n")
      let unread = try suite([])
      #expect(
        unread.contains("tests=\"1\" failures=\"0\" errors=\"1\"") && unread.contains("<error message="), "\(unread)")
      let json = try program.run(["test", "first", "--format", "json", "--min-coverage", "100"])
      #expect(json.code == 1 && json.output.contains("\"passes\":false"), "\(json.output)")
    }
  }

  @Test(arguments: ["nosuch", "nosuch.runbook.yaml", "nosuch.tests.yaml", "no*such", "first/known-addresses.txt"])
  func `what cannot be tested is no success`(path: String) throws {
    try withFirstRunbook { program in
      let ending = try program.run(["test", path])
      #expect(ending.code == 2 && ending.error.contains(path.prefix(5)), "\(ending.error)")
    }
  }
}
