import Foundation
import Testing

/// What the commands say of themselves.
@Suite struct HelpTests {
  /// The names of the commands below one, as its help lists them.
  private func commands(in help: String) -> [String] {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard let heading = lines.firstIndex(of: "SUBCOMMANDS:") else { return [] }
    return lines[(heading + 1)...].prefix { !$0.isEmpty }
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  /// What stands between the abstract and the usage, whose lines are ours.
  private func discussion(of help: String) -> Substring {
    let overview = help[..<(help.range(of: "\nUSAGE:")?.lowerBound ?? help.endIndex)]
    return overview.range(of: "\n\n").map { overview[$0.upperBound...] } ?? ""
  }

  @Test func `no command's overview is broken anew by a terminal of 80 columns`() throws {
    let program = try Program()
    defer { program.remove() }
    var waiting: [[String]] = [[]]
    var seen = 0
    while let command = waiting.popLast() {
      let narrow = try program.run(["help"] + command, environment: ["COLUMNS": "80"])
      let wide = try program.run(["help"] + command, environment: ["COLUMNS": "400"])
      #expect(narrow.code == 0)
      #expect(discussion(of: narrow.output) == discussion(of: wide.output))
      waiting += commands(in: narrow.output).map { command + [$0] }
      seen += 1
    }
    #expect(seen > 30)
  }
}
