/// Undoes how web servers write bytes that would break a line.
///
/// Apache writes `\"`, `\\`, `\n` and the like, and `\xff`; nginx `\x22` and `\xFF` for all of them.
enum AccessLogEscape {
  static func decoded(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        decoded.append(bytes[index])
        index += 1
        continue
      }
      if bytes[index + 1] == UInt8(ascii: "x"), index + 3 < bytes.count, let high = digit(bytes[index + 2]),
        let low = digit(bytes[index + 3])
      {
        decoded.append(high << 4 | low)
        index += 4
      } else if let byte = plain(bytes[index + 1]) {
        decoded.append(byte)
        index += 2
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return decoded
  }

  private static func plain(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "v"): 0x0B
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "r"): 0x0D
    default: nil
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
