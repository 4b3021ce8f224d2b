import Baselines
import Investigation
package import RunbookLanguage
package import RunbookPorts
import Values

/// Makes cases at the boundary of a threshold: just below it, at it, just above it, and where nothing is known.
///
/// It begins with a case that answers a question by the threshold, and changes one thing that the case gives, the
/// highest part of a series or the number of rows, until the answer turns.
package struct BoundaryCases: Sendable {
  package struct Problem: Error, Sendable {
    package let message: String
  }

  /// Most different values that are tried between two ends.
  private static let gridLimit = 10_000

  private let runbook: CheckedRunbook
  private let compiled: CompiledRunbook
  private let joiner: any ResultJoiner

  package init(_ runbook: CheckedRunbook, joiner: any ResultJoiner) {
    self.runbook = runbook
    compiled = CompiledRunbook(runbook)
    self.joiner = joiner
  }

  /// The cases, to be put under `cases` behind the one that they are like.
  package func text(of threshold: String, in file: CaseFile) async throws(Problem) -> String {
    guard let rule = runbook.runbook.threshold(threshold)?.rule else {
      let known = runbook.runbook.thresholds.map(\.id)
      throw Problem(message: "the runbook has no threshold '\(threshold)'; it has \(known.joined(separator: ", "))")
    }
    let questions = runbook.runbook.questions.filter { runbook.needs[$0.id]?.thresholds.contains(threshold) ?? false }
    guard !questions.isEmpty else { throw Problem(message: "no question rests on '\(threshold)'") }
    for base in file.cases {
      for question in questions {
        for knob in knobs(of: base, question: question.id, rule: rule) {
          if let turn = await turn(knob, of: base, question: question.id), isMeant(turn, knob, rule) {
            return await cases(at: turn, knob, of: base, threshold: threshold, rule: rule)
          }
        }
      }
    }
    throw Problem(
      message: "no case gives a series or rows with which an answer turns at '\(threshold)'; write one first")
  }

  /// Whether an answer turns because of the threshold: at its number, or in the series that it judges.
  private func isMeant(_ turn: Turn, _ knob: Knob, _ rule: Threshold.Rule) -> Bool {
    if rule.query == knob.query { return true }
    return [turn.place - 1, turn.place].contains { rule.numbers.contains(knob.value($0)) }
  }

  // MARK: What is changed

  /// One thing that a case gives, as a number that can be set.
  private struct Knob {
    let query: String
    /// The number at a place of the grid.
    let low: Double
    let step: Double
    let count: Int
    let given: @Sendable (Double) -> Given

    func value(_ place: Int) -> Double { low + Double(place) * step }
  }

  private func knobs(of base: RunbookCase, question: String, rule: Threshold.Rule) -> [Knob] {
    let queries = rule.query.map { [$0] } ?? runbook.needs[question]?.queries ?? []
    return queries.compactMap { id in
      switch base.given[id] {
      case .series(let lines, let completeness): Self.seriesKnob(id, lines, completeness)
      case .rows(let table, let completeness) where table.count > 0: rowsKnob(id, table, completeness, rule)
      case .rows, .failed, .recorded, nil: nil
      }
    }
  }

  /// The run of a series that is farthest from its usual value.
  private static func seriesKnob(_ id: String, _ lines: [GivenSeries], _ completeness: Completeness) -> Knob? {
    guard let line = lines.first else { return nil }
    let values = line.runs.flatMap { run in run.value.map { Array(repeating: $0, count: min(run.count, 1_000)) } ?? [] }
    guard !values.isEmpty else { return nil }
    let usual = values.sorted()[values.count / 2]
    let places = line.runs.indices.filter { line.runs[$0].value != nil }
    guard
      let place = places.max(by: {
        abs((line.runs[$0].value ?? usual) - usual) < abs((line.runs[$1].value ?? usual) - usual)
      }), let peak = line.runs[place].value, peak != usual
    else { return nil }
    let areWhole = values.allSatisfy { $0.rounded() == $0 }
    var step = areWhole ? 1.0 : 0.01
    while abs(peak - usual) / step > Double(gridLimit) { step *= 10 }
    let direction = peak > usual ? step : -step
    return Knob(
      query: id, low: usual, step: direction, count: Int((abs(peak - usual) / step).rounded(.up)) + 1
    ) { value in
      var runs = line.runs
      runs[place] = .init(value: value, count: runs[place].count)
      let changed = GivenSeries(labels: line.labels, runs: runs, step: line.step, until: line.until)
      return .series([changed] + lines.dropFirst(), completeness)
    }
  }

  /// The number of rows: the case's first, so many times.
  private func rowsKnob(
    _ id: String, _ table: Table, _ completeness: Completeness, _ rule: Threshold.Rule
  ) -> Knob? {
    let limit = rule.numbers.map(abs).max() ?? Double(table.count)
    let most = min(GivenTable.rowLimit, runbook.runbook.query(id)?.atMost ?? GivenTable.rowLimit)
    let count = min(most, Int(min(limit, Double(most))) + table.count + 2)
    return Knob(query: id, low: 0, step: 1, count: count + 1) { value in
      .rows(table.selecting(Array(repeating: 0, count: max(0, Int(value)))), completeness)
    }
  }

  // MARK: Where the answer turns

  private struct Turn {
    /// The first place of the grid with the other answer.
    let place: Int
  }

  private func turn(_ knob: Knob, of base: RunbookCase, question: String) async -> Turn? {
    func label(_ place: Int) async -> String {
      let seen = await observe(base, knob.query, knob.given(knob.value(place)))
      let answers = seen.outcome?.answers.filter { $0.question == question }.map(\.answer) ?? []
      return answers.joined(separator: " ")
    }
    var (low, high) = (0, knob.count - 1)
    let first = await label(low)
    guard await label(high) != first else { return nil }
    while high - low > 1 {
      let middle = (low + high) / 2
      if await label(middle) == first { low = middle } else { high = middle }
    }
    return Turn(place: high)
  }

  private func observe(_ base: RunbookCase, _ query: String, _ given: Given) async -> CaseRun.Observation {
    var run = CaseRun(base.giving(query, given), of: compiled, joiner: joiner)
    return await run.observe()
  }

  // MARK: The cases

  private func cases(
    at turn: Turn, _ knob: Knob, of base: RunbookCase, threshold: String, rule: Threshold.Rule
  ) async -> String {
    // A limit itself lies on one side of the turn; where nothing is written, the first value behind it is meant.
    let values = [knob.value(turn.place - 1), knob.value(turn.place)]
    let at = values.first { value in rule.numbers.contains(value) } ?? values[1]
    let isRising = knob.step > 0
    let named = [
      (isRising ? "just below" : "just above", at - knob.step), ("at", at),
      (isRising ? "just above" : "just below", at + knob.step),
    ].filter { $0.1 >= 0 || knob.low < 0 }
    var text = ""
    for (words, value) in named {
      let name = "\(base.name.value), \(threshold) \(words) (\(Self.shown(value)))"
      text += await self.text(name, like: base, knob.query, knob.given(value))
    }
    let lack = "it is unavailable in this case"
    text += await self.text("\(base.name.value), \(threshold) unknown", like: base, knob.query, .failed(lack))
    return text
  }

  private func text(_ name: String, like base: RunbookCase, _ query: String, _ given: Given) async -> String {
    let seen = await observe(base, query, given)
    let isUnavailable = if case .failed = given { true } else { false }
    let written = isUnavailable ? " unavailable\n" : CaseText.given(given, indent: "      ")
    let expectation = seen.outcome.map { CaseText.expectation($0, seen) } ?? ""
    return "  \(CaseText.quoted(name)):\n    like: \(CaseText.quoted(base.name.value))\n"
      + "    given:\n      \(query):\(written)    expect:\n\(expectation)"
  }

  private static func shown(_ value: Double) -> String { Int64(exactly: value).map(String.init) ?? "\(value)" }
}

extension RunbookCase {
  fileprivate func giving(_ query: String, _ answer: Given) -> RunbookCase {
    var given = given
    given[query] = answer
    return RunbookCase(
      name: name, intake: intake, now: now, thresholds: thresholds, given: given, people: people,
      expectation: expectation)
  }
}

extension Threshold.Rule {
  /// The series or rows that it judges.
  fileprivate var query: String? {
    guard case .monitored(let rule) = self else { return nil }
    switch rule.subject {
    case .series(let query), .rows(let query): return query
    case .expression: return nil
    }
  }

  /// The numbers that are written in it.
  fileprivate var numbers: [Double] {
    switch self {
    case .number(.int(let number)): return [Double(number)]
    case .number(.double(let number)): return [number]
    case .number: return []
    case .monitored(let rule):
      let least = rule.modifiers.atLeast.map { [$0] } ?? []
      switch rule.judgement {
      case .limit(.above(let limit)): return [limit] + least
      case .limit(.below(let limit)): return [limit] + least
      case .limit(.outside(let low, let high)): return [low, high] + least
      case .normal: return least
      }
    }
  }
}
