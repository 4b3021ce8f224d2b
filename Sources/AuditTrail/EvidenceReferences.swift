internal import Values

/// The pieces of evidence that a record's body names.
enum EvidenceReferences {
  /// How many pieces a body names that were never kept.
  static func notKept(in json: JSON) -> Int {
    switch json {
    case .null, .bool, .integer, .double, .number, .string: return 0
    case .array(let elements): return elements.reduce(0) { $0 + notKept(in: $1) }
    case .object(let members):
      if members.count == 4, json["digest"]?.text != nil, json["length"]?.integer != nil,
        json["media_type"]?.text != nil, json["not_kept"]?.text != nil
      {
        return 1
      }
      return members.reduce(0) { $0 + notKept(in: $1.value) }
    }
  }

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
