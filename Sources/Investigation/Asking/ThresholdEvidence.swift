import Baselines
import Values

/// What a threshold found, in a line: what was measured, what it was compared with, and since when.
enum ThresholdEvidence {
  /// `burst.value 14.8, expected 2.2 (0.4 to 6.1), highest of 75 in 18m`.
  static func text(of record: Record, named name: String) -> String {
    guard let value = record["value"] else {
      return "\(name).breached \(record["breached"].map(Rendering.text) ?? "unknown")"
    }
    let numbers = EvidenceNumbers(of: record)
    var text = "\(name).value \(numbers.text(value))"
    let band = band(of: record, numbers)
    if let expected = record["expected"] {
      text += ", expected \(numbers.text(expected))" + (band.map { " (\($0))" } ?? "")
    } else if let band {
      text += ", limit \(band)"
    }
    if let place = place(of: record) { text += ", \(place)" }
    if case .string(let entity)? = record["entity"] { text += ", \(Rendering.cut(entity))" }
    if case .timestamp(let from)? = record["from"] { text += ", from \(from.shortDescription)" }
    if case .bool(true)? = record["of_others"] { text += ", by the history of the others" }
    if case .list(let new)? = record["new_values"], !new.isEmpty {
      text += ": \(new.map(Rendering.text).joined(separator: "; "))"
    }
    if case .string(let shortfall)? = record["short_of"] { text += ", short of \(shortfall)" }
    if case .timestamp(let cooled)? = record["cooled"] {
      text += ", as great at \(cooled.shortDescription): cooling down"
    }
    return text
  }

  /// What breaches neither way: `0.4 to 6.1`, or the one bound there is. Nothing of what breaches inside of it, as a value
  /// does that lies where none ever lay.
  private static func band(of record: Record, _ numbers: EvidenceNumbers) -> String? {
    guard !numbers.isBreachWithinBand else { return nil }
    return switch (record["low"], record["high"]) {
    case (let low?, let high?): "\(numbers.text(low)) to \(numbers.text(high))"
    case (let low?, nil): "at least \(numbers.text(low))"
    case (nil, let high?): "at most \(numbers.text(high))"
    case (nil, nil): nil
    }
  }

  /// `2nd highest of 4032 in 13d 23h`: how many stretches of how long a history were as far out; of what is ordinary only
  /// what it was compared with.
  private static func place(of record: Record) -> String? {
    guard case .int(let rank)? = record["rank"], case .int(let ranked)? = record["ranked"],
      case .double(let value)? = record["value"]
    else { return nil }
    let length = if case .duration(let span)? = record["history"] { " in \(span.asMeasured)" } else { "" }
    guard case .bool(true)? = record["breached"] else { return "of \(ranked)\(length)" }
    let expected: Double? = if case .double(let number)? = record["expected"] { number } else { nil }
    let kind: BaselineKind? = if case .string(let name)? = record["kind"] { BaselineKind(rawValue: name) } else { nil }
    let ordinal =
      switch (rank % 10, rank % 100) {
      case (_, 11...13): "\(rank)th "
      case (1, _): rank == 1 ? "" : "\(rank)st "
      case (2, _): "\(rank)nd "
      case (3, _): "\(rank)rd "
      default: "\(rank)th "
      }
    return "\(ordinal)\(superlative(of: kind, isLow: value < expected ?? value)) of \(ranked)\(length)"
  }

  /// What the first of a ranking is, by what is ranked.
  private static func superlative(of kind: BaselineKind?, isLow: Bool) -> String {
    switch kind {
    case .seasonal: isLow ? "farthest below what was expected" : "farthest above what was expected"
    case .jump: isLow ? "greatest fall" : "greatest rise"
    case .silence: "longest"
    case .novelty, .level, .newValues, nil: isLow ? "lowest" : "highest"
    }
  }
}

/// Numbers of a threshold's evidence, with as many digits as tell the value from what it is compared with.
private struct EvidenceNumbers {
  private let decimals: Int
  let isBreachWithinBand: Bool

  init(of record: Record) {
    func number(_ field: String) -> Double? { if case .double(let number)? = record[field] { number } else { nil } }
    let (value, low, high) = (number("value") ?? 0, number("low"), number("high"))
    decimals = MeasuredNumber.decimals(telling: value, from: [number("expected"), low, high].compactMap(\.self))
    let isBreached = if case .bool(true)? = record["breached"] { true } else { false }
    isBreachWithinBand = isBreached && Band(low: low, high: high).contains(value)
  }

  func text(_ value: Value) -> String {
    guard case .double(let number) = value else { return value.displayText }
    return MeasuredNumber.text(of: number, decimals: decimals)
  }
}
