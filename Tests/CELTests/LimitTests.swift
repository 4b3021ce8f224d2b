import CEL
import Testing
import Values

struct LimitTests {
  /// A source made of one piece again and again.
  struct Repeated: CustomTestStringConvertible, Sendable {
    let start: String
    let piece: String
    let count: Int
    let end: String

    init(_ start: String, _ piece: String, _ count: Int, _ end: String) {
      (self.start, self.piece, self.count, self.end) = (start, piece, count, end)
    }

    var source: String { start + String(repeating: piece, count: count) + end }
    var testDescription: String { "\(start)\(piece)\(piece)…\(end), \(count) times" }
  }

  @Test(arguments: [
    Repeated("", "(", 100_000, ""), Repeated("", "[", 100_000, ""), Repeated("", "!", 90_000, "ok"),
    Repeated("", "-", 90_000, "1"), Repeated("", "{1:", 30_000, ""), Repeated("", "size(", 20_000, ""),
    Repeated("", "a[", 50_000, ""), Repeated("n", "+1", 49_000, ""), Repeated("any", ".a", 49_000, ""),
    Repeated("", "ok ? ", 20_000, ""), Repeated("any", "[0]", 30_000, ""), Repeated("", "[1].map(x, ", 9_000, ""),
    Repeated("any", ".a()", 24_000, ""), Repeated("", "(ok && ", 14_000, ""),
  ])
  func `Nesting and chains beyond the limits are one problem that states the limit`(repeated: Repeated) throws {
    let deep = Sample.environment.check(repeated.source).problems.filter { $0.kind == .tooDeep }
    #expect(deep.count == 1)
    let message = try #require(deep.first?.message)
    #expect(message.contains("\(CELLimits.nesting)") || message.contains("\(CELLimits.chain)"))
  }

  @Test func `The deepest expressions that are allowed can be evaluated`() throws {
    let depth = CELLimits.nesting - 2
    let parentheses = String(repeating: "(", count: depth) + "n" + String(repeating: ")", count: depth)
    #expect(try Sample.evaluate(parentheses).text == "7")
    #expect(try Sample.evaluate("n" + String(repeating: " + 1", count: CELLimits.chain - 1)).text == "206")
    #expect(try Sample.evaluate(String(repeating: "!", count: depth) + "ok").text == "true")
    let lists = String(repeating: "[", count: depth) + "n" + String(repeating: "]", count: depth)
    #expect(try Sample.evaluate("\(lists) == \(lists)").text == "true")
    #expect(try Sample.evaluate("ok" + String(repeating: " && ok", count: 10_000)).text == "true")
  }

  @Test func `A source longer than the limit is not read`() {
    let problems = Sample.environment.check("'" + String(repeating: "é", count: 1_000_000) + "'").problems
    #expect(problems.map(\.kind) == [.tooLong])
    #expect(problems.first?.message.contains("100000") == true)
    // Code points are counted, not bytes.
    #expect(Sample.environment.check("'" + String(repeating: "é", count: 99_990) + "'").expression != nil)
  }

  @Test(arguments: [
    "[1, 2, 3].all(a, [1, 2, 3].all(b, [1, 2, 3].all(c, a + b + c > 0)))", "words.map(w, w + w + w)",
    "s == s && s == s",
    "talkers.hits.sum() > 1", "s.contains('q') || s.contains('y') || s.contains('z') || s.contains('w')",
  ])
  func `Reaching the budget is a failure that states it, and nothing absorbs it`(source: String) throws {
    #expect(try Sample.evaluate(source, budget: 3).text == "error: the expression takes more than 3 steps")
    #expect(
      try Sample.evaluate("(\(source)) == any || ok", budget: 3).text == "error: the expression takes more than 3 steps"
    )
    #expect(!(try Sample.evaluate(source).text).hasPrefix("error"))
  }

  @Test func `Work on text takes steps by its length`() throws {
    let long = Value.string(String(repeating: "a", count: 1_000_000))
    for source in [
      "s.contains('b')", "s.matches('b')", "s.size() > 1", "s == s", "s + s == s", "s < s", "s.endsWith('b')",
    ] {
      #expect(
        try Sample.evaluate(source, ["s": long], budget: 10_000).text
          == "error: the expression takes more than 10000 steps")
      #expect(try Sample.evaluate(source, ["s": long]).text.count < 6)
    }
  }

  @Test func `Text does not grow beyond its limit`() throws {
    let long = Value.string(String(repeating: "a", count: 1_000_000))
    let source = "(s + s + s + s) + (s + s + s + s) + (s + s + s + s) == s"
    #expect(try Sample.evaluate(source, ["s": long]).text == "error: the text would be longer than 10000000 bytes")
  }

  @Test(arguments: [
    "numbers.map(a, numbers.map(b, s + s + 'x'))", "numbers.map(a, [s, s].join(s) + s)",
    "numbers.transformMap(i, v, s + s + s)",
    "numbers.map(a, '%s%s'.format([s, s, a]))",
  ])
  func `All that an evaluation makes together has a limit`(source: String) throws {
    let numbers = Value.list((0..<3_000).map { .int($0) })
    let long = Value.string(String(repeating: "a", count: 100_000))
    let outcome = try Sample.evaluate(source, ["numbers": numbers, "s": long], budget: 1_000_000_000)
    #expect(outcome.text == "error: the expression makes more than \(CELLimits.createdBytes) bytes")
  }

  @Test func `As many mistakes as fit into a source are found in a blink, and the first hundred reported`() {
    let source = "[" + String(repeating: "talkrs,", count: 14_000) + "1]"
    let took = ContinuousClock().measure {
      #expect(Sample.environment.check(source).problems.count == CELLimits.problems)
      let other = "[" + String(repeating: "$,", count: 49_000) + "1]"
      #expect(Sample.environment.check(other).problems.count == CELLimits.problems)
    }
    #expect(took < .seconds(5))
  }

  @Test func `A pattern too large for its memory is a problem, not a crash`() {
    let problems = Sample.environment.check("s.matches('((a{100}){100}){100}')").problems
    #expect(problems.map(\.kind) == [.badPattern])
  }

  @Test(arguments: 0..<64)
  func `Random text never crashes, and is either an expression or has problems within it`(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let pieces = [
      "n", "s", "talkers", ".hits", ".sum()", ".exists(e, ", ".map(e, ", "(", ")", "[", "]", "{", "}", ",", ":", "?",
      "&&",
      "||", "!", "-", "+", "==", "<", "in", "1", "2.5", "3u", "'a'", "\"", "b'\\xff'", "\\", "é", "\u{0}", "and", "=",
      " ",
      "e", "null", "true", "ip('::1')", "/*", "//", "\n", "`a b`", ".", "0x", "1e", "r'", "'''", "size", "has(",
    ]
    for _ in 0..<200 {
      let source = (0..<next(14)).map { _ in pieces[next(pieces.count)] }.joined(separator: seed % 2 == 0 ? " " : "")
      let result = Sample.environment.check(source)
      #expect((result.expression == nil) != result.problems.isEmpty, "\(source)")
      #expect(
        result.problems.allSatisfy { $0.range.lowerBound >= 0 && $0.range.upperBound <= source.utf8.count }, "\(source)"
      )
      if let expression = result.expression {
        let again = expression.evaluate(SampleBindings(values: Sample.values))
        #expect(!again.text.isEmpty)
      }
      // What the checker refuses is evaluated too, when nobody asks the checker.
      _ = Sample.environment.parse(source).expression?.evaluate(SampleBindings(values: Sample.values), budget: 10_000)
    }
  }
}
