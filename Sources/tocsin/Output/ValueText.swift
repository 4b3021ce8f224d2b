import CEL
import Foundation
import Values

/// Values as expressions write them: `"text"`, `2u`, `1.0`, `duration("90s")`, `{"a": 1}`.
enum ValueText {
  /// What can be read as CEL again, where CEL has words for it. It has no characters that control terminals.
  static func text(of value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): "\(value)u"
    case .double(let value): value.isFinite ? value.description : "double(\"\(SuiteNotation.text(of: value))\")"
    case .string(let text): quoted(text)
    case .bytes(let bytes): "b\"" + bytes.map(escaped).joined() + "\""
    case .timestamp(let instant): "timestamp(\"\(instant.shortDescription)\")"
    case .duration(let duration): "duration(\"\(seconds(duration))s\")"
    case .list(let values): "[" + values.map(text).joined(separator: ", ") + "]"
    case .map(let map): entries(map.entries.map { ($0.key, $0.value) })
    case .optional(let box): box.map { "optional.of(\(text(of: $0.value)))" } ?? "optional.none()"
    case .address(let box): "ip(\"\(box.address)\")"
    case .network(let box): "cidr(\"\(box.block)\")"
    case .calendar(let box): box.calendar.name
    case .record(let record):
      entries(
        zip(record.type.fields, record.values).compactMap { field, value in value.map { (.string(field.name), $0) } })
    case .table(let table): "[" + table.rows.map { text(of: .row($0)) }.joined(separator: ", ") + "]"
    case .row(let row): entries(row.table.columns.enumerated().map { (.string($1.name), row[$0]) })
    case .type: SuiteNotation.json(of: value)["type"]?.text ?? ""
    case .partial(let partial): "at least \(text(of: partial.known))"
    }
  }

  private static func entries(_ entries: [(key: Value, value: Value)]) -> String {
    "{" + entries.map { "\(text(of: $0.key)): \(text(of: $0.value))" }.joined(separator: ", ") + "}"
  }

  private static func quoted(_ text: String) -> String {
    Reports.inertJSON(JSON.string(text).compactText)
  }

  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + String(Unicode.Scalar(byte))
    case 0x20..<0x7F: String(Unicode.Scalar(byte))
    default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }

  private static func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
    guard attoseconds != 0 else { return "\(sign)\(seconds.magnitude)" }
    var digits = String((attoseconds / 1_000_000_000).magnitude)
    digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(sign)\(seconds.magnitude).\(digits)"
  }
}
