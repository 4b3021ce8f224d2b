import Testing
import Values

@testable import CEL

/// Evaluation about many things in one go, beside evaluations about one after the other.
struct ColumnEvaluationTests {
  @Test(arguments: 0..<20)
  func `What is said of many in one go is what is said of each alone, within the same budget`(seed: Int) throws {
    var dice = ConditionDice(seed: UInt64(seed))
    for _ in 0..<40 {
      let source = dice.condition(depth: 3)
      let result = ColumnThings.environment.check(source)
      let expression = try #require(result.expression, "\(source): \(result.problems.map(\.message))")
      let things = ColumnThings(&dice, count: [3, 40][dice.roll(2)])
      let some = things.all.filter { _ in dice.roll(4) > 0 }
      for budget in [CELLimits.budget, 3, 10, 40, 200] {
        let (many, each) = (things.many(expression, some, budget), things.each(expression, some, budget))
        for (thing, (answer, alone)) in zip(some, zip(many.answers, each.outcomes)) where answer != .open {
          #expect(alone == "\(answer == .yes)", "\(source) about \(thing) with \(budget) steps")
        }
        #expect(many.asked.isSubset(of: each.asked), "\(source) with \(budget) steps asks for more")
      }
    }
  }

  @Test func `What is known of each alone is mostly found in one go`() throws {
    var dice = ConditionDice(seed: 99)
    var (found, open) = (0, 0)
    for _ in 0..<200 {
      let expression = try #require(ColumnThings.environment.check(dice.condition(depth: 2)).expression)
      let things = ColumnThings(&dice, count: 40, isWhole: true)
      let many = things.many(expression, things.all, CELLimits.budget)
      let each = things.each(expression, things.all, CELLimits.budget)
      for (answer, alone) in zip(many.answers, each.outcomes) where alone == "true" || alone == "false" {
        if answer == .open { open += 1 } else { found += 1 }
      }
    }
    #expect(found > 8 * open)
  }

  @Test(arguments: [
    "requests.exists(r, r.status == 404 && r.agent.startsWith('curl'))", "requests.size() * 3 >= limit",
    "!(heavy || missing.size() > 1) && requests.all(r, r.method in ['GET', 'HEAD'])", "requests.status.sum() > 600",
    "source in known ? heavy : requests.filter(r, r.path.matches('^/a')).size() == 1",
  ])
  func `Questions as people ask them need nobody alone`(source: String) throws {
    var dice = ConditionDice(seed: 5)
    let things = ColumnThings(&dice, count: 200, isWhole: true)
    let expression = try #require(ColumnThings.environment.check(source).expression)
    let many = things.many(expression, things.all, CELLimits.budget)
    #expect(many.answers.allSatisfy { $0 != .open })
    #expect(many.answers.contains(.yes) && many.answers.contains(.no))
  }

  @Test func `Cells that an expression can tell apart have different codes`() throws {
    let cells: [Value] = [
      .string("é"), .string("e\u{301}"), .null, .string(""), .bool(true), .int(1), .string("é"), .null, .string("1"),
    ]
    let codes = try #require(CellCodes(cells))
    #expect(codes.codes == [0, 1, 2, 3, 4, 5, 0, 2, 6])
    #expect(codes.samples == [0, 1, 2, 3, 4, 5, 8])
    #expect(CellCodes([.int(1), .uint(1)]) == nil)
    #expect(CellCodes([.double(0)]) == nil)
    #expect(CellCodes((0..<5_000).map { .int($0) }) == nil)
  }
}
