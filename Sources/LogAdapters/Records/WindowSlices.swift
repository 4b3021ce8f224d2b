import RunbookPorts
import Values

/// In which parts of a window a scan has met records, to find where there were none.
///
/// Slices are whole seconds, as many to each as the limit asks for. A silence is told by the slices that are wholly
/// empty, so that it is never longer than what was silent, and up to two slices shorter.
struct WindowSlices {
  /// Most slices of a window: seconds for four hours and a half, five minutes for thirty days.
  static let limit = 1 << 14

  let window: TimeWindow
  /// A slice is two to the power of this many seconds.
  private let shift: Int64
  private let count: Int
  /// A bit for each slice; empty as long as nothing was met.
  private var seen: [UInt64] = []

  init(_ window: TimeWindow) {
    self.window = window
    let seconds = window.to.seconds - window.from.seconds
    var shift: Int64 = 0
    while seconds >> shift >= Self.limit { shift += 1 }
    self.shift = shift
    count = Int(seconds >> shift) + 1
  }

  mutating func note(_ time: Timestamp) {
    guard time >= window.from, time <= window.to else { return }
    mark(slice(of: time))
  }

  /// Of the same window.
  mutating func add(_ other: WindowSlices) {
    if seen.isEmpty { return seen = other.seen }
    for (place, bits) in other.seen.enumerated() { seen[place] |= bits }
  }

  /// Takes all that lies outside of a span for met: nothing was looked for there.
  mutating func excuse(before from: Timestamp?, after to: Timestamp?) {
    if let from, from > window.from {
      for slice in 0..<(from > window.to ? count : slice(of: from) + 1) { mark(slice) }
    }
    if let to, to < window.to {
      for slice in (to < window.from ? 0 : slice(of: to))..<count { mark(slice) }
    }
  }

  /// The longest span of the window in which nothing was met, the earliest of several; `nil` if there is none.
  var longestSilence: TimeWindow? {
    var longest = 0..<0
    var start = 0
    for slice in 0...count where slice == count || isSeen(slice) {
      if slice - start > longest.count { longest = start..<slice }
      start = slice + 1
    }
    guard !longest.isEmpty else { return nil }
    return TimeWindow(
      from: max(window.from, beginning(of: longest.lowerBound)), to: min(window.to, beginning(of: longest.upperBound)))
  }

  private func slice(of time: Timestamp) -> Int { Int((time.seconds - window.from.seconds) >> shift) }

  private func beginning(of slice: Int) -> Timestamp {
    Timestamp(seconds: window.from.seconds + Int64(slice) << shift)
  }

  private func isSeen(_ slice: Int) -> Bool { !seen.isEmpty && seen[slice >> 6] >> UInt64(slice & 63) & 1 == 1 }

  private mutating func mark(_ slice: Int) {
    if seen.isEmpty { seen = [UInt64](repeating: 0, count: (count + 63) >> 6) }
    seen[slice >> 6] |= 1 << UInt64(slice & 63)
  }
}
