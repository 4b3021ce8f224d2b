internal import Values

/// The pieces of evidence that a record's body names.
enum EvidenceReferences {
  /// The digests of all objects that are a `EvidenceReference`'s, in their order.
  static func digests(in json: JSON) -> [String] {
    switch json {
    case .null, .bool, .integer, .double, .number, .string: return []
    case .array(let elements): return elements.flatMap(digests)
    case .object(let members):
      if members.count == 3, let digest = json["digest"]?.text, json["length"]?.integer != nil,
        json["media_type"]?.text != nil
      {
        return [digest]
      }
      return members.flatMap { digests(in: $0.value) }
    }
  }
}
