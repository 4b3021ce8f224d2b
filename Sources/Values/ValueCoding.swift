/// Values as JSON: what the trail keeps and machines are shown.
extension Value {
  /// Whole numbers that JavaScript cannot hold become strings, as do instants, durations and addresses; bytes become
  /// lower-case hexadecimal; a double that is no finite number becomes its name.
  public var json: JSON {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): value.magnitude <= JSON.exactIntegerLimit ? .integer(value) : .string(String(value))
    case .uint(let value):
      value <= JSON.exactIntegerLimit ? .integer(Int64(value)) : .string(String(value))
    case .double(let value):
      value.isFinite ? .double(value) : .string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    case .string(let text): .string(text)
    case .bytes(let bytes):
      .string(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    case .timestamp(let instant): .string(instant.shortDescription)
    case .duration(let duration): .string(duration.shorthand)
    case .list(let values): .array(values.map(\.json))
    case .map(let map):
      .object(map.entries.map { .init($0.key.keyText, $0.value.json) })
    case .optional(let boxed): boxed?.value.json ?? .null
    case .address(let box): .string(box.address.description)
    case .network(let box): .string(box.block.description)
    case .calendar(let box): .string(box.calendar.name)
    case .record(let record):
      .object(
        zip(record.type.fields, record.values).compactMap { field, value in
          value.map { .init(field.name, $0.json) }
        })
    case .table(let table): .array(table.rows.map { Value.row($0).json })
    case .row(let row):
      .object(row.table.columns.enumerated().map { .init($1.name, row[$0].json) })
    case .type(let box): .string(box.type.description)
    case .partial(let partial):
      .object(["at_least": partial.known.json, "because": .string(partial.reason)])
    }
  }

  /// The value as people read it in a sentence: text bare, lists with commas.
  public var displayText: String {
    switch self {
    case .string(let text): text
    case .list(let values): values.map(\.displayText).joined(separator: ", ")
    case .double(let value) where value.isFinite: JSON.ecmaScriptText(of: value)
    case .partial(let partial): "at least \(partial.known.displayText)"
    default: json.text ?? json.compactText
    }
  }

  private var keyText: String {
    switch self {
    case .string(let text): text
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): String(value)
    default: "?"
    }
  }

  /// A JSON text as a dynamically typed value: whole numbers become `int`, objects maps.
  ///
  /// - Note: A number that only `.number` holds becomes a `uint` where that holds it, else the nearest double.
  public init(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .int(value)
    case .double(let value): self = .double(value)
    case .number(let text): self = UInt64(text).map(Value.uint) ?? .double(Double(text) ?? .nan)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map(Value.init))
    case .object(let members):
      // The parser has refused objects in which a name stands twice; of others the first counts.
      var seen: Set<ExactString> = []
      let entries = members.filter { seen.insert(ExactString($0.name)).inserted }
      self = .map(ValueMap(entries.map { (.string($0.name), Value($0.value)) }) ?? .empty)
    }
  }
}

extension JSON {
  /// The largest whole number that every JSON reader holds exactly (RFC 8259, section 6).
  public static let exactIntegerLimit: UInt64 = 1 << 53 - 1
}

extension Table {
  /// `{"columns":[{"name":…,"type":…}],"rows":[[…]]}`.
  public var json: JSON {
    .object([
      "columns": .array(
        columns.map { .object(["name": .string($0.name), "type": .string($0.type.description)]) }),
      "rows": .array((0..<count).map { row in .array(cells.map { $0[row].json }) }),
    ])
  }
}

extension Series {
  /// `{"labels":{…},"points":[["time",value]]}`.
  public var json: JSON {
    .object([
      "labels": .object(labels.map { .init($0.name, .string($0.value)) }),
      "points": .array(
        points.map { .array([.string($0.time.shortDescription), Value.double($0.value).json]) }),
    ])
  }
}
