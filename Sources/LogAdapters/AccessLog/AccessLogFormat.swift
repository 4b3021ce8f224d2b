/// What a line of an access log consists of: fields, and the text between them.
///
/// Made from Apache's `LogFormat` (mod_log_config) or nginx's `log_format`.
struct AccessLogFormat: Sendable, Equatable {
  /// What a field means. The text forms are those of Apache's own fields; escapes in them are decoded.
  enum Meaning: Hashable, Sendable {
    case client, user, host, port, method, path, query, target, protocolName, request, status, bytes, referer, agent, id
    case time(TimeForm)
    case duration(perSecond: Int)
    /// Any other field, as text in a column of this name.
    case other(String)
    /// Known to say nothing.
    case ignored
  }

  enum TimeForm: Hashable, Sendable {
    case commonLog, iso8601, seconds, milliseconds, microseconds
  }

  struct Field: Hashable, Sendable {
    let meaning: Meaning
    /// The field as the format writes it: `%{Referer}i`.
    let name: String
    /// The text that ends the field; empty for the last field of the line.
    var terminator: [UInt8] = []
    /// A field in double quotes: a quote with a backslash before it does not end it.
    var isQuoted = false
  }

  private(set) var prefix: [UInt8] = []
  private(set) var fields: [Field] = []

  /// The formats that have names of their own in Apache's configuration as Debian ships it.
  static let named: [String: String] = [
    "common": #"%h %l %u %t "%r" %>s %O"#,
    "combined": #"%h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i""#,
    "vhost_combined": #"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i""#,
  ]

  /// - Throws: a sentence about what is wrong with the format.
  init(_ text: String) throws(AccessLogFormatProblem) {
    let pieces =
      text.contains("%") || !text.contains("$")
      ? try ApacheDirective.pieces(of: Self.named[text] ?? text) : try NginxVariable.pieces(of: text)
    var literal: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let bytes): literal += bytes
      case .field(var field):
        try endField(with: literal, before: field)
        field.isQuoted = literal.last == UInt8(ascii: "\"")
        fields.append(field)
        literal = []
      }
    }
    guard !fields.isEmpty else { throw AccessLogFormatProblem("the format names no field") }
    endLast(with: literal)
    try requireDistinctColumns()
  }

  private mutating func endField(with literal: [UInt8], before field: Field) throws(AccessLogFormatProblem) {
    guard !fields.isEmpty else {
      prefix = literal
      return
    }
    guard !literal.isEmpty else {
      throw AccessLogFormatProblem("nothing stands before \(field.name), so it cannot be told from the field before it")
    }
    endLast(with: literal)
  }

  private mutating func endLast(with literal: [UInt8]) {
    let last = fields.count - 1
    fields[last].terminator = literal
    fields[last].isQuoted = fields[last].isQuoted && literal.first == UInt8(ascii: "\"")
  }

  private func requireDistinctColumns() throws(AccessLogFormatProblem) {
    var seen: Set<String> = []
    for field in fields {
      if case .other(let column) = field.meaning, !seen.insert(column).inserted {
        throw AccessLogFormatProblem("two fields would make the column `\(column)`")
      }
    }
  }

  /// The columns beyond the usual ones, with the fields that fill them.
  var extraColumns: [(name: String, field: String)] {
    fields.compactMap { field in
      if case .other(let column) = field.meaning { (column, field.name) } else { nil }
    }
  }

  /// The same format with the field of this name as the client's address.
  ///
  /// - Returns: `nil` if the format has no such field.
  func takingClient(from name: String) -> AccessLogFormat? {
    guard fields.contains(where: { $0.name == name }) else { return nil }
    var copy = self
    copy.fields = fields.map { field in
      let meaning: Meaning =
        field.name == name ? .client : field.meaning == .client ? .ignored : field.meaning
      return Field(meaning: meaning, name: field.name, terminator: field.terminator, isQuoted: field.isQuoted)
    }
    return copy
  }
}

struct AccessLogFormatProblem: Error, Equatable {
  let message: String
  init(_ message: String) { self.message = message }
}

/// A piece of a format's text.
enum AccessLogPiece {
  case literal([UInt8])
  case field(AccessLogFormat.Field)
}
