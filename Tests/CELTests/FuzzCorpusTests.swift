import Foundation
import Testing
import Values

/// Texts that a fuzzer found to reach something new, in `Fixtures/fuzz.jsonl`: a line has one as a JSON string.
/// `make fuzz-cel` looks for more.
struct FuzzCorpusTests {
  private static let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/fuzz.jsonl")

  @Test func `No text that was ever found breaks anything, takes more steps than it may, or has two outcomes`() throws {
    let lines = try Data(contentsOf: Self.file).split(separator: UInt8(ascii: "\n"))
    for line in lines {
      let source = try #require(try JSON(parsing: line).text)
      if let problem = ExpressionProbe.problem(of: source) { Issue.record("\(problem)\nof: \(source)") }
    }
    #expect(lines.count >= 500)
  }
}
