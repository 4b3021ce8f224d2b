internal import Crypto

/// A SHA-256 digest as the trail uses them.
package struct Digest: Hashable, Sendable {
  package static let byteCount = 32

  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// - Parameter bytes: 32 of them.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(Array(bytes).span)
  }

  /// - Parameter digits: 64 lower-case digits.
  init?(hexadecimal digits: Slice<UnsafeBufferPointer<UInt8>>) {
    guard digits.count == 2 * Self.byteCount else { return nil }
    let buffer = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: digits))
    func word(_ start: Int) -> UInt64? {
      guard
        let high = Self.value(ofDigits: buffer.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
        let low = Self.value(ofDigits: buffer.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
      else { return nil }
      return high << 32 | low
    }
    guard let first = word(0), let second = word(16), let third = word(32), let fourth = word(48) else { return nil }
    words = (first, second, third, fourth)
  }

  /// What eight lower-case digits stand for, all of them at once.
  ///
  /// - Parameter text: The first digit in its lowest byte.
  private static func value(ofDigits text: UInt64) -> UInt64? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Letters have the bit 0x40, and stand for nine more than their lowest four bits.
    let letters = (text >> 6) & ones
    let values = (text & (ones * 15)) &+ letters &* 9
    // Written again, they must be what was read: that leaves `0`…`9` and `a`…`f`.
    let beyondNine = ((values &+ ones &* 6) >> 4) & ones
    guard values & (ones &* 0xF0) == 0, values &+ ones &* 0x30 &+ beyondNine &* 0x27 == text else { return nil }
    var value = values.byteSwapped
    value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
    value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
    return (value | value >> 16) & 0x0000_0000_FFFF_FFFF
  }

  private init(_ bytes: Span<UInt8>) {
    func word(_ start: Int) -> UInt64 {
      var word: UInt64 = 0
      for index in start..<start + 8 { word = word << 8 | UInt64(bytes[index]) }
      return word
    }
    words = (word(0), word(8), word(16), word(24))
  }

  fileprivate init(_ digest: SHA256.Digest) {
    words = digest.withUnsafeBytes { buffer in
      func word(_ start: Int) -> UInt64 {
        UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: start, as: UInt64.self))
      }
      return (word(0), word(8), word(16), word(24))
    }
  }

  /// The hash of a leaf of an RFC 6962 tree: over a zero byte and the record's line without its LF.
  package init(leaf line: some Collection<UInt8>) { self.init(of: [0], line) }

  /// The hash of an inner node of an RFC 6962 tree.
  init(node left: Digest, _ right: Digest) {
    var hash = SHA256()
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Self.byteCount, alignment: 1) { buffer in
      buffer[0] = 1
      left.store(in: buffer, at: 1)
      right.store(in: buffer, at: 1 + Self.byteCount)
      hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
    }
    self.init(hash.finalize())
  }

  package init(of bytes: some Collection<UInt8>) { self.init(of: [], bytes) }

  /// - Parameter prefix: Stands before the bytes.
  init(of prefix: [UInt8], _ bytes: some Collection<UInt8>) {
    var stream = DigestStream()
    if !prefix.isEmpty { stream.add(prefix) }
    stream.add(bytes)
    self = stream.finish()
  }

  /// The digest of a leaf whose bytes lie in memory that is not an array's.
  init(leaf line: UnsafeRawBufferPointer) {
    var hash = SHA256()
    withUnsafeBytes(of: UInt8(0)) { hash.update(bufferPointer: $0) }
    hash.update(bufferPointer: line)
    self.init(hash.finalize())
  }

  private func store(in buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    buffer.storeBytes(of: words.0.bigEndian, toByteOffset: offset, as: UInt64.self)
    buffer.storeBytes(of: words.1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    buffer.storeBytes(of: words.2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
    buffer.storeBytes(of: words.3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
  }

  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      store(in: UnsafeMutableRawBufferPointer(buffer), at: 0)
      count = Self.byteCount
    }
  }

  /// 64 lower-case digits.
  package var hexadecimal: String { Hexadecimal.text(of: bytes) }

  /// `sha256:` and the digits.
  package var text: String { "sha256:" + hexadecimal }

  package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// The digest of bytes that come one after the other.
struct DigestStream {
  private var hash = SHA256()

  mutating func add(_ bytes: some Collection<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
      hash.update(data: Array(bytes))
    }
  }

  func finish() -> Digest { Digest(hash.finalize()) }
}

/// Bytes as pairs of lower-case digits.
package enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  package static func text(of bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      for (index, byte) in bytes.enumerated() {
        buffer[index * 2] = digits[Int(byte >> 4)]
        buffer[index * 2 + 1] = digits[Int(byte & 15)]
      }
      return bytes.count * 2
    }
  }

  /// - Returns: `nil` for anything but pairs of digits, the letters in lower case.
  package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for unit in text.utf8 {
      let digit: UInt8
      switch unit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = unit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = unit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }
}
