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
  /// Its value hangs neither on answers to questions nor on what is judged or told on the way.
  let restsOnDataAlone: Bool

  init(number: Int, checked: CheckedExpression, names: [Int?], restsOnDataAlone: Bool) {
    self.number = number
    self.checked = checked
    self.names = names
    self.restsOnDataAlone = restsOnDataAlone
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
  /// Those expressions that are evaluated when the question is asked, for what they ask or tell; all others wait for a
  /// reader.
  let prompts: [CompiledExpression]
}

/// An expression whose names are told as evidence.
final class EvidenceSource: Sendable {
  let checked: CheckedExpression
  /// The number of each reference's name.
  let names: [Int?]
  /// Which references are told.
  let isTold: [Bool]
  let tellsAny: Bool
  /// What a definition rests on that holds or not.
  let rests: [EvidenceSource?]
  /// Those names that ask or tell something when their value is found, and what they rest on, as far as that is told.
  let prompts: [(name: Int, rest: EvidenceSource?)]

  /// - Parameter isPrompt: Whether a reference's name asks or tells something when its value is found.
  init(
    _ checked: CheckedExpression, names: [Int?], isTold: [Bool], rests: [EvidenceSource?], isPrompt: (Int) -> Bool
  ) {
    self.checked = checked
    self.names = names
    self.isTold = isTold
    tellsAny = isTold.contains(true)
    self.rests = rests
    prompts = names.indices.compactMap { place in
      guard isTold[place] || checked.goesOverElements, let name = names[place], isPrompt(place) else { return nil }
      return (name, isTold[place] ? rests[place] : nil)
    }
  }

  var hasPrompts: Bool { !prompts.isEmpty }

  /// Finds the values of those names that ask or tell something thereby: the words need them, whenever they are read.
  func prompt(_ value: (Int) -> Evaluation) {
    for (name, rest) in prompts {
      if case .value(.bool) = value(name) { rest?.prompt(value) }
    }
  }
}
