import Glibc

/// Reads the fixed beginning of a record.
struct AuditScanner {
  let line: UnsafeRawBufferPointer
  var position = 0

  init(_ line: UnsafeRawBufferPointer) { self.line = line }

  mutating func skip(_ text: StaticString) -> Bool {
    let end = position + text.utf8CodeUnitCount
    guard end <= line.count, line.holds(text, at: position..<end) else { return false }
    position = end
    return true
  }

  /// - Returns: Whether the bytes stood there.
  mutating func skip(_ bytes: [UInt8]) -> Bool {
    let end = position + bytes.count
    guard !bytes.isEmpty, end <= line.count, let base = line.baseAddress,
      memcmp(base + position, bytes, bytes.count) == 0
    else { return false }
    position = end
    return true
  }

  mutating func text(until mark: UInt8) -> UnsafeRawBufferPointer? {
    guard let end = find(mark, within: 64), end > position else { return nil }
    defer { position = end + 1 }
    return UnsafeRawBufferPointer(rebasing: line[position..<end])
  }

  /// The text up to the next blank, which is passed over.
  mutating func word() -> Range<Int>? {
    guard let end = find(0x20, within: 256), end > position else { return nil }
    defer { position = end + 1 }
    return position..<end
  }

  private func find(_ mark: UInt8, within count: Int) -> Int? {
    guard let base = line.baseAddress, position < line.count,
      let found = memchr(base + position, Int32(mark), min(count, line.count - position))
    else { return nil }
    return base.distance(to: UnsafeRawPointer(found))
  }
}

extension UnsafeRawBufferPointer {
  /// Whether a text stands at a place. The place lies within the bytes.
  func holds(_ text: StaticString, at range: Range<Int>) -> Bool {
    guard let baseAddress, range.count == text.utf8CodeUnitCount else { return false }
    return text.hasPointerRepresentation
      && memcmp(baseAddress + range.lowerBound, text.utf8Start, range.count) == 0
  }
}

/// Goes through the fields of a record, `name=value` with gaps between. A value in double quotes may hold gaps; records
/// of programs, such as USER_LOGIN, hold fields of their own in single quotes.
struct AuditFieldScanner {
  private let line: UnsafeRawBufferPointer
  private var position: Int
  /// Whether a name may begin at the position itself; otherwise a value goes on there.
  private var isBetween = true

  init(_ line: UnsafeRawBufferPointer, from start: Int) {
    self.line = line
    position = start
  }

  private static func isGap(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x1D || byte == 0x09 }

  private func find(_ byte: UInt8, from start: Int) -> Int? {
    guard let base = line.baseAddress, start < line.count,
      let found = memchr(base + start, Int32(byte), line.count - start)
    else { return nil }
    return base.distance(to: UnsafeRawPointer(found))
  }

  /// Where the next field's name stands.
  mutating func next() -> Range<Int>? {
    while let end = find(UInt8(ascii: "="), from: position) {
      var start = end
      while start > position, !Self.isGap(line[start - 1]) { start -= 1 }
      // Without a gap before it the sign belongs to the value.
      let isName = start < end && (start > position || isBetween)
      let isSign = start == position && !isBetween
      position = end + 1
      isBetween = start == end && !isSign
      guard isName else { continue }
      isBetween = false
      guard position < line.count else { return start..<end }
      if line[position] == UInt8(ascii: "\"") {
        position = find(UInt8(ascii: "\""), from: position + 1).map { $0 + 1 } ?? line.count
        isBetween = true
      } else if line[position] == UInt8(ascii: "'") {
        position += 1
        isBetween = true
        continue
      }
      return start..<end
    }
    return nil
  }

  /// The value of a field whose name stands there, with its quotes.
  func value(ofFieldNamed name: Range<Int>) -> Range<Int> {
    let start = name.upperBound + 1
    guard start < line.count else { return start..<start }
    if line[start] == UInt8(ascii: "\"") {
      return start..<(find(UInt8(ascii: "\""), from: start + 1).map { $0 + 1 } ?? line.count)
    }
    var end = start
    while end < line.count, !Self.isGap(line[end]), line[end] != UInt8(ascii: "'") { end += 1 }
    return start..<end
  }
}
