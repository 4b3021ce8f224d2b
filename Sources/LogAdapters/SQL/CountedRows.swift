import Dispatch

/// A cursor over the rows of a table in which rows that are alike come once, with their number.
///
/// Where a file can be cut, its parts are read side by side. How the work is cut up hangs on the files alone, not
/// on the machine, so that the same log gives the same rows in the same order everywhere. What cannot be kept within the
/// limit is given out on the way; then a row may come again, with the rest of its number.
final class CountedRows: RecordCursor {
  /// How many parts of a file are read at a time.
  private static let lanes = 4
  /// Most bytes of rows that are kept in each lane, and of all together.
  private static let laneBytes = 4 << 20
  private static let limitBytes = 12 << 20

  private let table: any RecordTable
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
  /// Where the next part of the file begins.
  private var seam = 0

  /// Some of the records, and where they are.
  private struct Part {
    let files: [LogFile]
    /// Where in the only file it begins and ends, up to the next seams; `nil` for all of the files.
    var range: Range<Int>?
    /// Whether the log ends with the part.
    var isLast = true
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
    self.request = request
    self.ledger = ledger
    countColumn = columnCount
    columns = (0..<columnCount).filter { request.reads(column: $0) }
    counts = RowCounts(columns: columns)
    laneCounts = (0..<Self.lanes).map { [columns] _ in RowCounts(columns: columns) }
    self.partBytes = partBytes
    let seams = table.seams(request)
    self.seams = seams
    let isCut = seams.map { $0.holdsAcrossFiles || files.count == 1 } ?? false
    let parts = isCut ? Self.parts(of: files, partBytes) : [Part(files: files)]
    waiting = parts.reversed()
  }

  private static func parts(of files: [LogFile], _ partBytes: Int) -> [Part] {
    files.enumerated().flatMap { place, file in
      stride(from: 0, to: max(file.size, 1), by: partBytes).map { start in
        let end = min(start + partBytes, file.size)
        return Part(
          files: [file], range: start..<end, isLast: place == files.count - 1 && end == file.size)
      }
    }
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
    var request = request
    if let range = part.range { request.part = .init(range: place(range, in: part.files[0], own), isLast: part.isLast) }
    return Lane(table.cursor(over: part.files, request, own), own, counts)
  }

  /// Where a part of a file begins and ends. Parts are asked for in their order.
  private func place(_ range: Range<Int>, in file: LogFile, _ ledger: ScanLedger) -> Range<Int> {
    let start = range.lowerBound == 0 ? 0 : seam
    seam = range.upperBound <= start ? start : firstSeam(in: file, from: range.upperBound, ledger)
    return start..<max(start, seam)
  }

  /// The first seam at a place, or near the beginnings of the parts behind it.
  private func firstSeam(in file: LogFile, from place: Int, _ ledger: ScanLedger) -> Int {
    for place in stride(from: place, to: file.size, by: partBytes) where !ledger.control.isOver {
      do throws(FileProblem) {
        if let found = try seams?.first(in: file, from: place) { return found }
      } catch {
        ledger.noteGap(error.message)
        return place
      }
    }
    return file.size
  }

  func cell(_ column: Int) -> Cell {
    column == countColumn ? .int(counts.count(of: index)) : counts.cell(column, of: index)
  }
}
