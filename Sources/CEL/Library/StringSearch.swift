import Values

// CEL's library of strings: places in texts. They count code points.
extension Library {
  static let stringSearch: [Function] = [
    Function(
      "charAt", [.member(.string, [.int], .string)],
      .binary { (value, index, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value, case .int(let index) = index else {
          throw run.noOverload("charAt", value, index, at: place)
        }
        try run.charge(bytes: text.utf8.count, place)
        let start = try offset(index, in: text, place)
        return .string(start < text.unicodeScalars.endIndex ? String(text.unicodeScalars[start]) : "")
      }),
    Function(
      "indexOf", [.member(.string, [.string], .int), .member(.string, [.string, .int], .int)],
      .many { (values, run, place) throws(EvaluationFailure) -> Value in
        let (text, part, from) = try searched(values, "indexOf", &run, place)
        let start = try from.map { (index) throws(EvaluationFailure) in try offset(index, in: text, place) }
        return .int(first(part, in: text, from: start ?? text.startIndex))
      }),
    Function(
      "lastIndexOf", [.member(.string, [.string], .int), .member(.string, [.string, .int], .int)],
      .many { (values, run, place) throws(EvaluationFailure) -> Value in
        let (text, part, from) = try searched(values, "lastIndexOf", &run, place)
        let end = try from.map { (index) throws(EvaluationFailure) in try offset(index, in: text, place) }
        return .int(Library.last(part, in: text, upTo: end ?? text.endIndex))
      }),
    Function(
      "substring", [.member(.string, [.int], .string), .member(.string, [.int, .int], .string)],
      .many { (values, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = values[0], case .int(let from) = values[1] else {
          throw run.noOverload("substring", values[0], values[1], at: place)
        }
        try run.charge(bytes: text.utf8.count, place)
        let start = try offset(from, in: text, place)
        guard values.count == 3 else { return .string(String(text[start...])) }
        guard case .int(let to) = values[2] else { throw run.noOverload("substring", values[2], at: place) }
        let end = try offset(to, in: text, place)
        guard start <= end else {
          throw EvaluationFailure(.error, "the part from \(from) to \(to) ends before it begins", at: place)
        }
        return .string(String(text[start..<end]))
      }),
  ]

  /// The place before the code point with this number; the text's end is one.
  private static func offset(_ index: Int64, in text: String, _ place: Place) throws(EvaluationFailure) -> String.Index
  {
    let scalars = text.unicodeScalars
    guard let count = Int(exactly: index), count >= 0,
      let found = scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex)
    else {
      throw EvaluationFailure(
        .error, "there is no place \(index) in the text: it has \(scalars.count) characters, counted from 0", at: place)
    }
    return found
  }

  private static func searched(
    _ values: [Value], _ name: String, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> (text: String, part: String, from: Int64?) {
    guard case .string(let text) = values[0], case .string(let part) = values[1] else {
      throw run.noOverload(name, values[0], values[1], at: place)
    }
    try run.charge(bytes: text.utf8.count + part.utf8.count, place)
    guard values.count == 3 else { return (text, part, nil) }
    guard case .int(let from) = values[2] else { throw run.noOverload(name, values[2], at: place) }
    return (text, part, from)
  }

  /// The number of code points before the part's first place at or behind `start`; -1 if it is not there.
  private static func first(_ part: String, in text: String, from start: String.Index) -> Int64 {
    let bytes = Array(text.utf8[start...])
    guard let found = firstPlace(of: Array(part.utf8), in: bytes) else { return -1 }
    return Int64(text.unicodeScalars[..<start].count + codePoints(bytes[..<found]))
  }

  /// The number of code points before the part's last place at or before `end`; -1 if it is not there.
  private static func last(_ part: String, in text: String, upTo end: String.Index) -> Int64 {
    let bytes = Array(text.utf8)
    let part = Array(part.utf8)
    // The part may begin at `end` and so end behind it.
    let limit = min(bytes.count, text.utf8.distance(from: text.startIndex, to: end) + part.count)
    guard let found = firstPlace(of: part.reversed(), in: bytes[..<limit].reversed()) else { return -1 }
    return Int64(codePoints(bytes[..<(limit - found - part.count)]))
  }

  private static func codePoints(_ bytes: ArraySlice<UInt8>) -> Int { bytes.count { $0 & 0xC0 != 0x80 } }
}
