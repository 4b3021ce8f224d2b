package import Values

/// An answer of Prometheus's HTTP API that was kept: `{"status":"success","data":{"resultType":"matrix",…}}`
/// (prometheus/prometheus, docs/querying/api.md). A source may be bound to one, and a case may give one.
package struct RecordedSeries: Sendable {
  package let series: [Series]
  /// What the server warned of: it could not see everything.
  package let warnings: [String]
  /// The shortest distance between two points of a series; `nil` for fewer than two.
  package var step: Duration? {
    series.flatMap { series in
      zip(series.points, series.points.dropFirst()).map { $1.time.since($0.time) }
    }.filter { $0 > .zero }.min()
  }

  package init(_ bytes: [UInt8]) throws(RecordedSeriesProblem) {
    let json: JSON
    do { json = try JSON(parsing: bytes, repairingUTF8: true) } catch {
      throw RecordedSeriesProblem("it is no answer of Prometheus: \(error)")
    }
    guard json["status"]?.text == "success" else {
      let reason = json["error"]?.text ?? json["errorType"]?.text
      throw RecordedSeriesProblem(reason.map { "Prometheus answered: \($0)" } ?? "it is no answer of Prometheus")
    }
    warnings = json["warnings"]?.elements?.compactMap(\.text) ?? []
    guard let data = json["data"], let type = data["resultType"]?.text, let result = data["result"] else {
      throw RecordedSeriesProblem("it is no answer of Prometheus: it has no result")
    }
    switch type {
    case "matrix", "vector":
      guard let elements = result.elements else { throw RecordedSeriesProblem("its result is no list") }
      var all: [Series] = []
      for element in elements { all.append(try Self.series(element)) }
      series = all
    case "scalar": series = [Series(points: [try Self.point(result)])]
    default: throw RecordedSeriesProblem("a result of type \(type) holds no series")
    }
  }

  private static func series(_ json: JSON) throws(RecordedSeriesProblem) -> Series {
    guard json["histogram"] == nil, json["histograms"] == nil else {
      throw RecordedSeriesProblem("it holds native histograms, which are no single values")
    }
    guard let samples = json["values"]?.elements ?? json["value"].map({ [$0] }) else {
      throw RecordedSeriesProblem("a series has no values")
    }
    var points: [Series.Point] = []
    for sample in samples { points.append(try point(sample)) }
    let labels = (json["metric"]?.members ?? []).map { (name: $0.name, value: $0.value.text ?? "") }
    return Series(labels: labels, points: points.sorted { $0.time < $1.time })
  }

  /// `[1795407930.5, "2.2"]`: the value is text, so that NaN and the infinities can be said.
  private static func point(_ json: JSON) throws(RecordedSeriesProblem) -> Series.Point {
    guard let pair = json.elements, pair.count == 2, let time = instant(pair[0]),
      let text = pair[1].text, let value = number(text)
    else { throw RecordedSeriesProblem("a point is no pair of a time and a value") }
    return Series.Point(time, value)
  }

  /// Prometheus keeps milliseconds; the nearest one is meant.
  private static func instant(_ json: JSON) -> Timestamp? {
    switch json {
    case .integer(let seconds):
      return Timestamp.validSeconds.contains(seconds) ? Timestamp(seconds: seconds) : nil
    case .double(let seconds):
      guard seconds.magnitude < 1e12 else { return nil }
      let milliseconds = Int64((seconds * 1_000).rounded())
      let whole = milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
      guard Timestamp.validSeconds.contains(whole) else { return nil }
      return Timestamp(seconds: whole, nanoseconds: Int32(milliseconds - whole * 1_000) * 1_000_000)
    default: return nil
    }
  }

  private static func number(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "+Inf", "Inf": .infinity
    case "-Inf": -.infinity
    default: Double(text)
    }
  }
}

package struct RecordedSeriesProblem: Error {
  /// A sentence part.
  package let message: String
  init(_ message: String) { self.message = message }
}
