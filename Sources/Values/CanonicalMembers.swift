internal import Glibc

/// Goes over the members of an object in canonical JSON, in their order, without looking into their values.
package struct CanonicalMembers: IteratorProtocol {
  package struct Member {
    /// Without its quotes, with its escapes.
    package let name: UnsafeBufferPointer<UInt8>
    package let value: UnsafeBufferPointer<UInt8>
    /// As it stands: the name with its quotes, a colon, the value.
    let whole: UnsafeBufferPointer<UInt8>
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  /// All members have been handed out, and nothing follows them. Until then nobody knows that it was an object.
  package private(set) var isAtEnd = false

  package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// - Returns: `nil` behind the last member, and where the text goes on as no object does.
  package mutating func next() -> Member? {
    guard !isAtEnd, take(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")) else {
      isAtEnd = isAtEnd || (index > 0 && take(UInt8(ascii: "}")) && index == bytes.count)
      return nil
    }
    if index == 1, bytes.count == 2, take(UInt8(ascii: "}")) {
      isAtEnd = true
      return nil
    }
    guard let name = string(), take(UInt8(ascii: ":")) else { return nil }
    let start = index
    guard skipValue(), index > start else { return nil }
    return Member(
      name: UnsafeBufferPointer(rebasing: bytes[name]), value: UnsafeBufferPointer(rebasing: bytes[start..<index]),
      whole: UnsafeBufferPointer(rebasing: bytes[name.lowerBound - 1..<index]))
  }

  /// Goes behind the next member if it stands here as it stands elsewhere.
  package mutating func skip(_ member: Member) -> Bool {
    let end = index + 1 + member.whole.count
    guard !isAtEnd, end < bytes.count, bytes[index] == (index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")),
      bytes[end] == UInt8(ascii: ",") || bytes[end] == UInt8(ascii: "}"),
      UnsafeBufferPointer(rebasing: bytes[index + 1..<end]).isSame(as: member.whole)
    else { return false }
    index = end
    return true
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// A string; its range without the quotes.
  private mutating func string() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = index
    while true {
      index = JSON.plainCount(of: bytes, from: index)
      guard index < bytes.count else { return nil }
      if take(UInt8(ascii: "\"")) { return start..<index - 1 }
      guard take(UInt8(ascii: "\\")), index < bytes.count else { return nil }
      index += 1
    }
  }

  /// Goes behind a value: to the comma or the brace that ends its member.
  private mutating func skipValue() -> Bool {
    var depth = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        guard string() != nil else { return false }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ","): if depth == 0 { return true }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return true }
        depth -= 1
      default: break
      }
      index += 1
    }
    return false
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the same bytes stand in both.
  package func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count else { return false }
    guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
    return memcmp(start, otherStart, count) == 0
  }
}
