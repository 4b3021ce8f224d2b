/// A JSON text as a value, exactly as it was written: members in order, names compared by their bytes, numbers with
/// all their digits.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number with a fraction or an exponent.
  case double(Double)
  /// A number that neither an `Int64` nor a `Double` holds without loss, as it was written.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  public struct Member: Sendable {
    public let name: String
    public let value: JSON

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object with the members that have a value.
  public static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  /// The member of an object; `nil` if this is no object or has no such member.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    let name = ExactString(name)
    return members.first { ExactString($0.name) == name }?.value
  }

  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  public var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  public var elements: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}
