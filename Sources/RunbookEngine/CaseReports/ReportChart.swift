package import Baselines
import Diagnostics
package import Values

/// A series with what is normal and what is not, ready to be drawn.
package struct ReportChart: Sendable {
  /// What one threshold found in it.
  package struct Judgement: Sendable {
    package let threshold: String
    package let isBreached: Bool
    package let breach: (from: Timestamp, to: Timestamp)?
    package let value: Double?
    package let expected: Double?
    /// The bounds of what is normal.
    package let low: Double?
    package let high: Double?
    /// What it was that found it, or nothing.
    package let kind: BaselineKind?
    /// Why nothing could be judged.
    package let unknown: String?
    /// What alone keeps it from being a breach.
    package let shortfall: String?
    /// The last instant that taught what is normal; the window follows.
    package let learnedUntil: Timestamp?

    /// The bounds of what is normal, where they say so of the value: what breaches between them, as a value does that lies where
    /// none ever lay, is not told by them, and those of a silence are seconds.
    var band: Band {
      let isTold = kind != .silence && !(isBreached && value.map(Band(low: low, high: high).contains) ?? false)
      return isTold ? Band(low: low, high: high) : Band(low: nil, high: nil)
    }
  }

  package let query: String
  package let series: [Series]
  package private(set) var judgements: [Judgement] = []

  init(query: String, series: [Series]) {
    self.query = query
    self.series = series
  }

  /// - Parameter body: Of the record `threshold.judged`.
  mutating func judge(_ body: JSON) {
    func number(_ name: String) -> Double? {
      guard case .double(let number)? = body[name].flatMap({ ColumnType.double.value(recordedAs: $0) }),
        number.isFinite
      else { return nil }
      return number
    }
    func instant(_ name: String) -> Timestamp? { body[name]?.text.flatMap { Timestamp(rfc3339: $0) } }
    let isBreached = if case .bool(true)? = body["breached"] { true } else { false }
    let breach = instant("from").flatMap { from in instant("to").map { (from: from, to: $0) } }
    let name = [body["threshold"]?.text, body["entity"]?.text].compactMap { $0 }.joined(separator: " of ")
    judgements.append(
      Judgement(
        threshold: name, isBreached: isBreached, breach: breach, value: number("value"),
        expected: number("expected"), low: number("low"), high: number("high"),
        kind: body["kind"]?.text.flatMap(BaselineKind.init), unknown: body["unknown"]?.text,
        shortfall: body["short_of"]?.text,
        learnedUntil: body["history"]?["to"]?.text.flatMap { Timestamp(rfc3339: $0) }))
  }

  /// A size that a chart is drawn in, so that its text is as large as that of the page.
  enum Size {
    case wide
    /// For telephones.
    case narrow

    fileprivate var pixels: (width: Int, height: Int) {
      switch self {
      case .wide: (900, 260)
      case .narrow: (380, 240)
      }
    }
  }

  /// So much of the history is drawn before the window, in lengths of the window, and so many points at least: enough to
  /// see what was usual, and little enough to see the shape of the breach.
  private static let lengthsBefore = 2.0
  private static let pointsBefore = 24

  /// From when on the series is drawn; `nil`: from its beginning, where all of it is judged.
  private var start: Timestamp? {
    guard let learned = judgements.compactMap(\.learnedUntil).min(),
      let end = series.lazy.flatMap(\.points).map(\.time).max(), learned < end
    else { return nil }
    let length = end.since(learned) * Self.lengthsBefore
    let before = series.compactMap { series in
      series.points.lazy.map(\.time).filter { $0 <= learned }.sorted().suffix(Self.pointsBefore).first
    }.min()
    return [learned.adding(.zero - length), before].compactMap(\.self).min()
  }

  /// Whether some of the history is left out of the drawing.
  var leavesOutHistory: Bool {
    guard let start else { return false }
    return series.contains { $0.points.contains { $0.time < start } }
  }

  /// `nil` where no point was measured.
  func drawing(_ size: Size) -> SVGMarkup? {
    let (width, height) = size.pixels
    let start = start
    let pictures = series.map { series in
      // A column for each pixel, and no more.
      var picture = SeriesPicture(limit: width)
      for point in series.points where start.map({ $0 <= point.time }) ?? true {
        guard point.value.isFinite else {
          picture.interrupt()
          continue
        }
        picture.take(point.time.secondsSinceEpoch, point.value, PointJudgement(score: nil), isBreached: false)
      }
      return picture
    }
    let bounds = judgements.map { judgement in
      SeriesDrawing.Bounds(
        low: judgement.band.low, high: judgement.band.high,
        expected: judgement.kind == .silence ? nil : judgement.expected,
        breach: judgement.breach.map { $0.from.secondsSinceEpoch...max($0.from, $0.to).secondsSinceEpoch },
        start: judgement.learnedUntil?.secondsSinceEpoch)
    }
    return SeriesDrawing(pictures, bounds: bounds, width: width, height: height)?
      .element(label: visible("\(query): \(judgements.map(Self.sentence).joined(separator: "; "))"))
  }

  var json: JSON {
    let points = series.reduce(0) { $0 + $1.points.count }
    return .object([
      .init("query", .string(query)), .init("points", .integer(Int64(points))),
      .init("thresholds", .array(judgements.map(\.json))),
    ])
  }

  /// What a judgement says, in a sentence.
  package static func sentence(_ judgement: Judgement) -> String {
    if let unknown = judgement.unknown { return "\(judgement.threshold): unknown, \(unknown)" }
    var text = "\(judgement.threshold): \(judgement.isBreached ? "breached" : "not breached")"
    let compared = [judgement.expected, judgement.low, judgement.high].compactMap(\.self)
    let decimals = MeasuredNumber.decimals(telling: judgement.value ?? 0, from: compared)
    func number(_ number: Double) -> String { MeasuredNumber.text(of: number, decimals: decimals) }
    if let value = judgement.value { text += ", value \(number(value))" }
    if let expected = judgement.expected { text += ", expected \(number(expected))" }
    switch (judgement.band.low, judgement.band.high) {
    case (let low?, let high?): text += ", normal from \(number(low)) to \(number(high))"
    case (nil, let high?): text += ", normal up to \(number(high))"
    case (let low?, nil): text += ", normal from \(number(low))"
    case (nil, nil): break
    }
    if let shortfall = judgement.shortfall { text += ", short of \(shortfall)" }
    if let breach = judgement.breach {
      text += ", from \(breach.from.shortDescription) to \(breach.to.shortDescription)"
    }
    return text
  }
}

extension ReportChart.Judgement {
  fileprivate var json: JSON {
    func number(_ number: Double?) -> JSON { number.map(JSON.double) ?? .null }
    func instant(_ instant: Timestamp?) -> JSON { instant.map { .string($0.shortDescription) } ?? .null }
    return .object([
      .init("threshold", .string(threshold)), .init("breached", .bool(isBreached)),
      .init("from", instant(breach?.from)),
      .init("to", instant(breach?.to)), .init("value", number(value)), .init("expected", number(expected)),
      .init("low", number(low)), .init("high", number(high)), .init("unknown", unknown.map(JSON.string) ?? .null),
      .init("short_of", shortfall.map(JSON.string) ?? .null),
    ])
  }
}
