import CEL
import Synchronization
import Values

/// What a run knew when it gave some answers. Their texts are made of it when somebody reads them.
final class Recollection: Sendable {
  private let runbook: CompiledRunbook
  private let start: RunStart
  private let facts: Facts
  /// Evaluates what texts mention; made for the first reader.
  private let turn = Mutex<Turn?>(nil)

  init(_ runbook: CompiledRunbook, start: RunStart, facts: Facts) {
    self.runbook = runbook
    self.start = start
    self.facts = facts
  }

  /// The answer about an entity by its place, or about the run.
  func given(_ question: Int, _ member: Int?) -> Given? {
    guard let member else { return facts.questions[question].run }
    return facts.questions[question].members[member]
  }

  /// Reads something as it was for a question about an entity, or about the run.
  func recall<Found: Sendable>(
    _ member: Int?, of question: CompiledQuestion, _ read: @Sendable (EvaluationScope, CompiledQuestion) -> Found
  ) -> Found {
    turn.withLock { known in
      let turn = known ?? Turn(runbook, start: start, state: RunState(facts))
      known = turn
      guard let member, let kind = question.kind else { return read(turn.runScope, question) }
      return turn.about(kind) { scope in
        scope.move(to: Member(kind: kind, place: member))
        return read(scope, question)
      }
    }
  }
}
