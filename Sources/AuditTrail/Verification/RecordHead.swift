internal import Glibc
internal import Values

/// What a record says besides its body, read without making a tree of it.
///
/// A record is canonical JSON, so its members stand in a fixed order; whatever stands otherwise is no record. The body is
/// only skipped: that it is canonical is for `isCertain` or `TrailRecord` to say.
struct RecordHead {
  struct Place {
    let run: Range<Int>
    let previous: Range<Int>?
    let sequence: Int64
    let runbook: Range<Int>
  }

  let actor: Range<Int>
  let body: Range<Int>
  let bootID: Range<Int>
  let semantics: Range<Int>
  let version: Range<Int>
  let origin: Range<Int>
  let monotonicNanoseconds: Range<Int>
  let node: Range<Int>
  private(set) var place: Place?
  let sequence: Int64
  let type: Range<Int>
  let wall: Range<Int>
  /// The body has a member that only references to evidence have.
  let namesEvidence: Bool

  private static let evidenceMember = Array("media_type".utf8)

  /// - Parameter line: Without its LF. Strings are given as ranges of it, without their quotes and with their escapes.
  /// - Returns: `nil` for anything but a record of format 1.
  init?(_ line: UnsafeBufferPointer<UInt8>) {
    var scan = LineScan(line)
    guard scan.take("{\"actor\":"), let actor = scan.string(), scan.take(",\"body\":"),
      let (body, hasMember) = scan.body(noticing: Self.evidenceMember), scan.take(",\"boot_id\":"),
      let bootID = scan.string(), scan.take(",\"engine\":{\"semantics\":"), let semantics = scan.string(),
      scan.take(",\"version\":"), let version = scan.string(), scan.take("},\"log\":"), let origin = scan.string(),
      scan.take(",\"mono_ns\":"), let nanoseconds = scan.string(), scan.take(",\"node\":"), let node = scan.string()
    else { return nil }
    (self.actor, self.body, self.bootID, self.semantics) = (actor, body, bootID, semantics)
    (self.version, self.origin, self.node) = (version, origin, node)
    monotonicNanoseconds = nanoseconds
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
    guard scan.take(",\"seq\":"), let sequence = scan.integer(), scan.take(",\"type\":"), let type = scan.string(),
      scan.take(",\"v\":1,\"wall\":"), let wall = scan.string(), scan.take("}"), scan.isAtEnd
    else { return nil }
    (self.sequence, self.type, self.wall) = (sequence, type, wall)
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
    var end = JSON.plainCount(of: line, from: start)
    while end < line.count, line[end] == UInt8(ascii: "\\") { end = JSON.plainCount(of: line, from: end + 2) }
    guard end < line.count, line[end] == UInt8(ascii: "\"") else { return nil }
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
  /// - Returns: Where it stands, and whether a member of it, or of an object in it, may have the name.
  mutating func body(noticing name: [UInt8]) -> (Range<Int>, Bool)? {
    let start = index
    guard let end = endOfBody() else { return object(noticing: name).map { (start..<index, $0) } }
    index = end
    return (start..<end, UnsafeBufferPointer(rebasing: line[start..<end]).mayHold(name))
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

extension RecordHead {
  /// Whether all that it holds is written in the only way in which a record may write it, as far as that can be told
  /// without making texts of it: in plain ASCII, without escapes.
  func isPlain(in line: UnsafeBufferPointer<UInt8>) -> Bool {
    let limit = Int64(JSON.exactIntegerLimit)
    guard sequence <= limit, line[body.lowerBound] == UInt8(ascii: "{"),
      [actor, bootID, semantics, version, origin, node, type].allSatisfy({ line.isPlain($0) })
    else { return false }
    guard let place else { return true }
    return place.sequence <= limit && line.isPlain(place.run) && line.isPlain(place.runbook)
      && place.previous.map { line.isPlain($0) } ?? true
  }

  /// Whether the whole line is certain to be a record; of one where it is not `TrailRecord` tells.
  func isCertain(in line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.count <= TrailRecord.sizeLimitBytes && isPlain(in: line) && wall(in: line) != nil
      && monotonicNanoseconds(in: line) != nil
      && JSON.isCanonical(
        UnsafeBufferPointer(rebasing: line[body]), depthLimit: RecordLint.depthLimit - 1)
  }

  /// - Returns: `nil` for what is not an instant as records write it.
  func wall(in line: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    // With nine digits of fraction behind the seconds and a `Z` behind them there is no other way to write it.
    let text = UnsafeBufferPointer(rebasing: line[wall])
    guard text.count == 30, text[10] == UInt8(ascii: "T"), text[19] == UInt8(ascii: "."), text[29] == UInt8(ascii: "Z")
    else { return nil }
    return Timestamp(rfc3339: text)
  }

  /// - Returns: `nil` for what is not a number as records write it.
  func monotonicNanoseconds(in line: UnsafeBufferPointer<UInt8>) -> UInt64? {
    let digits = line[monotonicNanoseconds]
    guard (1...19).contains(digits.count), digits.first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + UInt64(digit - 48)
    }
    return value
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// In ASCII, without escapes.
  fileprivate func isPlain(_ range: Range<Int>) -> Bool {
    let text = UnsafeBufferPointer(rebasing: self[range])
    return JSON.plainCount(of: text, from: 0) == text.count && text.allSatisfy { $0 < 0x80 }
  }
}
