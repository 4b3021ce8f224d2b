/// Why a text is not JSON, and at which byte.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public let offset: Int
  public let problem: String

  public var description: String { "\(problem) at byte \(offset)" }
}

extension JSON {
  /// Deepest nesting that is read.
  public static let depthLimit = 128

  /// Reads one JSON text (RFC 8259) in UTF-8.
  ///
  /// - Parameter repairingUTF8: Whether bytes that are not UTF-8 are replaced by U+FFFD, as some programs' logs need
  ///   it, instead of being an error.
  /// - Parameter keepingDuplicates: Whether a name may stand twice in an object, as in logs that take over the names
  ///   which a client sends; reading by name then gives the first.
  /// - Throws: at the first byte that is not JSON; for a name that stands twice in an object; beyond `depthLimit`.
  public init(
    parsing bytes: some Sequence<UInt8>, repairingUTF8: Bool = false, keepingDuplicates: Bool = false
  ) throws(JSONError) {
    let bytes = Array(bytes)
    var parser = JSONParser(bytes: bytes, repairing: repairingUTF8, keepingDuplicates: keepingDuplicates)
    self = try parser.document()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let repairing: Bool
  let keepingDuplicates: Bool
  var index = 0

  init(bytes: [UInt8], repairing: Bool, keepingDuplicates: Bool) {
    self.bytes = bytes
    self.repairing = repairing
    self.keepingDuplicates = keepingDuplicates
  }

  mutating func document() throws(JSONError) -> JSON {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard index == bytes.count else { throw fail("more text follows the value") }
    return value
  }

  private func fail(_ problem: String) -> JSONError { JSONError(offset: index, problem: problem) }

  private mutating func skipSpace() {
    while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth < JSON.depthLimit else { throw fail("nested deeper than \(JSON.depthLimit) levels") }
    guard index < bytes.count else { throw fail("the text ends where a value is due") }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), 48...57: return try number()
    default: throw fail("a value cannot begin with this byte")
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
    guard bytes[index...].starts(with: word.utf8) else { throw fail("a value cannot begin with this byte") }
    index += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    var members: [JSON.Member] = []
    var names = MemberNames()
    index += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw fail("a member name is due") }
      let start = index
      let name = try string()
      guard keepingDuplicates || names.isNew(name, after: members) else {
        throw JSONError(offset: start, problem: "the name \"\(name.prefix(64))\" stands twice in one object")
      }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fail("a colon is due") }
      skipSpace()
      members.append(.init(name, try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw fail("a comma or a closing brace is due") }
      skipSpace()
    }
  }

  /// Tells whether a name stands twice in one object. Few names are compared faster than they are hashed.
  private struct MemberNames {
    private static let comparedNames = 16
    private var hashed: Set<ExactString> = []

    mutating func isNew(_ name: String, after members: [JSON.Member]) -> Bool {
      let name = ExactString(name)
      guard members.count >= Self.comparedNames else { return !members.contains { ExactString($0.name) == name } }
      if hashed.isEmpty { hashed = Set(members.lazy.map { ExactString($0.name) }) }
      return hashed.insert(name).inserted
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    var elements: [JSON] = []
    index += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw fail("a comma or a closing bracket is due") }
      skipSpace()
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = index
    _ = take(UInt8(ascii: "-"))
    let digitsStart = index
    skipDigits()
    guard index > digitsStart else { throw fail("a digit is due") }
    guard bytes[digitsStart] != 48 || index == digitsStart + 1 else { throw fail("a number has a leading zero") }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      let fractionStart = index
      skipDigits()
      guard index > fractionStart else { throw fail("a digit is due") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      let exponentStart = index
      skipDigits()
      guard index > exponentStart else { throw fail("a digit is due") }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isWhole { return Int64(text).map(JSON.integer) ?? .number(text) }
    guard let value = Double(text), value.isFinite else { return .number(text) }
    return .double(value)
  }

  private mutating func skipDigits() {
    while index < bytes.count, (48...57).contains(bytes[index]) { index += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    index += 1
    let start = index
    var decoded: [UInt8]?
    var isASCII = true
    while true {
      guard index < bytes.count else { throw fail("the text ends inside a string") }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") { break }
      guard byte >= 0x20 else { throw fail("a control character stands inside a string") }
      if byte == UInt8(ascii: "\\") {
        var prefix = decoded ?? Array(bytes[start..<index])
        try escape(into: &prefix)
        decoded = prefix
      } else {
        if byte >= 0x80 { isASCII = false }
        decoded?.append(byte)
        index += 1
      }
    }
    let end = index
    index += 1
    if let decoded { return try text(decoded[...], isASCII: false, at: start) }
    return try text(bytes[start..<end], isASCII: isASCII, at: start)
  }

  private func text(_ slice: ArraySlice<UInt8>, isASCII: Bool, at offset: Int) throws(JSONError) -> String {
    if !isASCII, !repairing, String(validating: slice, as: UTF8.self) == nil {
      throw JSONError(offset: offset, problem: "a string is not valid UTF-8")
    }
    return String(decoding: slice, as: UTF8.self)
  }

  private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
    guard index + 1 < bytes.count else { throw fail("the text ends inside a string") }
    let letter = bytes[index + 1]
    if let byte = Self.plainEscape(letter) {
      decoded.append(byte)
      index += 2
      return
    }
    guard letter == UInt8(ascii: "u") else { throw fail("an unknown escape") }
    let unit = try codeUnit()
    if (0xD800..<0xDC00).contains(unit) {
      guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
        return try appendLoneSurrogate(to: &decoded)
      }
      let restart = index
      let second = try codeUnit()
      guard (0xDC00..<0xE000).contains(second) else {
        index = restart
        return try appendLoneSurrogate(to: &decoded)
      }
      append(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00), to: &decoded)
    } else if (0xDC00..<0xE000).contains(unit) {
      try appendLoneSurrogate(to: &decoded)
    } else {
      append(unit, to: &decoded)
    }
  }

  /// What a letter behind a backslash stands for, where that is one byte.
  private static func plainEscape(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// Half of a surrogate pair stands for nothing in UTF-8.
  private func appendLoneSurrogate(to decoded: inout [UInt8]) throws(JSONError) {
    guard repairing else { throw fail("an escape is half of a surrogate pair") }
    append(0xFFFD, to: &decoded)
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    guard index + 6 <= bytes.count else { throw fail("the text ends inside an escape") }
    var unit: UInt32 = 0
    for byte in bytes[index + 2..<index + 6] {
      guard let digit = hexDigit(byte) else { throw fail("an escape needs four hexadecimal digits") }
      unit = unit << 4 | UInt32(digit)
    }
    index += 6
    return unit
  }

  private func append(_ codePoint: UInt32, to decoded: inout [UInt8]) {
    guard let scalar = Unicode.Scalar(codePoint) else { return }
    decoded.append(contentsOf: UTF8.encode(scalar) ?? .init())
  }
}
