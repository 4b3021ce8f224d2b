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
      let hasMember = scan.object(noticing: Self.evidenceMember), scan.take(",\"boot_id\":"), scan.string() != nil,
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
