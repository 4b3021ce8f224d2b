import Foundation
import Testing

/// What `fmt` does with files, and what it prints.
@Suite struct FormatCommandTests {
  private static let untidy = "tocsin:   1   # the language\nalert: { at: alert.startsAt }\n"
  private static let tidy = "tocsin: 1  # the language\nalert: {at: alert.startsAt}\n"

  private func withProgram(_ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try body(program)
  }

  private func text(_ program: Program, _ name: String) throws -> String {
    try String(contentsOfFile: "\(program.folder)/\(name)", encoding: .utf8)
  }

  @Test func `files are laid out, once, and said so`() throws {
    try withProgram { program in
      try program.write("a.runbook.yaml", Self.untidy)
      let first = try program.run(["fmt"])
      #expect(first.code == 0 && first.output.isEmpty, "\(first.error)")
      #expect(first.error == "tocsin: laid out 'a.runbook.yaml'\n")
      #expect(try text(program, "a.runbook.yaml") == Self.tidy)
      let second = try program.run(["fmt"])
      #expect(second.code == 0 && second.output.isEmpty && second.error.isEmpty)
    }
  }

  @Test func `a check names files and changes nothing`() throws {
    try withProgram { program in
      try program.write("a.runbook.yaml", Self.untidy)
      try program.write("b.tests.yaml", Self.tidy)
      let ending = try program.run(["fmt", "--check", "."])
      #expect(ending.code == 1 && ending.output == "a.runbook.yaml\n" && ending.error.isEmpty)
      #expect(try text(program, "a.runbook.yaml") == Self.untidy)
      #expect(try program.run(["fmt", "--check", "b.tests.yaml"]).code == 0)
    }
  }

  @Test func `a difference is what patch reads`() throws {
    try withProgram { program in
      try program.write("a.runbook.yaml", Self.untidy)
      let ending = try program.run(["fmt", "--diff", "a.runbook.yaml"])
      #expect(
        ending.code == 0 && ending.output.hasPrefix("--- a/a.runbook.yaml\n+++ b/a.runbook.yaml\n@@ -1,2 +1,2 @@\n"))
      #expect(try text(program, "a.runbook.yaml") == Self.untidy)
      try program.write("change.patch", ending.output)
      #expect(try program.shell("patch -s -p1 < change.patch").code == 0)
      #expect(try text(program, "a.runbook.yaml") == Self.tidy)
      #expect(try program.run(["fmt", "--diff", "--check"]).code == 0)
    }
  }

  @Test func `standard input is laid out to standard output`() throws {
    try withProgram { program in
      let ending = try program.run(["fmt", "-"], input: Self.untidy)
      #expect(ending.code == 0 && ending.output == Self.tidy && ending.error.isEmpty)
      #expect(try program.run(["fmt", "-"], input: Self.tidy).output == Self.tidy)
      #expect(try program.run(["fmt", "--check", "-"], input: Self.untidy).code == 1)
      #expect(try program.run(["fmt", "-", "a.yaml"], input: Self.untidy).code == 64)
    }
  }

  @Test(arguments: ["a: [1\n", "a: 1\na: 2\n", "", "a: \0\u{1}\n"])
  func `a file whose YAML has errors is told and not touched`(_ text: String) throws {
    try withProgram { program in
      try program.write("a.runbook.yaml", text)
      try program.write("b.runbook.yaml", Self.untidy)
      let ending = try program.run(["fmt"])
      #expect(ending.code == 1 && ending.output.isEmpty)
      #expect(ending.error.contains("error[TOC00") && ending.error.contains("'a.runbook.yaml' is not touched"))
      #expect(try self.text(program, "a.runbook.yaml") == text)
      #expect(try self.text(program, "b.runbook.yaml") == Self.tidy, "one bad file keeps no other from it")
      let input = try program.run(["fmt", "-"], input: text)
      #expect(input.code == 1 && input.output.isEmpty)
    }
  }

  @Test func `what cannot be read or laid out ends with 2`() throws {
    try withProgram { program in
      #expect(try program.run(["fmt", "none.yaml"]).code == 2)
      try program.write("a.runbook.yaml", "? |\n  a\n: b\n")
      let ending = try program.run(["fmt", "a.runbook.yaml"])
      #expect(ending.code == 2 && ending.error.contains("laid out it would say something else"))
    }
  }

  @Test func `what runbooks import or name as lists is laid out if it lies in the same folder`() throws {
    try withProgram { program in
      for folder in ["in/deep", ".git"] {
        try FileManager.default.createDirectory(
          atPath: "\(program.folder)/\(folder)", withIntermediateDirectories: true)
      }
      try program.write("in/deep/a.runbook.yaml", "import: [../shared.yaml, ../../out.yaml]\n")
      try program.write("in/shared.yaml", "lists:\n    known: {file: known.yaml,of: string}\n")
      try program.write("in/known.yaml", "[a,b]\n")
      try program.write("in/other.yaml", "[a,b]\n")
      try program.write("out.yaml", "[a,b]\n")
      let inside = try program.run(["fmt", "--check", "in"])
      #expect(inside.output == "in/known.yaml\nin/shared.yaml\n" && inside.code == 1)
      #expect(try program.run(["fmt", "--check"]).output == "in/known.yaml\nin/shared.yaml\nout.yaml\n")
      #expect(try program.run(["fmt", "--check", "in/deep/a.runbook.yaml"]).code == 0)
    }
  }
}
