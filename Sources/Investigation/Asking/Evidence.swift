import Baselines
import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// The evidence in a line: what the names in an expression stood for.
enum Evidence {
  /// - Parameters:
  ///   - isExplained: Whether it says which elements decided.
  ///   - value: Gives the value of a name by its number.
  static func text(of sources: [EvidenceSource], isExplained: Bool, _ value: (Int) -> Evaluation) -> String {
    var text = ""
    for source in sources {
      for part in parts(of: source, isExplained, value) {
        if !text.isEmpty { text += ", " }
        text += RecordText.cut(part, to: Rendering.reasonBytes)
      }
    }
    return text
  }

  /// What each name stands for, and which elements decided where macros go over them.
  private static func parts(
    of source: EvidenceSource, _ isExplained: Bool, _ value: (Int) -> Evaluation
  ) -> [String] {
    let references = source.checked.references
    // An explanation goes through the macros again, with all names that they use.
    let needsAll = isExplained && source.checked.goesOverElements
    var told: [Int] = []
    var texts: [String] = []
    var slots: [Evaluation] = []
    for place in references.indices where source.isTold[place] || needsAll {
      let known = source.names[place].map(value) ?? .unknown("'\(references[place].name)' stands for nothing")
      if needsAll { slots.append(known) }
      guard source.isTold[place] else { continue }
      var rest: [String] = []
      if let behind = source.rests[place], case .value(.bool) = known {
        rest = self.parts(of: behind, isExplained, value)
      }
      guard let words = text(of: references[place], known, rest) else { continue }
      told.append(place)
      texts.append(words)
    }
    guard needsAll, !told.isEmpty else { return texts }
    let elements = ElementEvidence(source.checked.explain(slots: slots))
    return zip(told, texts).map { place, text in
      text + (elements.text(about: references[place]).map { ", \($0)" } ?? "")
    }
  }

  /// - Parameter rest: What a definition that holds or not rests on.
  private static func text(of reference: Reference, _ value: Evaluation, _ rest: [String]) -> String? {
    let name = reference.name
    guard case .value(let value) = value else { return "\(name) unknown" }
    switch value {
    case .record(let record) where record.type == Threshold.recordType: return evidence(of: record, named: name)
    case .record(let record): return fields(reference) { record[$0] }
    case .row(let row): return fields(reference) { row[$0] }
    case .bool(let holds):
      return "\(name) \(holds ? "yes" : "no")\(rest.isEmpty ? "" : " (\(rest.joined(separator: ", ")))")"
    default: return size(of: value).map { "\(name): \($0)" } ?? "\(name) \(Rendering.text(of: value))"
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
  private static func fields(_ reference: Reference, of field: (String) -> Value?) -> String? {
    let parts = reference.paths.compactMap(\.first).map { path in
      "\(reference.name).\(path) \(field(path).map(Rendering.text) ?? "unknown")"
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// `burst.value 14.8, expected 2.2 (0.4 to 6.1), highest of 75 in 18m`.
  private static func evidence(of record: Record, named name: String) -> String {
    guard let value = record["value"] else {
      return "\(name).breached \(record["breached"].map(Rendering.text) ?? "unknown")"
    }
    var text = "\(name).value \(rounded(value))"
    let band = band(of: record)
    if let expected = record["expected"] {
      text += ", expected \(rounded(expected))" + (band.map { " (\($0))" } ?? "")
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
    if case .timestamp(let cooled)? = record["cooled"] {
      text += ", as great at \(cooled.shortDescription): cooling down"
    }
    return text
  }

  /// What breaches neither way: `0.4 to 6.1`, or the one bound there is.
  private static func band(of record: Record) -> String? {
    switch (record["low"], record["high"]) {
    case (let low?, let high?): "\(rounded(low)) to \(rounded(high))"
    case (let low?, nil): "at least \(rounded(low))"
    case (nil, let high?): "at most \(rounded(high))"
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
    let direction = value < expected ?? value ? "lowest" : "highest"
    let ordinal =
      switch (rank % 10, rank % 100) {
      case (_, 11...13): "\(rank)th "
      case (1, _): rank == 1 ? "" : "\(rank)st "
      case (2, _): "\(rank)nd "
      case (3, _): "\(rank)rd "
      default: "\(rank)th "
      }
    return "\(ordinal)\(direction) of \(ranked)\(length)"
  }

  /// Three digits after the point are enough for people.
  private static func rounded(_ value: Value) -> String {
    guard case .double(let number) = value, abs(number) < 1e12 else { return value.displayText }
    return Value.double((number * 1_000).rounded() / 1_000).displayText
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
