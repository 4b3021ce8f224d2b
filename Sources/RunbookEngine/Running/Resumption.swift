import Diagnostics
package import RunbookPorts
import Values

/// Why a run cannot be taken up again.
package enum ResumeProblem: Error, Sendable {
  /// Its records do not follow from each other any more.
  case differs(ReplayDifference)
  case journal(JournalError)

  package var message: String {
    switch self {
    case .differs(let difference): "its records do not fold to where it stood: \(difference.message)"
    case .journal(let problem): problem.message
    }
  }
}

extension RunRecording {
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
        "after": .integer(steps.last?.sequence ?? 1), "configuration": deployment?.record ?? .null,
        "bindings": .array(sources.entries.map(\.record)),
      ]))
  }
}
