import Diagnostics
import Values

// Every message of the parser and the checker, one factory each.

// MARK: Syntax

extension CELProblem {
  static func sourceTooLong(codePoints: Int) -> CELProblem {
    CELProblem(
      .tooLong, "the expression is \(codePoints) characters long; at most \(CELLimits.sourceCodePoints) are read",
      at: 0..<0)
  }

  static func tooDeep(at place: Place) -> CELProblem {
    CELProblem(.tooDeep, "brackets and signs are nested deeper than \(CELLimits.nesting) levels", at: place)
  }

  static func chainTooLong(at place: Place) -> CELProblem {
    CELProblem(.tooDeep, "more than \(CELLimits.chain) operators or selections follow each other", at: place)
  }

  static func tooManyVariables(at place: Place) -> CELProblem {
    CELProblem(.tooDeep, "more than \(CELLimits.variables) variables of macros are in scope", at: place)
  }

  static func comprehensionsTooDeep(at place: Place) -> CELProblem {
    CELProblem(
      .tooDeep,
      "all, exists, exists_one, filter, map and transforms stand in one another deeper than "
        + "\(CELLimits.comprehensionNesting) levels", at: place)
  }

  static func emptyExpression(at place: Place) -> CELProblem {
    CELProblem(.syntax, "the expression is empty", at: place)
  }

  static func unexpected(_ found: String, expecting wanted: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "found \(found) where \(wanted) is due", at: place)
  }

  static func unterminated(_ what: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "\(what) begins here and does not end", at: place)
  }

  static func strayCharacter(_ text: String, at place: Place) -> CELProblem {
    let shown = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    let code = text.unicodeScalars.first.map { "U+" + String($0.value, radix: 16, uppercase: true) } ?? ""
    return CELProblem(.syntax, "the character \(shown ? "'\(text)'" : code) means nothing here", at: place)
  }

  static func badEscape(_ text: String, at place: Place) -> CELProblem {
    CELProblem(
      .syntax, "'\(text)' is no escape sequence; a backslash itself is written '\\\\', or the whole string as r\"…\"",
      at: place)
  }

  static func numberTooLarge(_ text: String, _ type: String, at place: Place) -> CELProblem {
    CELProblem(.badLiteral, "'\(text.prefix(40))' is not a number that \(type) can hold", at: place)
  }

  static func foreignOperator(_ written: String, means meant: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "'\(written)' is no operator; did you mean '\(meant)'?", at: place, suggestion: meant)
  }

  static func reservedWord(_ word: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "'\(word)' is a reserved word and names nothing", at: place)
  }

  static func nestedConditional(at place: Place) -> CELProblem {
    CELProblem(.syntax, "a '?:' between '?' and ':' needs parentheses around it", at: place)
  }

  static func optionalCall(_ function: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "'.?' selects a field; the function '\(function)' is called with '.'", at: place)
  }
}

// MARK: Names

extension CELProblem {
  static func unknownName(_ name: String, at place: Place, known: [String]) -> CELProblem {
    // Of two letters any other name is near.
    let nearest = name.utf8.count < 3 ? nil : nearestName(to: name, among: known + ["true", "false", "null"])
    return CELProblem(.unknownName, "unknown name '\(name)'" + ask(nearest), at: place, suggestion: nearest)
  }

  static func unknownFunction(_ name: String, at place: Place, known: [String]) -> CELProblem {
    let nearest = nearestName(to: name, among: known)
    return CELProblem(.unknownFunction, "unknown function '\(name)'" + ask(nearest), at: place, suggestion: nearest)
  }

  static func noSuchField(_ name: String, in type: RecordType, at place: Place) -> CELProblem {
    let known = type.fields.map(\.name)
    let nearest = nearestName(to: name, among: known)
    return CELProblem(
      .noSuchField, "'\(type.name)' has no field '\(name)'; it has \(quotedList(known))", at: place,
      suggestion: nearest)
  }

  static func noFields(_ type: ValueType, field: String, at place: Place) -> CELProblem {
    CELProblem(.noSuchField, "a value of type \(type) has no fields, so no '\(field)'", at: place)
  }

  static func unknownLabel(_ label: String, of labels: [String], at place: Place) -> CELProblem {
    let nearest = nearestName(to: label, among: labels)
    return CELProblem(
      .unknownLabel, "'\(label)' is none of the answers \(quotedList(labels))" + ask(nearest), at: place,
      suggestion: nearest.map { "\"\($0)\"" })
  }

  private static func ask(_ name: String?) -> String { name.map { "; did you mean '\($0)'?" } ?? "" }
}

// MARK: Types

extension CELProblem {
  static func notBool(_ type: ValueType, operand: String, at place: Place) -> CELProblem {
    CELProblem(.wrongType, "\(operand) must be true or false, not \(article(type))", at: place)
  }

  static func noOperator(_ sign: BinaryOperator, _ left: ValueType, _ right: ValueType, at place: Place) -> CELProblem {
    var message = "'\(sign.rawValue)' does not work between \(left) and \(right)"
    var suggestion: String?
    switch (left, right) {
    case (.int, .double), (.uint, .double), (.double, .int), (.double, .uint):
      message += "; make both of one type with double(x)"
    case (.int, .uint), (.uint, .int):
      message += "; make both of one type with int(x)"
    case (.address, .string), (.string, .address), (.string, .list(.address)):
      message += "; an address is written ip(\"192.0.2.1\")"
      suggestion = "ip(…)"
    case (.network, .string), (.string, .network), (.string, .list(.network)):
      message += "; a block of addresses is written cidr(\"192.0.2.0/24\")"
      suggestion = sign == .isIn ? "ip(…)" : "cidr(…)"
    case (.timestamp, .string), (.string, .timestamp):
      message += "; an instant is written timestamp(\"2026-01-31T12:00:00Z\")"
      suggestion = "timestamp(…)"
    case (.duration, .string), (.string, .duration):
      message += "; a duration is written duration(\"90s\")"
      suggestion = "duration(…)"
    case (.string, .string) where sign == .isIn:
      message += "; use text.contains(part)"
    default: break
    }
    return CELProblem(.noOverload, message, at: place, suggestion: suggestion)
  }

  static func noPrefix(_ sign: String, _ type: ValueType, at place: Place) -> CELProblem {
    CELProblem(.noOverload, "'\(sign)' does not work on \(article(type))", at: place)
  }

  static func noOverload(_ function: Function, isMember: Bool, _ arguments: [ValueType], at place: Place) -> CELProblem
  {
    let forms = function.overloads.map { $0.description(of: function.name) }
    let shown = forms.prefix(4).joined(separator: ", ") + (forms.count > 4 ? ", …" : "")
    let written = Overload.text(of: function.name, arguments, isMember: isMember)
    return CELProblem(.noOverload, "there is no \(written); there is \(shown)", at: place)
  }

  static func branchesDiffer(_ left: ValueType, _ right: ValueType, at place: Place) -> CELProblem {
    CELProblem(.wrongType, "the two outcomes of '?:' are of different types, \(left) and \(right)", at: place)
  }

  static func badIndex(_ type: ValueType, of container: ValueType, at place: Place) -> CELProblem {
    switch container {
    case .list: CELProblem(.wrongType, "the place in a list is an int, not \(article(type))", at: place)
    case .map(let key, _): CELProblem(.wrongType, "the keys of this map are \(key), not \(type)", at: place)
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

// MARK: Macros

extension CELProblem {
  static func badVariable(_ macro: Macro, at place: Place) -> CELProblem {
    let message =
      switch macro {
      case .bind: "the first argument of cel.bind is the name that the value gets, as in cel.bind(x, 1, x + x)"
      case .optMap, .optFlatMap:
        "the first argument of \(macro.rawValue) names the value, as in \(macro.form)"
      default: "\(macro.rawValue) names each element first, as in rows.\(macro.rawValue)(r, …)"
      }
    return CELProblem(.badMacro, message, at: place)
  }

  static func badMacro(_ macro: Macro, at place: Place) -> CELProblem {
    CELProblem(.badMacro, "\(macro.rawValue) is written \(macro.form)", at: place)
  }

  static func badEntry(at place: Place) -> CELProblem {
    CELProblem(.badMacro, "transformMapEntry makes entries, as in {key: value}", at: place)
  }

  static func sameVariable(_ name: String, macro: String, at place: Place) -> CELProblem {
    CELProblem(.badMacro, "both variables of \(macro) are named '\(name)'", at: place)
  }

  static func badPresenceTest(at place: Place) -> CELProblem {
    CELProblem(.badMacro, "has asks for a field, as in has(alert.host)", at: place)
  }
}

// MARK: Warnings

extension CELProblem {
  static func constantCondition(_ answer: Bool, at place: Place) -> CELProblem {
    CELProblem(answer ? .constantCondition : .neverHolds, "this condition is always \(answer)", at: place)
  }

  static func constantComparison(_ answer: Bool, why: String?, at place: Place) -> CELProblem {
    CELProblem(
      answer ? .constantCondition : .neverHolds,
      "this comparison \(answer ? "always" : "never") holds" + (why.map { ": \($0)" } ?? ""), at: place)
  }

  static func contradiction(_ subject: String, at place: Place) -> CELProblem {
    CELProblem(.neverHolds, "what stands before it leaves no '\(subject.prefix(40))' for which this holds", at: place)
  }

  static func tautology(_ subject: String, at place: Place) -> CELProblem {
    CELProblem(
      .constantCondition, "every '\(subject.prefix(40))' for which this does not hold makes what stands before it true",
      at: place)
  }

  static func unusedVariable(_ name: String, at place: Place) -> CELProblem {
    CELProblem(.unusedVariable, "'\(name)' is bound here and not used", at: place)
  }
}
