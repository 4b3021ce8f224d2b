import Diagnostics
import RunbookLanguage
import Testing

/// Findings that say what is the matter, not only that something is.
@Suite struct HintTests {
  /// The findings with a code, as message and what the first mend writes.
  private func told(_ code: String, _ text: String, files: [String: String] = [:]) -> [String] {
    check(text, files: files).diagnostics.filter { $0.code.id == code }.map { finding in
      finding.message + (finding.fixIts.first.map { " → \($0.replacement)" } ?? "")
    }
  }

  @Test(arguments: [("010", "10"), ("0777", "777"), ("00", "0")])
  func `a number that other tools read as another is told`(written: String, read: String) {
    let text = runbook(question: "answer: q.size() > enough", rest: "thresholds: {enough: \(written)}\n")
    let other = "'\(written)' is \(read) here, and other tools read it as an octal number; leave the zero out → \(read)"
    #expect(told("TOC0034", text) == [other])
  }

  @Test(arguments: [("yes", "true"), ("Off", "false"), ("perhaps", nil)])
  func `what is hardly another truth value than meant can be mended`(written: String, mend: String?) {
    let text = runbook(question: "answer: q.size() > 0\n    optional: \(written)")
    let found = "'optional' must be true or false; here is '\(written)'"
    #expect(told("TOC0101", text) == [found + (mend.map { " → \($0)" } ?? "")])
  }

  @Test(arguments: [
    ("https://wiki.example.org/x", true), ("HTTP://wiki/", true), ("not a url", false), ("javascript:alert(1)", false),
    ("https://", false), ("https:///path", false), ("http://a b.org", false), ("data:text/html,x", false),
  ])
  func `a link leads to a page`(link: String, isPage: Bool) {
    #expect(told("TOC0119", runbook(rest: "see: [\"\(link)\"]\n")).isEmpty == isPage)
    let question = "answer: q.size() > 0\n    see: \"\(link)\""
    #expect(told("TOC0119", runbook(question: question)).isEmpty == isPage)
  }

  @Test func `an owner without letters is nobody`() {
    #expect(told("TOC0111", runbook(rest: "owner: \" \"\n")).count == 1)
  }

  @Test(arguments: [
    ("find: {entitty: x}, rows: {entity: string}", "unknown column of cases 'entitty'"),
    ("find: {entity: x}, rows: {entity: string, verdikt: string}", "cases have no column 'verdikt'"),
    ("find: {entity: x}, rows: {source: ip}", "cases have no column 'source'"),
  ])
  func `history has its own columns`(query: String, words: String) {
    let text = runbook(rest: "  before: {from: cases, \(query)}\ndefinitions: {d: before.size()}\n")
    let found = told("TOC0203", text)
    #expect(found.count == 1 && found.first?.hasPrefix(words) == true, "\(found)")
    #expect(told("TOC0203", text.replacing(query, with: "find: {entity: x, open: true}, rows: {run: string}")) == [])
  }

  @Test(arguments: [
    ("5", "string", true), ("alert.labels.site == 'x'", "ip", true), ("'x'", "ip", true), ("'192.0.2.1'", "ip", false),
    ("5", "double", false), ("alert.startsAt", "timestamp", false), ("alert.labels.site + ''", "ip", false),
    ("'5'", "int", false), ("alert.labels.size() > 3", "string", true), ("[1, 2]", "[int]", false),
  ])
  func `a field of the alert can be of its type`(expression: String, type: String, isTold: Bool) {
    let text = runbook().replacing(
      "{site: alert.labels.site}", with: "{site: alert.labels.site, other: {from: \"\(expression)\", type: \(type)}}")
    #expect(told("TOC0302", text).isEmpty == !isTold, "\(told("TOC0302", text))")
  }

  @Test(arguments: [
    ("site.matches(p)", "p: '\"[a-\"'", true), ("site.matches(p)", "p: '\"[a-z]\"'", false),
    ("shapes.exists(s, site.matches(s))", "p: 1 + 1", true), ("good.exists(s, site.matches(s))", "p: 1 + 1", false),
    ("site.matches(p)", "p: o + 'x'\n  o: \"'(a'\"", true), ("shapes.exists(s, site == s)", "p: 1 + 1", false),
    ("filed.exists(s, site.matches(s))", "p: 1 + 1", true), ("site.matches(p[0])", "p: shapes", false),
    ("p.exists(s, q.exists(h, site.matches(s)))", "p: '[\"a{3000000,}\"]'", true),
  ])
  func `a pattern is compiled wherever it stands`(answer: String, definition: String, isTold: Bool) {
    let text = runbook(
      question: "answer: \(answer)",
      rest:
        "definitions:\n  \(definition)\nlists: {shapes: ['[a-', b], good: [a, b], filed: {file: f.txt, of: string}}\n")
    let found = told("TOC0301", text, files: ["f.txt": "x\n(y\n"])
    #expect(found.isEmpty == !isTold, "\(found)")
    #expect(found.allSatisfy { $0.hasPrefix("the regular expression ") }, "\(found)")
  }

  @Test(arguments: ["0", "10", "0.5", "100", "1e3", "0x10"])
  func `other numbers are no doubt`(written: String) {
    #expect(told("TOC0034", runbook(rest: "thresholds: {enough: \(written)}\n")) == [])
  }

  @Test func `an id that other tools read as a truth value is told`() {
    let text = runbook().replacing("runbook: test", with: "runbook: yes")
    #expect(told("TOC0034", text).first?.hasPrefix("'yes' is a string here") == true)
    #expect(told("TOC0034", runbook().replacing("runbook: test", with: "runbook: \"yes\"")) == [])
  }

  @Test(arguments: [
    ("q.exists(r, (r.hits > 1) >= 2)", "two comparisons are joined: a < x && x < b"),
    ("1 < q.size() < 5", "two comparisons are joined: a < x && x < b"),
    ("(site == 'a') >= 5", "true and false are no numbers"),
  ])
  func `of joined comparisons is spoken only where there are two`(answer: String, advice: String) {
    let result = check(runbook(question: "answer: \(answer)"))
    #expect(result.diagnostics.contains { $0.code.id == "TOC0301" && $0.message.hasSuffix(advice) })
  }

  @Test(arguments: [
    ("{from: 30m, to: +5m}", "the window ends before it begins; '30m' counts from the alert on, did you mean '-30m'?"),
    ("{from: -5m, to: -30m}", "the window ends before it begins"),
  ])
  func `a window that lost its sign is told so`(window: String, message: String) {
    #expect(told("TOC0511", runbook(rest: "window: \(window)\n")) == [message])
  }

  @Test func `a bound that nobody has data for is out of range`() {
    #expect(told("TOC0107", runbook(rest: "window: {from: -9999999d}\n")) == ["'from' must be from -36500d to +36500d"])
    #expect(told("TOC0107", runbook(rest: "window: {from: -3650d}\n")) == [])
  }

  @Test(arguments: ["\u{A0}", "\u{2003}", "\u{3000}"])
  func `a space that is none to YAML is told and mended`(space: String) throws {
    let text = runbook().replacing("ask: Is", with: "ask:\(space)Is")
    let findings = check(text).diagnostics.filter { $0.code.id == "TOC0045" }
    let code = String(try #require(space.unicodeScalars.first).value, radix: 16, uppercase: true)
    #expect(findings.count == 1)
    #expect(findings.first?.message.contains("(U+\(code.count < 4 ? "00" : "")\(code))") == true)
    let mend = try #require(findings.first?.fixIts.first)
    #expect(mend.isSafe && mend.replacement == " " && mend.range.end - mend.range.start == space.utf8.count)
  }

  @Test(arguments: [
    ("Mo-Fr 09:00-17:00 Mars/X", "there is no time zone 'Mars/X'"), ("Mo-Fr 09:00-17:00", "the time zone is missing"),
    ("Mo-Fr 9-17 UTC", "'Mo-Fr 9-17' is no span of days and hours"), ("Mo-Fr", "the time zone is missing"),
    ("Mo-Fr 07:00-12:00; Xx 13:00-17:00 UTC", "'Xx 13:00-17:00' is no span of days and hours"),
    ("Mo-Fr 07:00-12:00; UTC", "a span of hours is missing"), ("UTC", "a span of hours is missing"),
  ])
  func `what is wrong with hours is said`(hours: String, lack: String) {
    let text = runbook(rest: "lists: {office: {calendar: \"\(hours)\"}}\n")
    #expect(told("TOC0515", text).first?.contains("are no hours: \(lack); write them like") == true)
  }

  @Test func `an empty title is no title`() {
    let text = runbook(rest: "title: \" \"\n")
    #expect(told("TOC0111", text) == ["'title' has no effect: it is empty"])
    #expect(check(text).runbook?.runbook.title == "test")
  }

  @Test func `a runbook that is imported is told once`() {
    let result = check(runbook(rest: "import: [other.runbook.yaml]\n"), files: ["other.runbook.yaml": runbook()])
    #expect(result.diagnostics.filter { $0.severity == .error }.map(\.code.id) == ["TOC0115"])
  }

  @Test(arguments: ["promql: \"\"", "sql: \" \"", "nrql: ''"])
  func `a query without text asks nothing`(query: String) {
    let text = runbook(rest: "  e: {from: logs, \(query), series: requests/s}\nthresholds: {h: {of: e, above: 1}}\n")
    #expect(told("TOC0501", text) == ["the query 'e' asks nothing: its text is empty"])
  }

  @Test(arguments: [
    ("true", "yes"), ("false", "no"), ("'a' in ['b']", "no"), ("[1, 2][5] > 1", "unknown"), ("size('abc') == 3", "yes"),
  ])
  func `an answer that rests on nothing is told`(answer: String, always: String) {
    let all = check(runbook(question: "answer: \"\(answer)\"")).diagnostics.filter { $0.code.id == "TOC0310" }
    #expect(all.map(\.message) == ["the answer to 'first' rests on nothing and is always \(always)"])
  }

  @Test(arguments: [
    ("q.size() > 1000", true), ("q.size() >= 1000", false), ("q.size() >= 1001", true), ("q.size() > 999", false),
    ("site == 'a' && q.size() > many", true), ("q.size() > few", false), ("q.size() > 5000 - 4500", false),
    ("q.size() < 5000", false), ("1 + q.size() > 5000", true),
  ])
  func `a size that is never fetched is told`(answer: String, isTold: Bool) {
    let text = runbook(question: "answer: \(answer)", rest: "thresholds: {many: 2000, few: 20}\n")
    #expect(told("TOC0531", text).isEmpty == !isTold, "\(told("TOC0531", text))")
  }

  @Test func `the built-in verdict of an attack is told where it calls nobody`() {
    let text = runbook().replacing("yes: suspicious", with: "yes: malicious")
    let called = "verdicts: {malicious: {escalate: e}}\ncontacts: {c: {email: a@example.org}}\n"
    #expect(told("TOC0607", text).first?.hasPrefix("'malicious' is of severity high and calls nobody") == true)
    #expect(told("TOC0607", text + called + "escalations: {e: [{notify: [c]}]}\n") == [])
  }

  @Test func `a channel that is written almost like a usual one is told`() {
    let text = runbook(rest: "contacts: {c: {emial: a@example.org, email: a@example.org}, d: {threema: ABCD}}\n")
    #expect(told("TOC0611", text) == ["the contact 'c' has a channel 'emial'; did you mean 'email'?"])
  }

  @Test func `whom a list names is a contact`() {
    let list = "lists: {people: {file: people.csv, key: site, of: {owner: contact}}}\n"
    let person = "person: {who: \"people[site].owner\", within: 5m}"
    let text = runbook(question: person, rest: list + "contacts: {web: {email: a@example.org}}\n")
    let result = check(text, files: ["people.csv": "site,owner\nshop,wbe\nmail,web\nrest,\n"])
    let unknown = result.diagnostics.filter { $0.code.id == "TOC0203" }
    #expect(unknown.map { $0.location?.start.description } == ["2:6"])
    #expect(unknown.first?.fixIts.first?.replacement == "web")
    let good = check(text, files: ["people.csv": "site,owner\nshop,web\n"])
    #expect(
      !good.diagnostics.contains { $0.code.id == "TOC0203" || $0.code.id == "TOC0204" && $0.message.contains("web") })
  }

  @Test func `a secret in the file of a list is told`() {
    let text = runbook(rest: "lists: {known: {file: known.txt, of: string}}\n")
    let files = ["known.txt": "shop\nhttps://ops:Zephyr-81-canoe@wiki.example.org/runbooks\n"]
    #expect(told("TOC1401", text, files: files).count == 1)
  }
}
