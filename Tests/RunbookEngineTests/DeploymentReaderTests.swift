import Diagnostics
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import RunbookEngine

struct DeploymentReaderTests {
  private func read(_ text: String, folder: String? = nil) -> (deployment: Deployment?, findings: [Diagnostic]) {
    DeploymentReader(kinds: [FakeKind()]).read(SourceText(name: "conf/tocsin.yaml", text: text), folder: folder)
  }

  @Test func `a whole configuration is read`() throws {
    let (deployment, findings) = read(
      """
      deployment: 1
      node: shop-soc-01
      recorded: true
      sources:
        access: {adapter: fake, path: access.log, mode: fast, lag: 5s, gap: 30s}
        waf:
          adapter: fake
          path: waf.log
          silence: normal
          more: [a.log, b.log]
          columns: {time: timestamp, tags: [string]}
      lists: {known_sources: known.txt}
      thresholds: {much: 200, rate: 0.5}
      trail: {evidence_megabytes: 3, records: at_once}
      notify: {command: [/usr/local/bin/page, --quiet]}
      """)
    #expect(findings.isEmpty, "\(findings.map(\.message))")
    let read = try #require(deployment)
    #expect(read.node == "shop-soc-01")
    #expect(read.isRecorded)
    #expect(read.trail.evidenceLimitBytes == 3 << 20)
    #expect(!read.trail.gathersRecords)
    #expect(read.folder == "conf")
    #expect(read.bindings.map(\.id.value) == ["access", "waf"])
    #expect(read.bindings[0].lag == .seconds(5))
    #expect(read.bindings[0].gap == .seconds(30))
    #expect(!read.bindings[0].isSilenceNormal)
    #expect(read.bindings[1].isSilenceNormal)
    #expect(read.bindings[1].options.texts("more") == ["a.log", "b.log"])
    #expect(
      read.bindings[1].options.columns("columns") == [Column("time", .timestamp), Column("tags", .list(.string))])
    #expect(read.lists.map(\.id.value) == ["known_sources"])
    #expect(read.thresholds.map(\.value.value.displayText) == ["200", "0.5"])
    #expect(read.channel == .command(["/usr/local/bin/page", "--quiet"]))
  }

  @Test func `paths count from the folder that was given`() {
    let text = "deployment: 1\nnotify: {outbox: out.jsonl}\n"
    #expect(read(text).deployment?.channel == .outbox(path: "conf/out.jsonl"))
    #expect(read(text, folder: "/data").deployment?.channel == .outbox(path: "/data/out.jsonl"))
    #expect(
      read("deployment: 1\nnotify: {outbox: /var/out}\n", folder: "x").deployment?.channel == .outbox(path: "/var/out"))
  }

  @Test(arguments: [
    ("./page", "/data/./page"), ("bin/page", "/data/bin/page"), ("/bin/page", "/bin/page"), ("page", "page"),
  ])
  func `a command with a folder counts from the configuration's, and one without is looked for`(
    written: String, runs: String
  ) {
    let text = "deployment: 1\nnotify: {command: ['\(written)', ./argument]}\n"
    #expect(read(text, folder: "/data").deployment?.channel == .command([runs, "./argument"]))
  }

  static let mistakes: [(text: String, code: String, place: String)] = [
    ("sources: {}", "TOC1004", "1:1"),
    ("deployment: 7", "TOC1101", "1:13"),
    ("deployment: one", "TOC1001", "1:13"),
    ("deployment: 1\nsorces: {}", "TOC1003", "2:1"),
    ("deployment: 1\nrecorded: perhaps", "TOC1001", "2:11"),
    ("deployment: 1\nnode: two words", "TOC1104", "2:7"),
    ("deployment: 1\nsources: [a]", "TOC1001", "2:10"),
    ("deployment: 1\nsources: {a: {adapter: fak, path: x}}", "TOC1102", "2:24"),
    ("deployment: 1\nsources: {a: {path: x}}", "TOC1004", "2:14"),
    ("deployment: 1\nsources: {a: {adapter: fake}}", "TOC1004", "2:14"),
    ("deployment: 1\nsources: {a: {adapter: fake, path: x, mod: fast}}", "TOC1003", "2:39"),
    ("deployment: 1\nsources: {a: {adapter: fake, path: x, mode: fats}}", "TOC1103", "2:45"),
    ("deployment: 1\nsources: {a: {adapter: fake, path: x, lag: 5}}", "TOC1008", "2:44"),
    ("deployment: 1\nsources: {a: {adapter: fake, path: x, gap: -5s}}", "TOC1008", "2:44"),
    ("deployment: 1\nsources: {a: {adapter: fake, path: x, silence: golden}}", "TOC1103", "2:48"),
    ("deployment: 1\nsources: {A-b: {adapter: fake, path: x}}", "TOC1005", "2:11"),
    ("deployment: 1\nsources: {a: {adapter: fake, path: x, columns: {t: tine}}}", "TOC1009", "2:52"),
    ("deployment: 1\nthresholds: {much: [1]}", "TOC1105", "2:20"),
    ("deployment: 1\nthresholds: {much: many}", "TOC1001", "2:20"),
    ("deployment: 1\nnotify: {}", "TOC1107", "2:9"),
    ("deployment: 1\nnotify: {outbox: a, command: [b]}", "TOC1106", "2:30"),
    ("deployment: 1\nnotify: {command: page --quiet}", "TOC1108", "2:19"),
    ("deployment: 1\nnotify: {command: []}", "TOC1110", "2:19"),
    ("deployment: 1\nnotify: {command: ['']}", "TOC1110", "2:19"),
    ("deployment: 1\nlists: {known: [a]}", "TOC1001", "2:16"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told by its code at its place`(text: String, code: String, place: String) {
    let findings = read(text).findings
    #expect(findings.map(\.code.id) == [code], "\(findings.map(\.message))")
    #expect(findings.first?.location?.start.description == place)
  }

  @Test func `all mistakes are told in one pass and a misspelt word is suggested`() {
    let (deployment, findings) = read(
      """
      deployment: 1
      recorded: maybe
      sources:
        a: {adapter: fke, path: x}
        b: {adapter: fake, pth: x}
      thresholds: {much: x}
      notfy: {}
      """)
    #expect(deployment == nil)
    #expect(findings.map(\.code.id) == ["TOC1001", "TOC1102", "TOC1003", "TOC1001", "TOC1003", "TOC1107"])
    #expect(findings.flatMap(\.fixIts).map(\.replacement) == ["fake", "path", "notify"])
  }

  @Test(arguments: ["", "\u{0}\u{1}\u{2}", "[", String(repeating: "[", count: 200_000), "deployment: 1\ndeployment: 1"])
  func `what is no configuration is told and ends at once`(text: String) {
    let (deployment, findings) = read(text)
    #expect(deployment == nil)
    #expect(findings.contains { $0.severity == .error })
  }
}
