import Dispatch

/// A cursor over the rows of a table in which rows that are alike come once, with their number.
///
/// Where files can be cut, parts of them are read side by side. How the work is cut up hangs on the files alone, not
/// on the machine, so that the same log gives the same rows in the same order everywhere. What cannot be kept within the
/// limit is given out on the way; then a row may come again, with the rest of its number.
final class CountedRows: RecordCursor {
  /// How many parts are read at a time.
  private static let lanes = 4
  /// Most bytes of rows that are kept in each lane, and of all together.
  private static let laneBytes = 4 << 20
  private static let limitBytes = 12 << 20

  private let table: any RecordTable
  private let files: [LogFile]
  /// Where each file would begin if all were one, and where the last one ends.
  private let starts: [Int]
  private let request: ScanRequest
  private let ledger: ScanLedger
  private let columns: [Int]
  private let countColumn: Int
  private let counts: RowCounts
  /// What each lane has counted and not given away yet.
  private let laneCounts: [RowCounts]
  private var index = -1
  private var waiting: [Part]
  private var lanes: [Lane] = []
  private let seams: (any FileSeams)?
  private let partBytes: Int
  /// Where the next part begins.
  private var seam = 0

  /// Some of the records.
  private struct Part {
    /// Where it begins and ends, up to the next seams, if all files were one; `nil`: all of them.
    let range: Range<Int>?
  }

  /// A part that is being read.
  private final class Lane {
    let cursor: any RecordCursor
    let ledger: ScanLedger
    let counts: RowCounts
    private(set) var isAtEnd = false

    init(_ cursor: any RecordCursor, _ ledger: ScanLedger, _ counts: RowCounts) {
      self.cursor = cursor
      self.ledger = ledger
      self.counts = counts
    }

    /// Reads on, up to the part's end or the limit.
    func read() throws(ScanFailure) {
      while counts.byteCount < CountedRows.laneBytes {
        guard try cursor.advance() else {
          isAtEnd = true
          return
        }
        counts.add(cursor)
      }
    }
  }

  /// - Parameter columnCount: How many columns the table has; the next one is the rows' number.
  init(
    _ table: any RecordTable, _ files: [LogFile], _ request: ScanRequest, _ ledger: ScanLedger, columnCount: Int,
    partBytes: Int
  ) {
    self.table = table
    self.files = files
    starts = files.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.size) }
    self.request = request
    self.ledger = ledger
    countColumn = columnCount
    columns = (0..<columnCount).filter { request.reads(column: $0) }
    counts = RowCounts(columns: columns)
    laneCounts = (0..<Self.lanes).map { [columns] _ in RowCounts(columns: columns) }
    self.partBytes = partBytes
    seams = table.seams(request)
    waiting = seams == nil ? [Part(range: nil)] : Self.parts(of: starts.last ?? 0, partBytes).reversed()
  }

  private static func parts(of total: Int, _ partBytes: Int) -> [Part] {
    stride(from: 0, to: max(total, 1), by: partBytes).map { Part(range: $0..<min($0 + partBytes, total)) }
  }

  func advance() throws(ScanFailure) -> Bool {
    index += 1
    if index < counts.count { return true }
    counts.removeAll()
    index = 0
    while counts.byteCount < Self.limitBytes, try readOn() {}
    return counts.count > 0
  }

  /// - Returns: Whether there was anything to read.
  private func readOn() throws(ScanFailure) -> Bool {
    if lanes.isEmpty {
      while lanes.count < Self.lanes, let part = waiting.popLast() {
        lanes.append(lane(part, laneCounts[lanes.count]))
      }
    }
    guard !lanes.isEmpty else { return gather(from: laneCounts.filter { $0.count > 0 }) }
    try readLanes()
    _ = gather(from: laneCounts.filter { $0.byteCount >= Self.laneBytes })
    if lanes.allSatisfy(\.isAtEnd) {
      for lane in lanes { ledger.add(lane.ledger) }
      lanes = []
    }
    return true
  }

  /// Takes over what lanes have counted, up to the limit.
  ///
  /// - Returns: Whether anything was there.
  private func gather(from full: [RowCounts]) -> Bool {
    for rows in full where counts.byteCount < Self.limitBytes {
      counts.add(rows)
      rows.removeAll()
    }
    return !full.isEmpty
  }

  private func readLanes() throws(ScanFailure) {
    let open = lanes.filter { !$0.isAtEnd }
    if open.count == 1 { return try open[0].read() }
    var failures = [ScanFailure?](repeating: nil, count: open.count)
    failures.withUnsafeMutableBufferPointer { failures in
      // SAFETY: each iteration uses a lane and a place of its own, and all are over when this returns.
      nonisolated(unsafe) let (open, failures) = (open, failures)
      DispatchQueue.concurrentPerform(iterations: open.count) { index in
        do throws(ScanFailure) { try open[index].read() } catch { failures[index] = error }
      }
    }
    if let failure = failures.lazy.compactMap({ $0 }).first { throw failure }
  }

  private func lane(_ part: Part, _ counts: RowCounts) -> Lane {
    let own = ScanLedger(partOf: ledger)
    guard let range = part.range else { return Lane(table.cursor(over: files, request, own), own, counts) }
    let place = place(range, own)
    let indices = indices(of: place)
    var request = request
    request.part = .init(
      start: max(0, place.lowerBound - starts[indices.lowerBound]),
      end: place.upperBound - starts[max(indices.lowerBound, indices.upperBound - 1)],
      isLast: place.upperBound == total)
    return Lane(table.cursor(over: Array(files[indices]), request, own), own, counts)
  }

  private var total: Int { starts[files.count] }

  /// The files that lie in a part at least with a piece; empty ones belong to the part that they begin in.
  private func indices(of place: Range<Int>) -> Range<Int> {
    let first = files.indices.first { starts[$0 + 1] > place.lowerBound || starts[$0] >= place.lowerBound }
    let end = place.upperBound == total ? nil : files.indices.first { starts[$0] >= place.upperBound }
    let lower = first ?? files.count
    return lower..<max(lower, end ?? files.count)
  }

  /// Where a part begins and ends. Parts are asked for in their order.
  private func place(_ range: Range<Int>, _ ledger: ScanLedger) -> Range<Int> {
    let start = range.lowerBound == 0 ? 0 : seam
    seam = range.upperBound <= start ? start : firstSeam(from: range.upperBound, ledger)
    return start..<max(start, seam)
  }

  /// The first seam at a place, or near the beginnings of the parts behind it.
  private func firstSeam(from place: Int, _ ledger: ScanLedger) -> Int {
    for place in stride(from: place, to: total, by: partBytes) where !ledger.control.isOver {
      guard let index = files.indices.last(where: { starts[$0] <= place }) else { break }
      do throws(FileProblem) {
        let isLast = index == files.count - 1
        if let found = try seams?.first(in: files[index], from: place - starts[index], isLast: isLast) {
          return starts[index] + found
        }
      } catch {
        ledger.noteGap(error.message)
        return place
      }
    }
    return total
  }

  func cell(_ column: Int) -> Cell {
    column == countColumn ? .int(counts.count(of: index)) : counts.cell(column, of: index)
  }
}
