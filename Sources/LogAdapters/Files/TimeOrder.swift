import RunbookPorts
import Values

/// Finds the part of a file that can hold the records of a span of time, in a log whose lines are in the order of time.
///
/// That a log is in order cannot be seen without reading it all, so the deployment must say it (option `order`). Lines
/// may still stand a little out of order, as servers write a request when it is over and call it by its beginning.
struct TimeOrder: Sendable {
  /// How far apart from their order lines may stand.
  static let slack = Duration.seconds(300)

  /// Files up to this size are read whole.
  private static let leastBytes = 4 << 20
  private static let probeBytes = 1 << 16
  /// Places at which the order is looked at first.
  private static let probeCount = 32

  static let option = AdapterOption(
    "order", .choice(["time"]),
    "time: the lines stand in the order of their times, up to five minutes apart, so that a question about a window need "
      + "not read what lies before and after it; a log that is found otherwise gives a partial answer")

  let clock: FileClock

  init?(_ options: AdapterOptions, _ clock: FileClock?) throws(BindingProblem) {
    guard let order = options.text("order") else { return nil }
    guard order == "time" else { throw BindingProblem("the only order is `time`", option: "order") }
    guard let clock else { throw BindingProblem("the log has no times that it could be ordered by", option: "order") }
    self.clock = clock
  }

  /// The bytes from one line's beginning to another's, or the file's end.
  ///
  /// - Returns: `nil` where the file must be read whole: it is small, or is not in order at the places looked at.
  func part(of file: LogFile, _ request: ScanRequest) -> Range<Int>? {
    guard request.isBounded, file.size > Self.leastBytes else { return nil }
    var known: [Probe] = []
    for index in 0..<Self.probeCount {
      guard let probe = probe(file, at: file.size / Self.probeCount * index) else { return nil }
      if let last = known.last, probe.first.since(last.last) < .zero - Self.slack { return nil }
      known.append(probe)
    }
    let start = request.from?.adding(.zero - Self.slack).flatMap { from in
      edge(file, known) { $0.last < from }
    }
    let end = request.to?.adding(Self.slack).flatMap { to in
      // Where not even the beginning lies before the end of the span, nothing does.
      edge(file, known) { $0.first <= to }.map { behind($0, file, to) ?? file.size } ?? 0
    }
    return (start?.lineStart ?? 0)..<max(start?.lineStart ?? 0, end ?? file.size)
  }

  /// What is known of a place in a file.
  private struct Probe {
    let offset: Int
    /// Where the first whole line begins behind the place.
    let lineStart: Int
    let first: Timestamp
    let last: Timestamp
  }

  private func probe(_ file: LogFile, at offset: Int) -> Probe? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.probeBytes, alignment: 16)
    defer { buffer.deallocate() }
    guard let count = try? file.read(at: offset, into: buffer) else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    guard let start = offset == 0 ? 0 : bytes.firstIndex(of: 10).map({ $0 + 1 }) else { return nil }
    let times = clock.times(file, UnsafeRawBufferPointer(rebasing: bytes[start...]), offset == 0)
    guard let first = times.min(), let last = times.max() else { return nil }
    return Probe(offset: offset, lineStart: offset + start, first: first, last: last)
  }

  /// The last place for which the condition holds, where it holds for all before it and none behind.
  private func edge(_ file: LogFile, _ known: [Probe], _ holds: (Probe) -> Bool) -> Probe? {
    guard let place = known.lastIndex(where: holds) else { return nil }
    var low = known[place]
    var high = place + 1 < known.count ? known[place + 1].offset : file.size
    while high - low.offset > 2 * Self.probeBytes {
      guard let middle = probe(file, at: low.offset + (high - low.offset) / 2) else { break }
      if holds(middle) { low = middle } else { high = middle.offset }
    }
    return low
  }

  /// Where a line begins behind a place that is the last with times up to the given one.
  private func behind(_ place: Probe, _ file: LogFile, _ to: Timestamp) -> Int? {
    var offset = place.offset + Self.probeBytes
    while offset < file.size {
      guard let probe = probe(file, at: offset) else { return nil }
      if probe.first > to { return probe.lineStart }
      offset += Self.probeBytes
    }
    return nil
  }
}
