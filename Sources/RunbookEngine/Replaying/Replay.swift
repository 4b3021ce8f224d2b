import Investigation
import RunbookPorts
package import Values

/// What a replay of a recorded run found.
package struct Replay: Sendable {
  package enum Finding: Sendable {
    /// The same verdict and the same answers follow from the records.
    case same
    case differs(ReplayDifference)
    /// The same follows as far as the records go; the run has no verdict yet.
    case unfinished
  }

  package let run: String
  package let finding: Finding
  package let verdict: String?
  package let answers: Int
  /// Records that were held against what follows.
  package let compared: Int

  package init(_ recording: RunRecording) {
    let fold = RunFold(recording)
    run = recording.run
    compared = fold.compared
    verdict = fold.investigation.outcome?.verdict
    answers = fold.investigation.outcome?.answers.count ?? 0
    if let difference = fold.difference {
      finding = .differs(difference)
    } else if let missing = fold.owed.lazy.compactMap(\.unsaid.first).first, recording.isClosed {
      finding = .differs(
        ReplayDifference(
          sequence: recording.steps.last?.sequence ?? 0, type: "run.closed", recorded: nil, replayed: missing))
    } else {
      finding = recording.isClosed ? .same : .unfinished
    }
  }

  package var json: JSON {
    let (word, difference): (String, JSON) =
      switch finding {
      case .same: ("same", .null)
      case .differs(let difference): ("differs", difference.json)
      case .unfinished: ("unfinished", .null)
      }
    return .object([
      "run": .string(run), "replay": .string(word), "verdict": verdict.map(JSON.string) ?? .null,
      "answers": .integer(Int64(answers)), "compared": .integer(Int64(compared)), "difference": difference,
    ])
  }
}
