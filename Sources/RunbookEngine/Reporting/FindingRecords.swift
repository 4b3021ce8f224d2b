package import Diagnostics
package import Values

extension Diagnostic {
  /// The finding for machines: `file`, `line`, `column`, `end_line`, `end_column`, `code`, `name`, `severity`,
  /// `message`, `notes`, `fixes`. Lines and columns count from 1, columns in code points, ends exclusive; they and
  /// `file` are null for a finding without a place, and the lines and columns for one about a whole file.
  package var json: JSON {
    .object(
      Self.place(location) + [
        .init("code", .string(code.id)), .init("name", .string(code.slug)),
        .init("severity", .string(severity.rawValue)), .init("message", .string(message)),
        .init(
          "notes",
          .array(notes.map { .object([.init("message", .string($0.message))] + Self.place($0.location)) })),
        .init("fixes", .array(fixIts.filter { !$0.holdsSecret }.map { fix(of: $0) })),
      ])
  }

  private func fix(of fixIt: FixIt) -> JSON {
    let place = location.map { SourceLocation($0.source, fixIt.range) }
    return .object(
      [.init("message", .string(fixIt.message)), .init("safe", .bool(fixIt.isSafe))] + Self.place(place)
        + [.init("replacement", .string(fixIt.replacement))])
  }

  private static func place(_ location: SourceLocation?) -> [JSON.Member] {
    let region = location.flatMap { $0.isWholeDocument ? nil : $0 }
    let (start, end) = (region?.start, region?.end)
    func number(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
    return [
      .init("file", location.map { .string(PathName.plain($0.source.name)) } ?? .null),
      .init("line", number(start?.line)), .init("column", number(start?.column)),
      .init("end_line", number(end?.line)), .init("end_column", number(end?.column)),
    ]
  }
}

extension Diagnostic {
  /// What would be right, in words.
  var help: [String] { fixIts.map(\.message) }
}

extension Diagnostic.FixIt {
  /// Whether what it writes looks like a secret, which machines are not told either.
  var holdsSecret: Bool { SecretShape.concealed(replacement) != replacement }
}
