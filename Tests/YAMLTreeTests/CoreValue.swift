import YAMLTree

/// A value as JSON has it, and as the core schema makes it of a tree.
enum CoreValue: Equatable, Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string([UInt8])
  case list([CoreValue])
  case map([[UInt8]: CoreValue])

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: Key.self) {
      var map: [[UInt8]: CoreValue] = [:]
      for key in members.allKeys {
        map[Array(key.stringValue.utf8)] = try members.decode(CoreValue.self, forKey: key)
      }
      self = .map(map)
      return
    }
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .null
    } else if let value = try? single.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? single.decode(Double.self) {
      self = .number(value)
    } else if let value = try? single.decode(String.self) {
      self = .string(Array(value.utf8))
    } else {
      self = .list(try single.decode([CoreValue].self))
    }
  }

  /// - Returns: `nil` where a key is no scalar.
  init?(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let scalar): self.init(scalar)
    case .sequence(let items):
      let values = items.compactMap(CoreValue.init)
      guard values.count == items.count else { return nil }
      self = .list(values)
    case .mapping(let pairs):
      var map: [[UInt8]: CoreValue] = [:]
      for pair in pairs {
        guard let key = pair.key.scalar, let value = CoreValue(pair.value) else { return nil }
        map[Array(key.text.utf8)] = value
      }
      self = .map(map)
    }
  }

  private init(_ scalar: YAMLScalar) {
    if scalar.isNull {
      self = .null
    } else if let value = scalar.asBool {
      self = .bool(value)
    } else if let value = scalar.asDouble {
      self = .number(value)
    } else {
      self = .string(Array(scalar.asString.utf8))
    }
  }
}
