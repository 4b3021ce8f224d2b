import AuditTrail
import Diagnostics
import Investigation
import RunbookLanguage
package import RunbookPorts
import Values

/// Runs runbooks: drives an investigation, performs what it wants, and records both.
///
/// An intent is in the journal before its effect is performed, and the outcome after. What leaves the machine waits
/// until its intent is on the disk; what only reads does not. A journal that fails stops the run.
package struct RunEngine: Sendable {
  package struct Parts: Sendable {
    package let journal: any RunJournal
    package let joiner: any ResultJoiner
    package let history: any CaseHistory
    package let exports: any ExportStore
    package let notifier: any Notifier
    /// Where people's answers come from.
    package let desk: any AnswerDesk
    package let observer: any RunObserver
    package let interruption: Interruption
    package let surroundings: EngineSurroundings
    /// What was learned ahead of runs; `nil`: everything is fetched.
    package let baselines: (any BaselineStore)?
    /// What runs the scripts behind exports.
    package let scripts: any ScriptRunner

    package init(
      journal: any RunJournal, joiner: any ResultJoiner, history: any CaseHistory, exports: any ExportStore,
      notifier: any Notifier, desk: any AnswerDesk = SilentDesk(), observer: any RunObserver,
      interruption: Interruption, surroundings: EngineSurroundings, baselines: (any BaselineStore)? = nil,
      scripts: any ScriptRunner = NoScripts()
    ) {
      self.journal = journal
      self.joiner = joiner
      self.history = history
      self.exports = exports
      self.notifier = notifier
      self.desk = desk
      self.observer = observer
      self.interruption = interruption
      self.surroundings = surroundings
      self.baselines = baselines
      self.scripts = scripts
    }
  }

  private let parts: Parts

  package init(_ parts: Parts) {
    self.parts = parts
  }

  /// Runs to the end, or until it is interrupted.
  ///
  /// - Throws: when the run can no longer be recorded; nothing more is done for it then.
  package func run(_ request: RunRequest) async throws(JournalError) -> RunResult {
    let clock = parts.surroundings.clock
    let started = clock.now()
    let run = RunID.make(at: started, randomBytes: parts.surroundings.randomBytes)
    for (document, digest) in zip(request.runbook.documents, request.prepared.documentDigests) {
      try parts.journal.pin(document.bytes, digest: digest)
    }
    try parts.journal.begin(run: run, runbook: request.prepared.digest)
    var drive = RunDrive(
      Investigation(request.prepared.compiled, start: request.start(run: run)), sources: request.sources,
      started: started,
      parts: parts)
    return try await drive.begin(request)
  }

  /// Takes up a recorded run that was broken off, and goes on to its end, or until it is interrupted.
  ///
  /// - Parameter sources: What its queries are put to from now on. How it judges them stays as it was recorded.
  package func resume(
    _ recording: RunRecording, sources: BoundSources, deployment: Deployment?
  ) async throws(ResumeProblem) -> RunResult {
    let fold = RunFold(recording, goesOn: true)
    if let difference = fold.difference { throw .differs(difference) }
    do throws(JournalError) {
      try parts.journal.resume(run: recording.run, after: recording.lastSequence)
      var drive = RunDrive(fold.investigation, sources: sources, started: recording.started, parts: parts)
      return try await drive.goOn(
        recording.resumption(sources, deployment), missing: recording.missingQuestions, owed: fold.owed)
    } catch { throw .journal(error) }
  }
}
