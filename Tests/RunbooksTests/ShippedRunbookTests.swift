import Diagnostics
import Foundation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import tocsin

/// The runbooks beside `was-i-hacked`, each with its example deployment and its made-up cases.
@Suite struct ShippedRunbookTests {
  /// How a case has to end.
  struct Story: CustomTestStringConvertible, Sendable {
    let runbook: String
    let name: String
    let verdict: String
    /// Verdicts of some entities.
    var entities: [String: String] = [:]
    /// Everybody who is told, sorted.
    var told: [String] = []
    /// What the case ends as when one of its files is missing, where that is anything else than `undetermined`.
    var without: [String: String] = [:]

    var testDescription: String { "\(runbook)/\(name)" }
    var folder: String { "\(ShippedRunbookTests.runbooks)/\(runbook)/cases/\(name)" }
    /// What the sources read.
    var files: [String] { ShippedRunbookTests.names(in: folder).filter { $0 != "alert.json" } }
  }

  static let stories = [
    Story(
      runbook: "web-shell", name: "uploaded-shell", verdict: "secrets_lost", entities: ["203.0.113.77": "attacker"],
      told: ["security-on-call", "web-on-call"],
      without: ["access.log": "secrets_lost", "audit.log": "intrusion", "connections.csv": "intrusion"]),
    Story(runbook: "web-shell", name: "thumbnails", verdict: "benign", without: ["access.log": "benign"]),
    Story(
      runbook: "lateral-movement", name: "stolen-account", verdict: "taken_away",
      entities: [
        "erp-01": "compromised", "erp-db-01": "compromised", "build-01": "compromised", "files-01": "touched",
        "mail-01": "touched", "pc-0117": "touched", "test-01": "touched",
      ],
      told: ["security-on-call"],
      without: ["flows.csv": "compromised", "processes.jsonl": "taken_away", "tickets.csv": "taken_away"]),
    Story(
      runbook: "lateral-movement", name: "patch-evening", verdict: "touched", entities: ["web-02": "touched"],
      without: ["flows.csv": "touched", "tickets.csv": "touched"]),
    Story(
      runbook: "phishing", name: "invoice-lure", verdict: "taken_over",
      entities: ["a.keller": "received", "b.meier": "opened_only", "c.rossi": "taken_over", "d.novak": "exposed"],
      told: ["identity-team", "security-on-call"], without: ["proxy.csv": "taken_over", "signins.jsonl": "exposed"]),
    Story(runbook: "phishing", name: "newsletter", verdict: "benign", without: ["signins.jsonl": "benign"]),
    Story(
      runbook: "dns-tunnel", name: "tunnel", verdict: "tunnel",
      entities: ["10.0.20.63": "tunnel", "10.0.20.14": "ordinary"], told: ["security-on-call"],
      without: ["endpoints.jsonl": "tunnel", "series.json": "tunnel"]),
    Story(
      runbook: "dns-tunnel", name: "new-scanner", verdict: "known_program", entities: ["10.0.20.15": "ordinary"],
      without: ["endpoints.jsonl": "tunnel", "series.json": "known_program"]),
    Story(
      runbook: "vm-ransomware", name: "encryption", verdict: "attack",
      entities: [
        "erp-01": "restore", "erp-db-01": "lost", "files-01": "lost", "mail-01": "keep_off", "test-01": "untouched",
      ],
      told: ["crisis-team", "platform-on-call", "security-on-call"],
      without: [
        "backup.csv": "attack", "datastore.csv": "attack", "platform.jsonl": "attack", "shell.csv": "attack",
        "tickets.csv": "attack",
      ]),
    Story(runbook: "vm-ransomware", name: "maintenance", verdict: "benign", without: ["backup.csv": "benign"]),
    Story(
      runbook: "impossible-travel", name: "stolen-session", verdict: "taken_over",
      entities: ["203.0.113.45": "taken_over", "198.51.100.140": "explained", "192.0.2.7": "explained"],
      told: ["identity-team", "security-on-call"],
      without: ["activity.csv": "stolen", "bookings.csv": "taken_over"]),
    Story(
      runbook: "impossible-travel", name: "journey", verdict: "travelling",
      entities: ["203.0.113.18": "travelling", "198.51.100.70": "explained"],
      without: ["activity.csv": "travelling", "bookings.csv": "suspicious"]),
  ]

  static let runbooks = "\(Places.package)/Runbooks"
  static let clean = ["info", "low"]

  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test func `every case that is shipped is told of here`() {
    let told = Dictionary(grouping: Self.stories, by: \.runbook)
    for (runbook, stories) in told {
      #expect(Self.names(in: "\(Self.runbooks)/\(runbook)/cases") == stories.map(\.name).sorted())
    }
    let shipped = Self.names(in: Self.runbooks).filter { name in
      FileManager.default.fileExists(atPath: "\(Self.runbooks)/\(name)/cases") && name != "was-i-hacked"
    }
    #expect(shipped == told.keys.sorted())
  }

  @Test(arguments: stories)
  func `a case ends as its story does and calls those whom it concerns`(story: Story) async throws {
    let run = try await ShippedRun(story, data: story.folder)
    #expect(run.report["verdict"]?.text == story.verdict)
    #expect(run.report["open"]?.elements?.isEmpty == true)
    for (entity, verdict) in story.entities { #expect(run.verdict(of: entity) == verdict, "\(entity)") }
    #expect(run.told == story.told)
    let isClean = Self.clean.contains(run.report["severity"]?.text ?? "")
    #expect(isClean == story.told.isEmpty)
  }

  @Test(arguments: stories)
  func `a file that is missing closes nothing that it could have opened`(story: Story) async throws {
    for missing in story.files {
      let folder = try ScratchFolder()
      for name in Self.names(in: story.folder) where name != missing {
        try FileManager.default.copyItem(atPath: "\(story.folder)/\(name)", toPath: "\(folder.path)/\(name)")
      }
      let run = try await ShippedRun(story, data: folder.path)
      #expect(run.report["verdict"]?.text == story.without[missing, default: "undetermined"], "without \(missing)")
    }
  }
}

/// One run of a shipped runbook, wired as the program wires it.
private struct ShippedRun {
  let report: JSON
  /// The contacts of all notices, each once, sorted.
  let told: [String]

  init(_ story: ShippedRunbookTests.Story, data folder: String) async throws {
    let scratch = try ScratchFolder()
    defer { withExtendedLifetime(scratch) {} }
    let home = "\(ShippedRunbookTests.runbooks)/\(story.runbook)"
    let configuration = try DocumentFiles().load("\(home)/tocsin.yaml").get()
    let (deployment, troubles) = DeploymentReader(kinds: Wiring.kinds).read(configuration, folder: folder)
    try #require(troubles.isEmpty, "\(troubles.map(\.message))")
    let document = try DocumentFiles().load("\(home)/\(story.runbook).runbook.yaml").get()
    let checked = RunbookCheck(files: DocumentFiles(), validators: Wiring.validators).check(document, in: deployment)
    let loud = checked.findings.filter { $0.severity > .note && $0.code.id != "TOC1109" }
    try #require(loud.isEmpty, "\(loud.map(\.message))")
    let runbook = try #require(checked.runbook)
    let payload = try AlertPayload(try DocumentFiles().load("\(folder)/alert.json").get().bytes)
    let now = LiveClock().now()
    let alert = try #require(payload.alerts.first)
    guard case .run(let intake) = Intake.consider(alert, for: runbook.runbook, at: nil, now: now) else {
      throw Trouble.alertIsSkipped
    }
    let trail = try Wiring.trail("\(scratch.path)/trail", node: "test")
    let engine = Wiring.engine(trail, channel: nil, observer: Unobserved(), interruption: Interruption())
    let result = try await engine.run(
      RunRequest(
        runbook: runbook, deployment: deployment, sources: checked.sources, intake: intake, now: now, isNowGiven: false)
    )
    report = result.json
    let outbox = try? Places.text("\(scratch.path)/trail/outbox.jsonl")
    let notices = try (outbox ?? "").split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    told = Set(notices.compactMap { $0["contact"]?.text }).sorted()
  }

  enum Trouble: Error { case alertIsSkipped }

  func verdict(of entity: String) -> String? {
    report["entities"]?.members?.lazy.compactMap { $0.value[entity]?.text }.first
  }
}

private struct Unobserved: RunObserver {
  func observe(_ entry: JournalEntry, at instant: Timestamp) async {}
}
