import CEL
import Synchronization
import Values

/// What a run knew when it gave some answers. Their texts are made of it when somebody reads them.
final class Recollection: Sendable {
  private let runbook: CompiledRunbook
  private let start: RunStart
  private let facts: Facts
  /// Evaluates what texts mention; made for the first reader.
  private let reader = Mutex<Reader?>(nil)

  private struct Reader {
    let turn: Turn
    /// About the entity whose texts were read last.
    var scope: EvaluationScope?

    mutating func scope(about member: Member) -> EvaluationScope {
      if let scope, let last = scope.member, last.kind == member.kind {
        // The texts of one entity are mostly read together.
        if last.place != member.place { scope.move(to: member) }
        return scope
      }
      let made = EvaluationScope(turn, about: member)
      scope = made
      return made
    }
  }

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
    reader.withLock { known in
      var reader = known ?? Reader(turn: Turn(runbook, start: start, state: RunState(facts)))
      defer { known = reader }
      guard let member, let kind = question.kind else { return read(reader.turn.runScope, question) }
      return read(reader.scope(about: Member(kind: kind, place: member)), question)
    }
  }
}
