/// Values as they were before they became JSON: the inverse of `json`, where the type is known.
extension ColumnType {
  /// Deepest nesting of list types that is read.
  private static let depthLimit = 8

  /// Reads a type as `description` writes it: `ip`, `[[int]]`.
  public init?(described text: String) { self.init(described: Substring(text), depth: 0) }

  private init?(described text: Substring, depth: Int) {
    if let type = ColumnType(name: String(text)) {
      self = type
    } else if depth < Self.depthLimit, text.utf8.first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]"),
      text.utf8.count > 2, let element = ColumnType(described: text.dropFirst().dropLast(), depth: depth + 1)
    {
      self = .list(element)
    } else {
      return nil
    }
  }

  /// The value of this type that was written as `json`; `nil` for what no value of this type is written as.
  public func value(recordedAs json: JSON) -> Value? {
    switch (self, json) {
    case (_, .null): return .null
    case (.duration, .string(let text)): return Duration(exactly: text).map(Value.duration)
    case (.list(let element), .array(let elements)):
      var values: [Value] = []
      values.reserveCapacity(elements.count)
      for json in elements {
        guard let value = element.value(recordedAs: json) else { return nil }
        values.append(value)
      }
      return .list(values)
    case (.duration, _), (.list, _), (.calendar, _), (_, .array), (_, .object): return nil
    default: return admit(Value(json))
    }
  }
}

extension Table {
  /// Reads what `json` writes.
  ///
  /// - Parameter name: The name that its rows bear.
  /// - Throws: where something is wrong, and what, as the rest of a sentence.
  public convenience init(recordedAs json: JSON, name: String) throws(RecordedValueProblem) {
    guard let columns = json["columns"]?.elements else { throw RecordedValueProblem("columns", "is no list") }
    guard let rows = json["rows"]?.elements else { throw RecordedValueProblem("rows", "is no list") }
    var builder: [[Value]] = []
    var types: [Column] = []
    for (index, column) in columns.enumerated() {
      guard let name = column["name"]?.text, let type = column["type"]?.text.flatMap({ ColumnType(described: $0) })
      else { throw RecordedValueProblem("columns[\(index)]", "has no name and type") }
      guard !types.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        throw RecordedValueProblem("columns[\(index)]", "has the name of another")
      }
      types.append(Column(name, type))
      var cells: [Value] = []
      cells.reserveCapacity(rows.count)
      builder.append(cells)
    }
    for (place, row) in rows.enumerated() {
      guard let cells = row.elements, cells.count == types.count else {
        throw RecordedValueProblem("rows[\(place)]", "does not have \(types.count) cells")
      }
      for (index, cell) in cells.enumerated() {
        guard let value = types[index].type.value(recordedAs: cell) else {
          throw RecordedValueProblem("rows[\(place)][\(index)]", "is no \(types[index].type)")
        }
        builder[index].append(value)
      }
    }
    self.init(columns: types, cells: builder, count: rows.count, name: name)
  }
}

extension Series {
  /// Reads what `json` writes.
  ///
  /// - Throws: where something is wrong, and what, as the rest of a sentence.
  public init(recordedAs json: JSON) throws(RecordedValueProblem) {
    guard let members = json["labels"]?.members else { throw RecordedValueProblem("labels", "is no object") }
    var labels: [(name: String, value: String)] = []
    for member in members {
      guard let text = member.value.text else { throw RecordedValueProblem("labels.\(member.name)", "is no text") }
      labels.append((member.name, text))
    }
    guard let pairs = json["points"]?.elements else { throw RecordedValueProblem("points", "is no list") }
    var points: [Point] = []
    points.reserveCapacity(pairs.count)
    for (place, pair) in pairs.enumerated() {
      guard let parts = pair.elements, parts.count == 2,
        let time = parts[0].text.flatMap({ Timestamp(rfc3339: $0) }),
        case .double(let number)? = ColumnType.double.value(recordedAs: parts[1])
      else { throw RecordedValueProblem("points[\(place)]", "is no instant and number") }
      points.append(Point(time, number))
    }
    self.init(labels: labels, points: points)
  }
}

/// Why JSON is not what a value was written as.
public struct RecordedValueProblem: Error, Hashable, Sendable {
  /// Such as `rows[3][0]`.
  public let place: String
  /// The rest of a sentence that begins with the place.
  public let message: String

  public init(_ place: String, _ message: String) {
    self.place = place
    self.message = message
  }
}
