import Values

// What the checker says of types and of literals, one factory for each message.

extension CELProblem {
  static func notBool(_ type: ValueType, operand: String, at place: Place) -> CELProblem {
    CELProblem(.wrongType, "\(operand) must be true or false, not \(article(type))", at: place)
  }

  /// - Parameter joinsComparisons: Whether what stands to the left is a comparison, as in `1 < n < 5`.
  static func noOperator(
    _ sign: BinaryOperator, _ left: ValueType, _ right: ValueType, joinsComparisons: Bool, at place: Place
  ) -> CELProblem {
    let (advice, suggestion) = OperatorAdvice(sign, left, right, joinsComparisons: joinsComparisons).found
    let message = "'\(sign.rawValue)' does not work between \(left) and \(right)"
    return CELProblem(.noOverload, message + (advice.map { "; \($0)" } ?? ""), at: place, suggestion: suggestion)
  }

  static func noPrefix(_ sign: String, _ type: ValueType, at place: Place) -> CELProblem {
    CELProblem(.noOverload, "'\(sign)' does not work on \(article(type))", at: place)
  }

  static func noOverload(_ function: Function, isMember: Bool, _ arguments: [ValueType], at place: Place) -> CELProblem
  {
    let forms = function.overloads.map { $0.description(of: function.name) }
    let shown = forms.prefix(4).joined(separator: ", ") + (forms.count > 4 ? ", …" : "")
    let written = Overload.text(of: function.name, arguments, isMember: isMember)
    let advice = OperatorAdvice.advice(for: function, isMember: isMember, arguments).map { "; \($0)" } ?? ""
    return CELProblem(.noOverload, "there is no \(written); there is \(shown)\(advice)", at: place)
  }

  static func branchesDiffer(_ left: ValueType, _ right: ValueType, at place: Place) -> CELProblem {
    CELProblem(.wrongType, "the two outcomes of '?:' are of different types, \(left) and \(right)", at: place)
  }

  static func badIndex(_ type: ValueType, of container: ValueType, at place: Place) -> CELProblem {
    switch container {
    case .list: CELProblem(.wrongType, "the place in a list is an int, not \(article(type))", at: place)
    case .map(let key, _): CELProblem(.wrongType, "the keys of this map are \(key), not \(type)", at: place)
    case .record(let type):
      CELProblem(.wrongType, "'\(type.name)' has fields, which are selected with '.', not with [ ]", at: place)
    default: CELProblem(.wrongType, "\(article(container)) has no elements to pick by [ ]", at: place)
    }
  }

  static func badKey(_ type: ValueType, at place: Place) -> CELProblem {
    CELProblem(.wrongType, "a key is an int, uint, bool or string, not \(article(type))", at: place)
  }

  static func notOptional(_ type: ValueType, what: String, at place: Place) -> CELProblem {
    CELProblem(.wrongType, "\(what) is an optional, not \(article(type)); see optional.of(…) and '.?'", at: place)
  }

  static func notIterable(_ type: ValueType, macro: String, at place: Place) -> CELProblem {
    CELProblem(.wrongType, "\(macro) goes over a list, a table or a map, not over \(article(type))", at: place)
  }

  static func badLiteral(_ text: String, _ what: String, at place: Place) -> CELProblem {
    CELProblem(.badLiteral, "'\(text.prefix(60))' is not \(what)", at: place)
  }

  static func badPattern(_ pattern: String, why: String, at place: Place) -> CELProblem {
    CELProblem(.badPattern, "the regular expression is wrong: \(why)", at: place)
  }

  private static func article(_ type: ValueType) -> String {
    let name = type.description
    return ("aeiou".contains(name.first ?? "x") && !name.hasPrefix("uint") ? "an " : "a ") + name
  }
}
