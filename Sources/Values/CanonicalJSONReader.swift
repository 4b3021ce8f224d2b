extension JSON {
  /// Reads a text that is in its canonical form already, as records are, several times as fast as any other.
  ///
  /// - Parameter depthLimit: Deepest nesting that is read.
  /// - Returns: `nil` for a text that is not JSON or not canonical, and for one that is unusual: with a whole number of
  ///   more than 15 digits, or one that not every reader holds exactly. `init(parsing:)` says what such a text is.
  package init?(canonical bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int = JSON.depthLimit) {
    var reader = CanonicalJSONReader(bytes)
    guard let value = reader.value(depth: depthLimit), reader.isAtEnd else { return nil }
    self = value
  }

  /// Most digits of a whole number that every JSON reader holds exactly, whatever they are.
  fileprivate static let exactDigits = 15
}

private struct CanonicalJSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  /// - Parameter depth: How much deeper the nesting may go, this value included.
  mutating func value(depth: Int) -> JSON? {
    guard depth > 0, index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "\""): return string().map(JSON.string)
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSON? {
    index += 1
    var members: [JSON.Member] = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      guard let name = string(), take(UInt8(ascii: ":")), let value = value(depth: depth - 1) else { return nil }
      // In strict order no name stands twice.
      if let last = members.last, !JSON.precedes(last.name, name) { return nil }
      members.append(.init(name, value))
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSON? {
    index += 1
    var elements: [JSON] = []
    if take(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      guard let element = value(depth: depth - 1) else { return nil }
      elements.append(element)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .array(elements) : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func take(_ word: StaticString) -> Bool {
    guard bytes.count - index >= word.utf8CodeUnitCount else { return false }
    for offset in 0..<word.utf8CodeUnitCount where bytes[index + offset] != word.utf8Start[offset] { return false }
    index += word.utf8CodeUnitCount
    return true
  }

  // MARK: Strings

  private mutating func string() -> String? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = index
    index = JSON.plainCount(of: bytes, from: start)
    guard index < bytes.count else { return nil }
    if take(UInt8(ascii: "\"")) { return text(UnsafeBufferPointer(rebasing: bytes[start..<index - 1])) }
    var decoded = Array(bytes[start..<index])
    while !take(UInt8(ascii: "\"")) {
      guard let byte = escape() else { return nil }
      decoded.append(byte)
      let end = JSON.plainCount(of: bytes, from: index)
      decoded.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[index..<end]))
      index = end
    }
    return decoded.withUnsafeBufferPointer(text)
  }

  private func text(_ part: UnsafeBufferPointer<UInt8>) -> String? {
    // Validating costs several times as much as making the text, and almost no text needs it.
    part.isASCII ? String(decoding: part, as: UTF8.self) : String(validating: part, as: UTF8.self)
  }

  /// The byte that an escape stands for, where that byte can be written in no other way.
  private mutating func escape() -> UInt8? {
    guard bytes.count - index >= 2, bytes[index] == UInt8(ascii: "\\") else { return nil }
    let byte: UInt8
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte = bytes[index + 1]
    case UInt8(ascii: "b"): byte = 0x08
    case UInt8(ascii: "f"): byte = 0x0C
    case UInt8(ascii: "n"): byte = 0x0A
    case UInt8(ascii: "r"): byte = 0x0D
    case UInt8(ascii: "t"): byte = 0x09
    default:
      guard bytes.count - index >= 6, let low = hexDigit(bytes[index + 5]) else { return nil }
      byte = (bytes[index + 4] == UInt8(ascii: "0") ? 0 : 0x10) | low
    }
    let written = JSON.escape(of: byte)
    guard bytes[index...].starts(with: written) else { return nil }
    index += written.count
    return byte
  }

  // MARK: Numbers

  private mutating func number() -> JSON? {
    let start = index
    let isNegative = take(UInt8(ascii: "-"))
    let digits = index
    var whole: Int64 = 0
    while index < bytes.count, index - digits <= JSON.exactDigits, (48...57).contains(bytes[index]) {
      whole = whole * 10 + Int64(bytes[index] - 48)
      index += 1
    }
    if index < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e")].contains(bytes[index]) {
      return double(from: start)
    }
    let count = index - digits
    guard (1...JSON.exactDigits).contains(count), bytes[digits] != 48 || (count == 1 && !isNegative) else { return nil }
    return .integer(isNegative ? -whole : whole)
  }

  /// A number that is written as it would be again.
  private mutating func double(from start: Int) -> JSON? {
    while index < bytes.count, isOfNumber(bytes[index]) { index += 1 }
    let written = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    guard let value = Double(written), value.isFinite,
      value.magnitude <= Double(JSON.exactIntegerLimit) || value.rounded(.towardZero) != value,
      JSON.ecmaScriptText(of: value).utf8.elementsEqual(written.utf8)
    else { return nil }
    return .double(value)
  }

  private func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate var isASCII: Bool {
    let raw = UnsafeRawBufferPointer(self)
    var place = 0
    while place + 8 <= count {
      guard raw.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 else { return false }
      place += 8
    }
    return self[place...].allSatisfy { $0 < 0x80 }
  }
}
