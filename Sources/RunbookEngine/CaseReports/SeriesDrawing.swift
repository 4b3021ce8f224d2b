import Values

/// A chart as a drawing in a page: the series, the band of what is normal, the breach.
struct SeriesDrawing {
  private static let width = 900.0
  private static let height = 260.0
  private static let left = 64.0
  private static let right = 12.0
  private static let top = 12.0
  private static let bottom = 28.0
  /// Most points of one line; of more, the lowest and the highest of each stretch are drawn.
  private static let pointLimit = 800

  private let chart: ReportChart
  private let times: (first: Double, last: Double)
  private let values: (low: Double, high: Double)

  /// `nil` where there is nothing to draw.
  init?(_ chart: ReportChart) {
    self.chart = chart
    let points = chart.series.flatMap(\.points).filter(\.value.isFinite)
    guard let first = points.map(\.time.secondsSinceEpoch).min(), let last = points.map(\.time.secondsSinceEpoch).max()
    else { return nil }
    times = (first, max(last, first + 1))
    let bounds = chart.judgements.flatMap { [$0.low, $0.high, $0.expected] }.compactMap { $0 }
    let numbers = points.map(\.value) + bounds
    let low = min(0, numbers.min() ?? 0)
    let high = max(numbers.max() ?? 1, low)
    let margin = (high - low) * 0.05
    guard (high - low).isFinite else { return nil }
    values = (low, high > low ? high + margin : low + 1)
  }

  private func x(_ instant: Timestamp) -> Double {
    let share = (instant.secondsSinceEpoch - times.first) / (times.last - times.first)
    return Self.left + min(max(share, 0), 1) * (Self.width - Self.left - Self.right)
  }

  private func y(_ value: Double) -> Double {
    let share = (value - values.low) / (values.high - values.low)
    return Self.height - Self.bottom - min(max(share, 0), 1) * (Self.height - Self.top - Self.bottom)
  }

  func draw(into page: inout HTMLWriter) {
    page.element(
      "svg",
      [
        ("viewBox", "0 0 \(Int(Self.width)) \(Int(Self.height))"), ("role", "img"),
        ("aria-label", "\(chart.query): \(chart.judgements.map(ReportChart.sentence).joined(separator: "; "))"),
      ]
    ) { page in
      for judgement in chart.judgements { drawBounds(judgement, into: &page) }
      for series in chart.series { draw(series, into: &page) }
      drawAxes(into: &page)
    }
  }

  private func drawBounds(_ judgement: ReportChart.Judgement, into page: inout HTMLWriter) {
    let bottom = Self.height - Self.bottom
    if let breach = judgement.breach {
      // A breach of a single point is drawn three points wide, so that it is seen.
      rectangle("breach", from: (x(breach.from) - 1.5, Self.top), to: (x(breach.to) + 1.5, bottom), into: &page)
    }
    let span = (Self.left, Self.width - Self.right)
    if judgement.low != nil || judgement.high != nil {
      let upper = judgement.high.map(y) ?? Self.top
      let lower = judgement.low.map(y) ?? bottom
      rectangle("band", from: (span.0, upper), to: (span.1, lower), into: &page)
    }
    if let expected = judgement.expected {
      line("expected", from: (Self.left, y(expected)), to: (Self.width - Self.right, y(expected)), into: &page)
    }
  }

  private func draw(_ series: Series, into page: inout HTMLWriter) {
    var path = ""
    var isDown = false
    let points = Self.thinned(series.points)
    for point in points {
      guard point.value.isFinite else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(Self.text(x(point.time))) \(Self.text(y(point.value)))"
      isDown = true
    }
    page.element("path", [("class", "curve"), ("d", path)])
    if points.count == 1, let point = points.first, point.value.isFinite {
      page.element(
        "circle", [("class", "point"), ("cx", Self.text(x(point.time))), ("cy", Self.text(y(point.value))), ("r", "3")])
    }
  }

  private static func thinned(_ points: [Series.Point]) -> [Series.Point] {
    guard points.count > pointLimit else { return points }
    let size = (points.count * 2 + pointLimit - 1) / pointLimit
    return stride(from: 0, to: points.count, by: size).flatMap { start -> [Series.Point] in
      let stretch = points[start..<min(start + size, points.count)]
      guard let low = stretch.filter(\.value.isFinite).min(by: { $0.value < $1.value }),
        let high = stretch.filter(\.value.isFinite).max(by: { $0.value < $1.value })
      else { return [stretch[start]] }
      return low.time == high.time ? [low] : low.time < high.time ? [low, high] : [high, low]
    }
  }

  private func drawAxes(into page: inout HTMLWriter) {
    let bottom = Self.height - Self.bottom
    line("edge", from: (Self.left, Self.top), to: (Self.left, bottom), into: &page)
    line("edge", from: (Self.left, bottom), to: (Self.width - Self.right, bottom), into: &page)
    for share in [0, 0.5, 1] {
      let value = values.low + share * (values.high - values.low)
      label(ReportChart.short(value), at: (Self.left - 6, y(value) + 4), anchor: "end", into: &page)
    }
    for (seconds, anchor, place) in [
      (times.first, "start", Self.left), (times.last, "end", Self.width - Self.right),
    ] {
      let text = Timestamp(secondsSinceEpoch: seconds)?.shortDescription ?? ""
      label(text, at: (place, Self.height - 8), anchor: anchor, into: &page)
    }
  }

  // MARK: Shapes

  private func label(_ text: String, at place: (Double, Double), anchor: String, into page: inout HTMLWriter) {
    page.element(
      "text",
      [("class", "axis"), ("x", Self.text(place.0)), ("y", Self.text(place.1)), ("text-anchor", anchor)], text)
  }

  private func line(
    _ kind: String, from: (Double, Double), to: (Double, Double), into page: inout HTMLWriter
  ) {
    page.element(
      "line",
      [
        ("class", kind), ("x1", Self.text(from.0)), ("y1", Self.text(from.1)), ("x2", Self.text(to.0)),
        ("y2", Self.text(to.1)),
      ])
  }

  private func rectangle(
    _ kind: String, from: (Double, Double), to: (Double, Double), into page: inout HTMLWriter
  ) {
    page.element(
      "rect",
      [
        ("class", kind), ("x", Self.text(from.0)), ("y", Self.text(from.1)),
        ("width", Self.text(max(0, to.0 - from.0))), ("height", Self.text(max(0, to.1 - from.1))),
      ])
  }

  private static func text(_ number: Double) -> String { Value.double((number * 10).rounded() / 10).displayText }
}
