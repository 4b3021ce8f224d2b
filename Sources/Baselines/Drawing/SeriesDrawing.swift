import Values

/// Series with what is normal about them, as shapes of SVG: in a page, or a document of their own.
///
/// The shapes bear classes and no colours: `curve` and `point` for the values, `band` and `expected` for what is normal,
/// `breach` for a span and `told` for a point that breached, `edge`, `axis` and `title` for the rest.
package struct SeriesDrawing: Sendable {
  /// What a judgement says of the drawing, or of its last part.
  package struct Bounds: Sendable {
    package var low: Double?
    package var high: Double?
    package var expected: Double?
    /// Seconds since 1970.
    package var breach: ClosedRange<Double>?
    /// From when on the ends and what is expected hold, in seconds since 1970; `nil`: all along.
    package var start: Double?

    package init(
      low: Double? = nil, high: Double? = nil, expected: Double? = nil, breach: ClosedRange<Double>? = nil,
      start: Double? = nil
    ) {
      self.low = low
      self.high = high
      self.expected = expected
      self.breach = breach
      self.start = start
    }
  }

  private let pictures: [SeriesPicture]
  private let bounds: [Bounds]
  private let width: Double
  private let height: Double
  private let top: Double
  private let times: ClosedRange<Double>
  private let values: ClosedRange<Double>
  private let ticks: [Double]

  private static let left = 64.0
  private static let right = 14.0
  private static let bottom = 26.0
  private static let titleHeight = 18.0
  /// What the name of an instant takes of the width at least, and how many there may be however wide the drawing is.
  private static let instantWidth = 100.0
  private static let mostInstants = 8

  private var floor: Double { height - Self.bottom }
  private var edge: Double { width - Self.right }

  /// `nil` where there is nothing to draw.
  package init?(_ pictures: [SeriesPicture], bounds: [Bounds] = [], width: Int = 960, height: Int = 280) {
    self.init(pictures, bounds: bounds, width: width, height: height, hasTitle: false)
  }

  fileprivate init?(_ pictures: [SeriesPicture], bounds: [Bounds], width: Int, height: Int, hasTitle: Bool) {
    let pictures = pictures.filter { !$0.columns.isEmpty }
    let spans = pictures.compactMap(\.span)
    guard let least = spans.map(\.lowerBound).min(), let greatest = spans.map(\.upperBound).max(),
      let from = pictures.compactMap({ $0.columns.first?.from }).min(),
      let to = pictures.compactMap({ $0.columns.last?.to }).max(), (greatest - least).isFinite
    else { return nil }
    // What the bounds alone reach counts up to half as much again, as that of a band does.
    let margin = (greatest - least) / 2
    let reached = bounds.flatMap { [$0.low, $0.high, $0.expected] }.compactMap { $0 }
      .map { min(max($0, least - margin), greatest + margin) }
    ticks = AxisTicks.values(min(least, reached.min() ?? least)...max(greatest, reached.max() ?? greatest))
    values = (ticks.first ?? least)...(ticks.last ?? greatest)
    times = from...max(to, from + 1)
    self.pictures = pictures
    self.bounds = bounds
    self.width = Double(width)
    self.height = Double(height)
    top = hasTitle ? 12 + Self.titleHeight : 12
  }

  private func x(_ seconds: Double) -> Double {
    let share = (seconds - times.lowerBound) / (times.upperBound - times.lowerBound)
    return Self.left + min(max(share, 0), 1) * (edge - Self.left)
  }

  private func y(_ value: Double) -> Double {
    let share = (value - values.lowerBound) / (values.upperBound - values.lowerBound)
    return floor - min(max(share, 0), 1) * (floor - top)
  }

  // MARK: Shapes

  /// An `svg` element without colours, whose classes a page gives theirs.
  ///
  /// - Parameter label: What the drawing shows, for those who cannot see it.
  package func element(label: String) -> SVGMarkup {
    SVGMarkup(
      "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(shown(label))\">"
        + shapes + "</svg>")
  }

  private var shapes: String {
    var text = ""
    for bounds in bounds { text += shapes(of: bounds) }
    for picture in pictures { text += band(picture.columns) }
    text += axes
    for picture in pictures { text += path("expected", picture.columns.map { ($0.from, $0.expected) }) }
    for picture in pictures { text += curve(picture.columns) }
    for picture in pictures {
      for column in picture.columns {
        guard let breach = column.breach else { continue }
        text += circle("told", column.breachedAt ?? column.from, breach, radius: 4)
      }
    }
    return text
  }

  private func shapes(of bounds: Bounds) -> String {
    var text = ""
    if let breach = bounds.breach {
      // A breach of a single point is drawn three points wide, so that it is seen.
      let (from, to) = (x(breach.lowerBound) - 1.5, x(breach.upperBound) + 1.5)
      text += rectangle("breach", from: (from, top), to: (to, floor))
    }
    let start = bounds.start.map(x) ?? Self.left
    if bounds.low != nil || bounds.high != nil {
      text += rectangle("band", from: (start, bounds.high.map(y) ?? top), to: (edge, bounds.low.map(y) ?? floor))
    }
    if let expected = bounds.expected {
      text += "<path class=\"expected\" d=\"M\(number(start)) \(number(y(expected)))H\(number(edge))\"/>"
    }
    return text
  }

  /// A strip for each stretch of columns that has a band.
  private func band(_ columns: [SeriesPicture.Column]) -> String {
    let known = columns.map { $0.low != nil || $0.high != nil }
    var text = ""
    var start = columns.startIndex
    while let from = known[start...].firstIndex(of: true) {
      let end = known[from...].firstIndex(of: false) ?? columns.endIndex
      var path = ""
      for column in columns[from..<end] {
        path += place(column.from, column.high ?? .infinity, path.isEmpty ? "M" : "L")
      }
      for column in columns[from..<end].reversed() { path += place(column.from, column.low ?? -.infinity, "L") }
      text += "<path class=\"band\" d=\"\(path)Z\"/>"
      start = end
    }
    return text
  }

  private func curve(_ columns: [SeriesPicture.Column]) -> String {
    var path = ""
    var text = ""
    for (index, column) in columns.enumerated() {
      path += place(column.from, column.least, path.isEmpty || column.isAfterGap ? "M" : "L")
      if column.greatest > column.least { path += place(column.to, column.greatest, "L") }
      let isAlone = (index == 0 || column.isAfterGap) && (index + 1 == columns.count || columns[index + 1].isAfterGap)
      if isAlone { text += circle("point", column.from, column.least, radius: 3) }
    }
    return "<path class=\"curve\" d=\"\(path)\"/>" + text
  }

  private func path(_ kind: StaticString, _ points: [(seconds: Double, value: Double?)]) -> String {
    var path = ""
    var isDown = false
    for (seconds, value) in points {
      guard let value else {
        isDown = false
        continue
      }
      path += place(seconds, value, isDown ? "L" : "M")
      isDown = true
    }
    return path.isEmpty ? "" : "<path class=\"\(kind)\" d=\"\(path)\"/>"
  }

  private var axes: String {
    var text = ""
    for value in ticks {
      text += "<path class=\"edge\" d=\"M\(number(Self.left)) \(number(y(value)))H\(number(edge))\"/>"
      text += label(SeriesPicture.label(value), at: (Self.left - 6, y(value) + 4), anchor: "end")
    }
    let most = max(2, min(Self.mostInstants, Int((edge - Self.left) / Self.instantWidth)))
    for (seconds, name) in AxisTicks.instants(times.lowerBound, times.upperBound, most: most) {
      let place = x(seconds)
      text += "<path class=\"edge\" d=\"M\(number(place)) \(number(floor))v5\"/>"
      let anchor: StaticString = place < Self.left + 30 ? "start" : place > edge - 30 ? "end" : "middle"
      text += label(name, at: (place, floor + 18), anchor: anchor)
    }
    return text
  }

  private func rectangle(_ kind: StaticString, from: (Double, Double), to: (Double, Double)) -> String {
    "<rect class=\"\(kind)\" x=\"\(number(from.0))\" y=\"\(number(from.1))\" "
      + "width=\"\(number(max(0, to.0 - from.0)))\" height=\"\(number(max(0, to.1 - from.1)))\"/>"
  }

  private func circle(_ kind: StaticString, _ seconds: Double, _ value: Double, radius: Int) -> String {
    "<circle class=\"\(kind)\" cx=\"\(number(x(seconds)))\" cy=\"\(number(y(value)))\" r=\"\(radius)\"/>"
  }

  private func label(
    _ text: String, at place: (Double, Double), anchor: StaticString, kind: StaticString = "axis"
  ) -> String {
    "<text class=\"\(kind)\" x=\"\(number(place.0))\" y=\"\(number(place.1))\" text-anchor=\"\(anchor)\">"
      + shown(text) + "</text>"
  }

  private func place(_ seconds: Double, _ value: Double, _ command: String) -> String {
    command + number(x(seconds)) + " " + number(y(value))
  }

  /// A place in the drawing: tenths are enough.
  private func number(_ value: Double) -> String {
    var bytes: [UInt8] = []
    ScoredRow.append((value * 10).rounded() / 10, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: A document of its own

  private static let style = """
    svg{background:#fff}text{font:11px sans-serif}.axis{fill:#57606a}.title{fill:#1f2328;font-size:13px}
    .edge{stroke:#d8dee4}.curve{fill:none;stroke:#1f5fa8}.point{fill:#1f5fa8}.band{fill:#1a7f37;fill-opacity:.16}
    .expected{fill:none;stroke:#0b3d1a;stroke-dasharray:4 3}.told{fill:#cf222e}
    @media (prefers-color-scheme:dark){svg{background:#0d1117}.axis{fill:#8b949e}.title{fill:#e6edf3}
    .edge{stroke:#30363d}.curve{stroke:#58a6ff}.point{fill:#58a6ff}.band{fill:#3fb950;fill-opacity:.22}
    .expected{stroke:#aff5b4}.told{fill:#ff7b72}}
    """

  /// The drawing with its colours, for a light page and a dark one.
  fileprivate func document(title: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" width="\(number(width))" \
    height="\(number(height))">
    <style>\(Self.style)</style>
    \(label(title, at: (Self.left, 18), anchor: "start", kind: "title"))\(legend)
    \(shapes)
    </svg>

    """
  }

  /// What the shapes that there are mean, from the right.
  private var legend: String {
    let columns = pictures.lazy.flatMap(\.columns)
    var end = edge
    var text = ""
    func enter(_ name: String, _ shape: (Double) -> String) {
      text += label(name, at: (end, 18), anchor: "end")
      end -= 8 + 6.5 * Double(name.count)
      text += shape(end)
      end -= 32
    }
    if columns.contains(where: { $0.breach != nil }) {
      enter("told") { "<circle class=\"told\" cx=\"\(number($0 - 6))\" cy=\"14\" r=\"4\"/>" }
    }
    if columns.contains(where: { $0.low != nil || $0.high != nil }) {
      enter("normal") { rectangle("band", from: ($0 - 20, 9), to: ($0, 19)) }
    }
    if columns.contains(where: { $0.expected != nil }) {
      enter("expected") { "<path class=\"expected\" d=\"M\(number($0 - 20)) 14h20\"/>" }
    }
    enter("measured") { "<path class=\"curve\" d=\"M\(number($0 - 20)) 14h20\"/>" }
    return text
  }

  fileprivate static func empty(title: String, width: Int, height: Int) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)">
    <style>\(style)</style>
    <text class="title" x="\(Int(left))" y="18">\(shown(title))</text><text class="axis" x="\(Int(left))" y="60">no points</text>
    </svg>

    """
  }
}

/// Markup of a drawing, in which nothing of the data can become markup.
package struct SVGMarkup: Sendable {
  package let text: String

  fileprivate init(_ text: String) { self.text = text }
}

/// Text as a drawing may hold it: a control character is a space, and markup is escaped.
private func shown(_ text: String) -> String {
  let shown = text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : $0 }
  return markupText(String(String.UnicodeScalarView(shown)))
}

extension SeriesPicture {
  /// The picture as a self-contained SVG document: values in blue, what is normal green, what was expected dashed, what is
  /// told red.
  package func svg(title: String, width: Int = 960, height: Int = 280) -> String {
    SeriesDrawing([self], bounds: [], width: width, height: height, hasTitle: true)?.document(title: title)
      ?? SeriesDrawing.empty(title: title, width: width, height: height)
  }
}
