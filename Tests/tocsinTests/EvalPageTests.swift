import Foundation
import Testing

/// Examples of `tocsin eval` in pages for people, each with what it prints.
struct EvalPageTests {
  private static let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  struct Example: Sendable, CustomTestStringConvertible {
    let page: String
    let command: String
    let output: String

    var testDescription: String { "\(page): \(command)" }
  }

  private static let examples = ["README.md"].flatMap(examples)

  /// Commands after a prompt, continued by backslashes, and the lines up to the next.
  private static func examples(on page: String) -> [Example] {
    let text = (try? String(contentsOfFile: "\(package)/\(page)", encoding: .utf8)) ?? ""
    var examples: [Example] = []
    for block in text.components(separatedBy: "```console\n").dropFirst() {
      let commands = ("\n" + block.components(separatedBy: "```")[0]).replacing("\\\n", with: "")
      for entry in commands.components(separatedBy: "\n$ ").dropFirst() where entry.hasPrefix("tocsin eval ") {
        let lines = entry.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        examples.append(Example(page: page, command: String(lines[0]), output: String(lines.dropFirst().first ?? "")))
      }
    }
    return examples
  }

  @Test func `pages show examples`() { #expect(Self.examples.count >= 4) }

  @Test(arguments: examples)
  func `an example prints what the page shows`(example: Example) throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.shell("cd '\(Self.package)' && \(example.command) 2>&1")
    let lines = { (text: String) in text.split(separator: "\n").map(String.init) }
    #expect(lines(ending.output) == lines(example.output))
  }
}
