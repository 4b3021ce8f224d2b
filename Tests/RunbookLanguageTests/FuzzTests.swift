import Diagnostics
import Foundation
import RunbookLanguage
import Testing

/// Good runbooks, damaged at random with a fixed seed.
@Suite struct FuzzTests {
  /// SplitMix64.
  struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// What people and editors leave behind, and what parsers stumble over.
  static let scraps: [String] = [
    "\n", " ", "\t", ":", ": ", "- ", "#", " #", "'", "\"", "{", "}", "[", "]", ",", "|", ">", "${", "}", "!", "&", "*",
    "%",
    "---\n", "...", "\u{0}", "\u{FEFF}", "\r\n", "é", "e\u{301}", "😀", "\\", "yes", "none", "unknown", "null", "~",
    "0x1p3",
    "-1", "1e999", "99999999999999999999", "each: host\n", "then: {}\n", "rows: {}\n", "from: []\n", "(", ")", "&&",
    "?",
    "first", "host", "burst", "requests", "at", "now",
  ]

  static func damaged(_ bytes: [UInt8], with dice: inout Dice) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &dice)
      let length = min(Int.random(in: 0...40, using: &dice), bytes.count - place)
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: bytes.removeSubrange(place..<place + length)
      case 1: bytes.insert(contentsOf: Array((scraps.randomElement(using: &dice) ?? "").utf8), at: place)
      case 2: bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...bytes.count, using: &dice))
      case 3: bytes[place] = UInt8.random(in: 0...255, using: &dice)
      case 4: bytes = swappedLines(bytes, with: &dice)
      default:
        bytes.replaceSubrange(place..<place + length, with: Array((scraps.randomElement(using: &dice) ?? "").utf8))
      }
    }
    return bytes
  }

  static func swappedLines(_ bytes: [UInt8], with dice: inout Dice) -> [UInt8] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count > 1 else { return bytes }
    lines.swapAt(Int.random(in: 0..<lines.count, using: &dice), Int.random(in: 0..<lines.count, using: &dice))
    return Array(lines.joined(separator: [0x0A]))
  }

  /// `TOCSIN_FUZZ` sets how many; a few thousand take a while in a debug build.
  static let rounds = ProcessInfo.processInfo.environment["TOCSIN_FUZZ"].flatMap { Int($0) } ?? 2_000

  @Test(arguments: 1...4)
  func `a damaged runbook is told at places in it, and nothing breaks`(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let files = FilesInFolder(folder: FixtureTests.folder + "/ok")
    let nowhere = SourceText(name: "", text: "")
    let sources = try ["whole", "words", "smallest"].map { try files.read($0 + ".runbook.yaml", from: nowhere).get() }
    for round in 0..<Self.rounds / 4 {
      let source = SourceText(name: "fuzzed", bytes: Self.damaged(sources[round % 3].bytes, with: &dice))
      let result = RunbookChecker(files: files).check(source)
      try #require(result.diagnostics.allSatisfy(hasPlace), "seed \(seed), round \(round)")
      let hasErrors = result.diagnostics.contains { $0.severity == .error }
      try #require((result.runbook == nil) == hasErrors, "seed \(seed), round \(round)")
      for diagnostic in result.diagnostics { _ = DiagnosticRenderer().render(diagnostic) }
    }
  }
}
