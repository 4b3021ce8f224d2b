import RunbookLanguage

/// A question as it is asked: numbers in place of names, and what its texts need.
final class CompiledQuestion: Sendable {
  /// How its answer is found.
  enum Way: Sendable {
    case condition(CompiledExpression)
    /// The code of each label, the label, and when it is the answer.
    case choices([(code: Int, label: String, condition: CompiledExpression)])
    case weighing([Sign], atLeast: Int)
    /// By a person alone.
    case nobody
  }

  struct Sign: Sendable {
    let id: String
    let weight: Int
    /// The number of its name; `nil` for one that does not exist.
    let name: Int?
  }

  let id: String
  let labels: [String]
  let isYesNo: Bool
  let isSign: Bool
  let way: Way
  /// Besides its data a person could be asked.
  let hasPersonBesides: Bool
  let ask: CompiledTemplate
  let finding: CompiledTemplate?
  /// By the answer's code.
  let evidence: [[EvidenceSource]]
  /// What follows, by the answer's code; what follows `unknown` last.
  let next: [[Target]]
  /// An answer that is unknown leads to a verdict, because the author said so.
  let isAssumedIfUnknown: Bool

  init(
    _ question: Question, way: Way, ask: CompiledTemplate, finding: CompiledTemplate?, evidence: [[EvidenceSource]],
    next: [[Target]]
  ) {
    id = question.id
    labels = question.labels
    isYesNo = question.labels == ["yes", "no"]
    isSign = question.isSign
    hasPersonBesides = question.person != nil && (question.answer != nil || question.weighing != nil)
    isAssumedIfUnknown =
      question.unknownIsExplicit && question.nextIfUnknown.contains { if case .verdict = $0 { true } else { false } }
    self.way = way
    self.ask = ask
    self.finding = finding
    self.evidence = evidence
    self.next = next
  }

  /// What follows an answer, by its place.
  enum Target: Sendable {
    case question(Int)
    case verdict(Int)
  }

  /// The code of the answer `unknown`; the codes of labels are their places.
  var unknown: Int { labels.count }

  /// Whether something was found where this is the answer.
  func hasFinding(_ code: Int) -> Bool { code < labels.count && labels[code] != "no" && labels[code] != "none" }
}
