/// Bytes that should be UTF-8 as text.
///
/// Bad bytes become U+FFFD, and so does the zero byte, which SQLite would take for the end of the text.
enum TextRepair {
  /// Whether the bytes are UTF-8 without a zero byte.
  static func isClean(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard !isPlain(bytes) else { return true }
    return !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
  }

  /// Whether all bytes are ASCII and none is zero.
  static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    let count = bytes.count
    // Eight bytes at a time: a high bit, or a byte that becomes "negative" when one is taken from it.
    while index + 8 <= count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 != 0 { return false }
      index += 8
    }
    while index < count {
      if bytes[index] == 0 || bytes[index] >= 0x80 { return false }
      index += 1
    }
    return true
  }

  static func text(_ bytes: some Collection<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.utf8.contains(0) ? withoutZero(text) : text
  }

  static func withoutZero(_ text: String) -> String {
    let parts = text.utf8.split(separator: 0, omittingEmptySubsequences: false)
    return String(decoding: Array(parts.joined(separator: [0xEF, 0xBF, 0xBD])), as: UTF8.self)
  }
}
