import RunbookLanguage
import Testing

@testable import Investigation

/// The investigation beside the naive evaluator, on many small runbooks and troubled data.
@Suite struct MeaningTests {
  private struct Difference: CustomStringConvertible {
    let what: String
    let found: String
    let expected: String
    let runbook: SmallRunbook
    let data: SmallData

    var description: String {
      "\(what): found \(found), expected \(expected)\n\(runbook.yaml)\n\(data.tables.sorted { $0.key < $1.key })"
    }
  }

  private func differences(
    _ outcome: RunOutcome, _ expected: NaiveEvaluator.Outcome, _ runbook: SmallRunbook, _ data: SmallData
  ) -> [Difference] {
    let onTheWay = Set(runbook.questions.filter { $0.then != nil }.map(\.id))
    let said = outcome.said.filter { line in
      onTheWay.contains(String(line.prefix { $0 != " " && $0 != ":" }))
    }
    let pairs = [
      ("answers", "\(said)", "\(expected.said)"), ("open", "\(outcome.open)", "\(expected.open)"),
      ("hosts", "\(outcome.verdicts(of: "host"))", "\(expected.hosts)"),
      ("verdict", outcome.verdict, expected.verdict.id),
    ]
    return pairs.filter { $0.1 != $0.2 }.map {
      Difference(what: $0.0, found: $0.1, expected: $0.2, runbook: runbook, data: data)
    }
  }

  /// Runs and their naive outcomes over whole and troubled data.
  private func compare(
    _ count: Int, seed: UInt64, hasEntities: Bool, _ check: (SmallRunbook, CheckedRunbook, SmallData) throws -> Void
  ) throws {
    var dice = Dice(seed)
    for _ in 0..<count {
      let runbook = SmallRunbook.random(
        &dice, questions: 2 + dice.roll(4), hasEntities: hasEntities, hasOptional: true)
      let checked = try RunDriver.check(runbook.yaml)
      let whole = SmallData.random(&dice)
      for data in [whole, whole.troubled(&dice), whole.troubled(&dice), whole.troubled(&dice)] {
        try check(runbook, checked, data)
      }
    }
  }

  @Test(arguments: [false, true])
  func `answers, ways, open questions and verdicts are those of the naive evaluator`(_ hasEntities: Bool) throws {
    let count = TestLength.count(hasEntities ? 350 : 150, long: 12_000)
    var different = 0
    var unknowns = 0
    var answers = 0
    try compare(count, seed: hasEntities ? 11 : 12, hasEntities: hasEntities) { runbook, checked, data in
      let expected = NaiveEvaluator(runbook, data).outcome()
      answers += expected.said.count
      unknowns += expected.said.count { $0.hasSuffix(": unknown") }
      for lastFirst in [false, true] {
        let outcome = try SmallRun(checked, data).end(lastFirst: lastFirst)
        let found = differences(outcome, expected, runbook, data)
        if !found.isEmpty { different += 1 }
        if !found.isEmpty, different < 4 { Issue.record("\(found.map(\.description).joined(separator: "\n"))") }
      }
    }
    #expect(different == 0)
    // There was something to find out, and something that nobody can know.
    #expect(answers > 3 * count && unknowns > count / 2, "\(answers) \(unknowns)")
  }

  /// All orders of nearly all runbooks; of those with very many the first.
  private static let orderLimit = TestLength.count(24, long: 2_000)

  @Test func `no order of asking or of answers changes the outcome`() throws {
    var orders = 0
    var different = 0
    try compare(TestLength.count(40, long: 400), seed: 13, hasEntities: true) { runbook, checked, data in
      let naive = NaiveEvaluator(runbook, data)
      let expected = naive.outcome()
      different += naive.outcomesOfAllOrders(limit: Self.orderLimit).count { $0 != expected }
      var ends = 0
      func answerInEveryOrder(_ run: SmallRun) {
        guard ends < Self.orderLimit else { return }
        if run.pending.isEmpty {
          ends += 1
          let isSame = run.outcome.map { differences($0, expected, runbook, data).isEmpty } ?? false
          if !isSame { different += 1 }
        }
        for place in run.pending.indices {
          var copy = run
          _ = copy.answer(place)
          answerInEveryOrder(copy)
        }
      }
      answerInEveryOrder(try SmallRun(checked, data))
      orders += ends
    }
    #expect(different == 0)
    #expect(orders > 250, "\(orders)")
  }

  @Test func `verdicts that are not clean are reached with the answer that leads to them, for the same, and once`()
    throws
  {
    var late = 0
    var different = 0
    try compare(TestLength.count(60, long: 2_000), seed: 14, hasEntities: true) { runbook, checked, data in
      let expected = NaiveEvaluator(runbook, data).outcome().reached.filter(\.isTold)
      var run = try SmallRun(checked, data)
      var announced: [NaiveEvaluator.Reached] = []
      func note(_ effects: [Effect]) {
        var answered: Set<Int> = []
        for case .decided(let decision) in effects {
          if case .answered(let answers) = decision {
            answered.formUnion(answers.compactMap { answer in runbook.place(of: answer.question) })
          }
          if case .reached(let reached) = decision { announced += reached.byHost(in: runbook) }
        }
        let due = expected.filter { answered.contains($0.question) }
        late += due.count { due in !announced.contains { $0.verdict == due.verdict && $0.host == due.host } }
      }
      note(run.driver.effects)
      while !run.pending.isEmpty { note(run.answer(0)) }
      let found = announced.filter(\.isTold)
      // Nobody is told the same twice; what is told was led to, by that question and for that reason.
      if Set(found.map(\.subject)).count != found.count || !Set(found).isSubset(of: expected) { different += 1 }
    }
    #expect(late == 0)
    #expect(different == 0)
  }

  /// Worlds without anything unknown, drawn by lot: rows that were cut are back, those that may be wrong are others, and
  /// hosts that were not listed are there.
  @Test func `what a run says of incomplete data holds in every complete world`() throws {
    var dice = Dice(15)
    var worlds = 0
    var refuted: [String] = []
    for _ in 0..<TestLength.count(80, long: 2_000) {
      let runbook = SmallRunbook.random(&dice, questions: 2 + dice.roll(3), hasEntities: true, hasOptional: false)
      let data = SmallData.random(&dice).troubled(&dice)
      let outcome = try SmallRun(RunDriver.check(runbook.yaml), data).end()
      for world in data.worlds(&dice, limit: 60) {
        worlds += 1
        let truth = NaiveEvaluator(runbook, world).outcome()
        let answers = Dictionary(uniqueKeysWithValues: truth.said.map(\.answerParts))
        for answer in outcome.answers where !answer.isUnknown {
          let key = answer.question + (answer.entity.map { " \($0)" } ?? "")
          guard let label = answers[key], label != "unknown", label != answer.answer else { continue }
          refuted.append("\(key): \(answer.answer), in a world \(label)\n\(runbook.yaml)\n\(data)\n\(world)")
        }
        let isClean = SmallVerdict.allCases.contains { $0.id == outcome.verdict && $0.isClean }
        if isClean, truth.verdict.id != outcome.verdict {
          refuted.append("closed as \(outcome.verdict), in a world \(truth.verdict.id)\n\(runbook.yaml)\n\(data)")
        }
      }
    }
    #expect(refuted.isEmpty, "\(refuted.count) \(refuted.first ?? "")")
    #expect(worlds > 1_000)
  }
}

extension SmallRunbook {
  fileprivate func place(of id: String) -> Int? { questions.firstIndex { $0.id == id } }
}

extension NaiveEvaluator.Reached {
  fileprivate var subject: String { "\(verdict) \(host ?? "")" }

  /// Whether it is said at once: clean verdicts wait for the end, and an end that nobody wrote is shown there.
  fileprivate var isTold: Bool { !verdict.isClean && verdict != .undetermined }
}

extension VerdictReached {
  /// One for each entity that it was reached for; empty for what only the end shows.
  fileprivate func byHost(in runbook: SmallRunbook) -> [NaiveEvaluator.Reached] {
    guard let question, let place = runbook.place(of: question),
      let verdict = SmallVerdict.allCases.first(where: { $0.id == self.verdict })
    else { return [] }
    return (entities?.values.map(Optional.some) ?? [nil]).map {
      NaiveEvaluator.Reached(verdict: verdict, host: $0, question: place, isAssumed: assumed)
    }
  }
}

extension String {
  /// `q0 h1: yes` as `q0 h1` and `yes`.
  fileprivate var answerParts: (String, String) {
    let parts = split(separator: ": ", maxSplits: 1)
    return (String(parts[0]), String(parts[parts.count - 1]))
  }
}
