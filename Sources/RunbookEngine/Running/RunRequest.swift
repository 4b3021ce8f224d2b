import Diagnostics
import Investigation
package import RunbookLanguage
import RunbookPorts
package import Values

/// Everything that one run is started with.
package struct RunRequest: Sendable {
  package let prepared: PreparedRunbook
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
    self.init(
      PreparedRunbook(runbook, in: deployment), sources: sources, intake: intake, now: now, isNowGiven: isNowGiven)
  }

  /// - Parameter prepared: The runbook with what its runs have in common, for one that is run again and again.
  package init(
    _ prepared: PreparedRunbook, sources: BoundSources, intake: Intake, now: Timestamp, isNowGiven: Bool
  ) {
    self.prepared = prepared
    self.sources = sources
    self.intake = intake
    self.now = now
    self.isNowGiven = isNowGiven
  }

  package var runbook: CheckedRunbook { prepared.checked }
  package var deployment: Deployment? { prepared.deployment }

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
      thresholds: prepared.compiled.thresholds, scripts: prepared.scripts)
  }

  /// The first record of the run: all that it starts from. A large alert is kept as evidence.
  ///
  /// - Parameters:
  ///   - writer: The process that writes.
  ///   - input: What came from outside, as canonical JSON.
  ///   - evidence: Where that is kept; `nil`: in the record.
  func openingEntry(
    _ start: RunStart, by writer: String, input: [UInt8], evidence: EvidenceReference?
  ) -> JournalEntry {
    let content = runbook.runbook
    let entry = start.journalEntry(of: runbook, input: evidence)
    let members = (entry.body.members ?? []).filter { evidence != nil || $0.name != "input" }
    let more: [JSON.Member] = [
      .init("title", .string(RecordText.cut(content.title, to: 500))),
      .init("alert_name", intake.alert?.name.map { .string(RecordText.cut($0, to: 500)) } ?? .null),
      .init("documents", prepared.documents),
      .init("lists", prepared.lists),
      .init("configuration", prepared.configuration),
      .init("bindings", .array(sources.entries.map(\.record))),
      .init("remarks", .array(intake.remarks.map { .string(RecordText.cut($0)) })),
      .init("writer", .string(writer)),
    ]
    let opening = JournalEntry(entry.type, .object(members + more), actor: entry.actor)
    return evidence == nil ? opening.with { $0.add("input", written: input) } : opening
  }
}
