internal import Values

/// Tells of most texts that they are canonical JSON, without making a tree of them: names in their order and once, no
/// needless escape, no number that could be written otherwise, nothing but ASCII.
struct CanonicalScan {
  /// Longest number whose value every reader knows exactly.
  private static let digitLimit = 15

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index: Int

  /// - Returns: Whether it is certain that the range is an object in canonical form, nested at most so deep. What is not
  ///   certain is for `TrailRecord` to say.
  static func isCertain(
    _ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int
  ) -> Bool {
    guard bytes[range].allSatisfy({ $0 < 0x7F }) else { return false }
    var scan = CanonicalScan(bytes: UnsafeBufferPointer(rebasing: bytes[range]), index: 0)
    return scan.object(depthLimit) && scan.index == range.count
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, index: Int) { (self.bytes, self.index) = (bytes, index) }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count - index >= count else { return false }
    for offset in 0..<count where bytes[index + offset] != word.utf8Start[offset] { return false }
    index += count
    return true
  }

  private mutating func value(_ depth: Int) -> Bool {
    guard index < bytes.count else { return false }
    switch bytes[index] {
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "t"): return take("true")
    case UInt8(ascii: "f"): return take("false")
    case UInt8(ascii: "n"): return take("null")
    default: return integer()
    }
  }

  private mutating func object(_ depth: Int) -> Bool {
    guard depth > 0, take(UInt8(ascii: "{")) else { return false }
    if take(UInt8(ascii: "}")) { return true }
    var last: Range<Int>?
    repeat {
      let start = index + 1
      // A name with escapes may stand in another order than its text.
      guard take(UInt8(ascii: "\"")) else { return false }
      index = JSON.plainCount(of: bytes, from: index)
      let name = start..<index
      guard take(UInt8(ascii: "\"")), take(UInt8(ascii: ":")),
        last.map({ bytes[$0].lexicographicallyPrecedes(bytes[name]) }) ?? true, value(depth - 1)
      else { return false }
      last = name
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  private mutating func array(_ depth: Int) -> Bool {
    guard depth > 0, take(UInt8(ascii: "[")) else { return false }
    if take(UInt8(ascii: "]")) { return true }
    repeat { guard value(depth - 1) else { return false } } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  private mutating func string() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    while true {
      index = JSON.plainCount(of: bytes, from: index)
      if take(UInt8(ascii: "\"")) { return true }
      guard take(UInt8(ascii: "\\")), index < bytes.count else { return false }
      switch bytes[index] {
      // Only these stand for themselves or have a short form; of the others there are two ways to write some.
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
        UInt8(ascii: "r"), UInt8(ascii: "t"):
        index += 1
      default: return false
      }
    }
  }

  private mutating func integer() -> Bool {
    let isNegative = take(UInt8(ascii: "-"))
    let start = index
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
    let count = index - start
    guard (1...Self.digitLimit).contains(count) else { return false }
    if bytes[start] == UInt8(ascii: "0") { return count == 1 && !isNegative && endsNumber }
    return endsNumber
  }

  /// A fraction or an exponent makes it another number.
  private var endsNumber: Bool {
    guard index < bytes.count else { return false }
    switch bytes[index] {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return true
    default: return false
    }
  }
}
