package import Diagnostics

/// What a scalar stands for where the schema expects a certain type, by the core schema of YAML 1.2.2, section 10.3.
///
/// A document never decides its own types: whoever knows what is expected asks for it. Only plain scalars are anything
/// else than strings.
extension YAMLScalar {
  /// The text; any scalar is a string where one is expected. See `ambiguity` for those worth a question.
  package var asString: String { text }

  /// Whether this is the plain scalar `null`, `~` or nothing at all.
  package var isNull: Bool {
    guard isPlain, let first = text.utf8.first else { return isPlain }
    // Most texts are none, which one byte shows.
    guard first == UInt8(ascii: "~") || first | 0x20 == UInt8(ascii: "n") else { return false }
    return ["null", "Null", "NULL", "~"].contains(text)
  }

  /// `true` or `false` in their three spellings; `nil` for anything else, `yes` and `no` included.
  package var asBool: Bool? {
    guard isPlain else { return nil }
    return switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// A decimal, `0o` octal or `0x` hexadecimal whole number of 64 bits; `nil` for anything else, larger ones included.
  package var asInteger: Int64? {
    guard isPlain else { return nil }
    if text.hasPrefix("0o") { return unsigned(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return unsigned(text.dropFirst(2), radix: 16) }
    return isDecimal(text.utf8.first.map { $0 == 0x2B || $0 == 0x2D } == true ? text.dropFirst() : text[...])
      ? Int64(text) : nil
  }

  /// A number with or without fraction and exponent, `.inf` or `.nan`; whole numbers count. `nil` for anything else,
  /// and for numbers that are too large for a double.
  package var asDouble: Double? {
    guard isPlain else { return nil }
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
    case "-.inf", "-.Inf", "-.INF": return -.infinity
    case ".nan", ".NaN", ".NAN": return .nan
    default: break
    }
    if let integer = asInteger { return Double(integer) }
    guard isCoreFloat(Array(text.utf8)), let value = Double(text), value.isFinite else { return nil }
    return value
  }

  private var isPlain: Bool { style == .plain && !isMended }

  private func unsigned(_ digits: Substring, radix: Int) -> Int64? {
    // `Int64(_:radix:)` would also take a sign here.
    digits.utf8.first.map { $0 != 0x2B && $0 != 0x2D } == true ? Int64(digits, radix: radix) : nil
  }

  private func isDecimal(_ digits: Substring) -> Bool {
    !digits.isEmpty && digits.utf8.allSatisfy(isDigit)
  }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
private func isCoreFloat(_ text: [UInt8]) -> Bool {
  var rest = text[...]
  func dropDigits() -> Int {
    let before = rest.count
    rest = rest.drop(while: isDigit)
    return before - rest.count
  }
  func dropSign() { if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() } }
  dropSign()
  var digits = dropDigits()
  if rest.first == UInt8(ascii: ".") {
    rest = rest.dropFirst()
    digits += dropDigits()
  }
  guard digits > 0 else { return false }
  if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
    rest = rest.dropFirst()
    dropSign()
    guard dropDigits() > 0 else { return false }
  }
  return rest.isEmpty
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

// MARK: - Ambiguity

/// Why a plain scalar may be read as something else than the string it is meant to be, by people or by other tools.
package enum ScalarAmbiguity: Sendable, Hashable, CaseIterable {
  /// `yes`, `no`, `on`, `off`, `y`, `n`: truth values to tools of YAML 1.1.
  case truthWord
  /// `true`, `false`
  case boolean
  /// `null`, `~`
  case null
  /// `12`, `0x1F`, `1e3`
  case number
  /// `1.10`, which as a number is 1.1.
  case version
  /// `12:30:45`, which is 45045 to tools of YAML 1.1.
  case sexagesimal
  /// `010`, which is 8 to tools of YAML 1.1 and 10 to those of 1.2.
  case octal
  /// `2026-03-02`, a date to tools of YAML 1.1.
  case date
  /// `.inf`, `.nan`
  case notFinite

  /// What others make of it; fits behind "others read it as".
  package var reading: String {
    switch self {
    case .truthWord, .boolean: "a truth value"
    case .null: "nothing"
    case .number: "a number"
    case .version: "a number without its last zeroes"
    case .sexagesimal: "a number to the base 60"
    case .octal: "an octal number"
    case .date: "a date"
    case .notFinite: "an infinite number"
    }
  }
}

extension YAMLScalar {
  /// Why this unquoted scalar is doubtful where a string is expected; `nil` if it is not, or stands in quotes.
  ///
  /// Names of answers (`yes`, `no`) are keys and references, not strings: do not ask there.
  package var ambiguity: ScalarAmbiguity? {
    guard style == .plain, !isMended else { return nil }
    if text.utf8.count <= 3, ["yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) { return .truthWord }
    if asBool != nil { return .boolean }
    if isNull { return text.isEmpty ? nil : .null }
    guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else { return nil }
    let bytes = Array(text.utf8)
    if isOctal(bytes) { return .octal }
    if isSexagesimal(bytes) { return .sexagesimal }
    if isDate(bytes) { return .date }
    if let number = asDouble, !number.isFinite { return .notFinite }
    if asInteger != nil { return .number }
    guard isCoreFloat(bytes) else { return nil }
    let isVersion = bytes.last == UInt8(ascii: "0") && bytes.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
    return isVersion ? .version : .number
  }

  /// A warning for a doubtful scalar, with the quotes that end the doubt; `nil` if it is not doubtful.
  package func ambiguityWarning(in source: SourceText) -> Diagnostic? {
    ambiguity.map { .ambiguousScalar(text, $0, at: range, in: source) }
  }

  /// A warning for a number that others read as another; `nil` for any other.
  package func octalWarning(in source: SourceText) -> Diagnostic? {
    guard style == .plain, !isMended, text.utf8.first == UInt8(ascii: "0"), isOctal(Array(text.utf8)) else {
      return nil
    }
    return .ambiguousNumber(text, at: range, in: source)
  }

  private func isOctal(_ bytes: [UInt8]) -> Bool {
    bytes.count > 1 && bytes[0] == UInt8(ascii: "0") && bytes.allSatisfy { $0 >= 0x30 && $0 <= 0x37 }
  }

  private func isSexagesimal(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count > 1 else { return false }
    return parts.enumerated().allSatisfy { index, part in
      guard !part.isEmpty, part.allSatisfy(isDigit) else { return false }
      return index == 0 || (part.count <= 2 && part.first.map { part.count == 1 || $0 < 0x36 } == true)
    }
  }

  private func isDate(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 8, bytes.prefix(4).allSatisfy(isDigit), bytes[4] == UInt8(ascii: "-") else { return false }
    let parts = bytes.prefix(10).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.count == 3 && (1...2).contains(parts[1].count) && parts[1].allSatisfy(isDigit)
      && parts[2].first.map(isDigit) == true
  }
}
