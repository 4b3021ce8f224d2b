#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Texts as their UTF-8 bytes: for expressions, two spellings of `é` are two texts.

/// Whether two texts of one length in bytes have the same bytes.
func sameBytes(_ left: String, _ right: String) -> Bool {
  withBytes(left, right) { left, right in
    guard left.count == right.count else { return false }
    guard let first = left.baseAddress, let second = right.baseAddress else { return left.isEmpty }
    return memcmp(first, second, left.count) == 0
  }
}

/// The order of code points, which is that of UTF-8 bytes.
func byteOrder(_ left: String, _ right: String) -> Order {
  withBytes(left, right) { left, right in
    if let first = left.baseAddress, let second = right.baseAddress {
      let order = memcmp(first, second, min(left.count, right.count))
      if order != 0 { return order < 0 ? .less : .greater }
    }
    return Order(left.count, right.count)
  }
}

func hasPrefix(_ text: String, _ prefix: String) -> Bool {
  withBytes(text, prefix) { text, prefix in
    guard prefix.count <= text.count else { return false }
    guard let first = text.baseAddress, let second = prefix.baseAddress else { return prefix.isEmpty }
    return memcmp(first, second, prefix.count) == 0
  }
}

func hasSuffix(_ text: String, _ suffix: String) -> Bool {
  withBytes(text, suffix) { text, suffix in
    guard suffix.count <= text.count else { return false }
    guard let first = text.baseAddress, let second = suffix.baseAddress else { return suffix.isEmpty }
    return memcmp(first + (text.count - suffix.count), second, suffix.count) == 0
  }
}

/// The text with `A` to `Z` in lower case; other letters keep their case.
func lowerASCII(_ text: String) -> String {
  String(decoding: text.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}

private func withBytes<Result>(
  _ left: String, _ right: String, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  var left = left
  var right = right
  return left.withUTF8 { first in right.withUTF8 { second in body(first, second) } }
}
