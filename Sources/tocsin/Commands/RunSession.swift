import ArgumentParser
import AuditTrail
import Diagnostics
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Values

/// One call of `tocsin run`: reads what it is given, and makes the runs one after the other.
struct RunSession {
  struct Request {
    let runbook: String
    let alert: String?
    let fields: [(name: String, value: String)]
    let at: Timestamp?
    let now: Timestamp?
    let trail: String
    let baselines: String?
    let format: OutputFormat
    let failOn: Severity?
  }

  private let request: Request
  private let options: DeploymentOptions
  private let interruption = Interruption()
  private let clock = LiveClock()

  init(_ request: Request, deployment: DeploymentOptions) {
    self.request = request
    options = deployment
  }

  /// - Returns: The exit code.
  func run() async throws -> Int32 {
    let (deployment, report, runbook) = try prepare()
    let takesNothing = runbook.runbook.alert.fields.isEmpty && request.at != nil
    if request.alert == nil, request.fields.isEmpty, !takesNothing {
      throw ValidationError(Self.nothingGiven(runbook.runbook))
    }
    let payload = try request.alert.map(readPayload)
    // Fields that are wrong are told before a trail is begun.
    if payload == nil { _ = try byHand(runbook.runbook, at: request.at ?? clock.now()) }
    let trail: TrailWriter
    do throws(JournalError) {
      trail = try Wiring.trail(
        request.trail, node: deployment?.node, keeping: deployment?.trail ?? TrailKeeping())
    } catch {
      throw Unusable("cannot write the trail: \(error.message)")
    }
    let signals = Signals(interruption)
    defer {
      withExtendedLifetime(signals) {}
      Wiring.tellLosses(of: trail)
    }
    await ResumeSession(
      trail: request.trail, format: request.format, deployment: options, baselines: request.baselines,
      interruption: interruption
    ).resumeLost(trail)
    var ending = Ending.done
    for refused in payload?.refused ?? [] {
      Reports.remark(
        "alert \(refused.position) of \(payload?.count ?? 1) cannot be used: it \(refused.problem.message)")
      ending = Ending.incomplete
    }
    let alerts: [AlertPayload.Alert?] = payload?.alerts ?? [nil]
    for (index, alert) in alerts.enumerated() {
      let now = request.now ?? clock.now()
      let intake: Intake
      if let payload, let alert {
        guard let taken = consider(alert, of: payload.count, runbook.runbook, now) else { continue }
        intake = taken
      } else {
        intake = try byHand(runbook.runbook, at: request.at ?? now)
      }
      let run = RunRequest(
        runbook: runbook, deployment: deployment, sources: report.sources, intake: intake, now: now,
        isNowGiven: request.now != nil)
      ending = max(ending, await perform(run, trail, deployment?.channel))
      if let reason = interruption.reason, index + 1 < alerts.count, let next = alerts[index + 1] {
        Reports.remark("the alerts from \(next.position) on were not looked at: \(reason)")
        return Ending.incomplete
      }
    }
    return ending
  }

  // MARK: What is given

  private func prepare() throws -> (Deployment?, RunbookCheck.Report, CheckedRunbook) {
    let (deployment, findings) = try options.read()
    Reports.show(findings.filter { $0.severity > .note })
    if findings.contains(where: { $0.severity == .error }) {
      throw Unusable("nothing was run: the configuration has errors (\(Reports.counts(findings)))")
    }
    let document = try Documents.load(request.runbook, as: "the runbook")
    let report = RunbookCheck(files: DocumentFiles(), validators: Wiring.validators).check(document, in: deployment)
    guard let runbook = report.runbook else {
      Reports.show(report.findings)
      throw Unusable("nothing was run: the runbook has errors (\(Reports.counts(report.findings)))")
    }
    // What cannot be asked here becomes an unknown; an alert is not left lying for it.
    let troubles = report.findings.filter { $0.severity == .error || $0.code.id.hasPrefix("TOC1") }
    Reports.show(troubles)
    return (deployment, report, runbook)
  }

  private func readPayload(_ path: String) throws(Unusable) -> AlertPayload {
    let bytes: [UInt8]
    if path == "-" {
      bytes = Terminal.readInput(limit: AlertPayload.byteLimit)
      if bytes.count > AlertPayload.byteLimit {
        throw Unusable("cannot use the alert on standard input: at most \(AlertPayload.byteLimit) bytes are read")
      }
    } else {
      switch DocumentFiles().load(path, byteLimit: AlertPayload.byteLimit) {
      case .success(let document): bytes = document.bytes
      case .failure(let problem): throw Unusable("cannot read the alert '\(path)': \(problem.reason)")
      }
    }
    let name = path == "-" ? "on standard input" : "'\(path)'"
    do throws(PayloadProblem) {
      let payload = try AlertPayload(bytes)
      for warning in payload.warnings { Reports.remark("the alert \(name): \(warning)") }
      if payload.count == 0 { Reports.remark("the alert \(name) holds no alerts: nothing to run") }
      return payload
    } catch {
      throw Unusable("cannot use the alert \(name): \(error.message)")
    }
  }

  private func consider(
    _ alert: AlertPayload.Alert, of count: Int, _ runbook: Runbook, _ now: Timestamp
  ) -> Intake? {
    let name = alert.name.map { " (\($0.shortened(to: 80)))" } ?? ""
    let place = "alert \(alert.position) of \(count)\(name)"
    switch Intake.consider(alert, for: runbook, at: request.at, now: now) {
    case .skip(let reason):
      Reports.remark("\(place) is skipped: \(reason)")
      return nil
    case .run(let intake):
      for remark in intake.remarks { Reports.remark("\(place): \(remark)") }
      return intake
    }
  }

  private func byHand(_ runbook: Runbook, at: Timestamp) throws(FieldProblem) -> Intake {
    try Intake.byHand(request.fields, for: runbook, at: at)
  }

  private static func nothingGiven(_ runbook: Runbook) -> String {
    let fields = runbook.alert.fields.map { "--field \($0.id)=(\($0.type))" }
    return "say what to run it on: --alert FILE with an alert, or "
      + (fields.isEmpty
        ? "--at TIME, for the runbook takes no fields" : "its fields by hand: \(fields.joined(separator: " "))")
  }

  // MARK: Running

  private func perform(_ run: RunRequest, _ trail: TrailWriter, _ channel: NoticeChannel?) async -> Int32 {
    let narrator = Narrator(trail: request.trail, isSilent: request.format == .json)
    let engine = Wiring.engine(
      trail, channel: channel, observer: narrator, interruption: interruption,
      baselines: request.baselines.map(BaselineFolder.init))
    let result: RunResult
    do throws(JournalError) { result = try await engine.run(run) } catch {
      Reports.remark("the run was stopped, because it can no longer be recorded: \(error.message)")
      return Ending.incomplete
    }
    if request.format == .json { Reports.printJSON(narrator.json(of: result)) }
    guard let outcome = result.outcome else {
      Reports.remark("run \(result.run) was interrupted: \(result.interruption ?? "")")
      return Ending.incomplete
    }
    if let limit = request.failOn, outcome.severity >= limit { return Ending.found }
    return Ending.done
  }
}
