import AuditTrail
package import Investigation
package import RunbookPorts
package import Values

/// A recorded run folded again: every event applied in its order, and everything that follows held against the records.
package struct RunFold: Sendable {
  /// An effect of which not everything is recorded yet.
  package struct Owed: Sendable {
    package let effect: Effect
    /// Those of its records that are missing.
    package fileprivate(set) var unsaid: [JournalEntry]
    /// How many records it has.
    fileprivate let count: Int

    /// Whether all is recorded that stands before the effect itself is performed.
    package var isIntended: Bool { unsaid.isEmpty }
  }

  package private(set) var investigation: Investigation
  /// In the order in which they are to be performed: those that are not recorded, and those whose outcome is not.
  package private(set) var owed: [Owed] = []
  /// Records that were compared.
  package private(set) var compared = 0
  /// Where the records first say something else than the fold.
  package private(set) var difference: ReplayDifference?
  /// Every fetch that was asked for, in its order.
  package private(set) var requests: [FetchRequest] = []
  /// Every form that was put to somebody, in its order.
  package private(set) var forms: [AnswerForm] = []
  /// Places in `owed`, of effects whose records are still to come, the next first.
  private var untold = 0
  private var intents: [FetchID: RecordedWords] = [:]

  /// - Parameter goesOn: Whether the run is taken up again: an interruption has not ended it then.
  package init(_ recording: RunRecording, goesOn: Bool = false) {
    investigation = Investigation(recording.compiled, start: recording.start)
    for step in recording.steps {
      if case .intended(let id) = step.content { intents[id] = step.words }
    }
    take(investigation.begin())
    for step in recording.steps where difference == nil {
      switch step.content {
      case .told: compare(step)
      case .event(.interrupted) where goesOn: break
      case .event(let event): apply(event, at: step)
      case .intended, .other: break
      }
    }
    owed.removeAll { owed in
      if case .decided = owed.effect { owed.unsaid.isEmpty } else { false }
    }
  }

  // MARK: What follows

  private mutating func take(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .fetch(let request): requests.append(request)
      case .ask(let form): forms.append(form)
      default: break
      }
      let entries = effect.replayedEntries
      owed.append(Owed(effect: effect, unsaid: entries, count: entries.count))
    }
  }

  private mutating func apply(_ event: RunEvent, at step: RunRecording.Step) {
    if let missing = nextUntold {
      difference = ReplayDifference(
        sequence: step.sequence, type: step.type, recorded: nil, replayed: owed[missing].unsaid.first)
      return
    }
    if case .fetched(let id, _) = event {
      guard let place = owed.firstIndex(where: { $0.effect.isFetch(id) }) else {
        return differ(step, "an answer that nothing asked for")
      }
      compareIntent(owed[place].effect, id, step)
      owed.remove(at: place)
      untold = 0
    } else if let place = owed.firstIndex(where: { $0.effect.isAnswered(by: event) }) {
      owed.remove(at: place)
      untold = 0
    } else if case .told(let answer) = event, investigation.isAsking(answer.form) {
      // A form may be answered row by row.
      untold = 0
    } else if case .interrupted = event {
      // Nothing asks for it.
    } else {
      return differ(step, "an outcome of something that was not intended")
    }
    // Decisions that are recorded are no longer owed.
    owed.removeAll { owed in
      if case .decided = owed.effect { true } else { false }
    }
    take(investigation.apply(event))
    owed.removeAll { [investigation] owed in
      if case .ask(let form) = owed.effect { owed.isIntended && !investigation.isAsking(form.key) } else { false }
    }
  }

  // MARK: What was recorded

  /// The first effect of which a record is due.
  private var nextUntold: Int? { owed.indices.dropFirst(untold).first { !owed[$0].unsaid.isEmpty } }

  private mutating func compare(_ step: RunRecording.Step) {
    guard let place = nextUntold, let due = owed[place].unsaid.first else {
      return differ(step, "something that does not follow from the events before it")
    }
    untold = place
    guard step.type == due.type, step.words.hold(due) else {
      difference = ReplayDifference(
        sequence: step.sequence, type: step.type, recorded: JournalEntry(step.type, step.body), replayed: due)
      return
    }
    compared += 1
    owed[place].unsaid.removeFirst()
  }

  private mutating func compareIntent(_ effect: Effect, _ id: FetchID, _ step: RunRecording.Step) {
    guard let intent = intents[id], let entry = effect.journalEntries.first else { return }
    compared += 1
    if !intent.hold(entry) {
      difference = ReplayDifference(
        sequence: step.sequence, type: "query.intended", recorded: JournalEntry("query.intended", intent.json),
        replayed: entry)
    }
  }

  private mutating func differ(_ step: RunRecording.Step, _ what: String) {
    difference = ReplayDifference(
      sequence: step.sequence, type: step.type, recorded: JournalEntry(step.type, step.body), replayed: nil, note: what)
  }
}

/// Where a run's records and its replay part.
package struct ReplayDifference: Sendable {
  /// The record's place in its run.
  package let sequence: Int64
  package let type: String
  /// What the trail has there; `nil`: nothing, though the replay has something.
  package let recorded: JournalEntry?
  package let replayed: JournalEntry?
  package var note: String?

  package var message: String {
    if let note { return "record \(sequence) (\(type)) is \(note)" }
    guard recorded != nil else {
      return "before record \(sequence) (\(type)) there is no record of what the replay finds: \(replayed?.type ?? "")"
    }
    guard let replayed, replayed.type == type else {
      return "record \(sequence) is \(type), and the replay has \(replayed?.type ?? "nothing")"
    }
    return "record \(sequence) (\(type)) says something else than the replay"
  }

  package var json: JSON {
    .object([
      "record": .integer(sequence), "type": .string(type), "message": .string(message),
      "recorded": recorded?.body ?? .null, "replayed": replayed?.body ?? .null,
    ])
  }
}

extension Effect {
  /// The records of the effect as a replay reaches them; of the end what chance has not made.
  fileprivate var replayedEntries: [JournalEntry] {
    switch self {
    case .fetch: return []
    case .close(let outcome):
      let written = WrittenOutcome(outcome)
      return [written.concludingEntry, written.closingEntry]
    default: return journalEntries
    }
  }

  fileprivate func isFetch(_ id: FetchID) -> Bool {
    if case .fetch(let request) = self { request.id == id } else { false }
  }

  fileprivate func isAnswered(by event: RunEvent) -> Bool {
    switch (self, event) {
    case (.wait(let instant), .waited(let other)): instant == other
    case (.notify(let notice), .notified(let key, _)): notice.idempotencyKey == key
    case (.export(let export), .exported(let id, _)): export.export == id
    case (.script(let script), .scripted(let id, _)): script.export == id
    default: false
    }
  }
}
