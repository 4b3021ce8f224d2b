internal import Values

/// The pieces of evidence that a record's body names.
enum EvidenceReferences {
  /// All objects that are an `EvidenceReference`'s, in their order.
  static func references(in json: JSON) -> [(digest: String, length: Int64, mediaType: String)] {
    switch json {
    case .null, .bool, .integer, .double, .number, .string: return []
    case .array(let elements): return elements.flatMap(references)
    case .object(let members):
      if members.count == 3, let digest = json["digest"]?.text, let length = json["length"]?.integer,
        let mediaType = json["media_type"]?.text
      {
        return [(digest, length, mediaType)]
      }
      return members.flatMap { references(in: $0.value) }
    }
  }
}
