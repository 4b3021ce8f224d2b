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
  /// The kind of entity that it is asked of; `nil`: the run.
  let kind: Int?
  let labels: [String]
  let isYesNo: Bool
  let isSign: Bool
  let way: Way
  /// Whom to ask where its data do not tell.
  let person: CompiledPerson?
  let ask: CompiledTemplate
  let finding: CompiledTemplate?
  /// By the answer's code.
  let evidence: [[EvidenceSource]]
  /// Whether the words of any answer ask or tell something when the question is asked.
  let hasPrompts: Bool
  /// Finding its answer tells nothing, and asks nobody: at most signs for which that is so, too.
  let isQuiet: Bool
  /// What follows, by the answer's code; what follows `unknown` last.
  let next: [[Target]]
  /// An answer that is unknown leads to a verdict, because the author said so.
  let isAssumedIfUnknown: Bool

  init(
    _ question: Question, of kind: Int?, way: Way, ask: CompiledTemplate, finding: CompiledTemplate?,
    person: CompiledPerson?, evidence: [[EvidenceSource]], isQuiet: Bool, next: [[Target]]
  ) {
    id = question.id
    self.kind = kind
    labels = question.labels
    isYesNo = question.labels == ["yes", "no"]
    isSign = question.isSign
    isAssumedIfUnknown =
      question.unknownIsExplicit && question.nextIfUnknown.contains { if case .verdict = $0 { true } else { false } }
    self.way = way
    self.ask = ask
    self.finding = finding
    self.person = person
    self.evidence = evidence
    hasPrompts =
      evidence.contains { $0.contains(where: \.hasPrompts) } || !ask.prompts.isEmpty
      || finding?.prompts.isEmpty == false
    self.isQuiet = isQuiet
    self.next = next
  }

  /// Whom to ask, and what to show them.
  struct CompiledPerson: Sendable {
    enum Addressee: Sendable {
      case contact(String)
      case expression(CompiledExpression)
    }

    let who: Addressee
    let person: Person
    /// Queries whose rows are shown.
    let shown: [Int]
  }

  /// What follows an answer, by its place.
  enum Target: Sendable {
    case question(Int)
    case verdict(Int)
  }

  /// The code of the answer `unknown`; the codes of labels are their places.
  var unknown: Int { labels.count }

  /// The code of a label; `nil` for one that the question does not have.
  func code(of label: String) -> Int? { labels.firstIndex { $0.utf8.elementsEqual(label.utf8) } }

  /// Where the words of an answer come from, besides what is weighed.
  func evidence(_ code: Int) -> [EvidenceSource] { code < evidence.count ? evidence[code] : [] }

  /// Whether the texts about an answer ask something when the question is asked.
  func hasPromptingWords(_ code: Int) -> Bool {
    !ask.prompts.isEmpty || hasFinding(code) && finding?.prompts.isEmpty == false
  }

  /// Whether something was found where this is the answer.
  func hasFinding(_ code: Int) -> Bool { code < labels.count && labels[code] != "no" && labels[code] != "none" }
}
