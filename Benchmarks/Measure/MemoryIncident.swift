import AuditTrail
import Diagnostics
import Foundation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Values

/// The shipped runbook `was-i-hacked` on a web shell of a few rows, everything in memory.
struct MemoryIncident {
  let request: RunRequest

  private static let folder = "Runbooks/was-i-hacked"
  private static let configuration = """
    deployment: 1
    recorded: true
    sources:
      traffic: {adapter: memory, silence: normal}
      access: {adapter: memory, silence: normal}
      waf: {adapter: memory, silence: normal}
      kernel: {adapter: memory, silence: normal}
      integrity: {adapter: memory, silence: normal}
    """

  init() throws {
    let files = DocumentFiles()
    let text = SourceText(name: "\(Self.folder)/memory.tocsin.yaml", text: Self.configuration)
    let (deployment, findings) = DeploymentReader(kinds: [MemoryKind()]).read(text)
    guard let deployment else { throw MeasurementError("\(findings.map(\.message))") }
    let document = try files.load("\(Self.folder)/was-i-hacked.runbook.yaml").get()
    let result = RunbookChecker(files: files).check(document)
    guard let runbook = result.runbook else { throw MeasurementError("\(result.diagnostics.map(\.message))") }
    let alert = try files.load("\(Self.folder)/cases/webshell/alert.json").get()
    let now = Timestamp(seconds: 1_795_410_000)
    guard let first = try AlertPayload(alert.bytes).alerts.first,
      case .run(let intake) = Intake.consider(first, for: runbook.runbook, at: nil, now: now)
    else { throw MeasurementError("the alert is none for the runbook") }
    request = RunRequest(
      runbook: runbook, deployment: deployment, sources: BoundSources(deployment), intake: intake, now: now,
      isNowGiven: false)
  }

  func trail(in folder: String) throws -> TrailWriter {
    try TrailWriter(
      folder: folder,
      surroundings: .live(engine: .init(version: "bench", semantics: "1"), clock: MeasuringClock()))
  }

  func engine(_ journal: some RunJournal) -> RunEngine {
    RunEngine(
      .init(
        journal: journal, joiner: Nobody(), history: Nobody(), exports: Nobody(), notifier: Nobody(),
        observer: Nobody(), interruption: Interruption(),
        surroundings: EngineSurroundings(
          clock: MeasuringClock(), pause: { try await Task.sleep(for: $0) },
          randomBytes: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })))
  }
}

/// Answers every query of the runbook from memory.
private struct MemoryKind: AdapterKind {
  let name = "memory"
  let about = "rows in memory"
  let options: [AdapterOption] = []

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter { MemoryAdapter() }
}

private struct MemoryAdapter: DataAdapter {
  let schema = SourceSchema(languages: ["sql", "promql"], tables: [])

  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult {
    guard case .rows(let columns, _) = query.shape else { return QueryResult(payload: .series([Self.rate(query)])) }
    var builder = TableBuilder(columns: columns)
    for row in Self.rows[query.query] ?? [] {
      if let wrong = builder.append(row) { throw .mismatched("'\(wrong.name)' of '\(query.query)'") }
    }
    return QueryResult(payload: .table(builder.build()))
  }

  /// Two requests a second, and fifteen from the alert on.
  private static func rate(_ query: BoundQuery) -> Series {
    guard let window = query.window else { return Series(points: []) }
    var points: [Series.Point] = []
    var time = window.from
    while time <= window.to, let next = time.adding(.seconds(60)) {
      let isLate = (time.adding(.seconds(240)) ?? time) >= window.to
      points.append(Series.Point(time, isLate ? 15 : 2 + Double(points.count % 5) / 10))
      time = next
    }
    return Series(points: points)
  }

  private static let sources = ["203.0.113.7", "203.0.113.8", "203.0.113.9"].map(Value.string)

  private static let rows: [String: [[Value]]] = [
    "report": [[.string("2026-11-23T05:00:00Z")]],
    "talkers": sources.map { [$0] },
    "requests": sources.flatMap { source in
      [("/", 200), ("/app/item.cgi", 200), ("/app/upload.cgi", 200), ("/uploads/a.php", 200)].map { path, status in
        [
          source, .string("GET"), .string(path), .string(""), .string(path + "?"), .int(Int64(status)),
          .string("Mozilla/5.0 (X11; Linux x86_64)"),
        ]
      }
    },
    "firewall": [[sources[0], .string("sqli"), .bool(false)]],
    "commands": [[.string("/bin/sh"), .string("sh -c id")]],
    "reads": [[.string("/bin/cat"), .string("/srv/shop/data/customers.csv")]],
    "writes": [[.string("/bin/sh"), .string("/srv/shop/htdocs/uploads/a.php")]],
    "served": [[.int(4)]], "started": [[.int(4)]],
    "touched": [[.string("/srv/shop/htdocs/uploads/a.php")]],
    "changes": [[.string("/srv/shop/htdocs/uploads/a.php")]],
  ]
}

/// Whoever is needed and does nothing.
private struct Nobody: ResultJoiner, CaseHistory, ExportStore, Notifier, RunObserver {
  let name = "nobody"

  func join(_ query: BoundQuery, inputs: [(name: String, table: Table)]) async throws(AdapterError) -> QueryResult {
    throw .rejected("nobody joins")
  }

  func answer(_ query: BoundQuery, askedBy run: String) throws(AdapterError) -> QueryResult {
    throw .rejected("nobody remembers")
  }

  func write(_ table: Table, as name: String, format: String) throws(ExportProblem) -> ExportReceipt {
    ExportReceipt(file: name, digest: ContentDigest.of([UInt8]()), bytes: 0)
  }

  func deliver(_ notice: Notice) async throws(NoticeError) {}
  func observe(_ entry: JournalEntry, at instant: Timestamp) async {}
}

struct MeasuringClock: RunClock {
  func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
  }

  func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  func wait(until instant: Timestamp) async throws(CancellationError) {}
}
