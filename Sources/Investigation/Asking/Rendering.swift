import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// How much text a run makes for people.
enum Rendering {
  /// Most characters of a `because`.
  static let sentenceLimit = 200
  /// Most bytes of the reason of an unknown.
  static let reasonBytes = 500
  /// Most bytes of one rendered text or one thing found.
  static let textBytes = 4_096
  /// Most things listed as found.
  static let findingLimit = 1_000
  /// Entities of a kind whose evidence says which rows decided it; those behind them have their counts of rows alone.
  static let explainedMembers = 1_000
  /// Most elements of a list that are written out in a sentence.
  static let elementLimit = 20
  /// What stands for an expression that has no value.
  static let unknown = "(unknown)"

  static func sentence(_ text: String) -> String {
    // Bytes bound characters from above, so short texts need not be counted.
    guard text.utf8.count > sentenceLimit, text.count > sentenceLimit else { return text }
    return text.prefix(sentenceLimit - 1) + "…"
  }

  static func cut(_ text: String) -> String { RecordText.cut(text, to: textBytes) }

  /// A value in a sentence.
  static func text(of value: Value) -> String {
    switch value {
    case .list(let elements) where elements.count > elementLimit:
      elements.prefix(elementLimit).map(\.displayText).joined(separator: ", ")
        + " and \(elements.count - elementLimit) more"
    case .partial(let partial): "at least \(text(of: partial.known))"
    case .table(let table): table.count == 1 ? "1 row" : "\(table.count) rows"
    default: value.displayText
    }
  }
}

extension Rendering {
  /// A text with the values of its expressions; `(unknown)` stands for those that have none.
  ///
  /// - Parameter value: The value of an expression, by its number in the template.
  static func text(_ template: TextTemplate, _ value: (Int) -> Evaluation) -> String {
    var text = ""
    var number = 0
    for segment in template.segments {
      switch segment {
      case .text(let part): text += part
      case .expression:
        if case .value(let value) = value(number) {
          text += cut(self.text(of: value))
        } else {
          text += unknown
        }
        number += 1
      }
    }
    return cut(text)
  }

  /// What a question found: a text, or one for each element of the lists in it, each once, in order.
  ///
  /// Lists of one length, such as two columns of a table, are taken side by side. A finding that consists of nothing but
  /// expressions without a value is none.
  static func findings(_ template: TextTemplate, _ value: (Int) -> Evaluation) -> [String] {
    var number = 0
    var hasText = false
    var length: Int?
    var parts: [Part] = []
    for segment in template.segments {
      let part: Part =
        switch segment {
        case .text(let text): .text(text)
        case .expression: Part(value(number))
        }
      if case .expression = segment { number += 1 }
      switch part {
      case .text: hasText = true
      case .elements(let elements) where length == nil || length == elements.count: length = elements.count
      case .elements(let elements):
        parts.append(.text(Rendering.text(of: .list(elements))))
        continue
      case .nothing: break
      }
      parts.append(part)
    }
    guard hasText || length != nil else { return [] }
    return combine(parts, count: length ?? 1)
  }

  private enum Part {
    case text(String)
    case elements([Value])
    case nothing

    init(_ evaluation: Evaluation) {
      switch evaluation {
      case .failure: self = .nothing
      case .value(.list(let elements)): self = .elements(elements)
      case .value(.partial(let partial)): self = Part(.value(partial.known))
      case .value(.table(let table)): self = .elements(table.rows.map(Value.row))
      case .value(let value): self = .text(value.displayText)
      }
    }
  }

  private static func combine(_ parts: [Part], count: Int) -> [String] {
    var found: [String] = []
    var seen: Set<ExactString> = []
    for index in 0..<count {
      let text = parts.map { part in
        switch part {
        case .text(let text): text
        case .elements(let elements): elements[index].displayText
        case .nothing: Rendering.unknown
        }
      }.joined()
      guard seen.insert(ExactString(text)).inserted else { continue }
      if found.count < Rendering.findingLimit { found.append(Rendering.cut(text)) }
    }
    let rest = seen.count - found.count
    return rest > 0 ? found + ["… and \(rest) more"] : found
  }
}

extension Turn {
  /// A text about whom a scope is about.
  func render(_ template: TextTemplate, in scope: EvaluationScope) -> String {
    let expressions = template.expressions
    return Rendering.text(template) { evaluate(expressions[$0], in: scope) }
  }
}
