import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// What a run has others do, and what it waits for: each errand is a task that sends one signal back.
struct RunErrands {
  /// What an adapter gets beyond a query's time to tell itself that it took too long.
  static let timeGrace = Duration.seconds(2)
  /// Longest time that a notice may take to be delivered.
  static let noticeTime = Duration.seconds(60)
  /// Most times that one notice is sent.
  static let deliveryLimit = 2

  let parts: RunEngine.Parts
  let send: AsyncStream<RunDrive.Signal>.Continuation
  private var tasks: [Task<Void, Never>] = []

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
    after(time + Self.timeGrace) {
      work.cancel()
      send.yield(.fetched(id, attempt: attempt, .failure(.timedOut(after: time))))
    }
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
    after(Self.noticeTime) {
      send.yield(.event(.notified(key, .unknown("no answer within \(Self.noticeTime.shorthand)"))))
    }
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

  /// Does something when a span of time has passed and the run is still on its way.
  private mutating func after(_ time: Duration, _ action: @escaping @Sendable () -> Void) {
    let pause = parts.surroundings.pause
    tasks.append(
      Task(executorPreference: parts.surroundings.executor) {
        do { try await pause(time) } catch { return }
        action()
      })
  }
}
