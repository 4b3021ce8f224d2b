import Diagnostics
import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// What became of a script, and how long that took.
struct ScriptReport: Sendable {
  let result: Result<ScriptResult, ScriptProblem>
  let milliseconds: Int
}

/// What a run has others do, and what it waits for: each errand is a task that sends one signal back.
struct RunErrands {
  /// What an adapter gets beyond a query's time to tell itself that it took too long.
  static let timeGrace = Duration.seconds(2)
  /// Longest time that a notice may take to be delivered.
  static let noticeTime = Duration.seconds(60)
  /// What a script's runner gets beyond the script's time to end it, and to keep what it printed.
  static let scriptGrace = Duration.seconds(30)
  /// Most times that one notice is sent.
  static let deliveryLimit = 2

  let parts: RunEngine.Parts
  let send: AsyncStream<RunDrive.Signal>.Continuation
  private var tasks: [Task<Void, Never>] = []
  private var limits: [Limit] = []
  /// The limit for which somebody waits.
  private var watchedNanoseconds: UInt64?

  /// What has happened when the time of something is over.
  private struct Limit {
    /// On the clock that never goes back.
    let nanoseconds: UInt64
    let signal: RunDrive.Signal
    /// What is given up then.
    let work: Task<Void, Never>?
  }

  init(parts: RunEngine.Parts, send: AsyncStream<RunDrive.Signal>.Continuation) {
    self.parts = parts
    self.send = send
  }

  func cancel() {
    for task in tasks { task.cancel() }
  }

  /// Performs a query. When its time is over and it has not answered, that is its answer.
  mutating func fetch(_ id: FetchID, attempt: Int, _ errand: Fetching.Errand, within time: Duration) {
    let send = send
    let work = Task(executorPreference: parts.surroundings.executor) {
      let result: Result<QueryResult, AdapterError>
      do throws(AdapterError) { result = .success(try await errand.perform()) } catch { result = .failure(error) }
      send.yield(.fetched(id, attempt: attempt, result))
    }
    tasks.append(work)
    limit(time + Self.timeGrace, .fetched(id, attempt: attempt, .failure(.timedOut(after: time))), work)
  }

  /// Listens for answers to a form, until the run is over.
  mutating func listen(to form: String) {
    let answers = parts.desk.answers(to: form)
    let send = send
    tasks.append(
      Task(executorPreference: parts.surroundings.executor) {
        for await answer in answers { send.yield(.told(answer)) }
      })
  }

  mutating func wait(until instant: Timestamp) {
    let (clock, send) = (parts.surroundings.clock, send)
    tasks.append(
      Task(executorPreference: parts.surroundings.executor) {
        do { try await clock.wait(until: instant) } catch { return }
        send.yield(.event(.waited(until: instant)))
      })
  }

  mutating func notify(_ wanted: NoticeRequest, of investigation: Investigation) {
    let runbook = investigation.runbook.runbook
    let key = wanted.idempotencyKey
    let notice = Notice(
      idempotencyKey: key, run: investigation.start.run, runbook: runbook.id, contact: wanted.contact,
      addresses: runbook.contact(wanted.contact)?.addresses ?? [], occasion: wanted.occasion, subject: wanted.subject,
      lines: wanted.lines, advice: wanted.advice, at: investigation.start.now)
    let (notifier, send) = (parts.notifier, send)
    tasks.append(
      Task(executorPreference: parts.surroundings.executor) {
        send.yield(.event(.notified(key, await Self.deliver(notice, by: notifier))))
      })
    limit(Self.noticeTime, .event(.notified(key, .unknown("no answer within \(Self.noticeTime.shorthand)"))))
  }

  /// The same key stands for the same notice, so one that certainly did not arrive is sent once more.
  private static func deliver(_ notice: Notice, by notifier: any Notifier) async -> NoticeOutcome {
    var outcome = NoticeOutcome.sent
    for _ in 1...Self.deliveryLimit {
      do throws(NoticeError) {
        try await notifier.deliver(notice)
        return .sent
      } catch {
        switch error {
        case .failed(let reason): outcome = .failed(reason)
        case .refused(let reason): return .failed(reason)
        case .outcomeUnknown(let reason): return .unknown(reason)
        }
      }
    }
    return outcome
  }

  mutating func write(_ wanted: ExportRequest, run: String) {
    let name = "\(run)-\(wanted.export).\(wanted.format)"
    let (exports, send) = (parts.exports, send)
    tasks.append(
      Task(executorPreference: parts.surroundings.executor) {
        let outcome: ExportOutcome
        do throws(ExportProblem) {
          outcome = .written(try exports.write(wanted.table, as: name, format: wanted.format))
        } catch {
          outcome = .failed(error.message)
        }
        send.yield(.event(.exported(wanted.export, outcome)))
      })
  }

  /// Runs a script once, with the bytes that the run's start names.
  mutating func execute(_ wanted: ScriptRequest, of investigation: Investigation) {
    let (scripts, clock, send) = (parts.scripts, parts.surroundings.clock, send)
    let bytes = investigation.runbook.runbook.export(wanted.export)?.script?.file.bytes ?? []
    let task = ScriptTask(
      path: wanted.path, bytes: bytes, digest: wanted.digest, file: wanted.file, timeout: wanted.timeout,
      outputName: "\(investigation.start.run)-\(wanted.export).out")
    tasks.append(
      Task(executorPreference: parts.surroundings.executor) {
        let begun = clock.monotonicNanoseconds()
        let result: Result<ScriptResult, ScriptProblem>
        do throws(ScriptProblem) { result = .success(try await scripts.run(task)) } catch { result = .failure(error) }
        let nanoseconds = clock.monotonicNanoseconds() &- begun
        send.yield(
          .scripted(
            wanted.export, ScriptReport(result: result, milliseconds: Int(clamping: nanoseconds / 1_000_000))))
      })
    let time = wanted.timeout + Self.scriptGrace
    limit(time, .event(.scripted(wanted.export, .unknown("no answer within \(time.shorthand)"))))
  }

  // MARK: Limits of time

  /// Says what has happened when the time is over, whether or not somebody still waits for it by then.
  private mutating func limit(_ time: Duration, _ signal: RunDrive.Signal, _ work: Task<Void, Never>? = nil) {
    let now = parts.surroundings.clock.monotonicNanoseconds()
    limits.append(Limit(nanoseconds: now &+ time.wholeNanoseconds, signal: signal, work: work))
    watch(from: now)
  }

  /// Lets one task wait for the next limit; a timer for each would cost more than most of what is limited.
  private mutating func watch(from now: UInt64) {
    guard let next = limits.map(\.nanoseconds).min(), watchedNanoseconds.map({ next < $0 }) ?? true else { return }
    watchedNanoseconds = next
    let (pause, send) = (parts.surroundings.pause, send)
    tasks.append(
      Task(executorPreference: parts.surroundings.executor) {
        do { try await pause(.nanoseconds(Int64(clamping: next > now ? next - now : 0))) } catch { return }
        send.yield(.overdue(next))
      })
  }

  /// Gives up what has run out of time.
  ///
  /// - Parameter nanoseconds: The limit that has come.
  /// - Returns: What has happened thereby.
  mutating func giveUp(at nanoseconds: UInt64) -> [RunDrive.Signal] {
    let over = limits.filter { $0.nanoseconds <= nanoseconds }
    limits.removeAll { $0.nanoseconds <= nanoseconds }
    watchedNanoseconds = nil
    watch(from: parts.surroundings.clock.monotonicNanoseconds())
    for limit in over { limit.work?.cancel() }
    return over.map(\.signal)
  }
}

extension Duration {
  /// Of a span that is not negative; of one of centuries so many that no clock comes to them.
  fileprivate var wholeNanoseconds: UInt64 {
    let (whole, isTooMany) = UInt64(clamping: components.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let never = UInt64.max / 2
    return isTooMany || whole > never ? never : whole + UInt64(clamping: components.attoseconds / 1_000_000_000)
  }
}
