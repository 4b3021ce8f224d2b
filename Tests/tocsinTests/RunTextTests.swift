import Testing
import Values

@testable import tocsin

struct RunTextTests {
  private func text(_ records: [(type: String, json: String)], coloured: Bool = false) throws -> [String] {
    var text = RunText(coloured: coloured, trail: "trail")
    var lines: [String] = []
    for record in records { lines += text.lines(for: record.type, try JSON(parsing: Array(record.json.utf8))) }
    return lines + text.rest()
  }

  private static let start = (
    type: "run.started",
    json:
      #"{"run":"run-1","runbook":"sample","version":"1.0.0","title":"Was it bad?","alert_name":"Burst","at":"2026-03-02T10:00:00Z","fields":{"site":"shop","host":{"missing":"the alert has none"}},"remarks":[]}"#
  )
  private static let questions = (
    type: "runbook.questions",
    json:
      #"{"questions":[{"id":"spike","ask":"A spike on ${site}?","each":null,"sign":false},{"id":"known","ask":"Is ${source} known, and is ${source} ours?","each":"source","sign":false},{"id":"tool","ask":"A tool?","each":"source","sign":true},{"id":"odd","ask":"Odd?","each":"source","sign":true}]}"#
  )

  private static func answers(_ question: String, _ answers: [(entity: String?, answer: String, because: String)]) -> (
    type: String, json: String
  ) {
    let list = answers.map { answer in
      let entity = answer.entity.map { "\"\($0)\"" } ?? "null"
      return
        #"{"question":"\#(question)","entity":\#(entity),"ask":"Asked of \#(answer.entity ?? "all")?","answer":"\#(answer.answer)","finding":[],"because":"\#(answer.because)","assumed":false}"#
    }
    return ("question.answered", #"{"question":"\#(question)","answers":[\#(list.joined(separator: ","))]}"#)
  }

  @Test func `a run is told question by question and ends with the verdict`() throws {
    let lines = try text([
      Self.start, Self.questions, Self.answers("spike", [(nil, "yes", "14 requests/s, 2 expected")]),
      ("query.failed", #"{"query":"blocked","reason":"no such file"}"#),
      Self.answers("tool", [("a", "no", ""), ("b", "yes", "")]),
      Self.answers("odd", [("a", "no", ""), ("b", "no", "")]),
      Self.answers("known", [("a", "yes", "listed"), ("b", "unknown", "the list is torn")]),
      (
        "verdict.reached",
        #"{"verdict":"bad","severity":"high","entity":"source","values":["b"],"assumed":true,"means":"It was bad.","advice":["Look."]}"#
      ),
      ("notice.intended", #"{"idempotency_key":"k","contact":"desk","verdict":"bad"}"#),
      ("notice.failed", #"{"idempotency_key":"k","reason":"no route"}"#),
      ("export.intended", #"{"export":"rows","rows":3}"#), ("export.written", #"{"export":"rows","file":"x.csv"}"#),
      ("run.closed", #"{"verdict":"bad","severity":"high","open":["known"]}"#),
    ])
    #expect(
      lines.joined(separator: "\n") == """
        Was it bad?  sample 1.0.0
        alert Burst · at 2026-03-02T10:00:00Z · site shop · host unknown (the alert has none)
        run run-1

        yes      Asked of all?
                 14 requests/s, 2 expected

                 Is each source known, and is each source ours?  asked of 2
        yes      1    a  listed
        unknown  1    b  the list is torn
                 signs: tool yes 1, no 1 · 1 more: no

        BAD  severity high
        It was bad.
        source: b  assumed: it rests on an answer that is missing
        what to do
          Look.
        still open
          known: Is each source known, and is each source ours?
        not seen
          blocked: no such file
        told
          desk of bad: not sent: no route
        exported
          rows (3 rows): x.csv

        trail: tocsin trail show run-1 --trail trail
        """)
  }

  @Test func `a question about all is asked with what the fields hold`() throws {
    let asked = (
      type: "runbook.questions",
      json:
        #"{"questions":[{"id":"known","ask":"Is ${source} known to ${site} and ${who}?","each":"source","sign":false}]}"#
    )
    let unlisted = try text([
      Self.start, asked,
      (
        "question.answered",
        #"{"question":"known","answers":[{"question":"known","entity":null,"ask":"Is ${source} known?","answer":"unknown","finding":[],"because":"torn"}]}"#
      ), ("run.interrupted", #"{"reason":"enough"}"#),
    ])
    #expect(unlisted.contains { $0.hasSuffix("Is each source known to shop and ${who}?") }, "\(unlisted)")
    let closed = try text([
      Self.start, asked, ("run.closed", #"{"verdict":"undetermined","severity":"high","open":["known"]}"#),
    ])
    #expect(closed.contains("  known: Is each source known to shop and ${who}?"), "\(closed)")
  }

  @Test func `many sources flood nothing`() throws {
    let sources = (0..<300).map { (entity: Optional("192.0.2.\($0)"), answer: "unknown", because: "the log is torn") }
    let lines = try text([Self.start, Self.questions, Self.answers("known", sources)])
    #expect(lines.count < 12)
    #expect(lines.contains { $0.contains("300") && $0.contains("… and 292 more") })
    #expect(lines.contains { $0.contains("300: the log is torn") })
  }

  @Test(arguments: [true, false])
  func `only our own colours reach a terminal`(coloured: Bool) throws {
    let evil = #"\u001b[2J\u009b1m\u202e"#
    let lines = try text(
      [
        (
          "run.started",
          #"{"run":"\#(evil)","runbook":"\#(evil)","title":"\#(evil)","alert_name":"\#(evil)","at":"\#(evil)","fields":{"\#(evil)":"\#(evil)"},"remarks":["\#(evil)"]}"#
        ),
        (
          "question.answered",
          #"{"question":"\#(evil)","answers":[{"question":"\#(evil)","entity":"\#(evil)","ask":"\#(evil)","answer":"\#(evil)","finding":["x\#(evil)"],"because":"\#(evil)"}]}"#
        ),
        ("query.failed", #"{"query":"\#(evil)","reason":"\#(evil)"}"#),
        (
          "verdict.reached",
          #"{"verdict":"\#(evil)","severity":"\#(evil)","entity":"\#(evil)","values":["\#(evil)"],"means":"\#(evil)","advice":["\#(evil)"]}"#
        ),
        ("export.dropped", #"{"export":"\#(evil)","reason":"\#(evil)"}"#),
        ("run.interrupted", #"{"reason":"\#(evil)"}"#),
        ("run.closed", #"{"verdict":"\#(evil)","severity":"\#(evil)","open":["\#(evil)"]}"#),
      ], coloured: coloured)
    let joined = lines.joined()
    #expect(!joined.contains("\u{1B}[2J"))
    #expect(joined.contains("\u{1B}[") == coloured)
    for scalar in ["\u{9B}", "\u{202E}", "\u{7}"] as [Unicode.Scalar] {
      #expect(!joined.unicodeScalars.contains(scalar))
    }
  }

  @Test func `findings that go on in another record are put together and cut`() throws {
    let part = { (continued: Bool) in
      let finding = (0..<6).map { "\"/srv/\(continued)/\($0)\"" }.joined(separator: ",")
      return (
        type: "question.answered",
        json:
          #"{"question":"spike","answers":[{"question":"spike","entity":null,"ask":"Q?","answer":"yes","finding":[\#(finding)],"because":"b","continued":\#(continued)}]}"#
      )
    }
    let lines = try text([Self.start, Self.questions, part(false), part(true)])
    #expect(lines.count { $0.contains("/srv/") } == 8)
    #expect(lines.contains { $0.contains("… and 4 more") })
  }
}
