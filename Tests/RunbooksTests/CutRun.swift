import AuditTrail
import Diagnostics
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Synchronization
import Testing
import Values

@testable import tocsin

/// A trail that is cut off after so many records, as by a process that was killed: nothing is recorded after them.
final class CutJournal: RunJournal {
  private let trail: TrailWriter
  private let left: Mutex<Int>
  /// The type before whose first record it is cut off.
  private let end: String?
  private let types = Mutex<[String]>([])
  private let waits = Mutex<[String]>([])

  /// - Parameters:
  ///   - records: How many are still written; `nil`: all.
  ///   - type: Of the first record that is not written any more.
  init(_ trail: TrailWriter, after records: Int?, before type: String? = nil) {
    self.trail = trail
    end = type
    left = Mutex(records ?? .max)
  }

  var name: String { trail.name }
  /// The types of the records that were written.
  var written: [String] { types.withLock { $0 } }

  /// The types of the records for which the run waited until they were on the disk.
  var waited: [String] { waits.withLock { $0 } }

  func begin(run: String, runbook: String) throws(JournalError) { try trail.begin(run: run, runbook: runbook) }
  func resume(run: String, after count: Int64?) throws(JournalError) { try trail.resume(run: run, after: count) }
  func pin(_ bytes: [UInt8], digest: String) throws(JournalError) { try trail.pin(bytes, digest: digest) }

  func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError) {
    let isCut = left.withLock { left in
      left = entry.type == end ? 0 : left - 1
      return left < 0 || entry.type == end
    }
    if isCut { throw .cannotWrite("the process was killed") }
    try await trail.append(entry, to: run, durability: durability)
    types.withLock { $0.append(entry.type) }
    if durability > .soon { waits.withLock { $0.append(entry.type) } }
  }

  func keep(_ bytes: [UInt8], mediaType: String) async throws(JournalError) -> EvidenceReference {
    try await trail.keep(bytes, mediaType: mediaType)
  }
}

/// Counts what leaves the machine.
final class CountingNotifier: Notifier {
  let name = "counting"
  let deliversOnce: Bool
  private let keys = Mutex<[String]>([])

  init(deliversOnce: Bool) { self.deliversOnce = deliversOnce }

  var delivered: [String] { keys.withLock { $0 } }

  func deliver(_ notice: Notice) async throws(NoticeError) { keys.withLock { $0.append(notice.idempotencyKey) } }
}

/// Counts the scripts that are run, and runs none.
final class CountingScripts: ScriptRunner {
  private let names = Mutex<[String]>([])

  var executed: [String] { names.withLock { $0 } }

  func sandbox() async throws(ScriptProblem) -> JSON { .object(["program": .string("none")]) }

  func run(_ task: ScriptTask) async throws(ScriptProblem) -> ScriptResult {
    names.withLock { $0.append(task.outputName) }
    return ScriptResult(end: .exited(0), output: [], outputBytes: 0, complaint: nil, file: nil)
  }
}

/// One case of a shipped runbook with a trail of its own: run, cut off, taken up again.
struct CutRun {
  let request: RunRequest
  let deployment: Deployment
  let scratch: ScratchFolder
  let notifier: CountingNotifier
  let scripts = CountingScripts()

  init(_ case: ShippedCase, deliversOnce: Bool = false) throws {
    let (deployment, troubles) = DeploymentReader(kinds: Wiring.kinds).read(
      try DocumentFiles().load(`case`.configuration).get(), folder: `case`.folder)
    self.deployment = try #require(deployment, "\(troubles.map(\.message))")
    let document = try DocumentFiles().load(`case`.runbook).get()
    let checked = RunbookCheck(files: DocumentFiles(), validators: Wiring.validators).check(document, in: deployment)
    let runbook = try #require(checked.runbook)
    let payload = try AlertPayload(try DocumentFiles().load("\(`case`.folder)/alert.json").get().bytes)
    let alert = try #require(payload.alerts.first)
    let now = try #require(Timestamp(rfc3339: "2026-11-23T12:00:00Z"))
    guard case .run(let intake) = Intake.consider(alert, for: runbook.runbook, at: nil, now: now) else {
      throw Trouble.alertIsSkipped
    }
    request = RunRequest(
      runbook: runbook, deployment: deployment, sources: checked.sources, intake: intake, now: now, isNowGiven: false)
    scratch = try ScratchFolder()
    notifier = CountingNotifier(deliversOnce: deliversOnce)
  }

  enum Trouble: Error { case alertIsSkipped }

  var trail: String { "\(scratch.path)/trail" }
  var reader: TrailReader { TrailReader(folder: trail) }

  /// Each record is in its file at once: of a run that is cut off here the writer lives on, and must have none left.
  private func writer() throws -> TrailWriter {
    try Wiring.trail(trail, node: "test", keeping: TrailKeeping(gathersRecords: false))
  }

  private func engine(_ journal: CutJournal) throws -> RunEngine {
    let layout = reader.layout
    return RunEngine(
      Wiring.parts(
        journal, layout: layout, notifier: notifier, observer: NobodyListens(), interruption: Interruption(),
        scripts: scripts))
  }

  /// - Returns: The types of the records that were written.
  func run(cutAfter records: Int? = nil, cutBefore type: String? = nil) async throws -> [String] {
    let journal = CutJournal(try writer(), after: records, before: type)
    let engine = try engine(journal)
    do throws(JournalError) {
      _ = try await engine.run(request)
    } catch {
      try #require(records != nil || type != nil, "\(error.message)")
    }
    return journal.written
  }

  /// - Returns: The types of the records for which the run waited until they were on the disk.
  func runCountingWaits() async throws -> [String] {
    let journal = CutJournal(try writer(), after: nil)
    _ = try await engine(journal).run(request)
    return journal.waited
  }

  func recording() throws -> RunRecording {
    try RunRecording(
      try RecordedRun("latest", from: reader), from: reader, runbooks: PinnedRunbooks(reader),
      semantics: [Program.semantics])
  }

  func resume(cutAfter records: Int? = nil) async throws -> [String] {
    let journal = CutJournal(try writer(), after: records)
    let engine = try engine(journal)
    let recording = try recording()
    do throws(ResumeProblem) {
      _ = try await engine.resume(recording, sources: BoundSources(deployment), deployment: deployment)
    } catch {
      try #require(records != nil, "\(error.message)")
    }
    return journal.written
  }
}

/// A case that is shipped: its runbook, its configuration, its data.
struct ShippedCase: Sendable, CustomTestStringConvertible {
  let runbook: String
  let configuration: String
  let folder: String

  var testDescription: String { folder.split(separator: "/").suffix(3).joined(separator: "/") }

  /// Of every runbook that is shipped.
  static var all: [ShippedCase] {
    ShippedRunbookTests.stories.map { story in
      let home = "\(ShippedRunbookTests.runbooks)/\(story.runbook)"
      return ShippedCase(
        runbook: "\(home)/\(story.runbook).runbook.yaml", configuration: "\(home)/tocsin.yaml", folder: story.folder)
    } + [webShell]
  }

  static var webShell: ShippedCase {
    ShippedCase(
      runbook: "\(Places.runbook)/was-i-hacked.runbook.yaml", configuration: "\(Places.runbook)/case.tocsin.yaml",
      folder: "\(Places.shippedCases)/webshell")
  }
}

struct NobodyListens: RunObserver {
  func observe(_ entry: JournalEntry, at instant: Timestamp) async {}
}
