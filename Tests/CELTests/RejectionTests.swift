import CEL
import Foundation
import Testing

/// Programs that are refused, in `Fixtures/rejected.txt`: a line has the program with every range of a problem between
/// `«` and `»`, then `⟹`, then the messages, `¦` between them. `CEL_RECORD=1` writes the file anew, and fails, so that
/// somebody reads what has changed.
struct RejectionTests {
  private static let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/rejected.txt")
  private static let arrow = " ⟹ "

  @Test func `Each of many wrong programs is refused with its messages at their places`() throws {
    let lines = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n").map(String.init)
    var recorded: [String] = []
    var count = 0
    for line in lines {
      guard !line.hasPrefix("## ") else {
        recorded.append(line)
        continue
      }
      count += 1
      let marked = line.components(separatedBy: Self.arrow)[0]
      let program = marked.replacing("«", with: "").replacing("»", with: "")
      let found = Self.shown(program, Sample.environment.check(program).problems)
      recorded.append(found)
      if ProcessInfo.processInfo.environment["CEL_RECORD"] == nil { #expect(found == line) }
    }
    #expect(count >= 200)
    if ProcessInfo.processInfo.environment["CEL_RECORD"] != nil {
      try (recorded.joined(separator: "\n") + "\n").write(to: Self.file, atomically: true, encoding: .utf8)
      Issue.record("the file was written anew; read what has changed")
    }
  }

  private static func shown(_ program: String, _ problems: [CELProblem]) -> String {
    let bytes = Array(program.utf8)
    var text: [UInt8] = []
    for index in 0...bytes.count {
      let ranges = problems.map(\.range)
      for range in ranges where range.upperBound == index && !range.isEmpty { text += "»".utf8 }
      for range in ranges where range.lowerBound == index { text += (range.isEmpty ? "«»" : "«").utf8 }
      if index < bytes.count { text.append(bytes[index]) }
    }
    return String(decoding: text, as: UTF8.self) + arrow + problems.map(\.message).joined(separator: " ¦ ")
  }
}
