import AuditTrail
package import Investigation
import RunbookPorts
package import Values

/// How a run ended.
package struct RunResult: Sendable {
  package let run: String
  package let runbook: String
  package let version: String
  /// `nil` for a run that was interrupted.
  package let outcome: RunOutcome?
  /// Why it was interrupted.
  package let interruption: String?
  package let started: Timestamp
  package let finished: Timestamp

  /// The run as one object for machines: `run`, `runbook`, `version`, `verdict`, `severity`, `answers`, `open`,
  /// `entities`, `started`, `finished`. A run that was interrupted has no verdict and says why under `interrupted`.
  package var json: JSON {
    let head: [JSON.Member] = [
      .init("run", .string(run)), .init("runbook", .string(runbook)), .init("version", .string(version)),
    ]
    let times: [JSON.Member] = [
      .init("started", .string(started.shortDescription)), .init("finished", .string(finished.shortDescription)),
    ]
    if let outcome { return .object(head + (outcome.json.members ?? []) + times) }
    return .object(head + Self.nothingFound + times + [.init("interrupted", interruption.map(JSON.string) ?? .null)])
  }

  private static let nothingFound: [JSON.Member] = [
    .init("verdict", .null), .init("severity", .null), .init("answers", .array([])), .init("open", .array([])),
    .init("entities", .object([JSON.Member]())),
  ]
}

/// An outcome as a run's last records have it.
struct WrittenOutcome {
  let outcome: RunOutcome
  /// The whole, in the form that records have.
  let canonicalBytes: [UInt8]

  init(_ outcome: RunOutcome) {
    self.outcome = outcome
    canonicalBytes = outcome.canonicalBytes
  }

  /// The outcome as a replay reaches it, without what chance has made.
  var concludingEntry: JournalEntry {
    JournalEntry("run.concluded") { $0.add("outcome", written: canonicalBytes) }
  }

  /// The outcome with the times of the run.
  ///
  /// - Parameter evidence: Where the whole is kept; `nil`: in the record.
  func concludingEntry(
    started: Timestamp, finished: Timestamp, evidence: EvidenceReference?
  ) -> JournalEntry {
    JournalEntry("run.concluded") { body in
      if let evidence { body.add("evidence", evidence.json) }
      body.add("finished", finished)
      if evidence == nil { body.add("outcome", written: canonicalBytes) }
      body.add("started", started)
    }
  }

  /// What was decided, in short: the words whose digest closes the run's record. They hold nothing that chance has
  /// made, so that a replay reaches the same.
  var closingEntry: JournalEntry { outcome.journalEntry(outcome: ContentDigest.of(canonicalBytes)) }
}
