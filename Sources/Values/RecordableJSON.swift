extension JSON {
  /// Whether every reader holds the number as it is: it has a fraction, or is a whole number within ±(2^53 − 1).
  package static func isExact(_ value: Double) -> Bool {
    value.magnitude <= Double(exactIntegerLimit) || value.rounded(.towardZero) != value
  }

  /// The same with every number that a record may not hold written as a string.
  package var recordable: JSON { isRecordable ? self : rewritten }

  private var isRecordable: Bool {
    switch self {
    case .null, .bool, .string: true
    case .integer(let value): value.magnitude <= Self.exactIntegerLimit
    case .double(let value): value.isFinite && Self.isExact(value)
    case .number: false
    case .array(let elements): elements.allSatisfy(\.isRecordable)
    case .object(let members): members.allSatisfy(\.value.isRecordable)
    }
  }

  private var rewritten: JSON {
    switch self {
    case .null, .bool, .string: self
    case .integer(let value): value.magnitude <= Self.exactIntegerLimit ? self : .string(String(value))
    case .double(let value):
      if !value.isFinite {
        Value.double(value).json
      } else if Self.isExact(value) {
        self
      } else {
        .string(canonicalText)
      }
    case .number(let text): .string(text)
    case .array(let elements): .array(elements.map(\.recordable))
    case .object(let members): .object(members.map { Member($0.name, $0.value.recordable) })
    }
  }
}

extension Value {
  /// Writes `json` in its canonical form, as records have it. What tables mostly hold is written without a tree.
  func write(to output: inout [UInt8]) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .string(let text): JSON.write(text, to: &output)
    case .double(let value) where value.isFinite && JSON.isExact(value): JSON.write(value, to: &output)
    case .timestamp(let instant): JSON.write(instant, to: &output)
    default: json.recordable.write(to: &output)
    }
  }
}

extension Table {
  /// `json` in its canonical form, as records have it.
  package var canonicalBytes: [UInt8] {
    CanonicalObject.bytes { object in
      object.add(
        "columns", .array(columns.map { .object(["name": .string($0.name), "type": .string($0.type.description)]) }))
      object.add("rows", listOf: count) { row, output in
        JSON.writeList(of: columns.count, to: &output) { column, output in self[column, row].write(to: &output) }
      }
    }
  }
}

extension Series {
  /// `json` in its canonical form, as records have it.
  package var canonicalBytes: [UInt8] {
    CanonicalObject.bytes { object in
      object.add("labels", .object(labels.map { .init($0.name, .string($0.value)) }))
      object.add("points", listOf: points.count) { place, output in
        output.append(UInt8(ascii: "["))
        JSON.write(points[place].time, to: &output)
        output.append(UInt8(ascii: ","))
        Value.double(points[place].value).write(to: &output)
        output.append(UInt8(ascii: "]"))
      }
    }
  }
}
