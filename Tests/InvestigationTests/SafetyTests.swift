import RunbookLanguage
import Testing
import Values

@testable import Investigation

/// What must hold of every runbook and all data.
@Suite struct SafetyTests {
  @Test func `what is answered on incomplete data is what complete data answers, and only that closes a case`() throws {
    var dice = Dice(11)
    var answers = 0
    var clean = 0
    for _ in 0..<400 {
      let random = RandomRunbook(&dice)
      guard let checked = RunDriver.result(of: random.yaml).runbook else { continue }
      var whole = try RunDriver(checked, random.given)
      let truth = try whole.run()
      var driver = try RunDriver(checked, random.degraded(&dice))
      let outcome = try driver.run()
      for answer in outcome.answers where !answer.isUnknown {
        // The ways may part after an unknown, so not every question is asked in both.
        guard let known = truth.answer(answer.question, answer.entity) else { continue }
        #expect(answer.answer == known.answer, "\(answer.question) of \(answer.entity ?? "run")\n\(random.yaml)")
        answers += 1
      }
      if outcome.severity <= .low {
        clean += 1
        #expect(outcome.verdict == truth.verdict, "\(random.yaml)")
        #expect(outcome.open.isEmpty)
      }
    }
    // The test is worth something only if both occur often.
    #expect(answers > 300)
    #expect(clean > 20)
  }

  @Test func `the order in which sources answer changes nothing that is found`() throws {
    var dice = Dice(5)
    var runs = 0
    for _ in 0..<150 {
      let random = RandomRunbook(&dice)
      guard let checked = RunDriver.result(of: random.yaml).runbook else { continue }
      let given = random.degraded(&dice)
      var first = try RunDriver(checked, given)
      var last = try RunDriver(checked, given)
      #expect(try first.run().json.canonicalText == last.run(lastFirst: true).json.canonicalText)
      #expect(Set(first.fetched).count == first.fetched.count)
      #expect(Set(first.fetched) == Set(last.fetched))
      runs += 1
    }
    #expect(runs > 100)
  }
}
