internal import Diagnostics
package import Values

/// Types as people write them in JSON for `tocsin eval --types`.
///
/// - `"int"`, `"string"`, `"ip"`, `"list(int)"`, `"map(string, int)"`, `"optional_type(int)"`, `"dyn"`, and the types of
///   columns such as `"path"`; `"yes | no"` for a text out of a closed set.
/// - `{"status": "int", "path": "string"}`: a record with these fields.
/// - `[T]`: a list of `T`; `[{"client": "ip", "status": "int"}]` is a table.
package enum TypeNotation {
  /// Deepest nesting of types in one another.
  package static let depthLimit = 16

  /// - Parameter name: How messages name a record of this type: the path that leads to it.
  package static func type(_ json: JSON, named name: String) throws(TrialProblem) -> ValueType {
    try type(json, named: name, depth: 0)
  }

  private static func type(_ json: JSON, named name: String, depth: Int) throws(TrialProblem) -> ValueType {
    guard depth < depthLimit else {
      throw TrialProblem(.types, "the type of '\(name)' is nested deeper than \(depthLimit) levels")
    }
    switch json {
    case .string(let text):
      var reader = TypeReader(text)
      guard let type = reader.type(depth: depth), reader.isAtEnd else {
        throw TrialProblem(.types, "the type of '\(name)' is '\(text.prefix(60))', which is none" + hint(reader.word))
      }
      return type
    case .array(let elements):
      guard let element = elements.first, elements.count == 1 else {
        throw TrialProblem(
          .types, "the type of '\(name)' is a list, which holds the one type of its elements: [\"int\"]")
      }
      return .list(try type(element, named: name, depth: depth + 1))
    case .object(let members):
      var fields: [RecordType.Field] = []
      for member in members {
        fields.append(.init(member.name, try type(member.value, named: "\(name).\(member.name)", depth: depth + 1)))
      }
      return .record(RecordType(name, fields))
    default:
      throw TrialProblem(
        .types,
        "the type of '\(name)' is a text such as \"int\", an object of fields for a record, or a list of one type")
    }
  }

  private static func hint(_ word: String) -> String {
    let near = nearestName(to: word, among: TypeReader.names.map(\.name) + ["list", "map", "optional_type"])
    return near.map { "; did you mean '\($0)'?" }
      ?? "; there are \(quotedList(TypeReader.names.map(\.name), limit: 30))"
  }

  /// The type that a JSON value has when nobody says one: objects are maps, as CEL has it.
  package static func inferred(from json: JSON) -> ValueType {
    switch json {
    case .null: .dyn
    case .bool: .bool
    case .integer: .int
    case .double: .double
    case .number(let text): UInt64(text) == nil ? .double : .uint
    case .string: .string
    case .array(let elements): .list(common(elements))
    case .object(let members): .map(.string, common(members.map(\.value)))
    }
  }

  private static func common(_ values: [JSON]) -> ValueType {
    guard let first = values.first else { return .dyn }
    var type = inferred(from: first)
    for value in values.dropFirst() {
      type = joined(type, inferred(from: value))
      if type == .dyn { return .dyn }
    }
    return type
  }

  private static func joined(_ left: ValueType, _ right: ValueType) -> ValueType {
    switch (left, right) {
    case (.list(let left), .list(let right)): .list(joined(left, right))
    case (.map(let key, let left), .map(_, let right)): .map(key, joined(left, right))
    default: left == right ? left : .dyn
    }
  }
}

/// Reads `map(string, list(int))`.
private struct TypeReader {
  static let names: [(name: String, type: ValueType)] =
    [("dyn", .dyn), ("uint", .uint), ("bytes", .bytes), ("null_type", .null)]
    + ColumnType.named.filter { $0.type != .calendar }.map { ($0.name, $0.type.valueType) }

  private let text: String
  private var rest: Substring
  /// The word that was read last.
  private(set) var word = ""

  init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  var isAtEnd: Bool { rest.allSatisfy { $0 == " " } }

  mutating func type(depth: Int) -> ValueType? {
    guard depth < TypeNotation.depthLimit else { return nil }
    if depth == 0, text.contains("|") { return choice() }
    rest = rest.drop { $0 == " " }
    word = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    rest = rest.dropFirst(word.count)
    switch word {
    case "list": return parameters(1, depth: depth).map { .list($0[0]) }
    case "map": return parameters(2, depth: depth).map { .map($0[0], $0[1]) }
    case "optional_type": return parameters(1, depth: depth).map { .optional($0[0]) }
    default: return Self.names.first { $0.name == word }?.type
    }
  }

  private mutating func choice() -> ValueType? {
    let labels = rest.split(separator: "|", omittingEmptySubsequences: false).map { label in
      String(label.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    rest = ""
    return labels.contains("") ? nil : .choice(labels)
  }

  private mutating func parameters(_ count: Int, depth: Int) -> [ValueType]? {
    guard take("(") else { return Array(repeating: .dyn, count: count) }
    var types: [ValueType] = []
    while types.count < count {
      if !types.isEmpty, !take(",") { return nil }
      guard let type = type(depth: depth + 1) else { return nil }
      types.append(type)
    }
    return take(")") ? types : nil
  }

  private mutating func take(_ mark: Character) -> Bool {
    rest = rest.drop { $0 == " " }
    guard rest.first == mark else { return false }
    rest.removeFirst()
    return true
  }
}
