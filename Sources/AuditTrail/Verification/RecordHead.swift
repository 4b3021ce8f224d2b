internal import Glibc
internal import Values

/// What a record says besides its body, read without making a tree of it.
///
/// A record is canonical JSON, so its members stand in a fixed order; whatever stands otherwise is no record. The body is
/// only skipped: that it is canonical is for `TrailRecord` to say.
struct RecordHead {
  struct Place {
    let run: Range<Int>
    let previous: Range<Int>?
    let sequence: Int64
    let runbook: Range<Int>
  }

  private(set) var origin = 0..<0
  private(set) var sequence: Int64 = 0
  private(set) var place: Place?
  private(set) var type = 0..<0
  /// The body has a member that only references to evidence have.
  private(set) var namesEvidence = false

  private static let evidenceMember = Array("media_type".utf8)

  /// - Parameter line: Without its LF. Strings are given as ranges of it, without their quotes and with their escapes.
  /// - Returns: `nil` for anything but a record of format 1.
  init?(_ line: UnsafeBufferPointer<UInt8>) {
    var scan = LineScan(line)
    guard scan.take("{\"actor\":"), scan.string() != nil, scan.take(",\"body\":"),
      let hasMember = scan.body(noticing: Self.evidenceMember), scan.take(",\"boot_id\":"), scan.string() != nil,
      scan.take(",\"engine\":{\"semantics\":"), scan.string() != nil, scan.take(",\"version\":"), scan.string() != nil,
      scan.take("},\"log\":"), let origin = scan.string(), scan.take(",\"mono_ns\":"), scan.string() != nil,
      scan.take(",\"node\":"), scan.string() != nil
    else { return nil }
    self.origin = origin
    namesEvidence = hasMember
    if scan.take(",\"run\":") {
      guard let run = scan.string() else { return nil }
      var previous: Range<Int>?
      if scan.take(",\"run_prev\":") {
        guard let digits = scan.string(), digits.count == 64 else { return nil }
        previous = digits
      }
      guard scan.take(",\"run_seq\":"), let number = scan.integer(), scan.take(",\"runbook\":"),
        let runbook = scan.string(), number > 0, (number == 1) == (previous == nil)
      else { return nil }
      place = Place(run: run, previous: previous, sequence: number, runbook: runbook)
    }
    guard scan.take(",\"seq\":"), let number = scan.integer(), scan.take(",\"type\":"), let type = scan.string(),
      scan.take(",\"v\":1,\"wall\":"), scan.string() != nil, scan.take("}"), scan.isAtEnd
    else { return nil }
    sequence = number
    self.type = type
  }
}

/// Goes over a line from left to right.
private struct LineScan {
  private let line: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ line: UnsafeBufferPointer<UInt8>) { self.line = line }

  var isAtEnd: Bool { index == line.count }

  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard line.count - index >= count else { return false }
    for offset in 0..<count where line[index + offset] != text.utf8Start[offset] { return false }
    index += count
    return true
  }

  /// A string; its range without the quotes.
  mutating func string() -> Range<Int>? {
    guard index < line.count, line[index] == UInt8(ascii: "\"") else { return nil }
    let start = index + 1
    var end = start
    while end < line.count, line[end] != UInt8(ascii: "\"") {
      if line[end] < 0x20 { return nil }
      end += line[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < line.count else { return nil }
    index = end + 1
    return start..<end
  }

  /// A whole number that is not negative, without leading zeros.
  mutating func integer() -> Int64? {
    let start = index
    var value: Int64 = 0
    while index < line.count, line[index] >= 0x30, line[index] <= 0x39 {
      guard index - start < 16 else { return nil }
      value = value * 10 + Int64(line[index] - 0x30)
      index += 1
    }
    guard index > start, line[start] != 0x30 || index == start + 1 else { return nil }
    return value
  }

  /// Skips the body.
  ///
  /// What follows it is found from the line's end, where no string may hold a quote that is not escaped: the last
  /// `,"boot_id":"…","engine":{` behind a brace is the record's own. Where that does not lead to it, the body is gone
  /// through.
  ///
  /// - Returns: Whether a member of it, or of an object in it, may have the name.
  mutating func body(noticing name: [UInt8]) -> Bool? {
    guard let end = endOfBody() else { return object(noticing: name) }
    let body = UnsafeBufferPointer(rebasing: line[index..<end])
    index = end
    return body.mayHold(name)
  }

  private func endOfBody() -> Int? {
    guard index < line.count, line[index] == UInt8(ascii: "{"),
      let brace = line.lastPlace(of: UInt8(ascii: "{"), in: index..<line.count)
    else { return nil }
    let engine = brace - Self.engineMember.utf8CodeUnitCount
    guard engine > index + 1, holds(Self.engineMember, at: engine), line[engine - 1] == UInt8(ascii: "\""),
      let quote = line.lastPlace(of: UInt8(ascii: "\""), in: index..<engine - 1)
    else { return nil }
    let end = quote - Self.bootMember.utf8CodeUnitCount
    guard end > index, holds(Self.bootMember, at: end), line[end - 1] == UInt8(ascii: "}") else { return nil }
    return end
  }

  private static let engineMember: StaticString = ",\"engine\":"
  private static let bootMember: StaticString = ",\"boot_id\":"

  /// - Parameter place: With room behind it.
  private func holds(_ text: StaticString, at place: Int) -> Bool {
    for offset in 0..<text.utf8CodeUnitCount where line[place + offset] != text.utf8Start[offset] { return false }
    return true
  }

  /// Skips an object.
  ///
  /// - Returns: Whether a member of it, or of one in it, has the name.
  mutating func object(noticing name: [UInt8]) -> Bool? {
    guard index < line.count, line[index] == UInt8(ascii: "{") else { return nil }
    var depth = 0
    var isNoticed = false
    while index < line.count {
      switch line[index] {
      case UInt8(ascii: "\""):
        guard let range = string() else { return nil }
        if range.count == name.count, !isNoticed, name.indices.allSatisfy({ line[range.lowerBound + $0] == name[$0] }) {
          isNoticed = true
        }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 {
          index += 1
          return isNoticed
        }
      default: break
      }
      index += 1
    }
    return nil
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where a byte stands last.
  func lastPlace(of byte: UInt8, in range: Range<Int>) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let raw = UnsafeRawBufferPointer(self)
    var end = range.upperBound
    // Eight at a time: subtracting one makes the highest bit of a byte that is zero.
    while end - 8 >= range.lowerBound {
      let others = raw.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) ^ (ones &* UInt64(byte))
      if (others &- ones) & ~others & (ones << 7) != 0 { break }
      end -= 8
    }
    while end > range.lowerBound {
      end -= 1
      if self[end] == byte { return end }
    }
    return nil
  }

  /// Whether a name stands here in quotes, as a member's or as a text.
  ///
  /// - Parameter name: With an underscore in it, which few names have, and it is looked for first.
  fileprivate func mayHold(_ name: [UInt8]) -> Bool {
    guard let base = baseAddress, let mark = name.firstIndex(of: UInt8(ascii: "_")) else { return false }
    var start = 0
    while start < count, let found = memchr(base + start, Int32(UInt8(ascii: "_")), count - start) {
      let place = UnsafeRawPointer(base).distance(to: found) - mark
      if place > 0, place + name.count < count, self[place - 1] == UInt8(ascii: "\""),
        self[place + name.count] == UInt8(ascii: "\""), memcmp(base + place, name, name.count) == 0
      {
        return true
      }
      start = place + mark + 1
    }
    return false
  }
}
