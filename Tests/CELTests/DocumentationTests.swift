import CEL
import Foundation
import Testing
import Values

/// What the module's page shows is what happens.
struct DocumentationTests {
  private static let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let page = text(of: "Sources/CEL/README.md")

  private static func text(of path: String) -> String {
    (try? String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)) ?? ""
  }

  /// The lines of all blocks of a language, block by block.
  private static func blocks(_ language: String) -> [[String]] {
    var blocks: [[String]] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if isInside, line == "```" {
        isInside = false
      } else if isInside {
        blocks[blocks.count - 1].append(String(line))
      } else if line == "```\(language)" {
        isInside = true
        blocks.append([])
      }
    }
    return blocks
  }

  private static let examples = blocks("cel").flatMap { $0 }

  @Test func `The page has examples of everything that is ours`() {
    #expect(Self.examples.count >= 25)
    let all = Self.examples.joined()
    for name in [
      "sum", "min", "max", "avg", "distinct", "percentile", "countBy", "top", "isPrivate", "parseUrl", "splitPath",
      "normalPath", "normalAgent",
    ] { #expect(all.contains("\(name)("), "\(name)") }
  }

  @Test(arguments: examples)
  func `An example gives what is written behind it`(line: String) throws {
    let parts = line.components(separatedBy: " // ")
    try #require(parts.count == 2)
    let (environment, values) = try UsageExamples.namesOfThePage()
    let result = environment.check(parts[0])
    let expression = try #require(result.expression, "\(result.problems)")
    #expect(expression.evaluate(SampleBindings(values: values)).text == parts[1])
    #expect(result.warnings.isEmpty)
  }

  @Test func `Each piece of Swift on the page stands in a test as it is`() throws {
    let blocks = Self.blocks("swift")
    #expect(blocks.count >= 4)
    let code = Self.lines(Self.text(of: "Tests/CELTests/UsageExamples.swift"))
    for block in blocks {
      let lines = Self.lines(block.joined(separator: "\n"))
      #expect(code.indices.contains { code[$0...].starts(with: lines) }, "\(lines.first ?? "")")
    }
  }

  /// Without indentation, empty lines and imports.
  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.hasPrefix("import ") }
  }

  @Test func `The page's table of limits states those that hold`() {
    for limit in [
      "100,000 code points", "| 100; 200 |", "| 3 |", "| 10,000,000 unless", "| 10 MB; 256 MB |", "| 1 MB |",
    ] { #expect(Self.page.contains(limit), "\(limit)") }
    let limits = [
      CELLimits.sourceCodePoints, CELLimits.nesting, CELLimits.chain, CELLimits.comprehensionNesting, CELLimits.budget,
      CELLimits.textBytes, CELLimits.createdBytes, CELLimits.patternMemoryBytes,
    ]
    let stated = [100_000, 100, 200, 3, 10_000_000, 10_000_000, 256_000_000, 1 << 20]
    #expect(limits == stated)
  }

  @Test func `The page counts the rejected programs`() {
    let programs = Self.text(of: "Tests/CELTests/Fixtures/rejected.txt").split(separator: "\n")
    #expect(Self.page.contains("| **\(programs.count { !$0.hasPrefix("## ") })** |"))
    #expect(!programs.isEmpty)
  }
}
