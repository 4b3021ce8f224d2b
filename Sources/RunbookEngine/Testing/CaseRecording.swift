import Diagnostics
import Investigation
import RunbookLanguage
package import RunbookPorts
import Values

/// Makes a case of a finished run's trail: what was known of the alert, what each source answered, and what came of it.
package struct CaseRecording: Sendable {
  package enum Problem: Error, Sendable {
    /// Why no case can be made, as a sentence part.
    case unsuitable(String)
    /// The case, put to the interpreter, does not come to what the run came to.
    case differs([String])

    package var message: String {
      switch self {
      case .unsuitable(let reason): "no case can be made of the run: \(reason)"
      case .differs(let differences):
        "a case cannot say all that the run knew; it would end otherwise: " + differences.joined(separator: "; ")
      }
    }
  }

  private let recording: RunRecording
  private let joiner: any ResultJoiner

  package init(_ recording: RunRecording, joiner: any ResultJoiner) {
    self.recording = recording
    self.joiner = joiner
  }

  /// The case, to be put under `cases`; it has been run, and passes.
  ///
  /// - Parameter name: What the case is called.
  package func text(named name: String) async throws(Problem) -> String {
    let fold = RunFold(recording)
    guard fold.difference == nil else { throw .unsuitable("its records do not follow from one another") }
    guard let outcome = fold.investigation.outcome else { throw .unsuitable("it has not ended") }
    let head = head(named: name) + given(fold) + people(fold)
    let draft = head + "    expect: {verdict: \(CaseText.quoted(outcome.verdict))}\n"
    let made = try read(draft)
    var run = CaseRun(made, of: CompiledRunbook(recording.runbook), joiner: joiner)
    let seen = await run.observe()
    guard let again = seen.outcome else { throw .differs([seen.trouble ?? "it does not end"]) }
    let differences = Self.differences(outcome, again)
    guard differences.isEmpty else { throw .differs(differences) }
    return head + "    expect:\n" + CaseText.expectation(again, seen)
  }

  private func read(_ text: String) throws(Problem) -> RunbookCase {
    let source = SourceText(
      name: "recorded.tests.yaml", text: "tests: \(recording.runbook.runbook.id)\ncases:\n\(text)")
    let (file, findings) = CaseReader(files: NoFiles()).read(source, for: recording.runbook)
    guard let made = file.cases.first else {
      let problem = findings.first { $0.severity == .error }
      throw .unsuitable("what it knew has no form in a case: \(problem?.message ?? "")")
    }
    return made
  }

  // MARK: What was known

  private func head(named name: String) -> String {
    let start = recording.start
    var fields = [("at", CaseText.quoted(start.at.description))]
    for field in recording.runbook.runbook.alert.fields {
      switch start.fields[field.id] {
      case .value(.list(let values)):
        fields.append((field.id, CaseText.list(values.map { CaseText.quoted(CaseText.text($0)) })))
      case .value(let value): fields.append((field.id, CaseText.quoted(CaseText.text(value))))
      case .missing, nil: fields.append((field.id, "null"))
      }
    }
    var text = "  \(CaseText.quoted(name)):\n    alert: \(CaseText.mapping(fields))\n"
    if start.now != start.at { text += "    now: \(CaseText.quoted(start.now.description))\n" }
    let thresholds = start.thresholds.sorted { $0.key < $1.key }.compactMap { id, rule -> (String, String)? in
      guard case .number(let number) = rule else { return nil }
      return (id, number.json.compactText)
    }
    return text + (thresholds.isEmpty ? "" : "    thresholds: \(CaseText.mapping(thresholds))\n")
  }

  /// What each query was answered. What proved less than it said, because it did not cover its window, gives as much.
  private func given(_ fold: RunFold) -> String {
    var outcomes: [String: FetchOutcome] = [:]
    var lacks: [String: (isUnusable: Bool, reason: String)] = [:]
    for step in recording.steps {
      if case .event(.fetched(let id, let outcome)) = step.content, outcomes[id.query] == nil {
        outcomes[id.query] = outcome
      }
      guard step.type == "query.judged", let query = step.body["query"]?.text else { continue }
      lacks[query] = (step.body["is"]?.text == "unusable", step.body["reason"]?.text ?? "")
    }
    let answered = recording.runbook.runbook.queries.compactMap { query -> String? in
      // Joins are made again of what they join.
      if case .results = query.origin { return nil }
      guard var outcome = outcomes[query.id] else { return nil }
      if let lack = lacks[query.id] {
        outcome = lack.isUnusable ? .failed(lack.reason) : outcome.lacking(lack.reason)
      }
      return "      \(query.id):" + CaseText.given(outcome, indent: "      ")
    }
    return answered.isEmpty ? "" : "    given:\n" + answered.joined()
  }

  /// What people answered, each to the form that was put to them.
  private func people(_ fold: RunFold) -> String {
    let questions = Dictionary(fold.forms.map { ($0.key, $0.question) }) { first, _ in first }
    var said: [(question: String, rows: [(entity: String?, answer: String)])] = []
    for step in recording.steps {
      guard case .event(.told(let answer)) = step.content, let question = questions[answer.form] else { continue }
      let place = said.firstIndex { $0.question == question } ?? said.count
      if place == said.count { said.append((question, [])) }
      said[place].rows += answer.rows.map { ($0.entity, $0.answer) }
    }
    guard !said.isEmpty else { return "" }
    let answers = said.map { question, rows in
      let named = rows.compactMap { row in row.entity.map { ($0, CaseText.label(row.answer)) } }
      return (question, named.isEmpty ? rows.first.map { CaseText.label($0.answer) } ?? "" : CaseText.mapping(named))
    }
    return "    people: \(CaseText.mapping(answers))\n"
  }

  // MARK: What came of it

  private static func differences(_ recorded: RunOutcome, _ again: RunOutcome) -> [String] {
    var differences: [String] = []
    if recorded.verdict != again.verdict {
      differences.append("the verdict was '\(recorded.verdict)' and would be '\(again.verdict)'")
    }
    let after = Dictionary(again.answers.map { (AnswerPlace($0), $0) }) { first, _ in first }
    for answer in recorded.answers {
      let other = after[AnswerPlace(answer)]
      guard other?.answer != answer.answer else { continue }
      let whom = answer.entity.map { " of \($0.prefix(60))" } ?? ""
      differences.append(
        "'\(answer.question)'\(whom) was '\(answer.answer)' and would be '\(other?.answer ?? "not asked")'"
          + (other.map { " (\($0.because.prefix(200)))" } ?? ""))
    }
    return Array(differences.prefix(5))
  }
}

private struct AnswerPlace: Hashable {
  let question: String
  let entity: ExactString?

  init(_ answer: Answer) {
    question = answer.question
    entity = answer.entity.map { ExactString($0) }
  }
}

extension FetchOutcome {
  fileprivate func lacking(_ reason: String) -> FetchOutcome {
    guard case .answered(let result) = self, case .complete = result.completeness else { return self }
    return .answered(
      QueryResult(
        payload: result.payload, completeness: .truncated(reason), isMonotone: result.isMonotone, extent: result.extent,
        warnings: result.warnings, statistics: result.statistics))
  }
}

/// A recorded case names no files.
private struct NoFiles: RunbookFiles {
  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    .failure(FileProblem("a recorded case has no files"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { false }
}
