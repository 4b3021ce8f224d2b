import Values

/// What makes two values one, for those that can be hashed.
enum DistinctKey: Hashable {
  case key(MapKey)
  case fraction(Double)
  case timestamp(Timestamp)
  case duration(Duration)
  case address(NetworkAddress)
  case network(NetworkBlock)

  init?(_ value: Value) {
    switch value {
    case .double(let number):
      // Beyond this a double equals several whole numbers.
      guard number.magnitude < 0x1p53 else { return nil }
      self = mapKey(value).map { .key($0) } ?? .fraction(number)
    case .timestamp(let instant): self = .timestamp(instant)
    case .duration(let duration): self = .duration(duration)
    case .address(let box): self = .address(box.address)
    case .network(let box): self = .network(box.block)
    default:
      guard let key = MapKey(value) else { return nil }
      self = .key(key)
    }
  }
}
