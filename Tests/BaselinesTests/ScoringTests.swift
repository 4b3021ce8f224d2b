import Foundation
import SeriesSamples
import Testing

@testable import Baselines

/// Lines in, rows and pictures out.
@Suite struct ScoringTests {
  private static func line<Result>(_ text: String, _ work: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    Array(text.utf8).withUnsafeBufferPointer(work)
  }

  @Test(arguments: [
    ("2026-01-05T00:00:00Z,5", 1_767_571_200.0, 5.0), ("2026-01-05 00:00:00,-5.25", 1_767_571_200, -5.25),
    ("2026-01-05T00:00,0", 1_767_571_200, 0), ("2026-01-05,1e3", 1_767_571_200, 1_000),
    ("2026-01-05T01:00:00+01:00,7", 1_767_571_200, 7), ("2026-01-05T00:00:00.5Z,7", 1_767_571_200.5, 7),
    ("1767571200,7", 1_767_571_200, 7), ("1767571200000,7", 1_767_571_200, 7), ("1767571200.5, 7 ", 1_767_571_200.5, 7),
    ("\"1767571200\",\"7\"\r", 1_767_571_200, 7), ("-10,123456789012345", -10, 123_456_789_012_345),
    ("0,0.1", 0, 0.1), ("0,1234567890.123456789", 0, 1_234_567_890.123456789), ("0,inf", 0, .infinity),
  ]) func `an instant and a number are read in every common form`(text: String, seconds: Double, value: Double) {
    let found = Self.line(text) { SeriesLine($0, SeriesColumns()).map { [$0.seconds, $0.value] } }
    #expect(found == [seconds, value])
  }

  @Test(arguments: [
    "", ",", "5", "x,5", "5,x", "2026-02-30,5", "2026-01-05T25:00:00Z,5", "5,", ",5", "5,1.2.3", "--5,5",
    "2026-01-05T00:00:00X,1",
  ])
  func `what is no row is none`(text: String) {
    #expect(Self.line(text) { SeriesLine($0, SeriesColumns()) == nil })
  }

  @Test func `numbers are written with up to six decimals`() {
    for (number, text) in [
      (0.0, "0"), (1.5, "1.5"), (-0.25, "-0.25"), (1e-7, "1e-07"), (123_456.7890126, "123456.789013"), (2e17, "2e+17"),
      (0.000_100_4, "0.0001"), (999_999.999_999_9, "1000000"),
    ] {
      var bytes: [UInt8] = []
      ScoredRow.append(number, to: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
  }

  private static func score(_ text: String, _ change: (inout SeriesScorer.Settings) -> Void = { _ in }) -> (
    rows: String, scorer: SeriesScorer, problems: [SeriesScorer.Problem]
  ) {
    var settings = SeriesScorer.Settings()
    change(&settings)
    var scorer = SeriesScorer(settings)
    var rows: [UInt8] = []
    var problems: [SeriesScorer.Problem] = []
    for line in text.split(separator: "\n") {
      if let problem = Self.line(String(line), { scorer.take($0, into: &rows) }) { problems.append(problem) }
    }
    return (String(decoding: rows, as: UTF8.self), scorer, problems)
  }

  @Test func `a file cut at any row has the rows that it had`() {
    let points = GeneratedSeries(.bursty, seed: 1, incident: .spike, rows: 1_000).points
    let lines = ["timestamp,value"] + points.map { "\(Int($0.seconds)),\(Int($0.value))" }
    let whole = Self.score(lines.joined(separator: "\n")).rows.split(separator: "\n")
    #expect(whole.count == points.count && whole.contains { $0.hasSuffix(",true") })
    for end in stride(from: 1, through: 300, by: 1) {
      #expect(Self.score(lines[...end].joined(separator: "\n")).rows.split(separator: "\n") == Array(whole[..<end]))
    }
  }

  @Test func `columns are found by name, or are the first two`() {
    #expect(Self.score("timestamp,value\n10,5").rows == "10,5,0,,,,false\n")
    #expect(Self.score("value,x,timestamp\n5,0,10").rows == "10,5,0,,,,false\n")
    #expect(Self.score("a,b\n10,5").rows == "10,5,0,,,,false\n")
    #expect(Self.score("10,5\n20,6").scorer.rows == 2)
    #expect(Self.score("\u{FEFF}timestamp,value\n10,5").scorer.rows == 1)
    let named = Self.score("t,n,v\n10,0,5") { $0.columns = ("t", "v") }
    #expect(named.rows == "10,5,0,,,,false\n")
    #expect(Self.score("t,n\n10,0") { $0.columns = ("t", "v") }.problems.first == .noColumns("v"))
  }

  @Test func `bad rows are told and left out, others go on`() {
    let scored = Self.score("timestamp,value\n10,5\nrubbish\n20,6\n15,7\n30,nan\n40,8")
    #expect(scored.problems == [.notARow] && scored.scorer.rows == 5 && scored.scorer.omitted == 2)
    #expect(scored.rows.contains("15,7,,,,,\n30,nan,,,,,\n40,8,0,"))
  }

  @Test func `a counter is judged by its rate`() {
    let text =
      "timestamp,value\n"
      + (0..<200).map { "\($0 * 10),\($0 < 100 ? $0 * 50 : ($0 - 99) * 50)" }.joined(separator: "\n")
    let scored = Self.score(text) { $0.isCounter = true }
    #expect(scored.scorer.breaches == 0 && scored.scorer.omitted == 2)
    #expect(scored.rows.contains("\n1000,50,,,,,\n"))
    #expect(Self.score(text).scorer.rows == 200)
  }

  @Test func `a picture stays small, shows breaches and holds nothing foreign`() throws {
    var picture = SeriesPicture(limit: 100)
    for row in 0..<10_000 {
      let isBreach = row == 7_777
      picture.take(
        60 * Double(row), isBreach ? 500 : Double(row % 10),
        PointJudgement(score: 0, expected: 4, low: -5, high: 15), isBreached: isBreach)
    }
    #expect(picture.columns.count <= 100 && picture.columns.contains { $0.breach == 500 })
    let svg = picture.svg(title: "<script>\"a\" & b\u{7}")
    #expect(svg.contains("<circle") && !svg.contains("<script") && !svg.contains("\u{7}") && svg.utf8.count < 20_000)
    let parser = XMLCheck(svg)
    #expect(parser.isWellFormed)
    let text = picture.text(title: "t", width: 60, height: 10)
    #expect(text.contains("●") && text.split(separator: "\n").allSatisfy { $0.count <= 60 })
    #expect(SeriesPicture().svg(title: "none").contains("no points"))
    #expect(SeriesPicture().text(title: "none").contains("no points"))
  }

  static let axes: [(span: ClosedRange<Double>, ticks: [Double])] = [
    (0...1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (24.3...1_042.4, [0, 200, 400, 600, 800, 1_000, 1_200]),
    (-12.6...458, [-100, 0, 100, 200, 300, 400, 500]), (980...1_000, [980, 985, 990, 995, 1_000]),
    (-3 ... -2, [-3, -2.8, -2.6, -2.4, -2.2, -2]), (1e15...1e15 + 0.25, [1e15, 1e15 + 0.25]),
    (-1e150...1e150, [-1e150, -5e149, 0, 5e149, 1e150]),
  ]

  @Test(arguments: axes)
  func `an axis has round numbers that hold all values`(span: ClosedRange<Double>, ticks: [Double]) {
    let found = AxisTicks.values(span)
    #expect(
      found.count == ticks.count && zip(found, ticks).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }, "\(found)")
    #expect(found[0] <= span.lowerBound && span.upperBound <= found[found.count - 1])
  }

  static let times: [(from: Double, to: Double, first: [String])] = [
    (0, 0, ["1970-01-01"]), (1_767_571_200, 1_767_578_400, ["2026-01-05", "00:15"]),
    (1_767_571_201, 1_767_571_230, ["2026-01-05 00:00:05", "00:00:10"]),
    (1_767_571_200, 1_768_608_000, ["2026-01-05", "01-07"]), (-1e300, 1e300, []), (.nan, 1, []),
  ]

  @Test(arguments: times)
  func `instants on an axis are round, few, and the first is told in full`(from: Double, to: Double, first: [String]) {
    let found = AxisTicks.instants(from, to, most: 8)
    #expect(Array(found.prefix(first.count).map(\.label)) == first && found.count <= 9, "\(found)")
    #expect(found.allSatisfy { from <= $0.seconds && $0.seconds <= to })
  }

  @Test(arguments: [380, 500, 900])
  func `the names of instants do not touch, however narrow a drawing is`(width: Int) throws {
    var picture = SeriesPicture(limit: width)
    for row in 0..<156 {
      picture.take(
        1_795_407_930 + 5 * Double(row), Double(row % 9), PointJudgement(score: nil), isBreached: false)
    }
    let drawing = try #require(SeriesDrawing([picture], width: width, height: 240)).element(label: "x").text
    let names = drawing.matches(of: /<text class="axis" x="([0-9.]+)" y="232" text-anchor="([a-z]+)">([^<]*)</)
      .map { match in
        // Letters of 12 pixels are some 7 pixels wide.
        let (place, size) = (Double(match.1) ?? 0, Double(match.3.count) * 7)
        let start = match.2 == "end" ? place - size : match.2 == "middle" ? place - size / 2 : place
        return (start: start, end: start + size)
      }
    #expect(names.count >= 2)
    #expect(zip(names, names.dropFirst()).allSatisfy { $0.end < $1.start }, "\(names)")
    #expect(names.allSatisfy { $0.start >= 0 && $0.end <= Double(width) }, "\(names)")
  }

  @Test func `a drawing breaks its curve at a gap, and shows bounds and a breach`() throws {
    var picture = SeriesPicture()
    for row in 0..<20 {
      if row == 10 { picture.interrupt() }
      picture.take(60 * Double(row), Double(row), PointJudgement(score: nil), isBreached: false)
    }
    let bounds = SeriesDrawing.Bounds(low: 2, high: 5, expected: 3, breach: 600...660)
    let drawing = try #require(SeriesDrawing([picture], bounds: [bounds])).element(label: "<b>\"x\"").text
    let curve = try #require(drawing.firstMatch(of: /class="curve" d="([^"]*)"/)).output.1
    #expect(curve.count { $0 == "M" } == 2 && curve.count { $0 == "L" } == 18)
    for kind in ["band", "breach", "expected", "axis"] { #expect(drawing.contains("class=\"\(kind)\"")) }
    #expect(XMLCheck(drawing).isWellFormed && !drawing.contains("<b>"))
    #expect(SeriesDrawing([SeriesPicture()]) == nil)
  }

  @Test func `what holds from an instant on is drawn from there`() throws {
    var picture = SeriesPicture()
    for row in 0...100 { picture.take(Double(row), Double(row % 7), PointJudgement(score: nil), isBreached: false) }
    func band(_ start: Double?) throws -> (from: Double, width: Double) {
      let bounds = SeriesDrawing.Bounds(low: 2, high: 5, expected: 3, start: start)
      let text = try #require(SeriesDrawing([picture], bounds: [bounds])).element(label: "x").text
      let found = try #require(text.firstMatch(of: /class="band" x="([0-9.]+)"[^>]* width="([0-9.]+)"/)).output
      return (try #require(Double(found.1)), try #require(Double(found.2)))
    }
    let (whole, last) = (try band(nil), try band(75))
    #expect(abs(last.width - whole.width / 4) < 0.2 && abs(last.from + last.width - whole.from - whole.width) < 0.2)
  }

  /// Every tag that opens is closed.
  private struct XMLCheck {
    let isWellFormed: Bool

    init(_ text: String) {
      var open: [Substring] = []
      var isFine = true
      for tag in text.matches(of: /<(\/?)([a-z]+)[^<>]*?(\/?)>/) {
        if tag.output.1 == "/" {
          isFine = isFine && open.popLast() == tag.output.2
        } else if tag.output.3.isEmpty {
          open.append(tag.output.2)
        }
      }
      isWellFormed = isFine && open.isEmpty
    }
  }
}
