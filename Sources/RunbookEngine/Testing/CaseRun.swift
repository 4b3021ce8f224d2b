import Baselines
import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// A case put to the interpreter: its answers instead of sources, and a clock that is where a run waits for it to be.
struct CaseRun {
  /// What came of it.
  struct Observation {
    /// `nil`: the run did not end, which `trouble` explains.
    var outcome: RunOutcome?
    var trouble: String?
    /// The questions that people were asked, and of whom; empty of a question about the run.
    var asked: [String: Set<ExactString>] = [:]
    /// Contacts that were told, each once, in the order in which they were.
    var notified: [String] = []
    /// Ids of escalations that were begun.
    var escalations: Set<String> = []
    /// The rows of each export that was written.
    var exports: [String: Int] = [:]
    /// Thresholds that were judged, and what was found.
    var judged: [(id: String, isBreached: Bool)] = []
  }

  private let runbook: CompiledRunbook
  private let content: RunbookCase
  private let joiner: any ResultJoiner
  private var seen = Observation()

  /// - Parameter runbook: Compiled with its own thresholds; a case with others has it compiled again.
  init(_ content: RunbookCase, of runbook: CompiledRunbook, joiner: any ResultJoiner) {
    self.runbook =
      content.thresholds.isEmpty ? runbook : CompiledRunbook(runbook.checked, thresholds: content.thresholds)
    self.content = content
    self.joiner = joiner
  }

  private var start: RunStart {
    let policy = SourcePolicy(binding: .bound(adapter: "case"), isSilenceNormal: true)
    let sources = runbook.checked.runbook.sourcesAsked.map { ($0, policy) }
    return RunStart(
      run: "case", fields: content.intake.fields, alert: content.intake.alert?.value, at: content.intake.at,
      now: content.now, waits: true, isBoundedByNow: false,
      sources: Dictionary(sources, uniquingKeysWith: { first, _ in first }), thresholds: content.thresholds)
  }

  /// Runs to the end.
  mutating func observe() async -> Observation {
    var investigation = Investigation(runbook, start: start)
    var effects = investigation.begin()[...]
    // Waits come last: what is to be fetched before an instant is fetched before it.
    var waits: [Timestamp] = []
    while true {
      if let effect = effects.popFirst() {
        if case .wait(let instant) = effect {
          waits.append(instant)
        } else if let event = await answer(effect) {
          effects += investigation.apply(event)
        }
      } else if seen.outcome == nil, let next = waits.min() {
        waits.removeAll { $0 == next }
        effects += investigation.apply(.waited(until: next))
      } else {
        break
      }
    }
    if seen.outcome == nil {
      seen.trouble = investigation.interruption ?? "nothing more is asked, and no verdict is reached"
    }
    return seen
  }

  private mutating func answer(_ effect: Effect) async -> RunEvent? {
    switch effect {
    case .fetch(let request): return .fetched(request.id, await fetch(request))
    case .decided(.thresholdJudged(let id, .judged(let finding, _))):
      seen.judged.append((id, finding.breached))
      return nil
    case .wait, .decided: return nil
    case .ask(let form):
      seen.asked[form.question, default: []].formUnion(form.rows.compactMap(\.entity).map(ExactString.init))
      return answer(to: form).map(RunEvent.told)
    case .notify(let notice):
      if case .verdict(let verdict, _) = notice.occasion {
        if !seen.notified.contains(notice.contact) { seen.notified.append(notice.contact) }
        if let escalation = runbook.checked.runbook.verdict(verdict)?.escalation { seen.escalations.insert(escalation) }
      }
      return .notified(notice.idempotencyKey, .sent)
    case .export(let export):
      seen.exports[export.export] = export.table.count
      return .exported(export.export, .written(ExportReceipt(file: export.export, digest: "sha256:", bytes: 0)))
    // A case starts no script.
    case .script: return nil
    case .close(let outcome):
      seen.outcome = outcome
      return nil
    }
  }

  /// What the case has people say. Who is not given an answer stays silent.
  private func answer(to form: AnswerForm) -> PersonAnswer? {
    let rows = form.rows.compactMap { row -> PersonAnswer.Row? in
      let said: String? =
        switch content.people[form.question] {
        case .same(let answer): answer
        case .each(let answers): row.entity.flatMap { answers[ExactString($0)] }
        case nil: nil
        }
      return said.map { PersonAnswer.Row(entity: row.entity, answer: $0) }
    }
    return rows.isEmpty ? nil : PersonAnswer(form: form.key, rows: rows, by: form.contact)
  }

  /// What the case gives, looked at and cut as a source's answer is.
  private func fetch(_ request: FetchRequest) async -> FetchOutcome {
    let given = await given(request)
    guard case .answered(let result) = given else { return given }
    do throws(AdapterError) { return .answered(try ResultInspection.admit(result, to: request)) } catch {
      return .failed(error.message)
    }
  }

  private func given(_ request: FetchRequest) async -> FetchOutcome {
    switch content.given[request.id.query] {
    case .failed(let reason): return .failed(reason)
    case .rows(let table, let completeness):
      return .answered(QueryResult(payload: .table(table), completeness: completeness))
    case .recorded(let all, let completeness):
      let series = all.map { series in
        let points = series.points.filter { point in
          request.window.map { $0.from <= point.time && point.time <= $0.to } ?? true
        }
        return Series(labels: series.labels, points: points)
      }
      return .answered(
        QueryResult(payload: .series(series.filter { !$0.points.isEmpty }), completeness: completeness))
    case .series(let lines, let completeness):
      let series = lines.map { $0.series(in: request.window, endingAt: request.window?.to ?? content.intake.at) }
      return .answered(QueryResult(payload: .series(series), completeness: completeness))
    case nil:
      guard case .join(let inputs) = request.origin,
        let sql = request.alternatives.first(where: { $0.language == "sql" })
      else { return .failed("the case does not give it") }
      do throws(AdapterError) {
        return .answered(try await joiner.join(request.bound(to: sql, limits: FetchLimits()), inputs: inputs))
      } catch {
        return .failed(error.message)
      }
    }
  }
}
