import Baselines
import Values

// What a threshold says, property by property. All of it is what counts as abnormal, and so a minor change.

extension Threshold {
  var faceted: FacetedDeclaration {
    let properties =
      switch rule {
      case .number(let value): [("value", value.displayText)]
      case .monitored(let monitored): monitored.properties
      }
    return FacetedDeclaration(
      kind: "threshold", id: id, added: .minor, removed: .minor, facets: properties.map { Facet($0, $1, .minor) })
  }
}

private typealias Properties = [(String, String)]

extension Threshold.Monitored {
  fileprivate var properties: Properties {
    let of =
      switch subject {
      case .series(let id), .rows(let id): id
      case .expression(let expression): expression.compared
      }
    let judged: Properties =
      switch judgement {
      case .limit(.above(let limit)): [("above", "\(limit)")]
      case .limit(.below(let limit)): [("below", "\(limit)")]
      case .limit(.outside(let low, let high)): [("outside", "\(low) to \(high)")]
      case .normal(let normal): normal.properties
      }
    return [("of", of)] + judged + modifiers.properties
  }
}

extension Threshold.Normal {
  fileprivate var properties: Properties {
    let texts: [(String, String?)] = [
      ("kind", rule.kinds.isEmpty ? nil : rule.kinds.map(\.rawValue).joined(separator: ", ")),
      ("history", history.shorthand), ("minimum_history", rule.minimumHistory.compared),
      ("season", rule.season.compared), ("timezone", rule.timeZone), ("by", by),
      ("fields", fields.isEmpty ? nil : fields.joined(separator: ", ")),
      ("exclude", exclude.isEmpty ? nil : exclude.map(\.compared).joined(separator: ", ")),
      ("surprise", rule.surprise.map { "\($0)" }), ("z", rule.z.map { "\($0)" }),
      ("percentile", rule.percentile.map { "\($0)" }),
    ]
    return texts.compactMap { name, text in text.map { (name, $0) } }
  }
}

extension Threshold.Monitored.Modifiers {
  fileprivate var properties: Properties {
    let texts: [(String, String?)] = [
      ("direction", direction.rawValue), ("at_least", atLeast.map { "\($0)" }), ("ratio", ratio.map { "\($0)" }),
      ("for", persistence?.compared), ("cooldown", cooldown?.shorthand), ("recover", recover?.shorthand),
    ]
    return texts.compactMap { name, text in text.map { (name, $0) } }
  }
}

extension MinimumHistory {
  fileprivate var compared: String {
    switch self {
    case .duration(let duration): duration.shorthand
    case .points(let points): "\(points) points"
    }
  }
}

extension SeasonChoice {
  fileprivate var compared: String {
    switch self {
    case .fixed(let season): season.rawValue
    case .automatic: "auto"
    }
  }
}

extension Persistence {
  fileprivate var compared: String {
    switch self {
    case .lasting(let duration): duration.shorthand
    case .points(let points, let all): "\(points) of \(all)"
    }
  }
}
