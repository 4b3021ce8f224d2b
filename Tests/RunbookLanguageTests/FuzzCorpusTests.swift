import Foundation
import Testing
import Values

/// Documents that a fuzzer found to reach something new, in `Fixtures/fuzz.jsonl`: a line has one as a JSON string.
/// `make fuzz-language` looks for more.
struct FuzzCorpusTests {
  @Test func `no document that was ever found breaks the reader, the layout or the check`() throws {
    let lines = try Data(contentsOf: URL(filePath: testFolder + "/Fixtures/fuzz.jsonl")).split(separator: 0x0A)
    // The long form takes all of them.
    let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] == "1"
    for line in stride(from: 0, to: lines.count, by: isLong ? 1 : 4).map({ lines[$0] }) {
      let text = try #require(try JSON(parsing: line).text)
      if let problem = DocumentProbe.problem(of: Array(text.utf8)) { Issue.record("\(problem)\nof: \(text)") }
    }
    #expect(lines.count >= 500)
  }
}
