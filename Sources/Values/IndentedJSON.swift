extension JSON {
  /// The JSON on several lines, indented by two spaces, with its members in their order; what fits on a line stands on
  /// one.
  public var indentedText: String { indented(by: 0) }

  /// Most characters of a line that holds a whole array or object.
  private static let lineLimit = 110

  private func indented(by depth: Int) -> String {
    let compact = compactText
    if compact.utf8.count + depth <= Self.lineLimit { return compact }
    let inner = String(repeating: " ", count: depth + 2)
    let outer = String(repeating: " ", count: depth)
    switch self {
    case .array(let elements) where !elements.isEmpty:
      let lines = elements.map { inner + $0.indented(by: depth + 2) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let members) where !members.isEmpty:
      let lines = members.map { "\(inner)\(JSON.string($0.name).compactText): \($0.value.indented(by: depth + 2))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    default: return compact
    }
  }
}
