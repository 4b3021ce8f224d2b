package import Investigation
package import RunbookLanguage
import RunbookPorts
package import Values

/// What would have been answered with another runbook, or with other thresholds, as far as the recording can tell.
package struct WhatIf: Sendable {
  /// One answer that is not what it was.
  package struct Change: Sendable {
    package let question: String
    package let entity: String?
    /// `nil`: was not asked.
    package let before: Answer?
    /// `nil`: would not be asked.
    package let after: Answer?
  }

  package let run: String
  package let runbook: String
  package let before: RunOutcome?
  /// `nil` if the run would not have been made: see `skipped`.
  package let after: RunOutcome?
  /// Why the runbook would not have taken the alert.
  package let skipped: String?
  /// In reading order of the new runbook; what it no longer asks comes last.
  package let changes: [Change]
  /// Queries of which the recording does not have what would have been asked: they count as failed.
  package let unrecorded: [String]

  package var isVerdictChanged: Bool { before?.verdict != after?.verdict || before?.severity != after?.severity }

  /// - Parameters:
  ///   - runbook: Instead of the recorded one; `nil`: the same.
  ///   - thresholds: Changes to the thresholds in force.
  package init(
    _ recording: RunRecording, with runbook: CheckedRunbook?, thresholds: [ThresholdChange]
  ) throws(ChangeProblem) {
    try self.init(recording, by: runbook.map(RunbookVariants.init), thresholds: thresholds)
  }

  /// - Parameter variants: Of the runbook, for one by which many runs are answered.
  init(
    _ recording: RunRecording, by variants: RunbookVariants?, thresholds: [ThresholdChange]
  ) throws(ChangeProblem) {
    let fold = RunFold(recording)
    let new = variants?.checked ?? recording.runbook
    run = recording.run
    self.runbook = recording.runbook.runbook.id
    before = fold.investigation.outcome
    let start = try recording.start.changed(from: recording.runbook.runbook, to: new.runbook, thresholds: thresholds)
    if variants != nil, let alert = start.alert,
      AlertReading(alert, by: new.runbook, arrival: start.now).relevance == .other
    {
      skipped = "its 'when' is false for the alert"
      (after, unrecorded) = (nil, [])
    } else {
      skipped = nil
      var course = Course(
        Investigation((variants ?? recording.variants).compiled(for: start), start: start),
        RecordedFetches(recording, requests: fold.requests),
        said: recording.personAnswers)
      after = course.outcome()
      unrecorded = course.unrecorded
    }
    changes = Self.changes(from: before?.answers ?? Answers(), to: after?.answers ?? Answers())
  }

  private struct Key: Hashable {
    let question: String
    let entity: ExactString?

    init(_ answer: Answer) {
      question = answer.question
      entity = answer.entity.map { ExactString($0) }
    }
  }

  private static func changes(from before: Answers, to after: Answers) -> [Change] {
    let old = Dictionary(before.map { (Key($0), $0) }) { first, _ in first }
    let new = Set(after.map(Key.init))
    let changed = after.compactMap { answer -> Change? in
      let was = old[Key(answer)]
      return was?.answer == answer.answer
        ? nil : Change(question: answer.question, entity: answer.entity, before: was, after: answer)
    }
    let gone = before.filter { !new.contains(Key($0)) }
    return changed + gone.map { Change(question: $0.question, entity: $0.entity, before: $0, after: nil) }
  }

  package var json: JSON {
    func verdict(_ outcome: RunOutcome?) -> JSON {
      outcome.map { .object(["verdict": .string($0.verdict), "severity": .string($0.severity.rawValue)]) } ?? .null
    }
    return .object([
      "run": .string(run), "runbook": .string(runbook), "before": verdict(before), "after": verdict(after),
      "changed": .bool(isVerdictChanged), "skipped": skipped.map(JSON.string) ?? .null,
      "unrecorded": .array(unrecorded.map(JSON.string)), "answers": .array(changes.map(\.json)),
    ])
  }
}

extension WhatIf.Change {
  fileprivate var json: JSON {
    .object([
      "question": .string(question), "entity": entity.map(JSON.string) ?? .null,
      "before": before.map { .string($0.answer) } ?? .null, "after": after.map { .string($0.answer) } ?? .null,
      "because": after.map { .string($0.because) } ?? .null,
    ])
  }
}

/// A run in which nothing is asked but a recording. Nothing leaves the machine.
private struct Course {
  private var investigation: Investigation
  private let recorded: RecordedFetches
  /// What people answered.
  private let said: [PersonAnswer]
  private(set) var unrecorded: [String] = []

  init(_ investigation: Investigation, _ recorded: RecordedFetches, said: [PersonAnswer]) {
    self.investigation = investigation
    self.recorded = recorded
    self.said = said
  }

  mutating func outcome() -> RunOutcome? {
    var events = answers(to: investigation.begin())
    var next = 0
    while next < events.count {
      events += answers(to: investigation.apply(events[next]))
      next += 1
    }
    return investigation.outcome
  }

  private mutating func answers(to effects: [Effect]) -> [RunEvent] {
    var events: [RunEvent] = []
    for effect in effects {
      switch effect {
      case .fetch(let request): events.append(.fetched(request.id, answer(to: request)))
      case .wait(let instant): events.append(.waited(until: instant))
      case .ask(let form):
        events += said.filter { $0.form.utf8.elementsEqual(form.key.utf8) }.map(RunEvent.told)
      case .notify(let notice): events.append(.notified(notice.idempotencyKey, .sent))
      case .export(let export): events.append(.exported(export.export, .failed("nothing is written in a replay")))
      // What is put to a recording starts no script.
      case .script, .decided, .close: break
      }
    }
    return events
  }

  private mutating func answer(to request: FetchRequest) -> FetchOutcome {
    let each = investigation.runbook.runbook.query(request.id.query)?.each
    if let outcome = recorded.outcome(of: request, each: each) { return outcome }
    unrecorded.append(request.id.query)
    return .failed("the recording does not have what would have been asked")
  }
}

extension RunRecording {
  fileprivate var personAnswers: [PersonAnswer] {
    steps.compactMap { if case .event(.told(let answer)) = $0.content { answer } else { nil } }
  }
}

extension RunStart {
  /// The same start for another runbook, with other thresholds.
  fileprivate func changed(
    from old: Runbook, to new: Runbook, thresholds changes: [ThresholdChange]
  ) throws(ChangeProblem) -> RunStart {
    var rules = thresholds.filter { id, _ in new.threshold(id) != nil }
    for change in changes {
      guard let written = new.threshold(change.threshold) else {
        throw ChangeProblem(
          "the runbook has no threshold '\(change.threshold)'; it has "
            + new.thresholds.map { "'\($0.id)'" }.joined(separator: ", "))
      }
      rules[change.threshold] = try change.applied(to: rules[change.threshold] ?? written.rule)
    }
    var policies = sources
    for source in new.sourcesAsked where policies[source] == nil {
      policies[source] = SourcePolicy(binding: .unbound("the recording does not have the source '\(source)'"))
    }
    return RunStart(
      run: run, fields: fields(from: old, to: new), alert: alert, at: at, now: now, waits: waits,
      isBoundedByNow: isBoundedByNow, sources: policies, thresholds: rules)
  }

  /// Fields that both runbooks take in the same way are what they were; others are taken from the alert anew.
  private func fields(from old: Runbook, to new: Runbook) -> [String: FieldValue] {
    let reading = alert.map { AlertReading($0, by: new, arrival: now) }
    var fields: [String: FieldValue] = [:]
    for field in new.alert.fields {
      let same = old.alert.fields.first {
        $0.id == field.id && $0.type == field.type && $0.expression.source == field.expression.source
      }
      fields[field.id] = same.flatMap { self.fields[$0.id] } ?? reading?.fields[field.id]
    }
    return fields
  }
}
