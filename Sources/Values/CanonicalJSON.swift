extension JSON {
  /// The text as RFC 8785 (JCS) writes it: no spaces, members in the order of their names' UTF-16 code units, numbers
  /// as ECMAScript prints them. Equal values give equal bytes.
  ///
  /// Numbers of `.number` are written as they stand.
  public var canonicalBytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output, sorted: true)
    return output
  }

  public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

  /// The text without spaces, members in the order in which they stand.
  public var compactText: String {
    var output: [UInt8] = []
    write(to: &output, sorted: false)
    return String(decoding: output, as: UTF8.self)
  }

  private func write(to output: inout [UInt8], sorted: Bool) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .integer(let value): output += String(value).utf8
    case .double(let value): output += Self.ecmaScriptText(of: value).utf8
    case .number(let text): output += text.utf8
    case .string(let text): Self.write(text, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        element.write(to: &output, sorted: sorted)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      let members =
        sorted ? members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) } : members
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        Self.write(member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output, sorted: sorted)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to output: inout [UInt8]) {
    let hex = Array("0123456789abcdef".utf8)
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): output += [0x5C, 0x22]
      case UInt8(ascii: "\\"): output += [0x5C, 0x5C]
      case 0x08: output += [0x5C, UInt8(ascii: "b")]
      case 0x0C: output += [0x5C, UInt8(ascii: "f")]
      case 0x0A: output += [0x5C, UInt8(ascii: "n")]
      case 0x0D: output += [0x5C, UInt8(ascii: "r")]
      case 0x09: output += [0x5C, UInt8(ascii: "t")]
      case 0..<0x20:
        output += [0x5C, UInt8(ascii: "u"), 0x30, 0x30, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// A number as ECMAScript's `Number::toString` prints it (ECMA-262, 6.1.6.1.20). JSON has no word for what is not a
  /// finite number; such values become `null`.
  static func ecmaScriptText(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    guard value != 0 else { return "0" }
    let (digits, exponent) = shortestDigits(of: value.magnitude)
    let sign = value < 0 ? "-" : ""
    let count = digits.count
    // The decimal point stands behind the first `exponent` digits.
    if exponent >= count, exponent <= 21 {
      return sign + digits + String(repeating: "0", count: exponent - count)
    }
    if exponent > 0, exponent <= 21 {
      return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    }
    if exponent > -6, exponent <= 0 {
      return sign + "0." + String(repeating: "0", count: -exponent) + digits
    }
    let power = exponent - 1
    let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
    return "\(sign)\(mantissa)e\(power < 0 ? "-" : "+")\(abs(power))"
  }

  /// The fewest decimal digits that read back as the value, and the position of the decimal point among them.
  private static func shortestDigits(of value: Double) -> (digits: String, exponent: Int) {
    let text = value.description
    let parts = text.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(mantissa[0])
    var fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
    if fraction == "0" { fraction = "" }
    var digits = whole + fraction
    var exponent = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (digits, exponent)
  }
}
