import AuditTrail
import Diagnostics
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Synchronization
import Testing
import Values

@testable import tocsin

/// One run of `was-i-hacked` on a folder of data: the runbook, the adapters, the engine and the trail are the real ones,
/// wired as the program wires them.
struct CaseRun {
  let report: JSON
  /// What people are shown.
  let text: String

  /// - Parameters:
  ///   - folder: A case's folder, with `alert.json`.
  ///   - adapted: Changes the configuration's text.
  init(_ folder: String, configuration adapted: (String) -> String = { $0 }) async throws {
    let scratch = try ScratchFolder()
    defer { withExtendedLifetime(scratch) {} }
    let path = "\(Places.runbook)/case.tocsin.yaml"
    let (deployment, troubles) = DeploymentReader(kinds: Wiring.kinds).read(
      SourceText(name: path, text: adapted(try Places.text(path))), folder: folder)
    try #require(troubles.isEmpty, "\(troubles.map(\.message))")
    let check = RunbookCheck(files: DocumentFiles(), validators: Wiring.validators)
    let document = try DocumentFiles().load("\(Places.runbook)/was-i-hacked.runbook.yaml").get()
    let checked = check.check(document, in: deployment)
    try #require(!checked.findings.contains { $0.severity > .note }, "\(checked.findings.map(\.message))")
    let runbook = try #require(checked.runbook)
    let payload = try AlertPayload(try DocumentFiles().load("\(folder)/alert.json").get().bytes)
    let now = LiveClock().now()
    guard let alert = payload.alerts.first,
      case .run(let intake) = Intake.consider(alert, for: runbook.runbook, at: nil, now: now)
    else { throw Trouble.alertIsSkipped }
    let listener = Listener()
    let trail = try Wiring.trail("\(scratch.path)/trail", node: "test")
    let engine = Wiring.engine(trail, channel: nil, observer: listener, interruption: Interruption())
    let result = try await engine.run(
      RunRequest(
        runbook: runbook, deployment: deployment, sources: checked.sources, intake: intake, now: now, isNowGiven: false)
    )
    // What a script reads is the line that is printed.
    report = try JSON(parsing: Array(Reports.inertJSON(result.json.compactText).utf8))
    text = listener.text.split(separator: scratch.path + "/", omittingEmptySubsequences: false).joined()
  }

  enum Trouble: Error { case alertIsSkipped }

  /// The web shell as it was recorded: several tests look at the same run of it.
  static var webShell: CaseRun { get async throws { try await webShellRun.value } }
  private static let webShellRun = Task { try await CaseRun("\(Places.shippedCases)/webshell") }

  var verdict: String { report["verdict"]?.text ?? "none" }
  var open: [String] { (report["open"]?.elements ?? []).compactMap(\.text) }

  /// The answers to a question, in their order.
  func answers(to question: String) -> [JSON] {
    (report["answers"]?.elements ?? []).filter { $0["question"]?.text == question }
  }

  /// The only answer to a question; `nil` if it was not asked, or of many.
  func answer(to question: String) -> String? {
    let answers = answers(to: question)
    return answers.count == 1 ? answers[0]["answer"]?.text : nil
  }

  /// Everything that a question found, sorted.
  func findings(of question: String) -> [String] {
    answers(to: question).flatMap { $0["finding"]?.elements ?? [] }.compactMap(\.text).sorted()
  }

  /// The entities of which a question was answered so, sorted.
  func entities(_ question: String, _ answer: String) -> [String] {
    answers(to: question).filter { $0["answer"]?.text == answer }.compactMap { $0["entity"]?.text }.sorted()
  }

  func verdict(of source: String) -> String? { report["entities"]?["source"]?[source]?.text }
}

/// Keeps the lines that a terminal would show.
private final class Listener: RunObserver {
  private let state = Mutex((text: RunText(coloured: false, trail: "trail"), lines: [String]()))

  var text: String { state.withLock { $0.lines.joined(separator: "\n") } }

  func observe(_ entry: JournalEntry, at instant: Timestamp) async {
    state.withLock { $0.lines += $0.text.lines(for: entry.type, entry.body) }
  }
}
