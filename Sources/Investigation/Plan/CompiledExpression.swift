import CEL
import RunbookLanguage
import Values

/// An expression whose names have been looked up.
final class CompiledExpression: Sendable {
  /// Its place among all of the runbook that are evaluated about many.
  let number: Int
  let checked: CheckedExpression
  /// For each of its references the number of the name; `nil` for one that stands for nothing.
  let names: [Int?]

  init(number: Int, checked: CheckedExpression, names: [Int?]) {
    self.number = number
    self.checked = checked
    self.names = names
  }
}

/// Text for people with the expressions in it.
struct CompiledTemplate: Sendable {
  /// Where the value of an expression comes from.
  enum Part: Sendable {
    /// It is nothing but the entity's name.
    case entity
    case expression(CompiledExpression)
  }

  let template: TextTemplate
  /// One for each expression of the template, in order.
  let parts: [Part]
  /// Those parts that must be evaluated.
  let expressions: [CompiledExpression]

  init(_ template: TextTemplate, _ parts: [Part]) {
    self.template = template
    self.parts = parts
    expressions = parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }
}

/// An expression whose names are told as evidence.
final class EvidenceSource: Sendable {
  let checked: CheckedExpression
  /// The number of each reference's name.
  let names: [Int?]
  /// Which references are told.
  let isTold: [Bool]
  /// What a definition rests on that holds or not.
  let rests: [EvidenceSource?]

  init(_ checked: CheckedExpression, names: [Int?], isTold: [Bool], rests: [EvidenceSource?]) {
    self.checked = checked
    self.names = names
    self.isTold = isTold
    self.rests = rests
  }

  /// Whether a reference's value is needed for the words: where macros decide, all are.
  func isNoted(_ reference: Int) -> Bool { isTold[reference] || checked.goesOverElements }

  /// Gives the values of its references, behind each definition that holds or not those of what it rests on.
  func note(_ value: (Int) -> Evaluation, _ add: (Evaluation) -> Void) {
    for place in names.indices where isNoted(place) {
      let known = names[place].map(value) ?? .unknown("'\(checked.references[place].name)' stands for nothing")
      add(known)
      if isTold[place], let rest = rests[place], case .value(.bool) = known { rest.note(value, add) }
    }
  }
}
