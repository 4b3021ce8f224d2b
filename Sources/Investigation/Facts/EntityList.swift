import CEL
import Values

/// The entities of one kind that a run asks about.
final class EntityList: Sendable {
  /// Each once, in the order of their arrival; at most as many as the runbook allows.
  let values: [Value]
  /// The values as people read them.
  let texts: [String]
  /// Beyond the limit.
  let overflow: [Value]
  /// Why there may be more of them than are listed and asked; `nil` when these are all.
  let unlisted: String?
  /// Why a list of the values is incomplete; unlike `unlisted` it does not count those beyond the limit.
  let incomplete: String?
  private let places: [EntityKey: Int]

  /// - Parameter found: What the entity's expression gave.
  init(_ found: Evaluation, of kind: String, atMost: Int) {
    var values: [Value] = []
    var overflow: [Value] = []
    var places: [EntityKey: Int] = [:]
    var withoutValue = 0
    let (elements, missing) = Self.elements(of: found)
    places.reserveCapacity(elements.count)
    for element in elements {
      guard let key = EntityKey(element) else {
        withoutValue += 1
        continue
      }
      guard places[key] == nil else { continue }
      places[key] = places.count
      if values.count < atMost { values.append(element) } else { overflow.append(element) }
    }
    var reasons = missing.map { [$0] } ?? []
    if withoutValue > 0 { reasons.append("\(withoutValue) rows name no \(kind)") }
    incomplete = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    if !overflow.isEmpty {
      reasons.append("only the first \(atMost) of \(atMost + overflow.count) are asked about (at_most)")
    }
    unlisted = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    self.values = values
    self.overflow = overflow
    self.places = places
    texts = values.map(\.displayText)
  }

  var count: Int { values.count }

  /// The place of a value among those that are asked about.
  func place(of value: Value) -> Int? {
    EntityKey(value).flatMap { places[$0] }.flatMap { $0 < values.count ? $0 : nil }
  }

  /// The places of values, of which the same ones often stand together.
  func places(of values: [Value]) -> [Int?] {
    var last: (text: ExactString, place: Int?)?
    return values.map { value in
      guard case .string(let text) = value else { return place(of: value) }
      if let last, last.text == ExactString(text) { return last.place }
      let found = place(of: value)
      last = (ExactString(text), found)
      return found
    }
  }

  /// The list as an expression about the run sees it.
  var value: Value {
    let list = Value.list(values)
    return unlisted.map { .partial(PartialValue(list, because: $0)) } ?? list
  }

  private static func elements(of found: Evaluation) -> (elements: [Value], missing: String?) {
    switch found {
    case .failure(let failure): ([], failure.reason)
    case .value(.list(let elements)): (elements, nil)
    case .value(.partial(let partial)):
      if case .list(let elements) = partial.known { (elements, partial.reason) } else { ([], partial.reason) }
    case .value: ([], "it is not a list")
    }
  }
}
