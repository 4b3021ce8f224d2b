package import Diagnostics
package import Values

extension Diagnostic {
  /// The finding for machines: `code`, `name`, `severity`, `message`, `file`, `line`, `column`, `endLine`, `endColumn`,
  /// `notes`, `fixes`. Lines and columns count from 1, columns in code points, ends exclusive; they and `file` are null
  /// for a finding without a place.
  package var json: JSON {
    .object(
      [
        .init("code", .string(code.id)), .init("name", .string(code.slug)),
        .init("severity", .string(severity.rawValue)), .init("message", .string(message)),
      ] + Self.place(location)
        + [
          .init(
            "notes",
            .array(notes.map { .object([.init("message", .string($0.message))] + Self.place($0.location)) })),
          .init("fixes", .array(fixIts.map { fix(of: $0) })),
        ])
  }

  private func fix(of fixIt: FixIt) -> JSON {
    let place = location.map { SourceLocation($0.source, fixIt.range) }
    return .object(
      [.init("message", .string(fixIt.message))] + Self.place(place)
        + [.init("replacement", .string(fixIt.replacement))])
  }

  private static func place(_ location: SourceLocation?) -> [JSON.Member] {
    let start = location?.start
    let end = location?.end
    func number(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
    return [
      .init("file", location.map { .string($0.source.name) } ?? .null),
      .init("line", number(start?.line)), .init("column", number(start?.column)),
      .init("endLine", number(end?.line)), .init("endColumn", number(end?.column)),
    ]
  }
}
