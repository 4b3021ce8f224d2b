package import Values

/// What JSON in a record must keep to, so that every reader sees the same (format v1, section 2).
package enum RecordLint {
  /// Deepest nesting of a body; the JSON reader's own limit is not far above it.
  package static let depthLimit = 100

  /// Most names of an object that are compared with each other.
  private static let comparedNames = 16

  /// - Returns: What is wrong, as the rest of a sentence about the JSON; `nil` if nothing is.
  package static func problem(in json: JSON, depth: Int = 0) -> String? {
    guard depth < depthLimit else { return "is nested deeper than \(depthLimit) levels" }
    switch json {
    case .null, .bool, .string: return nil
    case .integer(let value):
      return value.magnitude <= JSON.exactIntegerLimit ? nil : "holds the whole number \(value), which must be a string"
    case .double(let value):
      guard value.isFinite else { return "holds a number that is not finite" }
      return isExact(value) ? nil : "holds the number \(value), which must be a string"
    case .number(let text): return "holds the number \(text.prefix(40)), which must be a string"
    case .array(let elements):
      for element in elements {
        if let problem = problem(in: element, depth: depth + 1) { return problem }
      }
      return nil
    case .object(let members):
      // Few names are compared faster than they are hashed.
      var names: Set<ExactString> = []
      for (place, member) in members.enumerated() {
        let name = ExactString(member.name)
        let isNew =
          members.count > comparedNames
          ? names.insert(name).inserted : !members.prefix(place).contains { ExactString($0.name) == name }
        guard isNew else {
          return "has the name \"\(member.name.prefix(40))\" twice in one object"
        }
        if let problem = problem(in: member.value, depth: depth + 1) { return problem }
      }
      return nil
    }
  }

  /// Whether every reader holds the number as it is: it has a fraction, or is a whole number within ±(2^53 − 1).
  fileprivate static func isExact(_ value: Double) -> Bool {
    value.magnitude <= Double(JSON.exactIntegerLimit) || value.rounded(.towardZero) != value
  }
}

extension JSON {
  /// The same with every number that a record may not hold written as a string.
  package var recordable: JSON { isRecordable ? self : rewritten }

  private var isRecordable: Bool {
    switch self {
    case .null, .bool, .string: true
    case .integer(let value): value.magnitude <= Self.exactIntegerLimit
    case .double(let value): value.isFinite && RecordLint.isExact(value)
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
      } else if RecordLint.isExact(value) {
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
