import Glibc
import Values

/// Splits files into lines, one file after the other, in bounded memory.
///
/// Lines end in a line feed; a carriage return before it is not part of the line. Nothing else ends a line, so that a
/// log that was written with lone carriage returns is one long line.
final class LineReader {
  private static let chunkBytes = 1 << 20

  private let files: [LogFile]
  private let ledger: ScanLedger
  let limits: FileLimits
  private let limit: Int
  private let buffer: UnsafeMutableRawBufferPointer
  /// Where in the file the buffer's content ends.
  private var fileOffset = 0
  private var filled = 0
  private var position = 0
  private var sinceCheck = 0
  /// Where reading ends in the file.
  private var fileEnd = 0
  private let request: ScanRequest
  private var latest: Timestamp?
  private var doubts = HourDoubts()
  private var lineCount = 0
  /// Whether lines are counted from the beginning of the file.
  private var isNumbered = true

  private(set) var fileIndex = -1
  /// Whether some of the file is left out.
  private(set) var isPart = false
  /// The line without its end; valid until the next call of `advance`.
  private(set) var line = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Whether the file ends without a line end here.
  private(set) var isTorn = false
  /// Whether only the beginning of the line is there, because it is longer than the limit.
  private(set) var isCut = false

  /// - Parameter request: Of a log in the order of time what lies before and after its span is not read.
  init(_ files: [LogFile], _ ledger: ScanLedger, limits: FileLimits, _ request: ScanRequest = .everything) {
    self.request = request
    self.files = files
    self.ledger = ledger
    self.limits = limits
    limit = limits.recordBytes
    buffer = .allocate(byteCount: Self.chunkBytes + limits.recordBytes, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// The line as bytes of its own.
  var bytes: [UInt8] { Array(line) }

  var file: LogFile? { files.indices.contains(fileIndex) ? files[fileIndex] : nil }

  var place: ScanPlace {
    let line: ScanPlace.Line? =
      if isPart && !isNumbered {
        .before(byte: mark.offset)
      } else if let part = request.part, fileIndex == 0 {
        .counted(lineCount, from: part.start)
      } else {
        lineCount > 0 ? .number(lineCount) : nil
      }
    return ScanPlace(name: file?.name ?? "", line: line, file: file)
  }

  /// From 1, in its file; `nil` where the file was entered in its middle.
  var lineNumber: Int? { isNumbered ? lineCount : nil }

  /// Takes note of a record's time. Where the log is not in the order that was declared, an answer from a part of it is
  /// not whole; one from all of it is, and says so.
  func note(_ time: Timestamp) {
    ledger.note(time)
    guard request.order != nil else { return }
    guard let latest, time < latest else {
      latest = time
      return
    }
    guard time.since(latest) < .zero - TimeOrder.slack else { return }
    let name = file?.name ?? ""
    if isPart {
      ledger.noteGap("\(name) is not in the order of time, as the option `order` says")
    } else {
      ledger.remark("\(name) is not in the order of time, as the option `order` says, and was read as a whole")
    }
  }

  /// The same for a time that names no zone.
  func note(_ time: Timestamp, in zone: LocalZone) {
    note(time)
    if case .named = zone, let earlier = doubts.earlier(time, in: zone) { ledger.note(time, orEarlier: earlier) }
  }

  /// Where a line begins, to come back to.
  struct Mark {
    fileprivate let offset: Int
    fileprivate let lineCount: Int
  }

  /// The place behind the line.
  var mark: Mark { Mark(offset: fileOffset - (filled - position), lineCount: lineCount) }

  /// Goes back to a place in the same file, so that the line there is the next.
  func rewind(to mark: Mark) {
    (fileOffset, filled, position, lineCount) = (mark.offset, 0, 0, mark.lineCount)
  }

  /// Goes to the next line, also of the next file.
  func advance() throws(ScanFailure) -> Bool {
    repeat {
      if try advanceInFile() { return true }
    } while nextFile()
    return false
  }

  /// Goes to the next line of the file.
  func advanceInFile() throws(ScanFailure) -> Bool {
    sinceCheck += 1
    if sinceCheck == 4_096 {
      sinceCheck = 0
      if ledger.control.isOver { throw .interrupted }
    }
    while true {
      if let base = buffer.baseAddress, position < filled, let end = memchr(base + position, 10, filled - position) {
        take(to: UnsafeRawPointer(base).distance(to: UnsafeRawPointer(end)), next: 1)
        return true
      }
      if filled - position > limit { return try takeCut() }
      if try refill() { continue }
      if position < filled {
        take(to: filled, next: 0)
        isTorn = true
        ledger.isAtUnfinishedLine = fileIndex == files.count - 1 && request.part?.isLast ?? true
        return true
      }
      return false
    }
  }

  private func take(to end: Int, next: Int) {
    var length = end - position
    isCut = length > limit
    if isCut { length = limit } else if next > 0, length > 0, buffer[end - 1] == 13 { length -= 1 }
    line = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[position..<position + length])
    position = end + next
    lineCount += 1
    isTorn = false
    ledger.isAtUnfinishedLine = false
  }

  /// Takes the beginning of a line that is longer than the limit, and skips the rest of it.
  private func takeCut() throws(ScanFailure) -> Bool {
    let start = position
    // The beginning moves to the front of the buffer and stays there; the rest is read behind it, chunk by chunk.
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start..<filled]))
    filled -= start
    position = 0
    while true {
      if let base = buffer.baseAddress, let end = memchr(base + limit, 10, filled - limit) {
        position = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(end)) + 1
        break
      }
      filled = limit
      position = limit
      if ledger.control.isOver { throw .interrupted }
      guard try fill() else { break }
    }
    line = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[0..<limit])
    lineCount += 1
    (isCut, isTorn) = (true, false)
    ledger.isAtUnfinishedLine = false
    return true
  }

  /// Moves what is left to the front and reads on.
  private func refill() throws(ScanFailure) -> Bool {
    guard file != nil else { return false }
    if position > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[position..<filled]))
      filled -= position
      position = 0
    }
    return try fill()
  }

  private func fill() throws(ScanFailure) -> Bool {
    guard let file, fileOffset < fileEnd, filled < buffer.count else { return false }
    do {
      let room = min(buffer.count - filled, fileEnd - fileOffset)
      let count = try file.read(
        at: fileOffset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + room]))
      fileOffset += count
      filled += count
      return count > 0
    } catch {
      ledger.noteGap(error.message)
      fileOffset = fileEnd
      return false
    }
  }

  /// What of a file belongs to the part that is wanted; `nil`: all of them are.
  private func part(ofFileAt index: Int) -> Range<Int>? {
    guard let part = request.part else { return nil }
    let end = index == files.count - 1 ? part.end : files[index].size
    return min(index == 0 ? part.start : 0, end)..<end
  }

  private func nextFile() -> Bool {
    guard fileIndex + 1 < files.count else { return false }
    fileIndex += 1
    if fileIndex > 0 || request.part?.start ?? 0 == 0 { ledger.beginFile() }
    (filled, position, lineCount, latest) = (0, 0, 0, nil)
    let whole = 0..<files[fileIndex].size
    let wanted = part(ofFileAt: fileIndex) ?? request.order?.part(of: files[fileIndex], request) ?? whole
    (fileOffset, fileEnd) = (wanted.lowerBound, wanted.upperBound)
    (isNumbered, isPart) = (wanted.lowerBound == 0, wanted != whole && request.part == nil)
    if isPart { ledger.notePart(from: request.from, to: request.to) }
    if let gap = files[fileIndex].gap { ledger.noteGap(gap) }
    return true
  }
}
