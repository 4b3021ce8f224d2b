import Diagnostics
package import Investigation
package import RunbookLanguage
import RunbookPorts
package import Values

/// Everything that one run is started with.
package struct RunRequest: Sendable {
  package let runbook: CheckedRunbook
  package let deployment: Deployment?
  package let sources: BoundSources
  package let intake: Intake
  /// The run's start.
  package let now: Timestamp
  /// `now` was given, not read from a clock.
  package let isNowGiven: Bool

  package init(
    runbook: CheckedRunbook, deployment: Deployment?, sources: BoundSources, intake: Intake, now: Timestamp,
    isNowGiven: Bool
  ) {
    self.runbook = runbook
    self.deployment = deployment
    self.sources = sources
    self.intake = intake
    self.now = now
    self.isNowGiven = isNowGiven
  }

  private var waits: Bool { !isNowGiven && deployment?.isRecorded != true }

  func start(run: String) -> RunStart {
    var policies = sources.policies
    let reason =
      deployment == nil
      ? "no source is bound: the run was started without a configuration" : "the deployment does not bind it"
    for source in runbook.runbook.sourcesAsked where policies[source] == nil {
      policies[source] = SourcePolicy(binding: .unbound(reason))
    }
    return RunStart(
      run: run, fields: intake.fields, alert: intake.alert?.value, at: intake.at, now: now, waits: waits,
      isBoundedByNow: isNowGiven, sources: policies,
      thresholds: deployment?.thresholdRules(for: runbook.runbook) ?? [:])
  }

  /// The first record of the run: all that a replay starts from, but for the bytes that are named by digest.
  func openingEntry() -> JournalEntry {
    let content = runbook.runbook
    return JournalEntry(
      "run.opened",
      .object([
        "runbook": .string(content.id), "version": .string(content.version ?? ""), "title": .string(content.title),
        "documents": .array(runbook.documents.map(\.record)), "configuration": deployment?.source.record ?? .null,
        "sources": .array(sources.entries.map(\.record)),
        "thresholds": .object((deployment?.thresholds ?? []).map { .init($0.id.value, $0.value.value.json) }),
        "alert_name": intake.alert?.name.map(JSON.string) ?? .null, "alert": intake.alert?.json ?? .null,
        "fields": .object(content.alert.fields.map { .init($0.id, intake.fields[$0.id]?.json ?? .null) }),
        "at": .string(intake.at.shortDescription), "now": .string(now.shortDescription),
        "now_given": .bool(isNowGiven), "waits": .bool(waits),
        "remarks": .array(intake.remarks.map(JSON.string)),
      ]))
  }
}

extension SourceText {
  fileprivate var record: JSON {
    .object([
      "name": .string(name), "digest": .string(ContentDigest.of(bytes)), "length": .integer(Int64(bytes.count)),
    ])
  }
}

extension FieldValue {
  /// `{"value":…}` or `{"missing":"why"}`.
  fileprivate var json: JSON {
    switch self {
    case .value(let value): .object(["value": value.json])
    case .missing(let reason): .object(["missing": .string(reason)])
    }
  }
}

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
}
