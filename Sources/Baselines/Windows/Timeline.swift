import Values

/// The measured points of a series in order: one for each instant, finite values only, times as seconds from the first.
struct Timeline {
  let instants: [Timestamp]
  let seconds: [Double]
  let values: [Double]

  /// Values of a greater magnitude are not judged: sums and squares of them would leave the range of a `Double`.
  static let magnitudeLimit = 1e150

  /// Up to so many missing or ordinary steps between two points do not part them.
  static let bridgedSteps = 3

  var count: Int { values.count }

  /// Points that are no finite number are left out: nothing was measured. Of several values for one instant the median
  /// counts, so that the order in which they came does not.
  init(_ points: [Series.Point]) {
    var measured = points.filter(\.value.isFinite)
    let isOrdered = zip(measured, measured.dropFirst()).allSatisfy { $0.time < $1.time }
    if !isOrdered {
      measured.sort { ($0.time, $0.value) < ($1.time, $1.value) }
      measured = Self.onePerInstant(measured)
    }
    let first = measured.first?.time
    instants = measured.map(\.time)
    values = measured.map(\.value)
    seconds = measured.map { point in first.map { Self.seconds(from: $0, to: point.time) } ?? 0 }
  }

  private static func onePerInstant(_ ordered: [Series.Point]) -> [Series.Point] {
    var kept: [Series.Point] = []
    var start = 0
    while start < ordered.count {
      var end = start + 1
      while end < ordered.count, ordered[end].time == ordered[start].time { end += 1 }
      let middle = median(ofOrdered: ordered[start..<end].map(\.value))
      kept.append(Series.Point(ordered[start].time, middle))
      start = end
    }
    return kept
  }

  static func seconds(from start: Timestamp, to end: Timestamp) -> Double {
    Double(end.seconds - start.seconds) + (Double(end.nanoseconds) - Double(start.nanoseconds)) / 1e9
  }

  /// The places of the points from one instant to another, both included.
  func places(from: Timestamp, to: Timestamp) -> Range<Int> {
    let start = firstPlace { !($0 < from) }
    let end = firstPlace { to < $0 }
    return start..<max(start, end)
  }

  /// The first place whose instant fulfils a condition that, once true, stays true.
  private func firstPlace(where holds: (Timestamp) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(instants[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The usual time from one of these points to the next, in seconds; infinite for fewer than two points.
  func step(of places: Range<Int>) -> Double {
    guard places.count > 1 else { return .infinity }
    let differences = places.dropFirst().map { seconds[$0] - seconds[$0 - 1] }.sorted()
    return median(ofOrdered: differences)
  }

  /// The shortest time from one point to the next, in seconds; infinite for fewer than two points.
  var shortestStep: Double { zip(seconds, seconds.dropFirst()).map { $1 - $0 }.min() ?? .infinity }

  /// Of the points that make one expect others in between, so many must have been measured for a window to be ordinary.
  private static let leastMeasured = 0.5

  /// Why a window cannot be called ordinary, where much of it was not measured.
  ///
  /// - Parameter step: How many seconds lie from one point to the next; nothing is said if that is no finite time.
  /// - Parameter usual: Which share of the points is there ordinarily.
  static func gap(
    _ measured: Int, of window: (from: Timestamp, to: Timestamp), step: Double, usual: Double = 1
  ) -> String? {
    guard step.isFinite, step > 0 else { return nil }
    let due = (seconds(from: window.from, to: window.to) / step).rounded(.down)
    guard Double(measured) < leastMeasured * usual * due else { return nil }
    return "of the window only \(measured) of some \(Int(usual * due)) points were measured"
  }

  /// Why a window cannot be called ordinary in which a value is infinite, as those are that a timeline leaves out.
  ///
  /// - Parameter counts: Which infinity counts.
  static func infinity(
    among points: [Series.Point], in window: (from: Timestamp, to: Timestamp), counts: (Double) -> Bool = { _ in true }
  ) -> String? {
    let isThere = points.contains {
      $0.value.isInfinite && window.from <= $0.time && $0.time <= window.to && counts($0.value)
    }
    return isThere ? "a value in the window is infinite" : nil
  }

  /// The time between two points, in seconds, that `bridgedSteps` missing or ordinary steps take; half a step is
  /// forgiven.
  static func bridge(step: Double) -> Double { (Double(bridgedSteps) + 1.5) * step }

  /// Whether between two places, in order, no more is missing than `bridgedSteps`; half a step is forgiven.
  func areNear(_ earlier: Int, _ later: Int, step: Double) -> Bool {
    seconds[later] - seconds[earlier] <= Self.bridge(step: step)
  }
}

/// - Precondition: `values` ascend and are not empty.
func median(ofOrdered values: [Double]) -> Double { values.withUnsafeBufferPointer { $0.medianOfAscending } }
