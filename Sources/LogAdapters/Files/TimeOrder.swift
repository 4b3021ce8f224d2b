import RunbookPorts
import Values

/// Finds the part of a file that can hold the records of a span of time, in a log whose lines are in the order of time.
///
/// That a log is in order cannot be seen without reading it all, so the deployment must say it (option `order`). It is
/// not simply believed: the order is looked at in places all over the file, where the search for the window's edges
/// leads, and between all lines that are read. Lines may still stand a little out of order, as servers write a request
/// when it is over and call it by its beginning.
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
      + "not read what lies before and after it; a log that is found otherwise is read as a whole, or, when its disorder "
      + "shows only where it was entered already, gives a partial answer")

  let clock: FileClock

  /// Whether the deployment says that the log is in order.
  static func isDeclared(_ options: AdapterOptions, hasTimes: Bool = true) throws(BindingProblem) -> Bool {
    guard let order = options.text("order") else { return false }
    guard order == "time" else { throw BindingProblem("the only order is `time`", option: "order") }
    guard hasTimes else { throw BindingProblem("the log has no times that it could be ordered by", option: "order") }
    return true
  }

  /// The bytes from one line's beginning to another's, or the file's end.
  ///
  /// - Returns: `nil` where the file must be read whole: it is small, cannot be entered in its middle, or is not in order
  ///   at the places looked at.
  func part(of file: LogFile, _ request: ScanRequest) -> Range<Int>? {
    guard request.isBounded, file.size > Self.leastBytes, clock.canBeEntered(file) else { return nil }
    do {
      let known = try probes(of: file)
      let start = try request.from?.adding(.zero - Self.slack).flatMap { from in
        try edge(file, known) { $0.last < from }
      }
      let end = try request.to?.adding(Self.slack).flatMap { to in
        // Where not even the beginning lies before the end of the span, nothing does.
        try edge(file, known) { $0.first <= to }.map { try behind($0, file, to) ?? file.size } ?? 0
      }
      return (start?.lineStart ?? 0)..<max(start?.lineStart ?? 0, end ?? file.size)
    } catch {
      return nil
    }
  }

  /// A place is out of order, or has no time.
  private struct Disorder: Error {}

  private func probes(of file: LogFile) throws -> [Probe] {
    var known: [Probe] = []
    for index in 0..<Self.probeCount {
      known.append(try probe(file, at: file.size / Self.probeCount * index, after: known.last))
    }
    return known
  }

  /// What is known of a place in a file.
  private struct Probe {
    let offset: Int
    /// Where the first whole line begins behind the place.
    let lineStart: Int
    let first: Timestamp
    let last: Timestamp
  }

  /// Looks at a place.
  ///
  /// - Parameter earlier: A place before it, whose times must not lie far behind.
  private func probe(_ file: LogFile, at offset: Int, after earlier: Probe?) throws -> Probe {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.probeBytes, alignment: 16)
    defer { buffer.deallocate() }
    let count = try file.read(at: offset, into: buffer)
    // What is torn off at the end may look like a time of its own.
    let end = offset + count == file.size ? count : buffer[..<count].lastIndex(of: 10).map { $0 + 1 } ?? 0
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<end])
    guard let start = offset == 0 ? 0 : bytes.firstIndex(of: 10).map({ $0 + 1 }) else { throw Disorder() }
    let times = clock.times(file, UnsafeRawBufferPointer(rebasing: bytes[start...]), offset == 0)
    guard let first = times.min(), let last = times.max() else { throw Disorder() }
    if let earlier, first.since(earlier.last) < .zero - Self.slack { throw Disorder() }
    return Probe(offset: offset, lineStart: offset + start, first: first, last: last)
  }

  /// The last place for which the condition holds, where it holds for all before it and none behind.
  private func edge(_ file: LogFile, _ known: [Probe], _ holds: (Probe) -> Bool) throws -> Probe? {
    guard let place = known.lastIndex(where: holds) else { return nil }
    var low = known[place]
    var high = place + 1 < known.count ? known[place + 1].offset : file.size
    while high - low.offset > 2 * Self.probeBytes {
      let middle = try probe(file, at: low.offset + (high - low.offset) / 2, after: low)
      if holds(middle) { low = middle } else { high = middle.offset }
    }
    return low
  }

  /// Where a line begins behind a place that is the last with times up to the given one.
  private func behind(_ place: Probe, _ file: LogFile, _ to: Timestamp) throws -> Int? {
    var offset = place.offset + Self.probeBytes
    while offset < file.size {
      guard file.size - offset > Self.probeBytes else { return nil }
      let probe = try probe(file, at: offset, after: place)
      if probe.first > to { return probe.lineStart }
      offset += Self.probeBytes
    }
    return nil
  }
}
