/// An IPv4 or IPv6 address.
///
/// IPv4 addresses written inside IPv6 (`::ffff:192.0.2.1`) are read as IPv4, so that a source has one name.
public struct NetworkAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let isIPv6: Bool
  /// The address's bits, right-aligned: 32 of them for IPv4.
  let high: UInt64
  let low: UInt64

  public init(v4 bits: UInt32) {
    self.init(isIPv6: false, high: 0, low: UInt64(bits))
  }

  /// Sixteen bytes in network order, as two halves.
  public init(v6 high: UInt64, _ low: UInt64) {
    if high == 0, low >> 32 == 0xFFFF {
      self.init(v4: UInt32(truncatingIfNeeded: low))
    } else {
      self.init(isIPv6: true, high: high, low: low)
    }
  }

  private init(isIPv6: Bool, high: UInt64, low: UInt64) {
    self.isIPv6 = isIPv6
    self.high = high
    self.low = low
  }

  /// Reads dotted decimal (no leading zeros, no short forms) or RFC 4291 text (no zone).
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard (2...45).contains(bytes.count) else { return nil }
    if let bits = Self.parseV4(bytes[...]) {
      self.init(v4: bits)
    } else if let (high, low) = Self.parseV6(bytes) {
      self.init(v6: high, low)
    } else {
      return nil
    }
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.isIPv6 ? 1 : 0, left.high, left.low) < (right.isIPv6 ? 1 : 0, right.high, right.low)
  }

  /// The high and low 64 bits, right-aligned.
  public var bits: (high: UInt64, low: UInt64) { (high, low) }

  /// Dotted decimal, or RFC 5952 text.
  public var description: String {
    guard isIPv6 else { return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)" }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 % 4))) }
    var longest = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > max(longest.count, 1) { longest = start..<end }
      start = max(end, start + 1)
    }
    func text(_ range: Range<Int>) -> String { range.map { String(groups[$0], radix: 16) }.joined(separator: ":") }
    guard !longest.isEmpty else { return text(0..<8) }
    return text(0..<longest.lowerBound) + "::" + text(longest.upperBound..<8)
  }

  private static func parseV4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    var bits: UInt32 = 0
    var parts = 0
    for part in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
      var value: UInt32 = 0
      for byte in part {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + UInt32(byte) - 48
      }
      guard value <= 255, parts < 4 else { return nil }
      bits = bits << 8 | value
      parts += 1
    }
    return parts == 4 ? bits : nil
  }

  private static func parseV6(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
    var groups: [UInt16] = []
    var gap: Int?
    var index = 0
    if bytes.starts(with: [58, 58]) { (gap, index) = (0, 2) } else if bytes.first == 58 { return nil }
    while index < bytes.count {
      guard groups.count < 8 else { return nil }
      let end = bytes[index...].firstIndex(of: 58) ?? bytes.count
      if end == bytes.count, bytes[index...].contains(46) {
        guard groups.count <= 6, let bits = parseV4(bytes[index...]) else { return nil }
        groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
        index = end
        break
      }
      guard (1...4).contains(end - index) else { return nil }
      var value: UInt16 = 0
      for byte in bytes[index..<end] {
        guard let digit = hexDigit(byte) else { return nil }
        value = value << 4 | UInt16(digit)
      }
      groups.append(value)
      index = end
      if index < bytes.count {
        index += 1
        if index < bytes.count, bytes[index] == 58 {
          guard gap == nil else { return nil }
          gap = groups.count
          index += 1
        } else if index == bytes.count {
          return nil
        }
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    func half(_ part: ArraySlice<UInt16>) -> UInt64 { part.reduce(0) { $0 << 16 | UInt64($1) } }
    return (half(groups[0..<4]), half(groups[4..<8]))
  }
}

/// A block of addresses in CIDR notation, such as `192.0.2.0/24`.
public struct NetworkBlock: Hashable, Sendable, CustomStringConvertible {
  /// The first address of the block: bits beyond the prefix are zero.
  public let address: NetworkAddress
  /// 0 to 32, or to 128.
  public let prefixLength: Int

  /// - Returns: `nil` if the prefix is longer than the address. Bits beyond the prefix are cleared.
  public init?(_ address: NetworkAddress, prefixLength: Int) {
    let width = address.isIPv6 ? 128 : 32
    guard (0...width).contains(prefixLength) else { return nil }
    let (high, low) = Self.mask(prefixLength, width: width)
    if address.isIPv6 {
      self.address = NetworkAddress(v6: address.high & high, address.low & low)
    } else {
      self.address = NetworkAddress(v4: UInt32(address.low & low & 0xFFFF_FFFF))
    }
    self.prefixLength = prefixLength
  }

  /// Reads `address/length`, or an address alone for a block of one.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, let address = NetworkAddress(first) else { return nil }
    switch parts.count {
    case 1: self.init(address, prefixLength: address.isIPv6 ? 128 : 32)
    case 2:
      guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
        let length = Int(parts[1])
      else { return nil }
      self.init(address, prefixLength: length)
    default: return nil
    }
  }

  public func contains(_ other: NetworkAddress) -> Bool {
    guard other.isIPv6 == address.isIPv6 else { return false }
    let (high, low) = Self.mask(prefixLength, width: address.isIPv6 ? 128 : 32)
    return other.high & high == address.high && other.low & low == address.low
  }

  public func contains(_ other: NetworkBlock) -> Bool {
    other.prefixLength >= prefixLength && contains(other.address)
  }

  public var description: String { "\(address)/\(prefixLength)" }

  private static func mask(_ length: Int, width: Int) -> (high: UInt64, low: UInt64) {
    func ones(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count)) }
    if width == 32 { return (.max, ones(length) >> 32) }
    return (ones(length), ones(length - 64))
  }
}

/// The value of an ASCII hexadecimal digit, or `nil`.
public func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 48...57: byte - 48
  case 65...70: byte - 55
  case 97...102: byte - 87
  default: nil
  }
}
