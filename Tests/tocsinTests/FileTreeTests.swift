import Foundation
import Testing

/// A runbook and its cases can have no file shown that lies outside of their tree.
@Suite struct FileTreeTests {
  /// A tree `repo` with a runbook in a folder, and a secret beside the tree.
  private func withTree(_ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    for folder in ["repo/.git", "repo/books/first", "repo/shared", "outside"] {
      try FileManager.default.createDirectory(
        atPath: "\(program.folder)/\(folder)", withIntermediateDirectories: true)
    }
    try program.write("outside/secret.txt", "top-secret: 1\nsecond-secret: 2\n")
    try program.write("repo/shared/good.txt", "192.0.2.0/24 office\n")
    try program.write("repo/shared/good.yaml", "contacts: {desk: {email: desk@example.org}}\n")
    try body(program)
  }

  private static func runbook(list: String = "../../shared/good.txt", imports: String = "") -> String {
    """
    tocsin: 1
    runbook: first
    \(imports)
    alert: {when: "true", fields: {source: {from: alert.labels.source, type: ip}}}
    questions:
      known:
        ask: Is ${source} known?
        answer: source in ours
        then: {yes: benign, no: suspicious}
    lists:
      ours: {file: \(list), of: cidr}

    """
  }

  /// What must not be shown, in no format.
  private func expectNothingShown(_ program: Program, _ path: String) throws {
    for format in ["text", "line", "sarif", "github", "jsonl"] {
      let ending = try program.run(["check", path, "--format", format])
      #expect(ending.code == 1, "\(format)")
      #expect(!(ending.output + ending.error).contains("secret: "), "\(format)")
    }
    let told = try program.run(["check", path, "--format", "line"]).output
    #expect(told.contains("TOC1404"), "\(told)")
  }

  @Test(arguments: [
    "ABSOLUTE", "../../../outside/secret.txt", "/proc/self/environ", "link.txt", "folder/secret.txt",
    "../../../outside/none.txt", "../../books/first/../../../outside/secret.txt",
  ])
  func `a list outside of the tree is not read`(path: String) throws {
    try withTree { program in
      let outside = "\(program.folder)/outside"
      let folder = "\(program.folder)/repo/books/first"
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link.txt", withDestinationPath: "\(outside)/secret.txt")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/folder", withDestinationPath: outside)
      let list = path == "ABSOLUTE" ? "\(outside)/secret.txt" : path
      let runbook = try program.write("repo/books/first/first.runbook.yaml", Self.runbook(list: list))
      try expectNothingShown(program, "repo/books/first/first.runbook.yaml")
      try expectNothingShown(program, runbook)
      try program.write("alert.json", "{\"labels\": {\"source\": \"192.0.2.1\"}}")
      let ending = try program.run(["run", runbook, "--alert", "alert.json", "--trail", "trail"])
      #expect(ending.code == 2)
      #expect(ending.error.contains("TOC1404") && !ending.error.contains("secret: "))
    }
  }

  @Test(arguments: ["import: [ABSOLUTE]", "import: [../../../outside/secret.txt]", "import: [link.yaml]"])
  func `an import outside of the tree is not read`(line: String) throws {
    try withTree { program in
      let outside = "\(program.folder)/outside/secret.txt"
      try FileManager.default.createSymbolicLink(
        atPath: "\(program.folder)/repo/books/first/link.yaml", withDestinationPath: outside)
      try program.write(
        "repo/books/first/first.runbook.yaml",
        Self.runbook(imports: line.replacingOccurrences(of: "ABSOLUTE", with: outside)))
      try expectNothingShown(program, "repo/books/first/first.runbook.yaml")
    }
  }

  /// An imported file that lies higher than the runbook opens no wider tree.
  @Test func `the tree is the runbook's, also for what an import names`() throws {
    try withTree { program in
      try FileManager.default.removeItem(atPath: "\(program.folder)/repo/.git")
      try program.write("repo/books/lists.yaml", "lists: {more: {file: ../shared/good.txt, of: cidr}}\n")
      try program.write("repo/books/first/inner.txt", "192.0.2.0/24\n")
      try program.write(
        "repo/books/first/first.runbook.yaml", Self.runbook(list: "inner.txt", imports: "import: [../lists.yaml]"))
      let told = try program.run(["check", "repo/books/first/first.runbook.yaml", "--format", "line"])
      #expect(told.code == 1)
      #expect(told.output.contains("TOC1404") && told.output.contains("repo/books/lists.yaml"), "\(told.output)")
    }
  }

  @Test func `what lies in the tree is read, also through links, and a deployment's list from anywhere`() throws {
    try withTree { program in
      let folder = "\(program.folder)/repo/books/first"
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link.txt", withDestinationPath: "../../shared/good.txt")
      try FileManager.default.createSymbolicLink(
        atPath: "\(program.folder)/elsewhere", withDestinationPath: "\(program.folder)/repo")
      for list in ["../../shared/good.txt", "link.txt", "\(program.folder)/repo/shared/good.txt"] {
        try program.write(
          "repo/books/first/first.runbook.yaml",
          Self.runbook(list: list, imports: "import: [../../shared/good.yaml]"))
        for path in ["repo", "elsewhere/books/first/first.runbook.yaml"] {
          let told = try program.run(["check", path, "--format", "line"])
          #expect(told.code == 0, "\(list): \(told.output)")
        }
      }
      try program.write("outside/others.txt", "198.51.100.0/24 theirs\n")
      try program.write(
        "outside/tocsin.yaml", "deployment: 1\nlists: {ours: \(program.folder)/outside/others.txt}\n")
      let told = try program.run(["check", "repo", "--config", "outside/tocsin.yaml", "--format", "line"])
      #expect(told.code == 0, "\(told.output)")
    }
  }

  @Test func `what is not there is told as that, in a folder behind a link too`() throws {
    try withTree { program in
      try program.write("repo/books/first/first.runbook.yaml", Self.runbook(list: "none.txt"))
      try FileManager.default.createSymbolicLink(
        atPath: "\(program.folder)/elsewhere", withDestinationPath: "\(program.folder)/repo/books")
      for path in ["repo/books/first/first.runbook.yaml", "elsewhere/first/first.runbook.yaml"] {
        let told = try program.run(["check", path, "--format", "line"])
        #expect(told.output.contains("TOC0115") && !told.output.contains("TOC1404"), "\(told.output)")
      }
    }
  }

  @Test(arguments: [
    ("alert: ../../../outside/secret.txt", "given: {}"),
    ("alert: {source: 192.0.2.1}", "given: {hits: {file: ../../../outside/secret.txt}}"),
  ])
  func `cases have no file read outside of the tree`(alert: String, given: String) throws {
    try withTree { program in
      let queries = "queries: {hits: {from: log, sql: SELECT path FROM log, window: none, rows: {path: string}}}\n"
      try program.write("repo/books/first/first.runbook.yaml", Self.runbook() + queries)
      try program.write(
        "repo/books/first/first.tests.yaml",
        "tests: first\ncases:\n  one:\n    \(alert)\n    \(given)\n    expect: {verdict: suspicious}\n")
      try expectNothingShown(program, "repo/books/first/first.tests.yaml")
      let ending = try program.run(["test", "repo/books/first"])
      #expect(ending.code == 1)
      #expect(ending.error.contains("TOC1404") && !(ending.error + ending.output).contains("secret: "))
    }
  }

  @Test func `documents that are found and lead out of the tree are not looked at`() throws {
    try withTree { program in
      let secret = "\(program.folder)/outside/secret.txt"
      try program.write("repo/books/first/first.runbook.yaml", Self.runbook())
      try program.write(
        "repo/books/first/first.tests.yaml",
        "tests: first\ncases:\n  one:\n    alert: {source: 192.0.2.1}\n    expect: {verdict: benign}\n")
      for name in ["evil.runbook.yaml", "evil.tests.yaml", "tocsin.yaml", "evil.alert.json"] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(program.folder)/repo/books/first/\(name)", withDestinationPath: secret)
      }
      for arguments in [
        ["check", "repo"], ["check", "repo/**/*.yaml"], ["fmt", "repo", "--check"], ["test", "repo"],
        ["test", "repo/books/first/first.runbook.yaml"],
      ] {
        let ending = try program.run(arguments)
        #expect(ending.code == 2, "\(arguments): \(ending.error)")
        #expect(!(ending.output + ending.error).contains("secret: "), "\(arguments)")
      }
    }
  }
}
