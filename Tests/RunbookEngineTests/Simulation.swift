import Diagnostics
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Synchronization
import Values

/// One seed's world: a story run to its end, whatever comes in between.
final class Simulation: Sendable {
  private let story: SimulatedStory
  private let seed: UInt64
  private let chance: Mutex<Chance>
  private let executor: SeededExecutor
  private let clock = SeededClock()
  private let journal = SeededJournal()
  /// Keys of the notices that were delivered.
  private let delivered = Mutex<[String]>([])
  private let deliversOnce: Bool
  /// The names of the files that scripts printed.
  private let executed = Mutex<[String]>([])
  /// Most times that one run is broken off.
  private static let breakLimit = 40

  private init(seed: UInt64, _ stories: [SimulatedStory]) {
    var chance = Chance(seed: seed)
    story = stories[chance.below(stories.count)]
    deliversOnce = chance.oneIn(2)
    executor = SeededExecutor(Chance(seed: chance.next()))
    self.chance = Mutex(chance)
    self.seed = seed
  }

  /// What is wrong; `nil` if all is as it must be.
  static func problem(seed: UInt64, _ stories: [SimulatedStory]) -> String? {
    let simulation = Simulation(seed: seed, stories)
    do {
      let outcome = try simulation.run()
      return simulation.problem(with: outcome)
    } catch { return error.message }
  }

  /// The records of a seed's run.
  static func trace(seed: UInt64, _ stories: [SimulatedStory]) -> String {
    let simulation = Simulation(seed: seed, stories)
    _ = try? simulation.run()
    return simulation.journal.entries.map { "\($0.type) \($0.body.canonicalText)" }.joined(separator: "\n")
  }

  private struct Trouble: Error { let message: String }

  private func roll(_ limit: Int) -> Int { chance.withLock { $0.below(limit) } }

  // MARK: The course

  private func run() throws(Trouble) -> RunOutcome {
    let request = try request()
    if roll(2) == 0 { journal.cut(after: roll(40)) }
    var outcome = try complete { engine in try await engine.run(request) }
    var breaks = 0
    while outcome == nil {
      breaks += 1
      guard breaks < Self.breakLimit else { throw Trouble(message: "it does not end") }
      journal.cut(after: roll(3) == 0 ? 1 + roll(12) : .max)
      guard journal.entries.first?.type == "run.started" else {
        outcome = try complete { engine in try await engine.run(request) }
        continue
      }
      let recording = try recording(request)
      if recording.isClosed { break }
      outcome = try complete { engine in
        try await engine.resume(recording, sources: request.sources, deployment: request.deployment)
      }
    }
    // A run that was closed before it was cut off tells nobody its outcome.
    if outcome == nil { outcome = RunFold(try recording(request)).investigation.outcome }
    guard let found = outcome else {
      throw Trouble(message: "it ended without an outcome")
    }
    return found
  }

  private func request() throws(Trouble) -> RunRequest {
    let kind = SimulatedKind(world: self)
    let configuration = """
      deployment: 1
      recorded: \(!story.isLive)
      sources:
        access: {adapter: simulated, silence: normal, lag: 5s}
        lists: {adapter: simulated, silence: normal}
      """
    let deployment = DeploymentReader(kinds: [kind]).read(SourceText(name: "d/tocsin.yaml", text: configuration))
      .deployment
    guard let deployment,
      let intake = try? Intake.byHand([("site", "shop")], for: story.runbook.runbook, at: SeededClock.start)
    else { throw Trouble(message: "the story cannot be told") }
    return RunRequest(
      runbook: story.runbook, deployment: deployment, sources: BoundSources(deployment), intake: intake,
      now: SeededClock.start, isNowGiven: false)
  }

  /// - Returns: `nil` if the run was broken off or interrupted.
  private func complete(
    _ work: @escaping @Sendable (RunEngine) async throws -> RunResult
  ) throws(Trouble) -> RunOutcome? {
    let interruption = Interruption()
    let engine = engine(interruption)
    let box = Box()
    Task(executorPreference: executor) {
      do { box.set(.success(try await work(engine))) } catch { box.set(.failure(error)) }
    }
    let killer: Task<Void, Never>? = roll(8) == 0 ? interrupt(interruption) : nil
    executor.drain()
    while box.value == nil {
      guard clock.advance() else { throw Trouble(message: "it waits for something that never comes") }
      executor.drain()
    }
    killer?.cancel()
    executor.drain()
    guard case .success(let result)? = box.value else { return nil }
    return result.outcome
  }

  private final class Box: Sendable {
    private let end = Mutex<Result<RunResult, any Error>?>(nil)
    var value: Result<RunResult, any Error>? { end.withLock { $0 } }
    func set(_ result: Result<RunResult, any Error>) { end.withLock { $0 = result } }
  }

  private func interrupt(_ interruption: Interruption) -> Task<Void, Never> {
    let time = Duration.milliseconds(roll(90_000))
    return Task(executorPreference: executor) { [clock] in
      do { try await clock.sleep(time) } catch { return }
      interruption.interrupt("somebody wanted it to end")
    }
  }

  private func engine(_ interruption: Interruption) -> RunEngine {
    let (clock, seed) = (clock, seed)
    return RunEngine(
      .init(
        journal: journal, joiner: NoJoiner(), history: NoHistory(), exports: SimulatedExports(world: self),
        notifier: SimulatedNotifier(world: self, deliversOnce: deliversOnce), observer: SimulatedObserver(),
        interruption: interruption,
        surroundings: EngineSurroundings(
          clock: clock, pause: { try await clock.sleep($0) },
          randomBytes: { count in (0..<count).map { UInt8(truncatingIfNeeded: seed >> UInt64($0 % 8 * 8)) } },
          executor: executor), scripts: SimulatedScripts(world: self)))
  }

  private func recording(_ request: RunRequest) throws(Trouble) -> RunRecording {
    do {
      return try RunRecording(
        journal.entries, of: story.runbook, started: SeededClock.start, evidence: journal.evidence)
    } catch { throw Trouble(message: "it cannot be read back: \(error.message)") }
  }

  // MARK: The world

  /// How long something takes.
  func passTime() async {
    let time = Duration.milliseconds(roll(4) == 0 ? 0 : roll(5_000))
    if time > .zero { try? await clock.sleep(time) } else { await Task.yield() }
  }

  func deliver(_ key: String) throws(NoticeError) {
    switch roll(6) {
    case 0: throw .failed("no route")
    case 1: throw .outcomeUnknown("the line broke")
    default: delivered.withLock { $0.append(key) }
    }
  }

  /// - Throws: what a world says in which there is no sandbox, or in which it breaks.
  func execute(_ task: ScriptTask) throws(ScriptProblem) -> ScriptEnd {
    guard hasSandbox else { throw .notRun("there is no sandbox") }
    executed.withLock { $0.append(task.outputName) }
    switch roll(6) {
    case 0: throw .outcomeUnknown("the sandbox was killed")
    case 1: return .timedOut
    default: return .exited(roll(2))
    }
  }

  var hasSandbox: Bool { seed % 5 > 0 }

  func mayWrite() -> Bool { roll(5) > 0 }

  /// What a query's source says in this world, however often and whenever it is asked.
  ///
  /// - Returns: `nil` if it never answers.
  func fate(of query: BoundQuery) -> Result<QueryResult, AdapterError>? {
    var chance = Chance(seed: query.query.utf8.reduce(seed &+ 77) { $0 &* 31 &+ UInt64($1) })
    switch chance.below(12) {
    case 0: return .failure(.unavailable("the disk is gone"))
    case 1: return nil
    default: break
    }
    guard case .rows(let columns, _) = query.shape else { return .failure(.rejected("no series here")) }
    var builder = TableBuilder(columns: columns)
    for index in 0..<chance.below(7) {
      _ = builder.append(columns.map { Self.cell($0, index, &chance) })
    }
    return .success(
      QueryResult(
        payload: .table(builder.build()), completeness: chance.oneIn(8) ? .truncated("cut") : .complete,
        warnings: chance.oneIn(5) ? ["a line was repaired"] : []))
  }

  private static func cell(_ column: Column, _ row: Int, _ chance: inout Chance) -> Value {
    switch column.name {
    case "total": .int(Int64(chance.below(9)))
    case "source": .string("10.0.0.\(chance.below(4))")
    default: .string("\(column.name)-\(chance.below(3))")
    }
  }

  // MARK: What must hold

  private func problem(with outcome: RunOutcome) -> String? {
    let entries = journal.entries
    guard entries.count(where: { $0.type == "run.closed" }) == 1, journal.isClosed else {
      return "its record is not closed once, at its end"
    }
    let keys = delivered.withLock { $0 }
    if !deliversOnce, Set(keys).count < keys.count { return "somebody was told twice" }
    if executed.withLock(\.count) > 1 { return "a script was run twice" }
    if executed.withLock(\.isEmpty), entries.contains(where: { $0.type == "script.ended" }) {
      return "a script has ended that never ran"
    }
    let expected = expectedOutcome(entries)
    if outcome.json.canonicalBytes != expected?.json.canonicalBytes {
      return "\(outcome.verdict) was decided, and \(expected?.verdict ?? "nothing") follows from the data"
    }
    for (intent, ends) in [
      ("notice.intended", ["notice.sent", "notice.failed", "notice.unknown"]),
      ("export.intended", ["export.written", "export.failed"]), ("script.intended", ScriptOutcome.recordTypes),
    ] {
      let intents = entries.count { $0.type == intent }
      let outcomes = entries.count { ends.contains($0.type) }
      if intents != outcomes { return "\(intents) of \(intent), and \(outcomes) outcomes" }
    }
    guard
      let recording = try? RunRecording(
        entries, of: story.runbook, started: SeededClock.start, evidence: journal.evidence),
      case .same = Replay(recording).finding
    else { return "it does not replay" }
    return nil
  }

  /// The same questions put to the same world one after the other.
  private func expectedOutcome(_ entries: [JournalEntry]) -> RunOutcome? {
    guard let start = try? recording(request()).start else { return nil }
    var investigation = Investigation(story.runbook, start: start)
    var effects = investigation.begin()
    while !effects.isEmpty {
      switch effects.removeFirst() {
      case .fetch(let request):
        effects += investigation.apply(.fetched(request.id, expectedAnswer(to: request)).asRecorded)
      case .wait(let instant): effects += investigation.apply(.waited(until: instant))
      case .notify(let notice): effects += investigation.apply(.notified(notice.idempotencyKey, .sent))
      case .export(let export): effects += investigation.apply(.exported(export.export, .failed("")))
      case .script, .ask, .decided, .close: break
      }
    }
    return investigation.outcome
  }

  private func expectedAnswer(to request: FetchRequest) -> FetchOutcome {
    guard let alternative = request.alternatives.first else { return .failed("") }
    switch fate(of: request.bound(to: alternative, limits: FetchLimits())) {
    case .success(let answer): return .answered(answer.named(request.id.query))
    case .failure(let error): return .failed(error.message)
    case nil: return .failed(AdapterError.timedOut(after: FetchLimits().time).message)
    }
  }
}

extension QueryResult {
  /// With rows that bear the query's name.
  fileprivate func named(_ query: String) -> QueryResult {
    guard case .table(let table) = payload else { return self }
    let named = Table(columns: table.columns, cells: table.cells, count: table.count, name: query)
    return QueryResult(payload: .table(named), completeness: completeness, isMonotone: isMonotone, warnings: warnings)
  }
}

private struct SimulatedKind: AdapterKind {
  let name = "simulated"
  let about = "a source of a simulation"
  let options: [AdapterOption] = []
  let world: Simulation

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    SimulatedAdapter(world: world)
  }
}

private struct SimulatedAdapter: DataAdapter {
  let schema = SourceSchema(languages: ["sql"])
  let world: Simulation

  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult {
    await world.passTime()
    guard let fate = world.fate(of: query) else {
      do { try await forever() } catch { throw .cancelled }
      throw .cancelled
    }
    return try fate.get()
  }
}

private struct SimulatedNotifier: Notifier {
  let name = "simulated"
  let world: Simulation
  let deliversOnce: Bool

  func deliver(_ notice: Notice) async throws(NoticeError) {
    await world.passTime()
    try world.deliver(notice.idempotencyKey)
    await world.passTime()
  }
}

private struct SimulatedExports: ExportStore {
  let world: Simulation

  func write(_ table: Table, as name: String, format: String) throws(ExportProblem) -> ExportReceipt {
    guard world.mayWrite() else { throw ExportProblem("the disk is full") }
    return ExportReceipt(file: "exports/\(name)", digest: "sha256:0", bytes: table.count)
  }
}

private struct SimulatedScripts: ScriptRunner {
  let world: Simulation

  func sandbox() async throws(ScriptProblem) -> JSON {
    await world.passTime()
    guard world.hasSandbox else { throw .notRun("there is no sandbox") }
    return .object(["program": .string("simulated")])
  }

  func run(_ task: ScriptTask) async throws(ScriptProblem) -> ScriptResult {
    await world.passTime()
    let end = try world.execute(task)
    await world.passTime()
    return ScriptResult(end: end, output: [0x61], outputBytes: 1, complaint: nil, file: task.file)
  }
}

private struct SimulatedObserver: RunObserver {
  func observe(_ entry: JournalEntry, at instant: Timestamp) async {}
}
