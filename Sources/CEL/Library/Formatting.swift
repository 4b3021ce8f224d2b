import Foundation
import Values

// `text.format([…])` of CEL's library of strings.
extension Library {
  static let formatting: [Function] = [
    Function(
      "format", [.member(.string, [.list(.dyn)], .string)],
      .binary { (template, values, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = template, case .list(let list) = values else {
          throw run.noOverload("format", template, values, at: place)
        }
        var formatter = Formatter(template: Array(text.utf8)[...], values: list[...], place: place)
        return .string(try formatter.text(&run))
      })
  ]
}

/// Puts values in the places of a text that `%` marks.
private struct Formatter {
  /// Most digits behind the decimal point.
  private static let mostDigits: Int = 1_000
  /// Digits behind the decimal point unless the text says how many.
  private static let digits = 6

  var template: ArraySlice<UInt8>
  var values: ArraySlice<Value>
  let place: Place
  private var output: [UInt8] = []

  init(template: ArraySlice<UInt8>, values: ArraySlice<Value>, place: Place) {
    self.template = template
    self.values = values
    self.place = place
  }

  private func fail(_ reason: String) -> EvaluationFailure { EvaluationFailure(.error, reason, at: place) }

  mutating func text(_ run: inout Run) throws(EvaluationFailure) -> String {
    try run.create(text: template.count, place)
    while let byte = template.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        output.append(byte)
        continue
      }
      if template.first == UInt8(ascii: "%") {
        output.append(template.removeFirst())
        continue
      }
      let digits = try precision()
      guard let mark = template.popFirst() else { throw fail("the text to format ends with '%'") }
      guard let value = values.popFirst() else {
        throw fail("the text to format has more places than there are values")
      }
      let written = try format(value, as: mark, digits: digits)
      try run.create(text: written.utf8.count, place)
      output += written.utf8
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The number behind a `.`.
  private mutating func precision() throws(EvaluationFailure) -> Int? {
    guard template.first == UInt8(ascii: ".") else { return nil }
    let text = String(decoding: template.dropFirst().prefix(while: isDigit), as: UTF8.self)
    guard let digits = Int(text), digits <= Self.mostDigits else {
      throw fail("'.\(text.prefix(20))' is no number of digits up to \(Self.mostDigits)")
    }
    template = template.dropFirst(1 + text.utf8.count)
    return digits
  }

  private func format(_ value: Value, as mark: UInt8, digits: Int?) throws(EvaluationFailure) -> String {
    let result: String?
    switch mark {
    case UInt8(ascii: "s"): result = try FormattedText.text(of: value, place)
    case UInt8(ascii: "d"): result = decimal(value)
    case UInt8(ascii: "f"): result = double(value).map { number($0, "%.*f", digits) }
    case UInt8(ascii: "e"): result = double(value).map { number($0, "%.*e", digits) }
    case UInt8(ascii: "b"):
      if case .bool(let answer) = value { result = answer ? "1" : "0" } else { result = whole(value, radix: 2) }
    case UInt8(ascii: "o"): result = whole(value, radix: 8)
    case UInt8(ascii: "x"): result = hexadecimal(value)
    case UInt8(ascii: "X"): result = hexadecimal(value)?.uppercased()
    default: throw fail("'%\(String(decoding: [mark], as: UTF8.self))' is no way to format a value")
    }
    guard let result else {
      throw fail(
        "'%\(String(decoding: [mark], as: UTF8.self))' does not work on \(Library.name(of: runtimeType(of: value)))")
    }
    return result
  }

  private func whole(_ value: Value, radix: Int) -> String? {
    switch value {
    case .int(let number): String(number, radix: radix)
    case .uint(let number): String(number, radix: radix)
    default: nil
    }
  }

  private func decimal(_ value: Value) -> String? {
    guard case .double(let number) = value else { return whole(value, radix: 10) }
    return number.isFinite ? Int64(exactly: number).map { String($0) } : self.number(number, "", nil)
  }

  private func hexadecimal(_ value: Value) -> String? {
    switch value {
    case .string(let text): Value.bytes(Array(text.utf8)).json.text
    case .bytes: value.json.text
    default: whole(value, radix: 16)
    }
  }

  private func double(_ value: Value) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  private func number(_ number: Double, _ format: String, _ digits: Int?) -> String {
    guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity" }
    return String(format: format, digits ?? Self.digits, number)
  }
}

/// Values as `%s` writes them.
enum FormattedText {
  static func text(of value: Value, _ place: Place) throws(EvaluationFailure) -> String {
    switch value {
    case .double(let number) where !number.isFinite: return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .duration(let duration): return DurationText.text(of: duration)
    case .type(let box): return Library.name(of: box.type)
    case .partial(let partial): throw partial.failure(at: place)
    case .list(let elements):
      var texts: [String] = []
      for element in elements { texts.append(try text(of: element, place)) }
      return "[" + texts.joined(separator: ", ") + "]"
    case .table(let table): return try text(of: .list(table.rows.map { .row($0) }), place)
    case .map(let map):
      var entries: [(key: String, text: String)] = []
      for entry in map.entries {
        let key = try text(of: entry.key, place)
        entries.append((key, "\(key): " + (try text(of: entry.value, place))))
      }
      let sorted = entries.sorted { ExactString($0.key) < ExactString($1.key) }
      return "{" + sorted.map(\.text).joined(separator: ", ") + "}"
    case .optional:
      throw EvaluationFailure(.error, "'%s' does not work on an optional; unwrap it with orValue(…)", at: place)
    default: return value.displayText
    }
  }
}

extension Library {
  /// A type as `type(x)` names it, without the types of elements.
  static func name(of type: ValueType) -> String {
    typeNames.filter { $0.value == type }.map(\.key).min() ?? type.description
  }
}
