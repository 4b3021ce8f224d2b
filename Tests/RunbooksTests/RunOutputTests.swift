import Testing

/// The output in the README. A line `…` there stands for any number of lines, so that the page stays readable.
@Suite struct RunOutputTests {
  @Test func `a run prints what the README shows`() async throws {
    let shown = try #require(try DocumentText.blocks("text", of: "README.md").first)
    let printed = try await CaseRun.webShell.text
    let told = Told(printed)
    for block in Told(shown.text).blocks {
      #expect(
        told.blocks.contains { Self.fits(block, $0) },
        "line \(shown.line) and after: not printed like this: \(block.joined(separator: "\n"))")
    }
    #expect(Told(shown.text).blocks.count == told.blocks.count, "\(printed)")
    #expect(Told(shown.text).signs.subtracting(told.signs).isEmpty)
  }

  /// Whether lines are those of the pattern, in their order.
  private static func fits(_ pattern: [String], _ lines: [String]) -> Bool {
    guard let first = pattern.first else { return lines.isEmpty }
    if first.drop(while: { $0 == " " }) == "…" {
      return (0...lines.count).contains { fits(Array(pattern.dropFirst()), Array(lines.dropFirst($0))) }
    }
    guard let line = lines.first, line == first else { return false }
    return fits(Array(pattern.dropFirst()), Array(lines.dropFirst()))
  }

  @Test func `a pattern leaves out only whole lines`() {
    #expect(Self.fits(["a", "…", "d"], ["a", "b", "c", "d"]))
    #expect(Self.fits(["a", "  …"], ["a"]))
    #expect(!Self.fits(["a", "…", "d"], ["a", "b", "c"]))
    #expect(!Self.fits(["a", "b"], ["a", "b", "c"]))
  }
}

/// A run's text in paragraphs, without what differs from run to run: its name, and in which paragraph the signs stand,
/// as questions are answered in the order in which their data arrives.
private struct Told {
  let blocks: [[String]]
  /// Such as `flagged yes 1, no 76`.
  let signs: Set<String>

  init(_ text: String) {
    let run = /[0-9]{8}T[0-9]{6}Z-[a-z0-9]{6}/
    let sign = "         signs: "
    let lines = text.replacing(run, with: "RUN").split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    blocks = lines.split(separator: "").map { block in block.filter { !$0.hasPrefix(sign) } }.filter { !$0.isEmpty }
    let told = lines.filter { $0.hasPrefix(sign) }.flatMap { $0.dropFirst(sign.count).split(separator: " · ") }
    signs = Set(told.map(String.init).filter { !$0.contains(" more: ") })
  }
}
