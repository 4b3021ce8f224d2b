import CEL
import Testing
import Values

struct EvaluationTests {
  static let sources = values.map(\.0)

  static let values: [(String, String)] = [
    // Tables, rows and columns.
    ("talkers.size()", "3"), ("talkers[1].path", "\"/\""), ("talkers.exists(t, t.hits > 1000)", "true"),
    ("talkers.hits", "[5200,40,null]"), ("talkers.hits.sum()", "5240"), ("talkers.hits.max()", "5200"),
    ("talkers.hits.min()", "40"), ("talkers.hits.avg()", "2620"), ("talkers.path.distinct()", "[\"/login\",\"/\"]"),
    ("'/login' in talkers.path", "true"), ("talkers.filter(t, t.path == '/').source", "[\"192.0.2.7\",\"192.0.2.8\"]"),
    ("talkers.filter(t, t.path == '/').size()", "2"), ("talkers.map(t, t.path)[0]", "\"/login\""),
    ("talkers.filter(t, t.hits == null).source", "[\"192.0.2.8\"]"), ("talkers.exists(t, has(t.owner))", "true"),
    ("has(talkers[0].owner)", "false"), ("talkers[0] == talkers[0]", "true"), ("talkers[0] == talkers[1]", "false"),
    ("[3, 1, 2].max()", "3"), ("['b', 'a'].min()", "\"a\""), ("[1.5, 2.5].sum()", "4"), ("[1u].sum()", "1"),
    ("[duration('1m'), duration('30s')].sum() == duration('90s')", "true"), ("[1, 1, 2].distinct()", "[1,2]"),
    ("[[1], [1], [2]].distinct().size()", "2"), ("talkers.filter(t, false).share.sum() + 1.5", "1.5"),
    // A null cell is no number.
    ("talkers[2].hits == null", "true"), ("talkers[2].hits > 5", "error: '>' does not work on null and int"),
    ("talkers.exists(t, t.hits > 9999)", "error: '>' does not work on null and int"),
    ("talkers.filter(t, false).hits.max()", "error: max of no values"),
    // Records and keyed lists.
    ("alert.site", "\"shop\""), ("alert.host", "error: 'alert' has no value in 'host'"), ("has(alert.host)", "false"),
    ("has(alert.site)", "true"), ("assets['web1'].critical", "true"),
    ("assets['web2'].critical", "error: there is no key 'web2'"),
    ("'web1' in assets", "true"), ("has(assets.web1) && has(assets.web1.critical)", "true"),
    ("has(assets.web2)", "false"), ("has(assets.web1.owner)", "false"),
    // Addresses and calendars.
    ("source in known_sources", "true"), ("source in home", "true"), ("ip('198.51.100.1') in known_sources", "false"),
    ("talkers.filter(t, t.source in known_sources).size()", "2"), ("ip('10.1.2.3').isPrivate()", "true"),
    ("source.isPrivate()", "false"), ("home.containsIP('192.0.2.1')", "true"), ("home.containsIP(source)", "true"),
    ("cidr('192.0.2.128/25') in home", "true"), ("home.containsCIDR('10.0.0.0/8')", "false"),
    ("source == ip('192.0.2.77')", "true"), ("source in talkers.source", "false"), ("string(source)", "\"192.0.2.77\""),
    ("isIP(s)", "false"), ("ip(s)", "error: 'text' is no address"), ("at in office", "true"),
    ("at + duration('12h') in office", "false"), ("ip('::1').isLoopback()", "true"),
    // Choices, text, time.
    ("verdict == 'union'", "true"), ("verdict in ['none', 'stacked']", "false"), ("verdict.startsWith('un')", "true"),
    ("'e\\u0301' == '\\u00e9'", "false"), ("'\\u00e9'.size() + 'e\\u0301'.size()", "3"),
    ("'a\\r\\nb'.size()", "4"), ("s.matches('^t.*t$')", "true"), ("s.matches('^' + s + '$')", "true"),
    ("s.matches(s + '(')", "error: the regular expression is wrong: missing ): text("),
    ("at - from > duration('59m')", "true"), ("at.getDayOfWeek('Europe/Zurich')", "1"),
    ("at.getHours('Nowhere/Land')", "error: 'Nowhere/Land' is no time zone"),
    ("at.getHours('../../etc/passwd')", "error: '../../etc/passwd' is no time zone"),
    ("string(duration('1.5s'))", "\"1.5s\""), ("duration('1.5m') == duration('90s')", "true"),
    // Numbers of different types.
    ("n == 7.0 && n == u && u < 7.5 && x > 2", "true"), ("7.0 in [u]", "true"), ("double(n) / 2.0", "3.5"),
    ("n / 0", "error: division by zero"),
    ("(-9223372036854775807 - 1) / -1", "error: the result is beyond what int can hold"),
    ("(-9223372036854775807 - 1) % -1", "error: the result is beyond what int can hold"),
    ("u - 8u", "error: the result is beyond what uint can hold"),
    ("words[2]", "error: there is no element 2: the list has 2, counted from 0"),
    ("any.foo", "error: '.foo' does not work on null"), ("any && true", "error: null is neither true nor false"),
  ]

  @Test(arguments: values)
  func `An expression gives its value, or says why there is none`(source: String, expected: String) throws {
    #expect(try Sample.evaluate(source).text == expected)
  }

  @Test(arguments: [
    ("bad || ok", "true"), ("ok || bad", "true"), ("bad && false", "false"), ("false && bad", "false"),
    ("bad || false", "unknown: bad was not asked"), ("bad && ok", "unknown: bad was not asked"),
    ("bad || worse", "unknown: bad was not asked; worse was not asked"), ("bad || bad", "unknown: bad was not asked"),
    ("worse && bad && ok", "unknown: worse was not asked; bad was not asked"),
    ("bad && 1 / n == 1 && worse", "false"), ("!bad", "unknown: bad was not asked"),
    ("bad ? 1 : 1", "unknown: bad was not asked"), ("ok ? 1 : (bad ? 2 : 3)", "1"),
    ("[false, true].exists(e, e || bad)", "true"), ("[false].exists(e, e || bad)", "unknown: bad was not asked"),
    ("[true, false].all(e, e && bad)", "false"), ("[true].all(e, bad)", "unknown: bad was not asked"),
    ("[0, 1].exists(e, 1 / e == 1)", "true"), ("[0, 2].exists(e, 1 / e == 1)", "error: division by zero"),
    ("[0, 1].filter(e, 1 / e == 1)", "error: division by zero"), ("bad == bad", "unknown: bad was not asked"),
    ("[1 / 0 == 1, bad].exists(e, e)", "error: division by zero"),
  ])
  func `A failure is absorbed only where another part decides`(source: String, expected: String) throws {
    #expect(try Sample.evaluate(source).text == expected)
  }

  @Test(arguments: [
    ("[1, 2, 3].filter(e, e in numbers)", "[1,2]"), ("['a', 'c'].filter(e, e in words)", "[\"a\"]"),
    ("lots.filter(e, e in lots.map(x, x * 2)).size()", "500"),
    ("lots.exists(e, lots.exists(f, f == e + 1 && f in [5]))", "true"),
    ("lots.all(e, lots.max() >= e)", "true"), ("[5.0, 5.5].map(e, e in lots)", "[true,false]"),
    ("[5u, 5000u].map(e, e in lots)", "[true,false]"),
    ("[ip('10.1.2.3'), ip('11.0.0.1')].map(a, a in blocks)", "[true,false]"),
    ("[null, 1].map(e, e in mixed)", "[true,true]"), ("[[1], [2]].map(e, e in mixed)", "[true,false]"),
    ("lots.exists(e, e in [1, 2, 3, 4, 5, 6, 7, 8, e + 1])", "true"),
    ("lots.exists(e, bad && e > 5)", "unknown: bad was not asked"),
    ("[1, 2].map(e, ok ? e : numbers.map(n, 1 / 0)[0])", "[1,2]"),
    ("[1, 2].map(e, has(alert.site) && e > 1)", "[false,true]"),
    ("[1, 2].map(e, [3, 4].map(f, [e, f].sum()))", "[[4,5],[5,6]]"),
    ("[1, 2].map(e, [3, 4].map(f, [e].sum()))", "[[1,1],[2,2]]"),
    ("[[1], [2]].map(e, [3, 4].map(f, f in e + [3]))", "[[true,false],[true,false]]"),
  ])
  func `What is the same for all elements is done once, and changes no answer`(source: String, expected: String) throws
  {
    var environment = Sample.environment
    environment.declare("lots", .list(.int))
    environment.declare("blocks", .list(.network))
    environment.declare("mixed", .list(.dyn))
    let lots = Value.list((0..<1_000).map { .int($0) })
    let blocks = Value.list((0..<20).compactMap { NetworkBlock("10.\($0).0.0/16").map { .network($0) } })
    let mixed = Value.list([.null, .list([.int(1)])] + (1..<20).map { .int($0) })
    let values = Sample.values.merging(["lots": lots, "blocks": blocks, "mixed": mixed]) { $1 }
    let expression = try #require(environment.check(source).expression, "\(environment.check(source).problems)")
    #expect(expression.evaluate(SampleBindings(values: values), budget: 1_100_000).text == expected)
  }

  @Test func `Looking up many values in a long column takes steps by their number, not by its square`() throws {
    let columns = [Column("path", .path)]
    var environment = CELEnvironment()
    for name in ["changed", "touched"] {
      environment.declare(name, .list(.record(Table.rowType(of: columns, named: name))))
    }
    func table(_ prefix: String) -> Evaluation {
      var builder = TableBuilder(columns: columns)
      for number in 0..<5_000 { _ = builder.append([.string("/srv/www/\(prefix)/\(number)")]) }
      return .value(.table(builder.build()))
    }
    let expression = try #require(environment.check("changed.exists(c, c.path in touched.path)").expression)
    #expect(expression.evaluate(slots: [table("a"), table("b")], budget: 100_000).text == "false")
    #expect(expression.evaluate(slots: [table("a"), table("a")], budget: 100_000).text == "true")
  }

  @Test func `A name is asked for at most once, and only when needed`() throws {
    final class Counting: Bindings {
      nonisolated(unsafe) var asked: [String] = []
      func value(of name: String) -> Evaluation {
        asked.append(name)
        return .value(.bool(name == "ok"))
      }
    }
    let bindings = Counting()
    let expression = try #require(Sample.environment.check("ok && (ok || bad) || worse").expression)
    #expect(expression.evaluate(bindings).text == "true")
    #expect(bindings.asked == ["ok"])
  }

  @Test func `Values at hand are taken in the order of the references; a missing one is unknown`() throws {
    let expression = try #require(Sample.environment.check("n > 5 && s == 'a'").expression)
    #expect(expression.evaluate(slots: [.value(.int(6)), .value(.string("a"))]).text == "true")
    #expect(expression.evaluate(slots: [.value(.int(6))]).text == "unknown: 's' has no value")
  }

  @Test func `A failure stands at the part that failed`() throws {
    let marked = Marked("ok && n / (n - 7) > 1")
    guard case .failure(let failure) = try Sample.evaluate(marked.source) else { Issue.record("no failure"); return }
    #expect(failure.range == 6..<17)
    guard case .failure(let unknown) = try Sample.evaluate("ok && bad") else { Issue.record("no failure"); return }
    #expect(unknown.range == 6..<9)
  }

  @Test func `A value of another type than was declared is an error, never a wrong answer`() throws {
    #expect(try Sample.evaluate("n > 5", ["n": .string("9")]).text == "error: '>' does not work on string and int")
    #expect(try Sample.evaluate("alert.site", ["alert": .int(1)]).text == "error: '.site' does not work on int")
    let other = Record(
      RecordType("other", [.init("host", .string), .init("site", .string)]), [.string("h"), .string("s")])
    #expect(try Sample.evaluate("alert.site", ["alert": .record(other)]).text == "\"s\"")
  }
}
