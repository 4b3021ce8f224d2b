import Values

/// Reads the contents of string and bytes literals (CEL language definition, "String and Bytes Values").
struct LiteralDecoder {
  private let bytes: [UInt8]
  private var index: Int
  private let end: Int
  private let isRaw: Bool
  private let isBytes: Bool
  private var output: [UInt8] = []
  private(set) var problem: CELProblem?

  /// - Parameter token: A `.string` or `.bytes` token of these bytes, with its quotes.
  init(_ token: Token, in bytes: [UInt8]) {
    self.bytes = bytes
    isBytes = token.kind == .bytes
    var start = token.place.lowerBound
    var isRaw = false
    while bytes[start] != UInt8(ascii: "\""), bytes[start] != UInt8(ascii: "'") {
      if bytes[start] | 0x20 == UInt8(ascii: "r") { isRaw = true }
      start += 1
    }
    let length = token.place.upperBound - start
    let isTriple = length >= 6 && bytes[start + 1] == bytes[start] && bytes[start + 2] == bytes[start]
    index = start + (isTriple ? 3 : 1)
    end = token.place.upperBound - (isTriple ? 3 : 1)
    self.isRaw = isRaw
  }

  /// The value; what was wrong with it, if anything, is in `problem`.
  mutating func decode() -> Value {
    output.reserveCapacity(end - index)
    while index < end {
      if bytes[index] == UInt8(ascii: "\\"), !isRaw {
        escape()
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return isBytes ? .bytes(output) : .string(String(decoding: output, as: UTF8.self))
  }

  private mutating func escape() {
    let start = index
    guard index + 1 < end else {
      problem = .badEscape("\\", at: start..<end)
      index = end
      return
    }
    let mark = bytes[index + 1]
    index += 2
    if let byte = Self.simpleEscapes[mark] {
      output.append(byte)
      return
    }
    let code: UInt32? =
      switch mark {
      case UInt8(ascii: "x"), UInt8(ascii: "X"): number(digits: 2, radix: 16)
      case UInt8(ascii: "u") where !isBytes: number(digits: 4, radix: 16)
      case UInt8(ascii: "U") where !isBytes: number(digits: 8, radix: 16)
      case UInt8(ascii: "0")...UInt8(ascii: "3"): octal()
      default: nil
      }
    if let code, isBytes, let byte = UInt8(exactly: code) {
      output.append(byte)
    } else if let code, !isBytes, let scalar = Unicode.Scalar(code) {
      output += String(Character(scalar)).utf8
    } else if problem == nil {
      while index < end, bytes[index] & 0xC0 == 0x80 { index += 1 }
      problem = .badEscape(String(decoding: bytes[start..<index], as: UTF8.self), at: start..<index)
    }
  }

  private mutating func octal() -> UInt32? {
    index -= 1
    return number(digits: 3, radix: 8)
  }

  private mutating func number(digits: Int, radix: UInt32) -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard index < end, let digit = hexDigit(bytes[index]), digit < radix else { return nil }
      value = value &* radix &+ UInt32(digit)
      index += 1
    }
    return value
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
    UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 92, UInt8(ascii: "?"): 63,
    UInt8(ascii: "\""): 34, UInt8(ascii: "'"): 39, UInt8(ascii: "`"): 96,
  ]
}

/// Reads the text of a whole-number literal, with or without `0x`, with or without `u`.
///
/// - Returns: `nil` if it is larger than any `UInt64`.
func wholeNumber(_ text: Substring) -> UInt64? {
  var digits = text
  if digits.hasSuffix("u") || digits.hasSuffix("U") { digits = digits.dropLast() }
  if digits.hasPrefix("0x") || digits.hasPrefix("0X") { return UInt64(digits.dropFirst(2), radix: 16) }
  return UInt64(digits)
}
