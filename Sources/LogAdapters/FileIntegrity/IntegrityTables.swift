import RunbookPorts
import Values

/// The tables of file integrity reports.
enum IntegrityTables {
  static let changes = TableSchema(
    about: "one row for each file that differs from the database",
    columns: [
      ColumnSchema(
        "path", .path,
        "the file; bytes of its name that are not UTF-8 as \\xNN; plain text has other odd bytes as \\012"),
      ColumnSchema("change", .string, "added, removed, changed"),
      ColumnSchema(
        "kind", .string,
        "f file, d folder, l link, c and b devices, p pipe, s socket; null where the report does not say"),
      ColumnSchema("flags", .string, "what differs, in AIDE's letters; null for Tripwire"),
      ColumnSchema("attributes", .list(.string), "what differs, in words: size, perm, modify_time, sha256"),
      ColumnSchema(
        "time", .timestamp,
        "when the file's entry was last changed (its ctime, else its mtime); null where the report does not say, as "
          + "for files that AIDE calls added or removed"),
      ColumnSchema("modify_time", .timestamp, "the new time of the last change of content, as the file says"),
      ColumnSchema("size_old", .int, "bytes before; null where the size did not change"),
      ColumnSchema("size_new", .int, "bytes now"),
      ColumnSchema("perm_old", .string, "permissions before: -rw-r--r--; null where they did not change"),
      ColumnSchema("perm_new", .string, "permissions now"),
      ColumnSchema("owner_old", .string, "the owner before; null where it did not change"),
      ColumnSchema("owner_new", .string, "the owner now"),
      ColumnSchema("rule", .string, "the rule of Tripwire's policy that the file falls under; null for AIDE"),
      ColumnSchema("severity", .int, "that rule's severity; null for AIDE"),
      ColumnSchema("reported", .timestamp, "when the check ended that found it"),
      ColumnSchema("report", .string, "the report's file name"),
    ])

  static let reports = TableSchema(
    name: "report", about: "one row for each report",
    columns: [
      ColumnSchema("time", .timestamp, "when the check ended"),
      ColumnSchema("start", .timestamp, "when it began"),
      ColumnSchema("version", .string, "the checker's version"),
      ColumnSchema("outline", .string, "the result in a sentence"),
      ColumnSchema("total", .int, "entries that were checked"),
      ColumnSchema("added", .int, "files that are new"),
      ColumnSchema("removed", .int, "files that are gone"),
      ColumnSchema("changed", .int, "files that differ"),
      ColumnSchema("report", .string, "the report's file name"),
    ])

  /// The rows of reports, in the order of their times.
  static func content(_ reports: [IntegrityReport]) -> DocumentAdapter<IntegrityReport>.Content {
    let reports = reports.sorted { left, right in
      guard let leftEnd = left.end, let rightEnd = right.end, leftEnd != rightEnd else { return left.name < right.name }
      return leftEnd < rightEnd
    }
    let missing = reports.compactMap(\.gap)
    let repaired = reports.filter(\.isRepaired)
    return DocumentAdapter<IntegrityReport>.Content(
      tables: [
        RowTable(
          schema: changes, rows: reports.flatMap { report in report.changes.map { row($0, of: report) } },
          gap: missing.isEmpty ? nil : missing.joined(separator: "; ")),
        RowTable(schema: Self.reports, rows: reports.map(row)),
      ],
      extent: SourceExtent(
        kind: .report, first: reports.compactMap(\.end).min(), last: reports.compactMap(\.end).max(),
        resolution: .seconds(1)),
      repaired: repaired.count,
      warnings: repaired.map { "\($0.name) is not valid UTF-8; bad bytes are shown as \\xNN" })
  }

  static func row(_ change: IntegrityReport.Change, of report: IntegrityReport) -> [Value] {
    let modified = report.time(change.attribute("modify_time")?.new)
    let time = report.time(change.attribute("change_time")?.new) ?? modified
    let size = change.attribute("size")
    let permissions = change.attribute("perm")
    let owner = change.attribute("uid", "user")
    // What an added file has did not change, and a removed one has nothing any more.
    let names = change.change == "changed" ? change.attributes.map { Value.string($0.name) } : []
    return [
      .string(change.path), .string(change.change), text(change.kind), text(change.flags), .list(names),
      optional(time), optional(modified), number(size?.old), number(size?.new), text(permissions?.old),
      text(permissions?.new), text(owner?.old), text(owner?.new), text(change.rule),
      change.severity.map(Value.int) ?? .null, optional(report.end), .string(report.name),
    ]
  }

  static func row(_ report: IntegrityReport) -> [Value] {
    [
      optional(report.end), optional(report.start), text(report.version), text(report.outline),
      report.total.map(Value.int) ?? .null, .int(report.added), .int(report.removed), .int(report.changed),
      .string(report.name),
    ]
  }

  private static func optional(_ time: Timestamp?) -> Value { time.map(Value.timestamp) ?? .null }
  private static func number(_ text: String?) -> Value { text.flatMap { Int64($0) }.map(Value.int) ?? .null }
  private static func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
}
