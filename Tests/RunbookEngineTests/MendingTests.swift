import Diagnostics
import Foundation
import RunbookLanguage
import Testing
import YAMLTree

@testable import RunbookEngine

/// Mends keep everything but what they mend.
struct MendingTests {
  private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "tocsin-mending-\(UUID().uuidString)"
    defer { TestFolder.remove(folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: "\(folder)/a.runbook.yaml", atomically: false, encoding: .utf8)
    try await body("\(folder)/a.runbook.yaml")
  }

  private func run(_ path: String, guesses: Bool = false) async -> (changes: [Mending.Change], report: CheckReport) {
    let check = TreeCheck(
      validators: [], today: CalendarDay("2026-11-23"), reader: DeploymentReader(kinds: []), deployment: nil)
    return await Mending(includesGuesses: guesses).run { files in
      await check.check(DocumentSelection([path]), files: files, workers: 1)
    }
  }

  private static let text = """
    # What this is about\r
    tocsin: 1
    runbook: a   # the name
    alert: {when: "true", fields: {site: alert.labels.site}}

    questions:
      first:
        ask: Is it ours: yes?
        answer: !(site in known)   # quite so
        then: {yes: suspicous, no: benign}
    limits:
    \ttime: 1h
    lists:
      # tocsin: allow TOC0519: nothing is there
      known: [a, no]

    """

  @Test func `what leaves no doubt is mended, in several rounds, and comments and line breaks stay`() async throws {
    try await withFile(Self.text) { path in
      let (changes, report) = await run(path)
      let new = String(decoding: try #require(changes.first).new, as: UTF8.self)
      #expect(
        new
          == Self.text.replacing("ask: Is it ours: yes?", with: "ask: \"Is it ours: yes?\"")
          .replacing("!(site in known) ", with: "\"!(site in known)\" ").replacing("\ttime: 1h", with: "  time: 1h")
          .replacing(
            "[a, no]", with: "[a, \"no\"]")
      )
      #expect(report.findings.filter { $0.severity == .error }.map(\.code.id) == ["TOC0203"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.text, "nothing is written yet")
    }
  }

  @Test func `a guess is mended only where it is wanted`() async throws {
    try await withFile(Self.text) { path in
      let (changes, report) = await run(path, guesses: true)
      let new = String(decoding: try #require(changes.first).new, as: UTF8.self)
      #expect(new.contains("yes: suspicious") && !new.contains("TOC0519"), "without errors, what is idle is known")
      #expect(report.findings.allSatisfy { $0.severity != .error })
    }
  }

  private static let sample = """
    tocsin: 1
    runbook: demo
    title: A demo

    alert: {when: 'alert.labels.alertname == "X"', at: alert.startsAt, fields: {site: alert.labels.site}}

    questions:
      spike:
        ask: Was there a spike at ${site}?
        answer: burst.breached
        then: {yes: shell, no: benign}
      shell:
        ask: Did anybody ask for the shell?
        answer: hits.exists(h, h.path == "/shell.php")
        then: {yes: bad, no: suspicious}

    verdicts:
      bad: {severity: critical, means: A shell runs., escalate: call, export: [hits_out]}

    thresholds:
      burst: {of: rate, above: 100}

    window: {from: -10m, to: +2m}
    queries:
      rate:
        from: metrics
        promql: sum(rate(http_requests_total{site=${site}}[1m]))
        series: requests/s
      hits:
        from: access
        sql: SELECT client AS source, path FROM access WHERE time BETWEEN ${from} AND ${to}
        rows: {source: ip, path: string}

    contacts:
      web: {email: web@example.org}
    escalations:
      call: [{notify: [web]}]
    exports:
      hits_out: {data: hits}

    """

  private func mended(_ text: String, guesses: Bool = false) async throws -> String {
    var mended = text
    try await withFile(text) { path in
      let changes = await run(path, guesses: guesses).changes
      if let change = changes.first { mended = String(decoding: change.new, as: UTF8.self) }
    }
    return mended
  }

  @Test(arguments: [
    ("{email: web@example.org}", "{email: web@example.org, slack: #soc}"),
    ("{email: web@example.org}", "{email: web@example.org"),
    ("{yes: shell, no: benign}", "{yes: shell, no: benign}}"),
    ("{yes: shell, no: benign}", "{yes: shell, no: }benign}"),
    ("{yes: shell, no: benign}", "{yes: shell, no benign}"), ("{yes: shell, no: benign}", "{yes: shell no: benign}"),
    ("{yes: shell, no: benign}", "yes: shell, no: benign}"), ("{yes: shell, no: benign}", "({yes: shell, no: benign}"),
    ("  rate:\n", "  rate: {a: b\n"), ("demo\ntitle", "demotitle"), ("${site}?\n", "${site}?"),
    ("  shell:", "  !shell:"), ("[{notify: [web]}]", "[{notify: [web]}]]"),
  ])
  func `a bracket or a colon too many or too few is no reason for quotes`(part: String, mutant: String) async throws {
    let text = Self.sample.replacing(part, with: mutant)
    #expect(try await mended(text) == text)
    #expect(try await mended(text, guesses: true) == text)
  }

  @Test func `no mutant of one character loses a key to a safe mend`() async throws {
    let signs = ["\"", "'", "{", "}", "[", "]", ": ", " #", "!", ", ", "|", "- ", "*", "&", "(", ")", "\t", ":", "#"]
    var random = Seeded(state: 54)
    let bytes = Array(Self.sample.utf8)
    let keys = Self.keys(in: bytes).count
    var changed = 0
    for _ in 0..<(ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] == "1" ? 3_000 : 300) {
      var mutant = bytes
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let sign = signs[Int.random(in: 0..<signs.count, using: &random)]
      switch Int.random(in: 0..<3, using: &random) {
      case 0: mutant.insert(contentsOf: sign.utf8, at: place)
      case 1: mutant.remove(at: place)
      default: mutant.replaceSubrange(place...place, with: sign.utf8)
      }
      let text = String(decoding: mutant, as: UTF8.self)
      let new = try await mended(text)
      guard new != text else { continue }
      changed += 1
      let left = Self.keys(in: Array(new.utf8))
      #expect(
        left.count >= keys - 1, "\(UnifiedDiff.text(from: Array(text.utf8), to: Array(new.utf8), path: "mutant"))")
    }
    #expect(changed > 4)
  }

  /// What looks like keys to a reader, who counts none in quotes.
  private static func keys(in bytes: [UInt8]) -> [String] {
    var keys: [String] = []
    func go(_ node: YAMLNode) {
      for pair in node.pairs ?? [] {
        keys.append(pair.key.scalar?.text ?? "")
        go(pair.value)
      }
      for item in node.items ?? [] { go(item) }
    }
    if let root = YAMLReader.read(SourceText(name: "a", bytes: bytes)).root { go(root) }
    return keys
  }

  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test(arguments: [
    ("hits.exists(h,", "hist.exists(h,"), ("burst.breached", "brust.breached"),
    ("spike at ${site}", "spike at ${siet}"),
  ])
  func `the only error of a runbook is mended though notes come to light`(right: String, wrong: String) async throws {
    #expect(try await mended(Self.sample.replacing(right, with: wrong), guesses: true) == Self.sample)
  }

  @Test(arguments: [("    answer: burst", "\tanswer: burst"), ("  rate:", "\trate:"), ("  web: {", "\tweb: {")])
  func `a tab gives way to the columns of the sibling above`(right: String, wrong: String) async throws {
    #expect(try await mended(Self.sample.replacing(right, with: wrong)) == Self.sample)
  }

  @Test func `a tag goes with the space behind it`() async throws {
    #expect(try await mended(Self.sample.replacing("title: A", with: "title: !!str A")) == Self.sample)
  }

  @Test func `a file keeps its permissions and stays where a link leads`() async throws {
    try await withFile(Self.text) { path in
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      let link = path + ".link.runbook.yaml"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      let (changes, _) = await run(link)
      #expect(Mending.write(try #require(changes.first)) == nil)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(changes[0].new))
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
      #expect(await run(path).changes.isEmpty, "what is mended needs no mend")
    }
  }

  @Test func `a file that somebody has changed meanwhile is not written`() async throws {
    try await withFile(Self.text) { path in
      let (changes, _) = await run(path)
      try "tocsin: 1\n".write(toFile: path, atomically: false, encoding: .utf8)
      #expect(Mending.write(try #require(changes.first)) == "it has changed while it was checked")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "tocsin: 1\n")
    }
  }

  @Test func `of mends that overlap the first counts`() {
    let source = SourceText(name: "a", text: "abcdef")
    func finding(_ start: Int, _ end: Int, _ text: String) -> Diagnostic {
      let range = SourceRange(start, end)
      return Diagnostic(
        .init("TOC0000", "x"), .error, "x", at: SourceLocation(source, range),
        fixIts: [.init("x", replace: range, by: text, isSafe: true)])
    }
    let findings = [finding(2, 4, "X"), finding(0, 3, "Y"), finding(4, 4, "+"), finding(4, 4, "+"), finding(5, 9, "Z")]
    #expect(Mending(includesGuesses: false).mended(source, by: findings)?.bytes == Array("Yd+ef".utf8))
    #expect(Mending(includesGuesses: false).mended(source, by: [])?.bytes == nil)
  }

  @Test func `a difference is what patch reads`() {
    let old = (1...12).map { "line \($0)\n" }.joined()
    let new = old.replacing("line 2\n", with: "").replacing("line 12\n", with: "line 12\nlast")
    #expect(
      UnifiedDiff.text(from: Array(old.utf8), to: Array(new.utf8), path: "a.yaml") == """
        --- a/a.yaml
        +++ b/a.yaml
        @@ -1,5 +1,4 @@
         line 1
        -line 2
         line 3
         line 4
         line 5
        @@ -10,3 +9,4 @@
         line 10
         line 11
         line 12
        +last
        \\ No newline at end of file

        """)
    #expect(UnifiedDiff.text(from: Array(old.utf8), to: Array(old.utf8), path: "a.yaml").isEmpty)
  }
}
