import RunbookLanguage
import Testing

@testable import Investigation

/// What expressions prove over tables that are whole, cut, wrong or absent: all small ones (language, 2.3).
@Suite struct TableMeaningTests {
  /// An expression over the tables `a` and `b`, and what it comes to when both are known.
  private struct Form: Sendable {
    let source: String
    /// `nil`: it fails.
    let truth: @Sendable ([Int], [Int]) -> Bool?
    /// Whether an answer is due wherever all worlds agree. Elsewhere it may be unknown, but never wrong.
    var isExact = false
    /// Whether what is missing is not negative: such columns are summed.
    var isCount = false

    var isOfBoth: Bool { source.contains("b.") }
  }

  private static let comparisons = Condition.Comparison.allCases

  private static let exact: [Form] = comparisons.flatMap { how in
    let sign = how.rawValue
    return (0...3).flatMap { number in
      [
        Form(source: "a.size() \(sign) \(number)", truth: { a, _ in how.holds(a.count, number) }, isExact: true),
        Form(source: "\(number) \(sign) size(a)", truth: { a, _ in how.holds(number, a.count) }, isExact: true),
        Form(
          source: "a.x.sum() \(sign) \(number * 2)", truth: { a, _ in how.holds(a.reduce(0, +), number * 2) },
          isExact: true, isCount: true),
        Form(
          source: "a.exists(r, r.x \(sign) \(number))", truth: { a, _ in a.contains { how.holds($0, number) } },
          isExact: true),
        Form(
          source: "a.all(r, r.x \(sign) \(number))", truth: { a, _ in a.allSatisfy { how.holds($0, number) } },
          isExact: true),
        Form(
          source: "!(a.filter(r, r.x \(sign) 2).size() \(sign) \(number))",
          truth: { a, _ in !how.holds(a.count { how.holds($0, 2) }, number) }, isExact: true),
      ]
    }
  }

  /// Everything else: never wrong.
  private static let sound: [Form] =
    comparisons.flatMap { how in
      let sign = how.rawValue
      return [
        Form(source: "a.x.max() \(sign) 2", truth: { a, _ in a.max().map { how.holds($0, 2) } }),
        Form(source: "a.x.min() \(sign) 2", truth: { a, _ in a.min().map { how.holds($0, 2) } }),
        Form(
          source: "a.x.avg() \(sign) 2.0",
          truth: { a, _ in a.isEmpty ? nil : how.holds(a.reduce(0, +), 2 * a.count) }),
        Form(source: "a.x.distinct().size() \(sign) 1", truth: { a, _ in how.holds(Set(a).count, 1) }),
        Form(source: "a.exists_one(r, r.x \(sign) 2)", truth: { a, _ in a.count { how.holds($0, 2) } == 1 }),
        Form(source: "a.size() + b.size() \(sign) 3", truth: { a, b in how.holds(a.count + b.count, 3) }),
        Form(source: "a.size() - b.size() \(sign) 0", truth: { a, b in how.holds(a.count - b.count, 0) }),
        Form(source: "a.size() \(sign) b.size()", truth: { a, b in how.holds(a.count, b.count) }),
        Form(source: "b.size() \(sign) a.size()", truth: { a, b in how.holds(b.count, a.count) }),
        Form(source: "a.size() * 2 \(sign) 3", truth: { a, _ in how.holds(a.count * 2, 3) }),
        Form(source: "a.size() * -1 \(sign) -2", truth: { a, _ in how.holds(-a.count, -2) }),
        Form(source: "a.size() / 2 \(sign) 1", truth: { a, _ in how.holds(a.count / 2, 1) }),
        Form(source: "a.size() % 2 \(sign) 1", truth: { a, _ in how.holds(a.count % 2, 1) }),
        Form(source: "-a.size() \(sign) -1", truth: { a, _ in how.holds(-a.count, -1) }),
        Form(source: "4 - a.size() \(sign) 2", truth: { a, _ in how.holds(4 - a.count, 2) }),
        Form(source: "double(a.size()) \(sign) 1.5", truth: { a, _ in how.holds(a.count * 2, 3) }),
        Form(
          source: "a.x.sum() - b.x.sum() \(sign) 1",
          truth: { a, b in how.holds(a.reduce(0, +) - b.reduce(0, +), 1) }, isCount: true),
        Form(
          source: "a.x.sum() \(sign) a.size()", truth: { a, _ in how.holds(a.reduce(0, +), a.count) }, isCount: true),
        Form(
          source: "(a.size() \(sign) 2 ? a.x.sum() : 0) > 1",
          truth: { a, _ in how.holds(a.count, 2) ? a.reduce(0, +) > 1 : false }, isCount: true),
        Form(
          source: "a.x.map(x, x * 2).exists(x, x \(sign) 4)", truth: { a, _ in a.contains { how.holds($0 * 2, 4) } }),
        Form(source: "(a.x + b.x).size() \(sign) 3", truth: { a, b in how.holds(a.count + b.count, 3) }),
        Form(source: "a.exists(r, r.x \(sign) b.size())", truth: { a, b in a.contains { how.holds($0, b.count) } }),
        Form(
          source: "a.all(r, b.exists(o, o.x \(sign) r.x))",
          truth: { a, b in a.allSatisfy { x in b.contains { how.holds($0, x) } } }),
        Form(
          source: "a.size() > 0 && a.all(r, r.x \(sign) 1)",
          truth: { a, _ in !a.isEmpty && a.allSatisfy { how.holds($0, 1) } }),
      ]
    } + [
      Form(source: "2 in a.x", truth: { a, _ in a.contains(2) }),
      Form(source: "!(2 in a.x)", truth: { a, _ in !a.contains(2) }),
      Form(source: "a.exists(r, r.x in b.x)", truth: { a, b in a.contains { b.contains($0) } }),
      Form(source: "a.all(r, !(r.x in b.x))", truth: { a, b in a.allSatisfy { !b.contains($0) } }),
      Form(source: "a.x == b.x", truth: { a, b in a == b }), Form(source: "a.x != b.x", truth: { a, b in a != b }),
      Form(source: "a.x == [1, 2]", truth: { a, _ in a == [1, 2] }),
      Form(source: "a.size() == 0 || a.size() > 0", truth: { _, _ in true }),
    ]

  private static let forms = exact + sound

  private static let checked = Result { try RunDriver.check(runbook) }

  private static let runbook: String = {
    var text =
      "questions:\n  all:\n    ask: All?\n    weigh: [\(forms.indices.map { "f\($0)" }.joined(separator: ", "))]\n"
    text += "    then: {yes: suspicious, no: suspicious, unknown: suspicious}\n"
    for (place, form) in forms.enumerated() { text += "  f\(place):\n    ask: F?\n    answer: \"\(form.source)\"\n" }
    return text + "queries:\n" + query("a", "rows: {x: int}") + query("b", "rows: {x: int}")
  }()

  private static func rows(_ values: [Int]) -> [SmallData.Row] { values.map { SmallData.Row(x: $0) } }

  private static let states: [SmallData.State] =
    [[], [0], [1], [2], [2, 2], [0, 3], [1, 2], [3, 1, 2], [-1, 2]].flatMap { values in
      [.complete(rows(values)), .truncated(rows(values))]
    } + [.wrong(rows([1, 2])), .absent]
  private static let others: [SmallData.State] = [
    .complete([]), .complete(rows([1, 2])), .truncated(rows([1])), .absent,
  ]

  /// Every way in which a table may be, as far as can matter to numbers up to four; rows that are missing may come
  /// before those that are there.
  private static func worlds(_ state: SmallData.State, isCount: Bool, more: Int) -> [[Int]] {
    if case .complete(let rows) = state { return [rows.map(\.x)] }
    var additions: [[Int]] = [[]]
    var last = additions
    for _ in 0..<more {
      last = last.flatMap { some in ((isCount ? 0 : -1)...4).filter { $0 >= some.last ?? -1 }.map { some + [$0] } }
      additions += last
    }
    let known = (state.rows ?? []).map(\.x)
    return additions.flatMap { $0.isEmpty ? [known] : [known + $0, $0 + known] }
  }

  /// What the worlds make of it: as soon as two of them differ there is nothing more to know.
  private static func truths(_ form: Form, _ a: SmallData.State, _ b: SmallData.State) -> Set<Bool?> {
    var truths: Set<Bool?> = []
    let others = form.isOfBoth ? worlds(b, isCount: form.isCount, more: 2) : [[]]
    for one in worlds(a, isCount: form.isCount, more: form.isOfBoth ? 2 : 4) {
      for other in others {
        truths.insert(form.truth(one, other))
        if truths.count > 1 { return truths }
      }
    }
    return truths
  }

  @Test(arguments: states.indices)
  func `an answer over incomplete tables holds in every world, and is given wherever the language says so`(
    _ state: Int
  ) throws {
    let a = Self.states[state]
    let ofOne = Self.forms.map { $0.isOfBoth ? [] : Self.truths($0, a, .absent) }
    var wrong: [String] = []
    var needless: [String] = []
    for b in Self.others {
      let outcome = try SmallRun(Self.checked.get(), SmallData(tables: ["a": a, "b": b])).end()
      for (place, form) in Self.forms.enumerated() {
        let answer = try #require(outcome.answer("f\(place)")).answer
        let truths = form.isOfBoth ? Self.truths(form, a, b) : ofOne[place]
        let isSummed = !form.isCount || a.isComplete || (a.rows ?? []).allSatisfy { $0.x >= 0 }
        if answer == "unknown" {
          let isDue = form.isExact && truths.count == 1 && a.rows != nil && isSummed
          if isDue { needless.append("\(form.source): \(a)") }
        } else if truths != [answer == "yes"] || a.rows == nil {
          wrong.append("\(form.source) is \(answer): \(a) \(b)")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) \(wrong.prefix(5))")
    #expect(needless.isEmpty, "\(needless.count) \(needless.prefix(5))")
  }
}
