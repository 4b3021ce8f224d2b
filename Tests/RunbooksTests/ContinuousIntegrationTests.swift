import Diagnostics
import Foundation
import RunbookEngine
import Testing
import Values
import YAMLTree

/// What is shipped for CI, as far as it can be tried without a CI.
@Suite struct ContinuousIntegrationTests {
  private static let folder = "\(Places.package)/CI"

  @Test func `the problem matcher reads the lines of errors and warnings`() throws {
    let json = try Places.json("\(Self.folder)/problem-matcher.json")
    let pattern = try #require(json["problemMatcher"]?.elements?.first?["pattern"]?.elements?.first)
    let expression = try Regex(try #require(pattern["regexp"]?.text))
    let source = SourceText(name: "a b/c.runbook.yaml", text: "tocsin: 1\nrunbok: a\n")
    let location = SourceLocation(source, SourceRange(10, 16))
    for (severity, isRead) in [(Diagnostic.Severity.error, true), (.warning, true), (.note, false)] {
      let line = LineReport.line(Diagnostic(.init("TOC0103", "x"), severity, "no 'a: b' [c]", at: location))
      let match = line.wholeMatch(of: expression)
      #expect((match != nil) == isRead, "\(line)")
      func part(_ name: String) -> Substring? {
        pattern[name]?.integer.flatMap { match?.output[Int($0)].substring }
      }
      guard isRead else { continue }
      #expect(part("file") == "a b/c.runbook.yaml" && part("line") == "2" && part("column") == "1")
      #expect(part("message") == "no 'a: b' [c]" && part("code") == "TOC0103")
      #expect(part("severity") == Substring(severity.rawValue))
    }
  }

  @Test func `the hooks take the files that are checked, and no others`() throws {
    let root = try #require(try Self.yaml("\(Places.package)/.pre-commit-hooks.yaml"))
    let hooks = try #require(root.items)
    #expect(hooks.compactMap { $0["id"]?.scalar?.text } == ["tocsin-check", "tocsin-fix", "tocsin-fmt", "tocsin-test"])
    for hook in hooks {
      let expression = try Regex(try #require(hook["files"]?.scalar?.text))
      // What a contact or a list breaks may stand in a file that did not change.
      let looksAtAll = ["tocsin-check", "tocsin-test"].contains(hook["id"]?.scalar?.text)
      #expect((hook["pass_filenames"]?.scalar?.text == "false") == looksAtAll)
      #expect((hook["args"]?.items?.compactMap { $0.scalar?.text } == ["."]) == looksAtAll)
      for (path, isTaken) in [
        ("a/b.runbook.yaml", true), ("b.tests.yml", true), ("tocsin.yaml", true), ("a/x.tocsin.yaml", true),
        ("a/contacts.yaml", looksAtAll), ("a/known.txt", looksAtAll), ("a/mytocsin.yaml", looksAtAll),
        ("b.runbook.yaml.orig", false), ("a/b.swift", false),
      ] {
        #expect((path.firstMatch(of: expression) != nil) == isTaken, "\(path)")
      }
    }
  }

  @Test func `every input of the action is given to the script, which knows no other`() throws {
    let action = try #require(try Self.yaml("\(Self.folder)/github/action.yml"))
    let inputs = try #require(action["inputs"]?.pairs).compactMap { $0.key.scalar?.text }
    let step = try #require(action["runs"]?["steps"]?.items?.first)
    let environment = try #require(step["env"]?.pairs)
    let given = environment.compactMap { $0.value.scalar?.text }
    for input in inputs { #expect(given.contains("${{ inputs.\(input) }}"), "\(input)") }
    let script = try Places.text("\(Self.folder)/check")
    let job = try #require(try Self.yaml("\(Self.folder)/gitlab.yml")?[".tocsin"]?["variables"]?.pairs)
    let names = (environment + job).compactMap { $0.key.scalar?.text }.filter { $0.hasPrefix("TOCSIN") }
    for name in names where name != "TOCSIN_CI" { #expect(script.contains("${\(name):-"), "\(name)") }
  }

  @Test func `every block of the page is YAML, and names hooks and files that there are`() throws {
    let blocks = try DocumentText.blocks(of: "CI/README.md").filter { $0.language == "yaml" }
    #expect(blocks.count == 3)
    for block in blocks {
      let document = YAMLReader.read(SourceText(name: block.description, text: block.text))
      #expect(document.diagnostics.isEmpty, "\(document.diagnostics.map(\.message))")
    }
    let hooks = try Places.text("\(Places.package)/.pre-commit-hooks.yaml")
    for id in try #require(blocks.first).text.matches(of: /id: ([a-z-]+)/) {
      #expect(hooks.contains("- id: \(id.output.1)\n"))
    }
  }

  private static func yaml(_ path: String) throws -> YAMLNode? {
    let document = YAMLReader.read(SourceText(name: path, text: try Places.text(path)))
    #expect(document.diagnostics.isEmpty, "\(document.diagnostics.map(\.message))")
    return document.root
  }
}
