import Values

// CEL's library of strings: texts made of texts.
extension Library {
  static let stringEditing: [Function] = [
    text("lowerAscii", lowerASCII),
    text("upperAscii") { text in
      String(decoding: text.utf8.map { (97...122).contains($0) ? $0 & 0xDF : $0 }, as: UTF8.self)
    },
    text("reverse") { text in
      var reversed = String.UnicodeScalarView()
      reversed.append(contentsOf: text.unicodeScalars.reversed())
      return String(reversed)
    },
    text("trim") { text in
      let scalars = text.unicodeScalars
      guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
        let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
      else { return "" }
      return String(scalars[first...last])
    },
    Function(
      "strings.quote", [Overload([.string], .string)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value else { throw run.noOverload("strings.quote", value, at: place) }
        try run.create(text: text.utf8.count * 2 + 2, place)
        return .string(quoted(text))
      }),
    Function(
      "split", [.member(.string, [.string], .list(.string)), .member(.string, [.string, .int], .list(.string))],
      .many(split)),
    Function(
      "replace",
      [.member(.string, [.string, .string], .string), .member(.string, [.string, .string, .int], .string)],
      .many(replace)),
    Function("join", [.member(.list(.string), [], .string), .member(.list(.string), [.string], .string)], .many(join)),
  ]

  private static func text(_ name: String, _ body: @escaping @Sendable (String) -> String) -> Function {
    Function(
      name, [.member(.string, [], .string)],
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        guard case .string(let text) = value else { throw run.noOverload(name, value, at: place) }
        try run.create(text: text.utf8.count, place)
        return .string(body(text))
      })
  }

  private static func quoted(_ text: String) -> String {
    let escapes: [Unicode.Scalar: String] = [
      "\u{7}": "\\a", "\u{8}": "\\b", "\u{C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{B}": "\\v",
      "\\": "\\\\", "\"": "\\\"",
    ]
    var result = "\""
    for scalar in text.unicodeScalars {
      if let escape = escapes[scalar] { result += escape } else { result.unicodeScalars.append(scalar) }
    }
    return result + "\""
  }

  // MARK: Parts

  /// The bytes between the places where `separator` stands; between all code points if that is empty.
  ///
  /// - Parameter limit: Most parts; negative for all.
  private static func parts(of text: String, separatedBy separator: String, limit: Int64) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    let separator = Array(separator.utf8)
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    while limit < 0 || parts.count + 1 < limit {
      if separator.isEmpty {
        var end = start + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        guard end < bytes.count else { break }
        parts.append(bytes[start..<end])
        start = end
      } else {
        guard let found = firstPlace(of: separator, in: bytes, from: start) else { break }
        parts.append(bytes[start..<found])
        start = found + separator.count
      }
    }
    return parts + [bytes[start...]]
  }

  @Sendable
  private static func split(
    _ values: [Value], _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    guard case .string(let text) = values[0], case .string(let separator) = values[1] else {
      throw run.noOverload("split", values[0], values[1], at: place)
    }
    let limit = try count(values, at: 2, "split", run, place)
    try run.create(text: text.utf8.count, place)
    if limit == 0 || text.isEmpty && separator.isEmpty { return .list([]) }
    let found = parts(of: text, separatedBy: separator, limit: limit)
    try run.charge(found.count, place)
    try run.create(elements: found.count, place)
    return .list(found.map { .string(String(decoding: $0, as: UTF8.self)) })
  }

  @Sendable
  private static func replace(
    _ values: [Value], _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    guard case .string(let text) = values[0], case .string(let old) = values[1], case .string(let new) = values[2]
    else {
      throw run.noOverload("replace", values[0], values[1], values[2], at: place)
    }
    let limit = try count(values, at: 3, "replace", run, place)
    try run.charge(bytes: text.utf8.count, place)
    if limit == 0 { return .string(text) }
    var found = parts(of: text, separatedBy: old, limit: limit < 0 ? limit : limit &+ 1)
    if old.isEmpty {
      // What stands between code points stands before the first and behind the last as well.
      found.insert([], at: 0)
      if limit < 0 || found.count <= limit {
        // In an empty text these are one place.
        if !text.isEmpty { found.append([]) }
      } else {
        found = merged(found, limit: Int(limit))
      }
    }
    try run.create(text: text.utf8.count + (found.count - 1) * new.utf8.count, place)
    return .string(String(decoding: Array(found.joined(separator: Array(new.utf8))), as: UTF8.self))
  }

  /// The parts with what is beyond the limit in one.
  private static func merged(_ parts: [ArraySlice<UInt8>], limit: Int) -> [ArraySlice<UInt8>] {
    Array(parts.prefix(limit)) + [parts.dropFirst(limit).joined().reduce(into: []) { $0.append($1) }]
  }

  /// How many are wanted; all, if nothing is said.
  private static func count(
    _ values: [Value], at index: Int, _ name: String, _ run: borrowing Run, _ place: Place
  ) throws(EvaluationFailure) -> Int64 {
    guard index < values.count else { return -1 }
    guard case .int(let count) = values[index] else { throw run.noOverload(name, values[index], at: place) }
    return count
  }

  @Sendable
  private static func join(_ values: [Value], _ run: inout Run, _ place: Place) throws(EvaluationFailure) -> Value {
    if case .partial(let partial) = values[0] { throw partial.failure(at: place) }
    guard let elements = Elements(values[0]) else { throw run.noOverload("join", values[0], at: place) }
    var separator = ""
    if values.count == 2 {
      guard case .string(let text) = values[1] else { throw run.noOverload("join", values[1], at: place) }
      separator = text
    }
    var length = 0
    var texts: [String] = []
    for element in elements.values {
      guard case .string(let text) = element else { throw run.noOverload("join", element, at: place) }
      try run.charge(1, place)
      length += text.utf8.count + separator.utf8.count
      texts.append(text)
    }
    try run.create(text: length, place)
    return .string(texts.joined(separator: separator))
  }
}
