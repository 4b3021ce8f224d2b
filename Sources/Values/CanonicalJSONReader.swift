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

  /// Reads some members of an object, as `init(canonical:)` does; of the others nothing is made.
  ///
  /// - Returns: `nil` where that is, and for what is no object.
  package init?(
    canonical bytes: UnsafeBufferPointer<UInt8>, membersNamed names: Set<String>,
    depthLimit: Int = JSON.depthLimit
  ) {
    var reader = CanonicalJSONReader(bytes)
    guard bytes.first == UInt8(ascii: "{"), depthLimit > 0,
      let value = reader.object(depth: depthLimit, isWanted: names.contains), reader.isAtEnd
    else { return nil }
    self = value
  }

  /// Whether `init(canonical:)` reads a text; nothing is made of it.
  package static func isCanonical(
    _ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int = JSON.depthLimit
  ) -> Bool {
    var reader = CanonicalJSONReader(bytes)
    return reader.skip(depth: depthLimit) && reader.isAtEnd
  }

  /// Most digits of a whole number that every JSON reader holds exactly, whatever they are.
  fileprivate static let exactDigits = 15
}

private struct CanonicalJSONReader {
  /// Room that is made at once, for objects and lists as records have them.
  private static let usualMembers = 8
  private static let usualElements = 4

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

  /// - Parameter isWanted: Whether something is made of a member's value.
  mutating func object(depth: Int, isWanted: (String) -> Bool = { _ in true }) -> JSON? {
    index += 1
    if take(UInt8(ascii: "}")) { return .object([JSON.Member]()) }
    var members: [JSON.Member] = []
    members.reserveCapacity(Self.usualMembers)
    var last: String?
    repeat {
      guard let name = string(), take(UInt8(ascii: ":")) else { return nil }
      // In strict order no name stands twice.
      if let last, !JSON.precedes(last, name) { return nil }
      last = name
      guard isWanted(name) else {
        guard skip(depth: depth - 1) else { return nil }
        continue
      }
      guard let value = value(depth: depth - 1) else { return nil }
      members.append(.init(name, value))
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSON? {
    index += 1
    if take(UInt8(ascii: "]")) { return .array([]) }
    var elements: [JSON] = []
    elements.reserveCapacity(Self.usualElements)
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

  // MARK: Values that nobody needs

  /// Goes behind a value.
  ///
  /// - Returns: Whether `value` reads it.
  mutating func skip(depth: Int) -> Bool {
    guard depth > 0, index < bytes.count else { return false }
    switch bytes[index] {
    case UInt8(ascii: "\""): return skipString() != nil
    case UInt8(ascii: "{"): return skipObject(depth: depth)
    case UInt8(ascii: "["): return skipArray(depth: depth)
    case UInt8(ascii: "t"): return take("true")
    case UInt8(ascii: "f"): return take("false")
    case UInt8(ascii: "n"): return take("null")
    default: return number() != nil
    }
  }

  private mutating func skipObject(depth: Int) -> Bool {
    index += 1
    if take(UInt8(ascii: "}")) { return true }
    var last: UnsafeBufferPointer<UInt8>?
    repeat {
      guard let name = skipString(), take(UInt8(ascii: ":")), last.map({ precedes($0, name) }) ?? true,
        skip(depth: depth - 1)
      else { return false }
      last = name
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  private mutating func skipArray(depth: Int) -> Bool {
    index += 1
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      guard skip(depth: depth - 1) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  /// - Returns: The string with its quotes.
  private mutating func skipString() -> UnsafeBufferPointer<UInt8>? {
    let start = index
    guard take(UInt8(ascii: "\"")) else { return nil }
    index = JSON.plainCount(of: bytes, from: index)
    if take(UInt8(ascii: "\"")) {
      let string = UnsafeBufferPointer(rebasing: bytes[start..<index])
      if string.isASCII { return string }
    }
    // What holds escapes, or more than ASCII, is looked at more closely.
    index = start
    return string().map { _ in UnsafeBufferPointer(rebasing: bytes[start..<index]) }
  }

  /// - Parameters: Strings with their quotes.
  private func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    func isUsual(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
      name.isASCII && JSON.plainCount(of: name, from: 1) == name.count - 1
    }
    func content(_ name: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> { name[1..<name.count - 1] }
    if isUsual(left), isUsual(right) { return content(left).lexicographicallyPrecedes(content(right)) }
    var (one, other) = (CanonicalJSONReader(left), CanonicalJSONReader(right))
    guard let one = one.string(), let other = other.string() else { return false }
    return JSON.precedes(one, other)
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
    if let decimal = decimal(behind: whole, of: index - digits) { return .double(isNegative ? -decimal : decimal) }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: "e") {
      return double(from: start)
    }
    let count = index - digits
    guard (1...JSON.exactDigits).contains(count), bytes[digits] != 48 || (count == 1 && !isNegative) else { return nil }
    return .integer(isNegative ? -whole : whole)
  }

  /// A number of few digits with a point, which stands here, whatever its sign.
  private mutating func decimal(behind whole: Int64, of count: Int) -> Double? {
    guard index < bytes.count, bytes[index] == UInt8(ascii: "."), count > 0, count == 1 || bytes[index - count] != 48
    else { return nil }
    var (digits, end) = (whole, index + 1)
    while end < bytes.count, (48...57).contains(bytes[end]) {
      guard count + end - index <= ShortDecimal.digitLimit else { return nil }
      digits = digits * 10 + Int64(bytes[end] - 48)
      end += 1
    }
    let places = end - index - 1
    guard places > 0, bytes[end - 1] != 48, end == bytes.count || !isOfNumber(bytes[end]),
      let value = ShortDecimal.value(digits: digits, places: places)
    else { return nil }
    index = end
    return value
  }

  /// A number that is written as it would be again.
  private mutating func double(from start: Int) -> JSON? {
    while index < bytes.count, isOfNumber(bytes[index]) { index += 1 }
    let written = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    guard let value = Double(written), value.isFinite, JSON.isExact(value),
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
