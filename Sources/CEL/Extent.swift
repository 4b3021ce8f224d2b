import Values

/// How much there may be of a value.
indirect enum Extent {
  /// A text or another single value, in bytes.
  case single(bytes: Int)
  /// A single value that is looked up only by comparing it with each.
  case incomparable
  case record(RecordType)
  case many(Int, Extent)
  /// Nothing is known of it.
  case anything

  /// Of a constant.
  init(_ value: Value) {
    switch value {
    case .string(let text): self = .single(bytes: text.utf8.count)
    case .bytes(let bytes): self = .single(bytes: bytes.count)
    case .double, .network: self = .incomparable
    case .list(let values):
      self = .many(values.count, values.map { Extent($0) }.reduce(.single(bytes: 0)) { $0.joined($1) })
    case .map(let map): self = .many(map.count, .anything)
    case .optional(let box): self = box.map { Extent($0.value) } ?? .single(bytes: 0)
    default: self = .single(bytes: 0)
    }
  }

  /// Of any value of a type.
  init(_ type: ValueType, elements: Int = CELLimits.presumedElements) {
    switch type {
    case .string, .bytes: self = .single(bytes: CELLimits.presumedTextBytes)
    case .choice(let labels): self = .single(bytes: labels.map(\.utf8.count).max() ?? 0)
    case .double, .network: self = .incomparable
    case .list(let element): self = .many(elements, Extent(element))
    case .map(let key, let value): self = .many(elements, Extent(key).joined(Extent(value)))
    case .record(let type): self = .record(type)
    case .optional(let inner): self = Extent(inner)
    case .dyn, .parameter: self = .anything
    default: self = .single(bytes: 0)
    }
  }

  /// What holds both.
  func joined(_ other: Extent) -> Extent {
    switch (self, other) {
    case (.single(let left), .single(let right)): .single(bytes: max(left, right))
    case (.single(bytes: 0), let other), (let other, .single(bytes: 0)): other
    case (.many(let left, let leftElement), .many(let right, let rightElement)):
      .many(max(left, right), leftElement.joined(rightElement))
    case (.record(let left), .record(let right)) where left == right: self
    case (.incomparable, .incomparable): self
    default: .anything
    }
  }

  /// Single values in it, and all bytes of text.
  var size: (values: Int, bytes: Int) {
    switch self {
    case .single(let bytes): return (1, bytes)
    case .incomparable: return (1, 0)
    case .record(let type):
      return type.fields.reduce((1, 0)) { sum, field in
        let size = Extent(field.type).size
        return (plus(sum.0, size.values), plus(sum.1, size.bytes))
      }
    case .many(let count, let element):
      let size = element.size
      return (plus(1, times(count, size.values)), times(count, size.bytes))
    case .anything: return (CELLimits.presumedElements, CELLimits.presumedElements * CELLimits.presumedTextBytes)
    }
  }

  var elements: (count: Int, element: Extent) {
    switch self {
    case .many(let count, let element): (count, element)
    case .anything: (CELLimits.presumedElements, .anything)
    default: (1, self)
    }
  }
}

/// The sum, or `Int.max` where that is beyond counting.
func plus(_ left: Int, _ right: Int) -> Int {
  let (sum, overflow) = left.addingReportingOverflow(right)
  return overflow ? .max : sum
}

/// The product, or `Int.max` where that is beyond counting.
func times(_ left: Int, _ right: Int) -> Int {
  let (product, overflow) = left.multipliedReportingOverflow(by: right)
  return overflow ? .max : product
}
