package import Diagnostics

/// A question: what is asked, how the answer is found, and what follows it.
///
/// It never changes, and is handed from check to check: a reference is copied at less cost than its many parts.
package final class Question: Sendable {
  package let id: String
  package let ask: TextTemplate
  /// At least one of `answer`, `weighing` and `person` is there; the first two exclude each other.
  package let answer: Answer?
  package let weighing: Weighing?
  package let person: Person?
  /// The answers it can have besides `unknown`: `yes` and `no`, or labels, `none` last.
  package let labels: [String]
  /// What follows each of `labels`; empty for a sign.
  package let next: [String: [Target]]
  /// What follows `unknown`; empty: nothing, and the way ends in `undetermined`. See `Question.unknownIsExplicit`.
  package let nextIfUnknown: [Target]
  /// Whether the author wrote what follows `unknown`. A verdict reached that way is assumed, not proven.
  package let unknownIsExplicit: Bool
  /// The entity of which it is asked, one by one; `nil`: asked once.
  package let each: String?
  /// An unknown answer does not stay open.
  package let isOptional: Bool
  /// What to list as found when the answer is neither `no`, `none` nor unknown.
  package let finding: TextTemplate?
  package let why: String?
  /// The attacks that a yes shows.
  package let shows: [String]
  /// Pages that say more.
  package let see: [String]
  package let location: SourceLocation
  /// What may follow it, whatever the answer, each once.
  let targets: [Target]

  init(
    id: String, ask: TextTemplate, answer: Answer?, weighing: Weighing?, person: Person?, labels: [String],
    next: [String: [Target]], nextIfUnknown: [Target], unknownIsExplicit: Bool, each: String?, isOptional: Bool,
    finding: TextTemplate?, why: String?, shows: [String], see: [String], location: SourceLocation
  ) {
    self.id = id
    self.ask = ask
    self.answer = answer
    self.weighing = weighing
    self.person = person
    self.labels = labels
    self.next = next
    self.nextIfUnknown = nextIfUnknown
    self.unknownIsExplicit = unknownIsExplicit
    self.each = each
    self.isOptional = isOptional
    self.finding = finding
    self.why = why
    self.shows = shows
    self.see = see
    self.location = location
    var seen: Set<Target> = []
    targets = (labels.flatMap { next[$0] ?? [] } + nextIfUnknown).filter { seen.insert($0).inserted }
  }

  /// The questions that may follow it.
  var followers: [String] {
    targets.compactMap { target in
      if case .question(let id) = target { id } else { nil }
    }
  }

  /// Asked only because another question weighs or mentions it.
  package var isSign: Bool { next.isEmpty }

  package enum Answer: Sendable {
    /// `yes` or `no`.
    case condition(Expression)
    /// The first that holds; `none` if none does.
    case choices([(label: String, condition: Expression)])
  }
}

/// What follows an answer.
package enum Target: Hashable, Sendable {
  case question(String)
  case verdict(String)
}

/// Signs judged together: `yes` when the weights of those that are so reach the limit.
package struct Weighing: Sendable {
  /// Sign questions and their weights, in the order of the file.
  package let signs: [(question: String, weight: Int)]
  package let atLeast: Int
}

/// Whom to ask when the data gives no answer.
package struct Person: Sendable {
  /// A contact's id, or an expression of type `contact`.
  package enum Addressee: Sendable {
    case contact(String)
    case expression(Expression)
  }

  package let who: Addressee
  package let within: Duration
  /// Ids of queries whose rows are shown.
  package let show: [String]
  package let choices: [String]
  package let noteRequired: Bool
  /// What file is asked for, such as `ransom note`.
  package let file: String?
}

/// An outcome of the run or of one entity.
package struct Verdict: Sendable {
  package let id: String
  package let severity: SeverityRule
  package let means: TextTemplate?
  /// An escalation's id.
  package let escalation: String?
  /// Export ids.
  package let exports: [String]
  package let advice: [TextTemplate]
  package let handOver: HandOver?
  package let isBuiltIn: Bool

  package struct HandOver: Sendable {
    package let runbook: String
    package let location: SourceLocation
    package let fields: [(id: String, expression: Expression, place: SourceLocation)]
  }

  /// Whether a run that ends with it lets the case rest: its severity is `info` or `low` and cannot be more.
  package var isClean: Bool {
    switch severity {
    case .fixed(let severity): severity <= .low
    case .cases(let cases): cases.allSatisfy { $0.severity <= .low }
    }
  }

  package static let undetermined = "undetermined"
}

package enum Severity: String, Sendable, CaseIterable, Comparable {
  case info, low, medium, high, critical

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

package enum SeverityRule: Sendable {
  case fixed(Severity)
  /// The first whose condition holds; a condition that is unknown counts as holding; the last if none holds.
  case cases([(severity: Severity, condition: Expression)])
}
