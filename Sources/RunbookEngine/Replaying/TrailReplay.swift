package import AuditTrail
import Dispatch
package import RunbookLanguage
import Synchronization

/// What became of one run that was to be replayed.
package enum ReplayedRun: Sendable {
  case replayed(Replay)
  /// With another runbook, or with other thresholds.
  case changed(WhatIf)
  case impossible(run: String, ReplayProblem)
  case unchangeable(run: String, ChangeProblem)
}

/// Replays the recorded runs of a trail.
package struct TrailReplay: Sendable {
  /// Runs that are folded side by side before what was found of them is told.
  private static let batchLimit = 64

  private let reader: TrailReader
  private let runbooks: PinnedRunbooks
  private let semantics: [String]
  private let runbook: RunbookVariants?
  private let thresholds: [ThresholdChange]

  /// - Parameters:
  ///   - semantics: The versions of the language's meaning that this program knows.
  ///   - runbook: Instead of the recorded one; `nil`: the same.
  ///   - thresholds: Changes to the thresholds in force.
  package init(
    _ reader: TrailReader, semantics: [String], with runbook: CheckedRunbook? = nil, thresholds: [ThresholdChange] = []
  ) {
    self.reader = reader
    runbooks = PinnedRunbooks(reader)
    self.semantics = semantics
    self.runbook = runbook.map(RunbookVariants.init)
    self.thresholds = thresholds
  }

  package var isWhatIf: Bool { runbook != nil || !thresholds.isEmpty }

  package func replay(_ run: RecordedRun) -> ReplayedRun {
    let recording: RunRecording
    do throws(ReplayProblem) {
      recording = try RunRecording(run, from: reader, runbooks: runbooks, semantics: semantics)
    } catch { return .impossible(run: run.run, error) }
    guard isWhatIf else { return .replayed(Replay(recording)) }
    do throws(ChangeProblem) {
      return .changed(try WhatIf(recording, by: runbook, thresholds: thresholds))
    } catch { return .unchangeable(run: run.run, error) }
  }

  /// Replays every run, on all cores.
  ///
  /// - Parameters:
  ///   - id: Only runs of the runbook with this id.
  ///   - tell: Is told what was found, in the order of the runs' ends.
  /// - Returns: Lines of the trail that are no records.
  package func replayAll(of id: String? = nil, _ tell: (ReplayedRun) -> Void) throws(TrailReadError) -> Int {
    var runs = RecordedRuns(try reader.unreadLines(), from: reader)
    var damaged = 0
    var batch = runs.next(atMost: Self.batchLimit)
    while !batch.isEmpty {
      let found = replay(batch, of: id, findingNext: &runs)
      for (found, lines) in found.runs {
        damaged += lines
        found.map(tell)
      }
      batch = found.next
    }
    return runs.damaged + damaged
  }

  /// Folds runs side by side, and finds those that follow them meanwhile.
  private func replay(
    _ batch: [UnreadRun], of id: String?, findingNext runs: inout RecordedRuns
  ) -> (runs: [(found: ReplayedRun?, damaged: Int)], next: [UnreadRun]) {
    let results = Mutex([(found: ReplayedRun?, damaged: Int)](repeating: (nil, 0), count: batch.count))
    let finding = Mutex((runs: runs, next: [UnreadRun]()))
    DispatchQueue.concurrentPerform(iterations: batch.count + 1) { iteration in
      if iteration == 0 {
        finding.withLock { $0.next = $0.runs.next(atMost: Self.batchLimit) }
      } else {
        let found = replay(batch[iteration - 1], of: id)
        results.withLock { $0[iteration - 1] = found }
      }
    }
    let next = finding.withLock { finding in
      runs = finding.runs
      return finding.next
    }
    return (results.withLock(\.self), next)
  }

  /// - Returns: What was found, and how many lines of the run are no records.
  private func replay(_ run: UnreadRun, of id: String?) -> (found: ReplayedRun?, damaged: Int) {
    // Almost every run replays to the same, which can be seen without looking into most of its records.
    if !isWhatIf, let outlines = run.outlines(),
      let recording = RunRecording(outlines, of: run.run, from: reader, runbooks: runbooks, semantics: semantics)
    {
      guard id == nil || recording.runbook.runbook.id == id else { return (nil, 0) }
      let replay = Replay(recording)
      if case .same = replay.finding { return (.replayed(replay), 0) }
    }
    let (whole, damaged) = run.read(from: reader)
    return (id == nil || whole.runbook == id ? replay(whole) : nil, damaged)
  }
}
