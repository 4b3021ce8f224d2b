import Diagnostics
import Investigation
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

  /// The first record of the run: all that it starts from. A large alert is kept as evidence.
  ///
  /// - Parameter input: Where what came from outside is kept; `nil`: in the record.
  func openingEntry(_ start: RunStart, input: EvidenceReference?) -> JournalEntry {
    let content = runbook.runbook
    let entry = start.journalEntry(of: runbook, input: input)
    let members = (entry.body.members ?? []).filter { input != nil || $0.name != "input" }
    let more: [JSON.Member] = [
      .init("title", .string(RecordText.cut(content.title, to: 500))),
      .init("alert_name", intake.alert?.name.map { .string(RecordText.cut($0, to: 500)) } ?? .null),
      .init("documents", .array(runbook.documents.prefix(Self.documentLimit).map(\.record))),
      .init("configuration", deployment?.source.record ?? .null),
      .init("bindings", .array(sources.entries.map(\.record))),
      .init("remarks", .array(intake.remarks.map { .string(RecordText.cut($0)) })),
    ]
    return JournalEntry(
      entry.type, .object(members + (input == nil ? [.init("input", start.input)] : []) + more), actor: entry.actor)
  }

  /// Most documents that are listed one by one; the runbook's digest stands for all of them.
  private static let documentLimit = 100

  /// What is asked, for those who read the trail without the runbook.
  var questionEntries: [JournalEntry] {
    let parts = runbook.runbook.questions.map(\.record)
    let size = 50
    return stride(from: 0, to: parts.count, by: size).map { start in
      JournalEntry(
        "runbook.questions", .object(["questions": .array(Array(parts[start..<min(start + size, parts.count)]))]))
    }
  }
}

extension Question {
  fileprivate var record: JSON {
    .object([
      "id": .string(id), "ask": .string(RecordText.cut(ask.source, to: 500)),
      "each": each.map(JSON.string) ?? .null, "sign": .bool(isSign), "optional": .bool(isOptional),
    ])
  }
}

extension SourceText {
  fileprivate var record: JSON {
    .object([
      "name": .string(RecordText.cut(name, to: 500)), "digest": .string(ContentDigest.of(bytes)),
      "length": .integer(Int64(bytes.count)),
    ])
  }
}
