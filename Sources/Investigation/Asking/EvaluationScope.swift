import CEL
import Values

/// One entity: its kind and its place in the kind's list.
struct Member: Hashable, Sendable {
  let kind: Int
  let place: Int
}

/// Gives the names in expressions their values: about the run, or about one entity.
final class EvaluationScope: Bindings {
  private unowned let turn: Turn
  let member: Member?
  /// For the parameters of a query that is asked of each: whom it is asked about.
  private let asked: (kind: Int, values: Value)?
  private var remembered: [String: Evaluation] = [:]

  init(_ turn: Turn, about member: Member? = nil, asking asked: (kind: Int, values: Value)? = nil) {
    self.turn = turn
    self.member = member
    self.asked = asked
  }

  func value(of name: String) -> Evaluation {
    if let known = remembered[name] { return known }
    guard let meaning = turn.plan.names[name] else {
      return .failure(EvaluationFailure(.error, "'\(name)' stands for nothing"))
    }
    switch meaning {
    case .question(let place) where place.isAbout(member, turn): return turn.answer(to: place, of: member, in: self)
    case .query(let place) where turn.isAsked(place, of: member):
      return remember(name, turn.rows(of: place, about: member))
    case .threshold(let place) where turn.isJudged(place, by: member):
      guard let member else { break }
      return remember(name, turn.threshold(place, about: member))
    case .definition(let place):
      guard let expression = turn.definition(place, about: member) else { break }
      remembered[name] = Self.circle(name)
      return remember(name, turn.evaluate(expression, in: self))
    case .entity(let place):
      if let member, member.kind == place { return turn.value(of: member) }
      if let asked, asked.kind == place { return .value(asked.values) }
    default: break
    }
    guard member == nil, asked == nil else { return turn.runScope.value(of: name) }
    if case .definition = meaning { remembered[name] = Self.circle(name) }
    return remember(name, turn.runValue(of: meaning, named: name))
  }

  /// What a definition finds that mentions itself.
  private static func circle(_ name: String) -> Evaluation {
    .failure(EvaluationFailure(.error, "'\(name)' rests on itself"))
  }

  private func remember(_ name: String, _ value: Evaluation) -> Evaluation {
    remembered[name] = value
    return value
  }
}

extension Int {
  /// Whether the question at this place is asked of entities of the member's kind.
  fileprivate func isAbout(_ member: Member?, _ turn: Turn) -> Bool {
    member.map { turn.plan.each[self] == $0.kind } ?? false
  }
}
