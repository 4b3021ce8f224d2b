package import Values

/// What JSON in a record must keep to, so that every reader sees the same (format v1, section 2).
package enum RecordLint {
  /// Deepest nesting of a body; the JSON reader's own limit is not far above it.
  package static let depthLimit = 100

  /// Most names of an object that are compared with each other.
  private static let comparedNames = 16

  /// - Parameter body: A text that should be a body in its canonical form.
  /// - Returns: What is wrong, as the rest of a sentence about the body; `nil` if nothing is.
  static func problem(inWritten body: [UInt8]) -> String? {
    let isUsual = body.withUnsafeBufferPointer { bytes in
      bytes.first == UInt8(ascii: "{") && JSON.isCanonical(bytes, depthLimit: depthLimit - 1)
    }
    if isUsual { return nil }
    guard let json = try? JSON(parsing: body), case .object = json else { return "is no object" }
    if let problem = problem(in: json, depth: 1) { return problem }
    return json.canonicalBytes == body ? nil : "is not canonical JSON"
  }

  /// - Returns: What is wrong, as the rest of a sentence about the JSON; `nil` if nothing is.
  package static func problem(in json: JSON, depth: Int = 0) -> String? {
    guard depth < depthLimit else { return "is nested deeper than \(depthLimit) levels" }
    switch json {
    case .null, .bool, .string: return nil
    case .integer(let value):
      return value.magnitude <= JSON.exactIntegerLimit ? nil : "holds the whole number \(value), which must be a string"
    case .double(let value):
      guard value.isFinite else { return "holds a number that is not finite" }
      return JSON.isExact(value) ? nil : "holds the number \(value), which must be a string"
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
}
