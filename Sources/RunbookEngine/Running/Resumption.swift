import Diagnostics
package import RunbookPorts
import Values

/// Why a run cannot be taken up again.
package enum ResumeProblem: Error, Sendable {
  /// Its records do not follow from each other any more.
  case differs(ReplayDifference)
  case journal(JournalError)

  /// Another process goes on with the run, or has ended it meanwhile.
  package var isTakenUp: Bool {
    switch self {
    case .journal(.continuedElsewhere), .journal(.closed): true
    default: false
    }
  }

  package var message: String {
    switch self {
    case .differs(let difference): "its records do not fold to where it stood: \(difference.message)"
    case .journal(let problem): problem.message
    }
  }
}

extension RunRecording {
  /// How many records the run has.
  var lastSequence: Int64 { steps.last?.sequence ?? 1 }

  /// What is asked, as far as the run was broken off before it was recorded.
  var missingQuestions: [JournalEntry] {
    let recorded = steps.count { $0.type == "runbook.questions" }
    return Array(PreparedRunbook.questionEntries(of: runbook).dropFirst(recorded))
  }

  /// The record that a run is taken up again, and with which sources.
  func resumption(_ sources: BoundSources, _ deployment: Deployment?) -> JournalEntry {
    JournalEntry(
      "run.resumed",
      .object([
        "after": .integer(lastSequence), "configuration": deployment?.record ?? .null,
        "bindings": .array(sources.entries.map(\.record)),
      ]))
  }
}
