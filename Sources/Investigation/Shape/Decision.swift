package import Baselines
package import RunbookLanguage

/// Something that the investigation found out. All of it follows from the runbook, the start and the events.
package enum Decision: Sendable {
  /// A question was answered: one answer, or one for each entity that it was asked of.
  case answered(Answers)
  /// Whom the questions about an entity are asked of.
  case entitiesFound(EntitiesFound)
  /// A verdict was reached, and stands whatever follows.
  case reached(VerdictReached)
  /// A query's answer proves less than it would if it were whole, or nothing.
  case judged(query: String, DataJudgement)
  /// A query is asked about the runbook's window, because its own could not be found.
  case windowReplaced(query: String, reason: String)
  /// A threshold was compared with a series or with rows: what replay and readers judge it by.
  case thresholdJudged(id: String, ThresholdJudgement)
  /// An export of a verdict that was reached cannot be written.
  case exportDropped(export: String, reason: String)
}

/// What became of a threshold.
package enum ThresholdJudgement: Sendable {
  /// - Parameter entity: Whose series it was, of a threshold that judges each by itself.
  case judged(Finding, entity: String?)
  /// Why nothing can be said.
  case unknown(String)
}

/// An answer to a question, once or about one entity. Its texts are made when they are read.
package struct Answer: Sendable {
  package static let unknown = "unknown"

  let sheet: AnswerSheet
  let row: Int

  /// The question's id.
  package var question: String { sheet.question.id }
  /// The entity's value as text; `nil` for the run's own answer. A question about an entity has an answer without one
  /// for those that could not be listed.
  package var entity: String? { sheet.entity(row) }
  /// The question as it was asked.
  package var ask: String { sheet.ask(row) }
  /// A label of the question, or `unknown`.
  package var answer: String { sheet.answer(row) }
  /// What was found, such as the paths touched. Empty when the answer is `no`, `none` or `unknown`.
  package var finding: [String] { sheet.finding(row) }
  /// The evidence in a line.
  package var because: String { sheet.because(row) }
  /// The answer is unknown, and a verdict was reached because the author said what follows.
  package var assumed: Bool { isUnknown && sheet.question.isAssumedIfUnknown }

  package var isUnknown: Bool { sheet.isUnknown(row) }
}

package struct EntitiesFound: Sendable {
  /// The entity's id in the runbook.
  package let entity: String
  /// In the order of their arrival, at most as many as the runbook allows.
  package let values: [String]
  /// Beyond the limit: not asked about, and `undetermined`.
  package let overflow: [String]
  /// Why there may be more, or why there is no list; `nil` for a complete one.
  package let incomplete: String?
}

/// A verdict that somebody's way led to.
package struct VerdictReached: Sendable {
  package let verdict: String
  /// The highest among `entities`.
  package let severity: Severity
  /// The kind of entity, and for whom the verdict was reached; `nil`: for the run itself.
  package let entities: (kind: String, values: [String])?
  /// The question whose answer led to it; `nil` for what only the end of the run shows.
  package let question: String?
  /// Not proven: it follows from an answer that is missing.
  package let assumed: Bool
  package let means: String?
  package let advice: [String]
}

/// Why an answer of a source is less than whole.
package enum DataJudgement: Hashable, Sendable {
  /// Its rows are right, and there may be more.
  case incomplete(String)
  /// It proves nothing.
  case unusable(String)
}

/// How a run ended.
package struct RunOutcome: Sendable {
  /// The most severe verdict that was reached.
  package let verdict: String
  package let severity: Severity
  /// In reading order, within a question in the order of the entities' arrival.
  package let answers: Answers
  /// Questions whose answer stayed unknown, in reading order.
  package let open: [String]
  /// The verdict of each entity, in order of arrival.
  package let entities: [(entity: String, verdicts: [(value: String, verdict: String)])]
  /// Everything that was reached, in the order in which it was.
  package let verdicts: [VerdictReached]
}
