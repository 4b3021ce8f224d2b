import CEL
import Testing
import Values

struct CheckerTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    let text: String
    let kinds: [CELProblem.Kind]
    let suggestion: String?
    let message: String

    init(_ text: String, _ kinds: CELProblem.Kind..., suggestion: String? = nil, says message: String = "") {
      self.text = text
      self.kinds = kinds
      self.suggestion = suggestion
      self.message = message
    }

    var testDescription: String { text }
  }

  static let mistakes: [Mistake] = [
    // Other languages' words.
    Mistake("ok «and» ok", .syntax, suggestion: "&&", says: "did you mean '&&'?"),
    Mistake("ok «OR» ok", .syntax, suggestion: "||"),
    Mistake("«not» ok", .syntax, suggestion: "!"),
    Mistake("n «=» 1", .syntax, suggestion: "=="),
    Mistake("n «===» 1", .syntax, suggestion: "=="),
    Mistake("n «<>» 1", .syntax, suggestion: "!="),
    Mistake("ok «&» ok", .syntax, suggestion: "&&"),
    Mistake("ok «|» ok", .syntax, suggestion: "||"),
    Mistake("«True»", .unknownName, suggestion: "true"),
    // Syntax.
    Mistake("«»", .syntax, says: "empty"),
    Mistake("n + «»", .syntax, says: "found the end where a value is due"),
    Mistake("(n + 1«»", .syntax, says: "')'"),
    Mistake("n «n»", .syntax, says: "an operator or the end"),
    Mistake("s == «\"abc»", .syntax, says: "does not end"),
    Mistake("s == \"a«\\q»\"", .syntax, says: "escape"),
    Mistake("s == \"a«\\ud800»\"", .syntax, says: "escape"),
    Mistake("n «$» 1", .syntax, says: "'$' means nothing"),
    Mistake("«for» == 1", .syntax, says: "there is no 'for'"),
    Mistake("n == «99999999999999999999»", .badLiteral, says: "int"),
    Mistake("s.«?»size()", .syntax, says: "called with '.'"),
    Mistake("ok ? 1 «»", .syntax, says: "':'"),
    Mistake("ok ? ok «?» 1 : 2 : 3", .syntax, says: "parentheses"),
    Mistake("«$»n == 1", .syntax),
    Mistake("{«1.5»: 2}", .wrongType, says: "key"),
    // Names.
    Mistake("«talker».size()", .unknownName, suggestion: "talkers"),
    Mistake("s.«startWith»('a')", .unknownFunction, suggestion: "startsWith"),
    Mistake("talkers.«hist».sum() > 1", .noSuchField, suggestion: "hits"),
    Mistake("talkers.exists(t, t.«soruce» == source)", .noSuchField, suggestion: "source"),
    Mistake("alert.«hst»", .noSuchField, suggestion: "host", says: "'site', 'host' and 'at'"),
    Mistake("assets[s].«ownr»", .noSuchField, suggestion: "owner"),
    Mistake("n.«foo»", .noSuchField, says: "type int has no fields"),
    Mistake("verdict == «\"unoin\"»", .unknownLabel, suggestion: "\"union\""),
    Mistake("verdict in [\"none\", «\"stackd\"»]", .unknownLabel, suggestion: "\"stacked\""),
    // Types.
    Mistake("«n + x»", .noOverload, says: "double(x)"),
    Mistake("«n + u»", .noOverload, says: "int(x)"),
    Mistake("«n + s»", .noOverload, says: "'+' does not work between int and string"),
    Mistake("«source == '192.0.2.1'»", .noOverload, suggestion: "ip(…)"),
    Mistake("«'192.0.2.1' in known_sources»", .noOverload, suggestion: "ip(…)", says: "cidr"),
    Mistake("«at > '2026-01-01'»", .noOverload, suggestion: "timestamp(…)"),
    Mistake("«s in s»", .noOverload, says: "text.contains(part)"),
    Mistake("«s in office»", .noOverload),
    Mistake("source == ip(«\"300.1.1.1\"»)", .badLiteral, says: "address"),
    Mistake("at - duration(«\"5 minutes\"») < at", .badLiteral, says: "1h30m"),
    Mistake("«n» && ok", .wrongType, says: "'&&' must be true or false, not an int"),
    Mistake("«!s»", .noOverload),
    Mistake("«ok ? 1 : 'a'»", .wrongType, says: "int and string"),
    Mistake("words[«'a'»]", .wrongType, says: "place in a list is an int"),
    Mistake("assets[«1»].critical", .wrongType, says: "keys of this map are string"),
    Mistake("«n»[0]", .wrongType),
    Mistake("«n».exists(e, true)", .wrongType, says: "goes over a list"),
    Mistake("words.exists(e, «e»)", .wrongType, says: "what exists asks"),
    Mistake("words.exists(«'e'», true)", .badMacro),
    Mistake("has(«n»)", .badMacro),
    Mistake("words.«sum»()", .noOverload, says: "there is list(int).sum()"),
    Mistake("s.«contains»(1)", .noOverload, says: "there is no string.contains(int)"),
    Mistake("s.matches(«\"a(\"»)", .badPattern, says: "missing"),
    Mistake("n.«exists»(e)", .badMacro, says: "list.exists(x, condition on x)"),
    Mistake(
      "[1].all(a, [1].all(b, [1].all(c, [1].«all»(d, true))))", .tooDeep, says: "3 levels"),
    // Several at once, each at its place.
    Mistake("«nn» > 1 && alert.«sit» == s && «s + 1» == s", .unknownName, .noSuchField, .noOverload),
    Mistake("[«nn», «mm» «and» «yy»]", .unknownName, .unknownName, .syntax, .unknownName),
    Mistake("«foo»(«zzz») + (n «n») + «'a»", .unknownFunction, .unknownName, .syntax, .syntax),
  ]

  @Test(arguments: mistakes)
  func `A mistake is reported at its place, with what may have been meant`(mistake: Mistake) throws {
    let marked = Marked(mistake.text)
    let problems = Sample.environment.check(marked.source).problems
    #expect(problems.map(\.kind) == mistake.kinds, "\(problems)")
    #expect(problems.map(\.range) == marked.ranges, "\(problems)")
    let first = try #require(problems.first)
    if let suggestion = mistake.suggestion { #expect(first.suggestion == suggestion, "\(first.message)") }
    #expect(first.message.contains(mistake.message) || mistake.message.isEmpty, "\(first.message)")
    #expect(Sample.environment.check(marked.source).expression == nil)
  }

  @Test(arguments: [
    ("n == x", "bool"), ("n < u", "bool"), ("u in [1, 2]", "bool"), ("s == null", "bool"),
    ("talkers.hits", "list(int)"), ("talkers.hits.sum()", "int"), ("talkers.share.sum()", "double"),
    ("talkers.hits.avg()", "double"), ("talkers.at.max()", "timestamp"), ("talkers.source.distinct()", "list(ip)"),
    ("talkers.filter(t, t.hits > 5)", "list(talkers)"), ("talkers[0].source", "ip"), ("assets[s].owner", "string"),
    ("assets.map(host, assets[host].critical)", "list(bool)"), ("at - from", "duration"),
    ("at - duration('1h')", "timestamp"), ("verdict", "stacked | union | none"), ("verdict + s", "string"),
    ("ok ? verdict : s", "string"), ("any.foo", "dyn"), ("[1, 'a']", "list(dyn)"), ("[]", "list(dyn)"),
    ("[] + [1]", "list(int)"), ("{'a': 1}.a", "int"), ("type(1)", "type(int)"), ("any + 1", "int"),
    ("any - at", "duration"), ("at + any", "timestamp"), ("any + at", "timestamp"), ("at - any", "dyn"),
    ("(at - from) + any", "dyn"), ("(at - from) - any", "duration"), ("any - (at - from)", "dyn"),
    ("math.greatest(n, 1)", "int"), ("math.greatest(n, any)", "dyn"), ("math.greatest(n, math.least(1, 2u))", "dyn"),
    ("words.map(w, w.size() > 1, w + '!')", "list(string)"), ("home", "cidr"), ("ip('::1')", "ip"),
  ])
  func `An expression has the narrowest type that holds its values`(source: String, type: String) throws {
    let result = Sample.environment.check(source)
    #expect(result.expression?.type.description == type, "\(result.problems)")
  }

  @Test func `Declared names may be the words that CEL does not reserve`() {
    var environment = CELEnvironment()
    for name in ["now", "at", "from", "to", "and", "all", "has", "type"] { environment.declare(name, .bool) }
    for name in ["now", "at", "from", "to", "all", "has", "type"] {
      #expect(environment.check(name).expression?.references.map(\.name) == [name])
    }
  }

  @Test func `References come once each, in the order of their first use, with the fields that are read`() throws {
    let source = "n > 1 && alert.site == s && talkers.exists(t, t.hits > n && t.path == alert.site) && alert == any"
    let expression = try #require(Sample.environment.check(source).expression)
    #expect(expression.references.map(\.name) == ["n", "alert", "s", "talkers", "any"])
    #expect(expression.references.map(\.paths) == [[[]], [["site"], []], [[]], [[]], [[]]])
    #expect(expression.references[0].ranges == [0..<1, 55..<56])
    let column = try #require(Sample.environment.check("talkers.hits.sum() > 1 && has(alert.host)").expression)
    #expect(column.references.map(\.paths) == [[["hits"]], [["host"]]])
  }
}
