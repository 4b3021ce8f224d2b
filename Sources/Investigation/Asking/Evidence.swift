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
    case .record(let record) where record.type == Threshold.recordType:
      text += ThresholdEvidence.text(of: record, named: name)
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
