import Values

extension SeriesPicture {
  /// The picture as a self-contained SVG document: values in blue, the band in grey, what was expected dashed, breaches red.
  package func svg(title: String, width: Int = 960, height: Int = 260) -> String {
    let plot = Plot(left: 64, right: Double(width) - 12, top: 30, bottom: Double(height) - 26)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
      font-family="sans-serif" font-size="11">
      <rect width="\(width)" height="\(height)" fill="#fff"/>
      <text x="\(number(plot.left))" y="18" font-size="13">\(Self.escaped(title))</text>

      """
    guard let span, let first = columns.first, let last = columns.last else {
      return text + "<text x=\"64\" y=\"60\">no points</text>\n</svg>\n"
    }
    func x(_ seconds: Double) -> Double {
      plot.left + (plot.right - plot.left)
        * (last.to > first.from ? (seconds - first.from) / (last.to - first.from) : 0.5)
    }
    func y(_ value: Double) -> Double {
      let clamped = min(max(value, span.lowerBound), span.upperBound)
      return plot.bottom
        - (plot.bottom - plot.top) * (clamped - span.lowerBound) / (span.upperBound - span.lowerBound)
    }
    for share in [0.0, 0.5, 1] {
      let value = span.lowerBound + share * (span.upperBound - span.lowerBound)
      text += """
        <path d="M\(number(plot.left)) \(number(y(value)))H\(number(plot.right))" stroke="#ddd"/>
        <text x="\(number(plot.left - 6))" y="\(number(y(value) + 4))" text-anchor="end">\(Self.label(value))</text>

        """
    }
    text += band(x, y)
    text += line(columns.map { ($0.from, $0.expected) }, x, y, style: "stroke=\"#888\" stroke-dasharray=\"3 3\"")
    var path = ""
    for column in columns {
      path += "\(path.isEmpty ? "M" : "L")\(number(x(column.from))) \(number(y(column.least)))"
      if column.greatest > column.least { path += "L\(number(x(column.to))) \(number(y(column.greatest)))" }
    }
    text += "<path d=\"\(path)\" fill=\"none\" stroke=\"#1f5fa8\"/>\n"
    for column in columns {
      guard let breach = column.breach else { continue }
      text += "<circle cx=\"\(number(x(column.from)))\" cy=\"\(number(y(breach)))\" r=\"4\" fill=\"#c62828\"/>\n"
    }
    for (seconds, anchor) in [(first.from, "start"), (last.to, "end")] {
      text += """
        <text x="\(number(x(seconds)))" y="\(number(plot.bottom + 16))" text-anchor="\(anchor)">\(Self.instant(seconds))</text>

        """
    }
    return text + "</svg>\n"
  }

  private struct Plot {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
  }

  /// A grey strip for each stretch of columns that has a band.
  private func band(_ x: (Double) -> Double, _ y: (Double) -> Double) -> String {
    var text = ""
    var start = columns.startIndex
    while start < columns.endIndex {
      var end = start
      while end < columns.endIndex, columns[end].low != nil || columns[end].high != nil { end += 1 }
      if end > start {
        let part = columns[start..<end]
        var path = ""
        for column in part {
          path += "\(path.isEmpty ? "M" : "L")\(number(x(column.from))) \(number(y(column.high ?? .infinity)))"
        }
        for column in part.reversed() { path += "L\(number(x(column.from))) \(number(y(column.low ?? -.infinity)))" }
        text += "<path d=\"\(path)Z\" fill=\"#000\" fill-opacity=\"0.08\"/>\n"
      }
      start = max(end, start) + 1
    }
    return text
  }

  private func line(
    _ points: [(seconds: Double, value: Double?)], _ x: (Double) -> Double, _ y: (Double) -> Double, style: String
  ) -> String {
    var path = ""
    var isDrawing = false
    for (seconds, value) in points {
      guard let value else {
        isDrawing = false
        continue
      }
      path += "\(isDrawing ? "L" : "M")\(number(x(seconds))) \(number(y(value)))"
      isDrawing = true
    }
    return path.isEmpty ? "" : "<path d=\"\(path)\" fill=\"none\" \(style)/>\n"
  }

  /// A place in the picture: tenths are enough.
  private func number(_ value: Double) -> String {
    var bytes: [UInt8] = []
    ScoredRow.append((value * 10).rounded() / 10, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  static func label(_ value: Double) -> String {
    let magnitude = abs(value)
    let (scaled, suffix) =
      magnitude >= 1e9
      ? (value / 1e9, "G") : magnitude >= 1e6 ? (value / 1e6, "M") : magnitude >= 1e4 ? (value / 1e3, "k") : (value, "")
    var bytes: [UInt8] = []
    ScoredRow.append((scaled * 100).rounded() / 100, to: &bytes)
    return String(decoding: bytes, as: UTF8.self) + suffix
  }

  static func instant(_ seconds: Double) -> String {
    Timestamp(secondsSinceEpoch: seconds.rounded(.down)).map { String($0.shortDescription.prefix(16)) } ?? "\(seconds)"
  }

  /// A control character is a space here.
  private static func escaped(_ text: String) -> String {
    let shown = text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : $0 }
    return markupText(String(String.UnicodeScalarView(shown)))
  }
}
