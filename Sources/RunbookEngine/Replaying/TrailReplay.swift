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
  private let runbook: CheckedRunbook?
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
    self.runbook = runbook
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
      return .changed(try WhatIf(recording, with: runbook, thresholds: thresholds))
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
    while true {
      var batch: [UnreadRun] = []
      while batch.count < Self.batchLimit, let run = runs.next() { batch.append(run) }
      if batch.isEmpty { return runs.damaged + damaged }
      for (found, lines) in replay(batch, of: id) {
        damaged += lines
        found.map(tell)
      }
    }
  }

  private func replay(_ batch: [UnreadRun], of id: String?) -> [(found: ReplayedRun?, damaged: Int)] {
    let results = Mutex([(found: ReplayedRun?, damaged: Int)](repeating: (nil, 0), count: batch.count))
    DispatchQueue.concurrentPerform(iterations: batch.count) { place in
      let (run, damaged) = batch[place].read(from: reader)
      let found = id == nil || run.runbook == id ? replay(run) : nil
      results.withLock { $0[place] = (found, damaged) }
    }
    return results.withLock(\.self)
  }
}
