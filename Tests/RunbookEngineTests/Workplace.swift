import Diagnostics
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Synchronization
import Values

/// What happened, in its order, whoever did it.
final class Trace: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  func index(of line: String) -> Int? { all.firstIndex(of: line) }
}

/// A journal in memory.
final class MemoryJournal: RunJournal {
  let name = "memory"

  private struct State {
    var entries: [JournalEntry] = []
    var kept: [[UInt8]] = []
  }

  let trace: Trace
  /// The record types at which it fails, as a full disk would.
  let failingTypes: Set<String>
  private let state = Mutex(State())

  init(_ trace: Trace, failingTypes: Set<String> = []) {
    self.trace = trace
    self.failingTypes = failingTypes
  }

  var entries: [JournalEntry] { state.withLock(\.entries) }
  var kept: [[UInt8]] { state.withLock(\.kept) }
  func entry(_ type: String) -> JournalEntry? { entries.first { $0.type == type } }

  func begin(run: String, runbook: String) throws(JournalError) { trace.add("begin") }

  func resume(run: String, after count: Int64?) throws(JournalError) { trace.add("resume") }

  func pin(_ bytes: [UInt8], digest: String) throws(JournalError) {}

  func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError) {
    if failingTypes.contains(entry.type) { throw .cannotWrite("the disk is full") }
    state.withLock { $0.entries.append(entry) }
    trace.add("\(durability) \(entry.type)")
  }

  func keep(_ bytes: [UInt8], mediaType: String) async throws(JournalError) -> EvidenceReference {
    state.withLock { $0.kept.append(bytes) }
    return EvidenceReference(digest: ContentDigest.of(bytes), length: bytes.count, mediaType: mediaType)
  }
}

/// A source whose answers the test decides.
struct FakeKind: AdapterKind {
  let name = "fake"
  let about = "answers of a test"
  let options = [
    AdapterOption("path", .path, required: true, "a file"), AdapterOption("mode", .choice(["fast", "slow"]), "how"),
    AdapterOption("columns", .columns, "columns"), AdapterOption("more", .paths, "files"),
  ]
  var answer: @Sendable (BoundQuery, Int) async throws(AdapterError) -> QueryResult = { query, _ in .rows([], of: query)
  }
  var trace = Trace()

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    if options.text("path") == "missing" { throw BindingProblem("there is no such file", option: "path") }
    return FakeAdapter(hasTimes: options.text("path") != "timeless", answer: answer, trace: trace)
  }
}

private final class FakeAdapter: DataAdapter {
  let schema: SourceSchema
  private let answer: @Sendable (BoundQuery, Int) async throws(AdapterError) -> QueryResult
  private let trace: Trace
  private let attempts = Mutex(0)

  init(
    hasTimes: Bool, answer: @escaping @Sendable (BoundQuery, Int) async throws(AdapterError) -> QueryResult,
    trace: Trace
  ) {
    let columns = [ColumnSchema("site", .string, ""), ColumnSchema("time", .timestamp, "")]
    schema = SourceSchema(
      languages: ["sql"], tables: [TableSchema(about: "requests", columns: columns)], hasTimes: hasTimes)
    self.answer = answer
    self.trace = trace
  }

  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult {
    trace.add("fetch \(query.query)")
    let attempt = attempts.withLock { attempts in
      attempts += 1
      return attempts
    }
    return try await answer(query, attempt)
  }
}

extension QueryResult {
  /// An answer with these rows, in the columns that the query declares.
  static func rows(_ rows: [[Value]], of query: BoundQuery) -> QueryResult {
    guard case .rows(let columns, _) = query.shape else { return QueryResult(payload: .series([])) }
    var builder = TableBuilder(columns: columns)
    for row in rows { _ = builder.append(row) }
    return QueryResult(payload: .table(builder.build()))
  }
}

struct FixedClock: RunClock {
  static let instant = Timestamp(seconds: 1_772_445_600)

  func now() -> Timestamp { Self.instant }
  func monotonicNanoseconds() -> UInt64 { 0 }
  func wait(until instant: Timestamp) async throws(CancellationError) {}
}

struct NoHistory: CaseHistory {
  func answer(_ query: BoundQuery, askedBy run: String) throws(AdapterError) -> QueryResult { .rows([], of: query) }
}

struct NoJoiner: ResultJoiner {
  func join(_ query: BoundQuery, inputs: [(name: String, table: Table)]) async throws(AdapterError) -> QueryResult {
    throw .rejected("nothing is joined here")
  }
}

struct TracedExports: ExportStore {
  let trace: Trace

  func write(_ table: Table, as name: String, format: String) throws(ExportProblem) -> ExportReceipt {
    trace.add("export \(table.count) rows")
    return ExportReceipt(file: "exports/\(name)", digest: "sha256:0", bytes: 1)
  }
}

struct TracedNotifier: Notifier {
  let name = "test"
  let trace: Trace
  var problem: NoticeError?

  func deliver(_ notice: Notice) async throws(NoticeError) {
    trace.add("deliver \(notice.contact)")
    if let problem { throw problem }
  }
}

struct TracedObserver: RunObserver {
  let trace: Trace

  func observe(_ entry: JournalEntry, at instant: Timestamp) async { trace.add("seen \(entry.type)") }
}

/// Files that are only in memory, by name.
struct MemoryFiles: RunbookFiles {
  var files: [String: String] = [:]

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    files[path].map { .success(SourceText(name: path, text: $0)) } ?? .failure(FileProblem("there is no such file"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { files[path] != nil }
}

/// SQL as a test wants it.
struct FakeValidator: QueryValidator {
  let language = "sql"
  var result: Result<[String], QueryProblem> = .success([])

  func columns(
    of query: QueryTemplate, tables: [(name: String, columns: [String])]
  ) throws(QueryProblem) -> [String] { try result.get() }
}
