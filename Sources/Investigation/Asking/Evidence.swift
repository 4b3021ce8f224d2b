import Baselines
import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// Words with commas between them.
private struct EvidenceLine {
  /// Most bytes of one part; `nil`: any number.
  let partBytes: Int?
  private(set) var text = ""

  init(partBytes: Int?) { self.partBytes = partBytes }

  /// - Parameter write: Writes what stands next; nothing, if there is nothing.
  mutating func part(_ write: (inout String) -> Void) {
    var part = ""
    write(&part)
    guard !part.isEmpty else { return }
    if !text.isEmpty { text += ", " }
    text += partBytes.map { RecordText.cut(part, to: $0) } ?? part
  }
}

/// The evidence in a line: what the names in an expression stood for.
enum Evidence {
  /// - Parameters:
  ///   - isExplained: Whether it says which elements decided.
  ///   - value: Gives the value of a name by its number.
  static func text(of sources: [EvidenceSource], isExplained: Bool, _ value: (Int) -> Evaluation) -> String {
    var line = EvidenceLine(partBytes: Rendering.reasonBytes)
    for source in sources { write(source, isExplained, value, to: &line) }
    return line.text
  }

  /// What each name stands for, and which elements decided where macros go over them.
  private static func write(
    _ source: EvidenceSource, _ isExplained: Bool, _ value: (Int) -> Evaluation, to line: inout EvidenceLine
  ) {
    let references = source.checked.references
    // An explanation goes through the macros again, with all names that they use.
    let needsAll = isExplained && source.checked.goesOverElements
    guard needsAll || source.tellsAny else { return }
    let known = references.indices.map { place in
      guard source.isTold[place] || needsAll else { return Evaluation.value(.null) }
      return source.names[place].map(value) ?? .unknown("'\(references[place].name)' stands for nothing")
    }
    let elements = needsAll && source.tellsAny ? ElementEvidence(of: source.checked, known) : nil
    for place in references.indices where source.isTold[place] {
      line.part { text in
        write(references[place], known[place], to: &text)
        if !text.isEmpty, let behind = source.rests[place], case .value(.bool) = known[place] {
          var rest = EvidenceLine(partBytes: nil)
          write(behind, isExplained, value, to: &rest)
          if !rest.text.isEmpty { text += " (\(rest.text))" }
        }
        if !text.isEmpty, let words = elements?.text(about: references[place]) {
          text += ", "
          text += words
        }
      }
    }
  }

  /// Writes nothing of a record or a row no field of which is looked at.
  private static func write(_ reference: Reference, _ value: Evaluation, to text: inout String) {
    let name = reference.name
    guard case .value(let value) = value else {
      text += name
      text += " unknown"
      return
    }
    switch value {
    case .record(let record) where record.type == Threshold.recordType: text += evidence(of: record, named: name)
    case .record(let record): write(reference, to: &text) { record[$0] }
    case .row(let row): write(reference, to: &text) { row[$0] }
    case .bool(let holds):
      text += name
      text += holds ? " yes" : " no"
    default:
      text += name
      if let size = size(of: value) {
        text += ": "
        text += size
      } else {
        text += " "
        text += Rendering.text(of: value)
      }
    }
  }

  private static func size(of value: Value) -> String? {
    switch value {
    case .table(let table): "\(table.count) \(table.count == 1 ? "row" : "rows")"
    case .list(let values): "\(values.count) \(values.count == 1 ? "entry" : "entries")"
    case .map(let map): "\(map.count) \(map.count == 1 ? "entry" : "entries")"
    case .partial(let partial): size(of: partial.known).map { "at least \($0)" }
    default: nil
    }
  }

  /// The fields that the expression looks at.
  private static func write(_ reference: Reference, to text: inout String, of field: (String) -> Value?) {
    for path in reference.paths {
      guard let name = path.first else { continue }
      if !text.isEmpty { text += ", " }
      text += "\(reference.name).\(name) \(field(name).map(Rendering.text) ?? "unknown")"
    }
  }

  /// `burst.value 14.8, expected 2.2 (0.4 to 6.1), highest of 75 in 18m`.
  private static func evidence(of record: Record, named name: String) -> String {
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

  /// `2 to 5 of 3: one_page yes 2, campaign unknown -2, no_sessions no`.
  static func text(of signs: [CompiledQuestion.Sign], _ answers: [SignAnswer], atLeast limit: Int) -> String {
    let bounds = SignWeighing.bounds(of: zip(signs, answers).lazy.map { ($0.weight, $1) })
    let sum = bounds.least == bounds.most ? "\(bounds.least)" : "\(bounds.least) to \(bounds.most)"
    let parts = zip(signs, answers).map { sign, answer in
      switch answer {
      case .yes: "\(sign.id) yes \(sign.weight)"
      case .no: "\(sign.id) no"
      case .unknown: "\(sign.id) unknown \(sign.weight)"
      }
    }
    return "\(sum) of \(limit) needed: \(parts.joined(separator: ", "))"
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
