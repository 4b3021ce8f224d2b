import Values

/// What makes one entity's value the same as another's: type and content, byte by byte.
enum EntityKey: Hashable, Sendable {
  case plain(MapKey)
  case address(NetworkAddress)
  case text(kind: String, ExactString)

  /// `nil` for what cannot be an entity: no value at all.
  init?(_ value: Value) {
    if let key = MapKey(value) {
      self = .plain(key)
      return
    }
    switch value {
    case .null, .partial, .optional(nil): return nil
    case .address(let box): self = .address(box.address)
    case .network(let box): self = .text(kind: "cidr", ExactString(box.block.description))
    case .timestamp(let instant): self = .text(kind: "timestamp", ExactString(instant.description))
    case .duration(let duration): self = .text(kind: "duration", ExactString("\(duration)"))
    default: self = .text(kind: "value", ExactString(value.json.canonicalText))
    }
  }
}
