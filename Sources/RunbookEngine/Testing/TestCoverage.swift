import Investigation
package import RunbookLanguage

/// Which ways through a runbook its cases have taken: what a runbook can do, and what of it was seen to happen.
package struct TestCoverage: Sendable {
  /// Something that a case can make happen.
  package enum Goal: Hashable, Sendable {
    /// The question is answered so; `unknown` is one of its answers.
    case answer(question: String, label: String)
    /// A threshold of a series or of rows is found to be exceeded, or not to be.
    case threshold(String, isBreached: Bool)
    case verdict(String)
    case escalation(String)
    case export(String)

    package var kind: String {
      switch self {
      case .answer: "answers"
      case .threshold: "thresholds"
      case .verdict: "verdicts"
      case .escalation: "escalations"
      case .export: "exports"
      }
    }

    package var description: String {
      switch self {
      case .answer(let question, let label): "\(question): \(label)"
      case .threshold(let id, let isBreached): "\(id): \(isBreached ? "exceeded" : "not exceeded")"
      case .verdict(let id), .escalation(let id), .export(let id): id
      }
    }
  }

  /// The kinds of goals in the order in which they are told.
  package static let kinds = ["answers", "thresholds", "verdicts", "escalations", "exports"]

  /// In the order of the runbook.
  package let goals: [Goal]
  package private(set) var met: Set<Goal> = []
  /// Questions about each of something.
  private let aboutEach: Set<String>

  package init(of checked: CheckedRunbook) {
    let runbook = checked.runbook
    aboutEach = Set(runbook.questions.filter { $0.each != nil }.map(\.id))
    let answers = runbook.questions.flatMap { question in
      (question.labels + (runbook.mayStayOpen(question) ? [Answer.unknown] : []))
        .map { Goal.answer(question: question.id, label: $0) }
    }
    // Built-in verdicts stand for nothing that the author wants, unless a way leads to them.
    let named = Set(runbook.questions.flatMap(\.verdictsAhead))
    let verdicts = runbook.verdicts.filter { !$0.isBuiltIn || named.contains($0.id) }
    // What is imported may serve other runbooks.
    let called = Set(runbook.verdicts.compactMap(\.escalation))
    let written = Set(runbook.verdicts.flatMap(\.exports))
    goals =
      answers + checked.thresholdsJudged.flatMap { id in [true, false].map { .threshold(id, isBreached: $0) } }
      + verdicts.map { .verdict($0.id) }
      + runbook.escalations.filter { called.contains($0.id) }.map { .escalation($0.id) }
      + runbook.exports.filter { written.contains($0.id) }.map { .export($0.id) }
  }

  mutating func add(_ seen: CaseRun.Observation) {
    for answer in seen.outcome?.answers ?? Answers() {
      // Where nobody knows of whom to ask, the question itself was not put.
      if answer.answer == Answer.unknown, answer.entity == nil, aboutEach.contains(answer.question) { continue }
      met.insert(.answer(question: answer.question, label: answer.answer))
    }
    for (id, isBreached) in seen.judged { met.insert(.threshold(id, isBreached: isBreached)) }
    for reached in seen.outcome?.verdicts ?? [] { met.insert(.verdict(reached.verdict)) }
    if let verdict = seen.outcome?.verdict { met.insert(.verdict(verdict)) }
    for escalation in seen.escalations { met.insert(.escalation(escalation)) }
    for export in seen.exports.keys { met.insert(.export(export)) }
  }

  /// The answers that cases have given, as ways to be coloured in.
  package var ways: Set<FlowGraph.Way> {
    Set(
      met.compactMap { goal in
        guard case .answer(let question, let label) = goal else { return nil }
        return FlowGraph.Way(question: question, answer: label)
      })
  }

  /// What no case has made happen, in the order of the runbook.
  package var missed: [Goal] { goals.filter { !met.contains($0) } }

  package func count(_ kind: String) -> (met: Int, all: Int) {
    let all = goals.filter { $0.kind == kind }
    return (all.count { met.contains($0) }, all.count)
  }

  /// The share of all goals that was met, in percent, rounded down; 100 for a runbook that has none.
  package var percent: Int {
    goals.isEmpty ? 100 : (goals.count - missed.count) * 100 / goals.count
  }
}

extension Question {
  /// The verdicts that an answer leads to at once.
  fileprivate var verdictsAhead: [String] {
    (next.values.flatMap { $0 } + nextIfUnknown).compactMap { if case .verdict(let id) = $0 { id } else { nil } }
  }
}

extension CheckedRunbook {
  /// Thresholds of series and rows that a question rests on, in the order of the file. Those of single numbers are seen
  /// in the answers that they decide.
  fileprivate var thresholdsJudged: [String] {
    let needed = Set(needs.values.flatMap(\.thresholds))
    return runbook.thresholds.filter { threshold in
      guard case .monitored(let rule) = threshold.rule, needed.contains(threshold.id) else { return false }
      if case .expression = rule.subject { return false }
      return true
    }.map(\.id)
  }
}

extension Runbook {
  /// Whether a question can have no answer: it rests on data, on a field of the alert, or on somebody. What rests on the
  /// entity and on lists alone has one.
  func mayStayOpen(_ question: Question) -> Bool {
    let expressions: [Expression]
    switch question.answer {
    case nil: return true
    case .condition(let condition): expressions = [condition]
    case .choices(let choices): expressions = choices.map(\.condition)
    }
    return expressions.flatMap(\.names).contains { name in
      switch threshold(name)?.rule {
      case .number: false
      case .monitored: true
      case nil: name != question.each && !["at", "now"].contains(name) && list(name) == nil
      }
    }
  }
}
