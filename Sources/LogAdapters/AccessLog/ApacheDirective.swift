/// Apache's `LogFormat` directives (mod_log_config, "Custom Log Formats"; mod_logio).
enum ApacheDirective {
  static func pieces(of format: String) throws(AccessLogFormatProblem) -> [AccessLogPiece] {
    var pieces: [AccessLogPiece] = []
    var rest = Array(format.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        let directive = try Directive(&rest)
        pieces += try Self.pieces(for: directive)
      case UInt8(ascii: "\\"):
        pieces.append(.literal([unescaped(rest.popFirst() ?? byte)]))
      default: pieces.append(.literal([byte]))
      }
    }
    return pieces
  }

  private static func unescaped(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "n"): 0x0A
    default: byte
    }
  }

  /// One directive: `%400,501{User-agent}i`, `%>s`, `%{usec}t`, `%^FU`.
  private struct Directive {
    var argument: String?
    let letter: String

    var name: String { "%\(argument.map { "{\($0)}" } ?? "")\(letter)" }

    init(_ rest: inout ArraySlice<UInt8>) throws(AccessLogFormatProblem) {
      // Conditions on the status, and which of several internal requests is meant.
      while let byte = rest.first, byte == 33 || byte == 44 || byte == 60 || byte == 62 || (48...57).contains(byte) {
        rest.removeFirst()
      }
      if rest.first == UInt8(ascii: "{") {
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
          throw AccessLogFormatProblem("a directive's brace is not closed")
        }
        argument = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
        rest = rest[(end + 1)...]
      }
      // `%^` is followed by two letters.
      var letters = [rest.popFirst()].compactMap { $0 }
      if letters == [UInt8(ascii: "^")] { letters += rest.prefix(2); rest = rest.dropFirst(2) }
      guard let last = letters.last, last > 0x20 else { throw AccessLogFormatProblem("the format ends after a %") }
      letter = String(decoding: letters, as: UTF8.self)
    }
  }

  private static func pieces(for directive: Directive) throws(AccessLogFormatProblem) -> [AccessLogPiece] {
    if directive.letter == "%" { return [.literal([UInt8(ascii: "%")])] }
    if directive.letter == "t" { return try timePieces(for: directive) }
    guard let meaning = meaning(of: directive) else {
      throw AccessLogFormatProblem("\(directive.name) is not a directive of Apache's log format")
    }
    return [.field(.init(meaning: meaning, name: directive.name))]
  }

  private static func timePieces(for directive: Directive) throws(AccessLogFormatProblem) -> [AccessLogPiece] {
    func field(_ form: AccessLogFormat.TimeForm) -> AccessLogPiece {
      .field(.init(meaning: .time(form), name: directive.name))
    }
    switch directive.argument {
    case nil: return [.literal([UInt8(ascii: "[")]), field(.commonLog), .literal([UInt8(ascii: "]")])]
    case "sec", "begin:sec": return [field(.seconds)]
    case "msec", "begin:msec": return [field(.milliseconds)]
    case "usec", "begin:usec": return [field(.microseconds)]
    case "%d/%b/%Y:%H:%M:%S %z", "%d/%b/%Y:%T %z": return [field(.commonLog)]
    case "%Y-%m-%dT%H:%M:%S%z", "%FT%T%z", "%Y-%m-%d %H:%M:%S %z", "%F %T %z": return [field(.iso8601)]
    default:
      throw AccessLogFormatProblem(
        "the time form \(directive.name) is not known; known are %t, %{sec}t, %{msec}t, %{usec}t and %{%FT%T%z}t")
    }
  }

  private static func meaning(of directive: Directive) -> AccessLogFormat.Meaning? {
    if let argument = directive.argument { return meaning(of: directive.letter, argument) }
    switch directive.letter {
    case "h", "a": return .client
    case "l": return .ignored
    case "u": return .user
    case "v", "V": return .host
    case "p": return .port
    case "m": return .method
    case "U": return .path
    case "q": return .query
    case "H": return .protocolName
    case "r": return .request
    case "s": return .status
    case "b", "B", "O": return .bytes
    case "D": return .duration(perSecond: 1_000_000)
    case "T": return .duration(perSecond: 1)
    case "L": return .id
    case "A": return .other("local_address")
    case "f": return .other("filename")
    case "I": return .other("bytes_in")
    case "k": return .other("keepalives")
    case "P": return .other("pid")
    case "R": return .other("handler")
    case "S": return .other("bytes_total")
    case "X": return .other("connection_status")
    default: return nil
    }
  }

  private static func meaning(of letter: String, _ argument: String) -> AccessLogFormat.Meaning? {
    switch (letter, argument.lowercased()) {
    case ("a", "c"), ("h", "c"): .other("peer")
    case ("i", "referer"): .referer
    case ("i", "user-agent"): .agent
    case ("i", "host"): .host
    case ("e", "unique_id"), ("n", "unique_id"), ("c", _): .id
    case ("p", "canonical"), ("p", "local"): .port
    case ("p", "remote"): .other("client_port")
    case ("T", "s"): .duration(perSecond: 1)
    case ("T", "ms"): .duration(perSecond: 1_000)
    case ("T", "us"): .duration(perSecond: 1_000_000)
    case ("P", _): .other("pid")
    case ("i", _), ("o", _), ("e", _), ("n", _), ("C", _), ("^ti", _), ("^to", _), ("x", _), ("l", _), ("L", _):
      .other(AccessLogFormat.columnName(for: argument))
    default: nil
    }
  }
}

extension AccessLogFormat {
  /// `X-Forwarded-For` as a column: `x_forwarded_for`.
  static func columnName(for name: String) -> String {
    let bytes = name.lowercased().utf8.map { byte in
      (48...57).contains(byte) || (97...122).contains(byte) ? byte : UInt8(ascii: "_")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return AccessLogTable.standardColumnNames.contains(text) || text.first?.isNumber != false ? "field_\(text)" : text
  }
}
