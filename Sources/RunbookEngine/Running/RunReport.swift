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
    JournalEntry("run.concluded", bodyBytes: Array("{\"outcome\":".utf8) + canonicalBytes + [UInt8(ascii: "}")])
  }

  /// The outcome with the times of the run.
  ///
  /// - Parameter evidence: Where the whole is kept; `nil`: in the record.
  func concludingEntry(
    started: Timestamp, finished: Timestamp, evidence: EvidenceReference?
  ) -> JournalEntry {
    if let evidence {
      return JournalEntry(
        "run.concluded",
        .object([
          "evidence": evidence.json, "finished": .string(finished.shortDescription),
          "started": .string(started.shortDescription),
        ]))
    }
    var body = Array("{\"finished\":".utf8)
    JSON.write(finished.shortDescription, to: &body)
    body += ",\"outcome\":".utf8
    body += canonicalBytes
    body += ",\"started\":".utf8
    JSON.write(started.shortDescription, to: &body)
    body.append(UInt8(ascii: "}"))
    return JournalEntry("run.concluded", bodyBytes: body)
  }

  /// What was decided, in short: the words whose digest closes the run's record. They hold nothing that chance has
  /// made, so that a replay reaches the same.
  var closingEntry: JournalEntry {
    let entry = outcome.journalEntry(outcome: nil)
    let digest = ContentDigest.of(canonicalBytes)
    let members = (entry.body.members ?? []).filter { $0.name != "outcome" } + [.init("outcome", .string(digest))]
    return JournalEntry(entry.type, .object(members), actor: entry.actor)
  }
}
