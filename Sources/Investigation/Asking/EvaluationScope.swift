import CEL
import Values

/// One entity: its kind and its place in the kind's list.
struct Member: Hashable, Sendable {
  let kind: Int
  let place: Int
}

/// Gives the names in expressions their values: about the run, or about one entity at a time.
final class EvaluationScope: Bindings {
  // SAFETY: a turn makes its scopes and keeps them to itself; none outlives it.
  private unowned(unsafe) let turn: Turn
  private let runbook: CompiledRunbook
  private(set) var member: Member?
  /// For the parameters of a query that is asked of each: whom it is asked about.
  private let asked: (kind: Int, values: Value)?
  /// By the name's number, as far as `stamps` has the number of the present period.
  private var remembered: [Evaluation]
  private var stamps: [Int]
  /// What is remembered holds for one period.
  private var period = 1

  init(_ turn: Turn, about member: Member? = nil, asking asked: (kind: Int, values: Value)? = nil) {
    self.turn = turn
    self.member = member
    self.asked = asked
    runbook = turn.runbook
    remembered = Array(repeating: .value(.null), count: runbook.names.count)
    stamps = Array(repeating: 0, count: runbook.names.count)
  }

  /// From now on names are about this entity.
  func move(to member: Member) {
    self.member = member
    period += 1
  }

  func forget() { period += 1 }

  func value(of name: String) -> Evaluation {
    guard let number = runbook.nameNumbers[name] else {
      return .failure(EvaluationFailure(.error, "'\(name)' stands for nothing"))
    }
    return value(ofName: number)
  }

  /// - Parameter number: The name's number in the compiled runbook.
  func value(ofName number: Int) -> Evaluation {
    if stamps[number] == period { return remembered[number] }
    let meaning = runbook.names[number]
    if let member {
      switch meaning {
      case .question(let place) where runbook.plan.each[place] == member.kind:
        return turn.answer(to: place, of: member, in: self)
      case .query(let place) where runbook.queryKinds[place] == member.kind:
        return remember(number, turn.rows(of: place, about: member))
      case .threshold(let place) where turn.isJudged(place, by: member):
        return remember(number, turn.threshold(place, about: member))
      case .definition(let place):
        guard let expression = runbook.definitions[place].forKinds[member.kind] else { break }
        _ = remember(number, circle(number))
        return remember(number, turn.evaluate(expression, in: self))
      case .entity(member.kind): return turn.value(of: member)
      default: break
      }
    }
    if let asked, meaning == .entity(asked.kind) { return .value(asked.values) }
    guard member == nil, asked == nil else { return turn.runScope.value(ofName: number) }
    if case .definition = meaning { _ = remember(number, circle(number)) }
    return remember(number, turn.runValue(of: meaning, named: runbook.nameTexts[number]))
  }

  /// What a definition finds that mentions itself.
  private func circle(_ number: Int) -> Evaluation {
    .failure(EvaluationFailure(.error, "'\(runbook.nameTexts[number])' rests on itself"))
  }

  private func remember(_ number: Int, _ value: Evaluation) -> Evaluation {
    remembered[number] = value
    stamps[number] = period
    return value
  }
}

/// A scope as one expression sees it.
struct ExpressionNames: IndexedBindings {
  // SAFETY: it lives while its expression is evaluated, and the scope is held by whoever evaluates.
  unowned(unsafe) let scope: EvaluationScope
  let expression: CompiledExpression

  func value(at reference: Int) -> Evaluation {
    guard let number = expression.names[reference] else {
      return .failure(
        EvaluationFailure(.error, "'\(expression.checked.references[reference].name)' stands for nothing"))
    }
    return scope.value(ofName: number)
  }
}
