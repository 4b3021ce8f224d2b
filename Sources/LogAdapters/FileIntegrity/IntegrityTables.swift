import RunbookPorts
import Values

/// The tables of file integrity reports.
enum IntegrityTables {
  static let changes = TableSchema(
    about: "one row for each file that differs from the database",
    columns: [
      ColumnSchema("path", .path, "the file; bytes of its name that are not UTF-8 as \\xNN"),
      ColumnSchema("change", .string, "added, removed, changed"),
      ColumnSchema("kind", .string, "f file, d folder, l link, c and b devices, p pipe, s socket"),
      ColumnSchema("flags", .string, "what differs, in AIDE's letters"),
      ColumnSchema("attributes", .list(.string), "what differs, in words: size, perm, modify_time, sha256"),
      ColumnSchema(
        "time", .timestamp,
        "when the file's entry was last changed (its ctime, else its mtime); null where the report does not say, as "
          + "for added and removed files"),
      ColumnSchema("modify_time", .timestamp, "the new time of the last change of content, as the file says"),
      ColumnSchema("size_old", .int, "bytes before; null where the size did not change"),
      ColumnSchema("size_new", .int, "bytes now"),
      ColumnSchema("perm_old", .string, "permissions before: -rw-r--r--; null where they did not change"),
      ColumnSchema("perm_new", .string, "permissions now"),
      ColumnSchema("owner_old", .string, "the owner before; null where it did not change"),
      ColumnSchema("owner_new", .string, "the owner now"),
      ColumnSchema("reported", .timestamp, "when the check ended that found it"),
      ColumnSchema("report", .string, "the report's file name"),
    ])

  static let reports = TableSchema(
    name: "report", about: "one row for each report",
    columns: [
      ColumnSchema("time", .timestamp, "when the check ended"),
      ColumnSchema("start", .timestamp, "when it began"),
      ColumnSchema("version", .string, "AIDE's version"),
      ColumnSchema("outline", .string, "the result in a sentence"),
      ColumnSchema("total", .int, "entries that were checked"),
      ColumnSchema("added", .int, "files that are new"),
      ColumnSchema("removed", .int, "files that are gone"),
      ColumnSchema("changed", .int, "files that differ"),
      ColumnSchema("report", .string, "the report's file name"),
    ])

  static func row(_ change: IntegrityReport.Change, of report: IntegrityReport) -> [Value] {
    let details = change.details
    let modified = IntegrityReport.time(details?["modify_time"]?["new"])
    let time = IntegrityReport.time(details?["change_time"]?["new"]) ?? modified
    let attributes = details?.members?.map { Value.string($0.name) } ?? []
    let owner = details?["uid"] ?? details?["user"]
    return [
      .string(change.path), .string(change.change), .string(String(change.flags.prefix(1))),
      .string(trimmed(change.flags)), .list(attributes), optional(time), optional(modified),
      number(details?["size"]?["old"]), number(details?["size"]?["new"]), text(details?["perm"]?["old"]),
      text(details?["perm"]?["new"]), text(owner?["old"]), text(owner?["new"]), .timestamp(report.end),
      .string(report.name),
    ]
  }

  static func row(_ report: IntegrityReport) -> [Value] {
    [
      .timestamp(report.end), optional(report.start), text(report.version.map(JSON.string)),
      text(report.outline.map(JSON.string)), report.total.map(Value.int) ?? .null, .int(report.added),
      .int(report.removed), .int(report.changed), .string(report.name),
    ]
  }

  private static func optional(_ time: Timestamp?) -> Value { time.map(Value.timestamp) ?? .null }
  private static func number(_ json: JSON?) -> Value { json?.integer.map(Value.int) ?? .null }
  private static func text(_ json: JSON?) -> Value { json.map { .string($0.text ?? $0.compactText) } ?? .null }

  private static func trimmed(_ flags: String) -> String {
    var flags = flags[...]
    while flags.last == " " { flags.removeLast() }
    return String(flags)
  }
}
