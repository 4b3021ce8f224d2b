import AuditTrail
import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// One run on its way. Everything that happens comes in as a signal, one at a time.
///
/// It waits for the disk once for all that leaves the machine, or asks people, on one occasion, once for each person's
/// answer, once before each script, and once at its end, however many records it has: one to four times in the cases
/// that are shipped.
struct RunDrive {
  /// Most queries that are performed side by side.
  static let parallelFetchLimit = 8
  /// Most times that one query is put.
  static let attemptLimit = 2

  enum Signal: Sendable {
    case fetched(FetchID, attempt: Int, Result<QueryResult, AdapterError>)
    case event(RunEvent)
    /// By the export's id.
    case scripted(String, ScriptReport)
    case told(DeskAnswer)
    case interrupted(String)
    /// A limit of time has come, on the clock that never goes back.
    case overdue(UInt64)
  }

  let runbook: CheckedRunbook
  let run: String
  let parts: RunEngine.Parts
  let recorder: Recorder
  let fetching: Fetching
  private var investigation: Investigation
  private let signals: AsyncStream<Signal>
  private var errands: RunErrands
  /// The attempt at each fetch that is on its way.
  private var fetches: [FetchID: (request: FetchRequest, attempt: Int, sentNanoseconds: UInt64)] = [:]
  private var queued: [FetchRequest] = []
  /// Forms that have been put to people. What ends the waiting for them is an instant, which is waited for as well.
  private var forms: [String: AnswerForm] = [:]
  /// Notices, exports and waits that are on their way, by what answers them.
  private var awaited: Set<String> = []
  private var outcome: RunOutcome?
  /// The end has been recorded but for its last record.
  private var isConcluded = false
  private var interruption: String?
  private let begun: UInt64

  let started: Timestamp
  private var finished: Timestamp?

  init(
    _ investigation: Investigation, sources: BoundSources, started: Timestamp, parts: RunEngine.Parts
  ) {
    self.investigation = investigation
    self.started = started
    self.parts = parts
    runbook = investigation.runbook
    run = investigation.start.run
    recorder = Recorder(
      run: run, journal: parts.journal, clock: parts.surroundings.clock, observer: parts.observer)
    fetching = Fetching(
      run: run, sources: sources, joiner: parts.joiner, history: parts.history, baselines: parts.baselines)
    let (signals, send) = AsyncStream.makeStream(of: Signal.self)
    self.signals = signals
    errands = RunErrands(parts: parts, send: send)
    begun = parts.surroundings.clock.monotonicNanoseconds()
  }

  /// Begins a run and goes on to its end.
  mutating func begin(_ request: RunRequest) async throws(JournalError) -> RunResult {
    let start = investigation.start
    let input = start.input.recordable.canonicalBytes
    let evidence = try await recorder.keepIfLarge(input)
    try await recorder.add(
      request.openingEntry(start, by: parts.journal.name, input: input, evidence: evidence), .soon)
    try await recorder.add(request.prepared.questionEntries, .soon)
    return try await toTheEnd { (drive) throws(JournalError) in try await drive.perform(drive.investigation.begin()) }
  }

  /// Takes up a run that was broken off, where its records end, and goes on to its end.
  ///
  /// - Parameters:
  ///   - note: The record that says so.
  ///   - missing: What is missing of the run's description.
  ///   - owed: What has not been done, or not been recorded, of what follows from the run's events.
  mutating func goOn(
    _ note: JournalEntry, missing: [JournalEntry], owed: [RunFold.Owed]
  ) async throws(JournalError) -> RunResult {
    // Whoever adds this first has the run: nothing is done for it before that is known.
    try await recorder.add(note.with { $0.add("writer", parts.journal.name) }, .anchored)
    try await recorder.add(missing, .soon)
    return try await toTheEnd { (drive) throws(JournalError) in
      for owed in owed { try await drive.makeUp(for: owed) }
    }
  }

  private mutating func toTheEnd(
    from first: (inout RunDrive) async throws(JournalError) -> Void
  ) async throws(JournalError) -> RunResult {
    let listener = parts.interruption.listen { [send = errands.send] in send.yield(.interrupted($0)) }
    defer {
      parts.interruption.remove(listener)
      errands.cancel()
    }
    try await first(&self)
    var next = signals.makeAsyncIterator()
    while outcome == nil, interruption == nil {
      if fetches.isEmpty, queued.isEmpty, awaited.isEmpty, parts.interruption.reason == nil {
        try await interrupt("the investigation neither ended nor asked for anything")
        break
      }
      guard let signal = await next.next() else { break }
      try await take(signal)
    }
    return RunResult(
      run: run, runbook: runbook.runbook.id, version: runbook.runbook.version ?? "",
      outcome: outcome, interruption: interruption, started: started,
      finished: finished ?? parts.surroundings.clock.now())
  }

  // MARK: What happens

  private mutating func take(_ signal: Signal) async throws(JournalError) {
    switch signal {
    case .interrupted(let reason): try await interrupt(reason)
    case .overdue(let nanoseconds):
      for signal in errands.giveUp(at: nanoseconds) where outcome == nil { try await take(signal) }
    case .fetched(let id, let attempt, let result):
      // Of an attempt that ran out of time the answer may still come; it comes too late.
      guard let known = fetches[id], known.attempt == attempt else { return }
      try await took(id, known.request, attempt, result, since: known.sentNanoseconds)
    case .event(let event):
      guard let key = event.awaitedKey, awaited.remove(key) != nil else { return }
      // An outcome that a power cut takes away is unknown, or made again where that is as good as once.
      try await settle(event, .soon)
    case .scripted(let export, let report): try await took(report, of: export)
    case .told(let answer): try await hear(answer)
    }
  }

  /// What a script printed is kept as evidence.
  private mutating func took(_ report: ScriptReport, of export: String) async throws(JournalError) {
    guard let key = RunEvent.scripted(export, .failed("")).awaitedKey, awaited.remove(key) != nil else { return }
    let event: RunEvent
    switch report.result {
    case .failure(.notRun(let reason)): event = .scripted(export, .failed(reason))
    case .failure(.outcomeUnknown(let reason)): event = .scripted(export, .unknown(reason))
    case .success(let result):
      var output: EvidenceReference?
      if !result.output.isEmpty {
        output = try await parts.journal.keep(result.output, mediaType: "application/octet-stream")
      }
      let receipt = ScriptReceipt(result, milliseconds: report.milliseconds, output: output)
      event = .scripted(export, .ended(receipt))
    }
    try await settle(event, .soon)
  }

  /// What comes too late, or is no answer, is left where it lies.
  private mutating func hear(_ told: DeskAnswer) async throws(JournalError) {
    guard let form = forms[told.answer.form], investigation.isAsking(form.key), form.fault(in: told.answer) == nil
    else { return }
    var answer = told.answer
    if let bytes = told.file {
      answer = answer.with(file: try await parts.journal.keep(bytes, mediaType: "application/octet-stream"))
    }
    try await settle(.told(answer), .durable)
  }

  private mutating func took(
    _ id: FetchID, _ request: FetchRequest, _ attempt: Int, _ result: Result<QueryResult, AdapterError>,
    since sent: UInt64
  ) async throws(JournalError) {
    let nanoseconds = parts.surroundings.clock.monotonicNanoseconds() &- sent
    let milliseconds = Int(clamping: nanoseconds / 1_000_000)
    let checked = result.flatMap { answer in
      Result { () throws(AdapterError) in try ResultInspection.admit(answer, to: request) }
    }
    switch checked {
    case .success(let answer):
      fetches[id] = nil
      try await record(answer, of: id, after: milliseconds)
    case .failure(let error) where error.isRetryable && attempt < Self.attemptLimit:
      try await recorder.add(
        JournalEntry("query.retried") { body in
          body.add("query", id.query)
          body.add("reason", error.message)
          body.add("window", id.window)
        }, .soon)
      try await start(request, attempt: attempt + 1)
    case .failure(let error):
      fetches[id] = nil
      try await settle(.fetched(id, .failed(error.message)), .soon, after: milliseconds)
    }
    try await startQueued()
  }

  /// A small answer stands in its record, a larger one is kept as evidence.
  private mutating func record(
    _ answer: QueryResult, of id: FetchID, after milliseconds: Int
  ) async throws(JournalError) {
    let rows = answer.payload.canonicalBytes
    let evidence: EvidenceReference?
    do throws(JournalError) { evidence = try await recorder.keepIfLarge(rows) } catch {
      guard case .tooLarge(let size, let limit) = error else { throw error }
      let reason = "the answer has \(size) bytes, and the trail keeps at most \(limit)"
      return try await settle(.fetched(id, .failed(reason)), .soon, after: milliseconds)
    }
    try await settle(
      .fetched(id, .answered(answer)), .soon, result: evidence.map(RecordedResult.kept) ?? .inRecord(written: rows),
      after: milliseconds)
  }

  /// Records an event and lets the investigation go on with it.
  private mutating func settle(
    _ event: RunEvent, _ durability: Durability, result: RecordedResult? = nil, after milliseconds: Int? = nil
  ) async throws(JournalError) {
    try await recorder.add(event.journalEntry(result: result, milliseconds: milliseconds), durability)
    try await perform(investigation.apply(event.asRecorded))
  }

  private mutating func interrupt(_ reason: String) async throws(JournalError) {
    interruption = reason
    let event = RunEvent.interrupted(reason)
    try await recorder.add(event.journalEntry(), .anchored)
    _ = investigation.apply(event.asRecorded)
  }

  // MARK: What is wanted

  /// What leaves the machine starts when its intent is on the disk. What comes in one go waits for that together.
  private mutating func perform(_ effects: [Effect]) async throws(JournalError) {
    let needed = effects.map(\.intentDurability).max() ?? .soon
    let last = effects.lastIndex { $0.intentDurability > .soon }
    var intended: [Effect] = []
    for (index, effect) in effects.enumerated() {
      switch effect {
      case .fetch(let request):
        queued.append(request)
        try await startQueued()
      case .decided: try await recorder.add(effect.journalEntries, .soon)
      case .wait, .ask, .notify, .export, .script:
        try await recorder.add(await intent(of: effect), index == last ? needed : .soon)
        intended.append(effect)
      case .close(let outcome): try await close(outcome)
      }
      if last.map({ index >= $0 }) ?? true {
        for effect in intended { start(effect) }
        intended = []
      }
    }
  }

  /// Of a notice it is also recorded which way it goes, and of a script what it will be run in; where there is nothing,
  /// its outcome says why.
  private func intent(of effect: Effect) async -> [JournalEntry] {
    switch effect {
    case .notify:
      effect.journalEntries.map { entry in entry.with { $0.add("channel", parts.notifier.name) } }
    case .script:
      if let sandbox = try? await parts.scripts.sandbox() {
        effect.journalEntries.map { entry in entry.with { $0.add("sandbox", sandbox) } }
      } else {
        effect.journalEntries
      }
    default: effect.journalEntries
    }
  }

  /// Starts what is intended and recorded.
  private mutating func start(_ effect: Effect) {
    switch effect {
    case .wait(let instant):
      expect(.waited(until: instant))
      errands.wait(until: instant)
    case .ask(let form): listen(to: form)
    case .notify(let notice):
      expect(.notified(notice.idempotencyKey, .sent))
      errands.notify(notice, of: investigation)
    case .export(let export):
      expect(.exported(export.export, .failed("")))
      errands.write(export, run: run)
    case .script(let script):
      expect(.scripted(script.export, .failed("")))
      errands.execute(script, of: investigation)
    case .fetch, .decided, .close: break
    }
  }

  /// Performs what a run that was broken off has left undone. An intent whose outcome is not recorded is performed
  /// again if that has the same effect as once; otherwise its outcome stays unknown.
  private mutating func makeUp(for owed: RunFold.Owed) async throws(JournalError) {
    switch owed.effect {
    case .decided: try await recorder.add(owed.unsaid, .soon)
    case .close(let outcome) where owed.unsaid.count == 1:
      isConcluded = true
      try await close(outcome)
    case .notify(let notice) where owed.isIntended && !parts.notifier.deliversOnce:
      expect(.notified(notice.idempotencyKey, .sent))
      let reason = "the run was broken off before the outcome was known, and it may have been sent"
      errands.send.yield(.event(.notified(notice.idempotencyKey, .unknown(reason))))
    case .script(let script) where owed.isIntended:
      expect(.scripted(script.export, .failed("")))
      let reason = "the run was broken off before the outcome was known, and it may have run"
      errands.send.yield(.event(.scripted(script.export, .unknown(reason))))
    // The same table gives the same file under the same name.
    case .wait, .ask, .notify, .export, .script:
      if owed.isIntended { start(owed.effect) } else { try await perform([owed.effect]) }
    case .fetch, .close: try await perform([owed.effect])
    }
  }

  /// The verdict is told to nobody before it is on the disk.
  private mutating func close(_ outcome: RunOutcome) async throws(JournalError) {
    let finished = parts.surroundings.clock.now()
    let written = WrittenOutcome(outcome)
    if !isConcluded {
      let evidence = try await recorder.keepIfLarge(written.canonicalBytes)
      try await recorder.add(
        written.concludingEntry(started: started, finished: finished, evidence: evidence), .soon)
    }
    self.finished = finished
    try await recorder.add(written.closingEntry, .anchored)
    self.outcome = outcome
  }

  private mutating func startQueued() async throws(JournalError) {
    while !queued.isEmpty, fetches.count < Self.parallelFetchLimit {
      try await start(queued.removeFirst(), attempt: 1)
    }
  }

  private mutating func start(_ request: FetchRequest, attempt: Int) async throws(JournalError) {
    fetches[request.id] = (request, attempt, parts.surroundings.clock.monotonicNanoseconds())
    let limits = FetchLimits(time: timeForFetch)
    let errand: Fetching.Errand
    do throws(AdapterError) { errand = try fetching.errand(for: request, limits: limits) } catch {
      errands.send.yield(.fetched(request.id, attempt: attempt, .failure(error)))
      return
    }
    try await recorder.add(errand.entry(of: request, attempt: attempt), .soon)
    errands.fetch(request.id, attempt: attempt, errand, within: limits.time)
  }

  /// A fetch may take its own time at most, and no more than is left of the run's.
  private var timeForFetch: Duration {
    let elapsed = parts.surroundings.clock.monotonicNanoseconds() &- begun
    let left = runbook.runbook.limits.time - .nanoseconds(Int64(clamping: elapsed))
    return max(.seconds(1), min(FetchLimits().time, left))
  }

  private mutating func listen(to form: AnswerForm) {
    forms[form.key] = form
    errands.listen(to: form.key)
  }

  private mutating func expect(_ answer: RunEvent) {
    if let key = answer.awaitedKey { awaited.insert(key) }
  }
}

extension RunEvent {
  /// What the run waits for until this comes; `nil` for what it does not wait for.
  fileprivate var awaitedKey: String? {
    switch self {
    case .waited(let instant): "wait \(instant)"
    case .notified(let key, _): "notice \(key)"
    case .exported(let export, _): "export \(export)"
    case .scripted(let export, _): "script \(export)"
    case .fetched, .told, .interrupted: nil
    }
  }
}

extension Effect {
  /// How safe the intent of what leaves the machine, or asks people, has to be before that begins.
  fileprivate var intentDurability: Durability {
    switch self {
    case .fetch, .wait, .decided, .close: .soon
    case .ask, .export: .durable
    case .notify, .script: .anchored
    }
  }
}
