import Values

/// An alert's value as JSON text that reads back as the same value, members in their order.
enum ExactText {
  /// - Returns: `nil` where the canonical JSON of the value reads back as the same value.
  static func beyondJSON(_ value: Value) -> String? {
    var output: [UInt8] = []
    write(value, to: &output)
    return output == value.json.canonicalBytes ? nil : String(decoding: output, as: UTF8.self)
  }

  private static func write(_ value: Value, to output: inout [UInt8]) {
    switch value {
    case .int(let number): output += String(number).utf8
    case .uint(let number): output += String(number).utf8
    case .double(let number): write(number, to: &output)
    case .list(let values):
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(value, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .map(let map):
      output.append(UInt8(ascii: "{"))
      for (index, entry) in map.entries.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        output += JSON.string(entry.key.displayText).canonicalBytes
        output.append(UInt8(ascii: ":"))
        write(entry.value, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    default: output += value.json.canonicalBytes
    }
  }

  /// A number that is read as a double again: with a fraction or an exponent, and its sign if it is zero.
  private static func write(_ number: Double, to output: inout [UInt8]) {
    guard number.isFinite else {
      // Only a number too large for a double has become one that is not finite.
      output += number < 0 ? "-1e999".utf8 : "1e999".utf8
      return
    }
    let text = number == 0 && number.sign == .minus ? "-0" : JSON.double(number).canonicalText
    output += text.utf8
    if !text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }) { output += ".0".utf8 }
  }
}
