import Diagnostics
import Values

// What the checker says of names and of macros, one factory for each message.

extension CELProblem {
  /// - Parameter advice: What may be meant by it, as a sentence part.
  static func unknownName(_ name: String, at place: Place, known: [String], advice: String? = nil) -> CELProblem {
    if ["none", "nil", "undefined"].contains(name.lowercased()) || name != "null" && name.lowercased() == "null" {
      return CELProblem(.unknownName, "unknown name '\(name)'; did you mean 'null'?", at: place, suggestion: "null")
    }
    // Of two letters any other name is near.
    let nearest = name.utf8.count < 3 ? nil : nearestName(to: name, among: known + ["true", "false", "null"])
    let hint = nearest == nil ? advice.map { "; \($0)" } ?? "" : ask(nearest)
    return CELProblem(.unknownName, "unknown name '\(name)'" + hint, at: place, suggestion: nearest)
  }

  static func unknownFunction(_ name: String, at place: Place, known: [String]) -> CELProblem {
    if let advice = ForeignHabits.advice(forFunction: name) {
      return CELProblem(.unknownFunction, "unknown function '\(name)'; \(advice)", at: place)
    }
    let nearest = ForeignHabits.function(name) ?? nearestName(to: name, among: known)
    return CELProblem(.unknownFunction, "unknown function '\(name)'" + ask(nearest), at: place, suggestion: nearest)
  }

  static func noSuchField(_ name: String, in type: RecordType, isColumn: Bool = false, at place: Place) -> CELProblem {
    let known = type.fields.map(\.name)
    let function = isColumn ? ForeignHabits.function(meantByField: name, on: .list(.record(type))) : nil
    let nearest = nearestName(to: name, among: known) ?? function
    return CELProblem(
      .noSuchField, "'\(type.name)' has no field '\(name)'; it has \(quotedList(known))", at: place,
      suggestion: nearest)
  }

  static func noFields(_ type: ValueType, field: String, at place: Place) -> CELProblem {
    let function = ForeignHabits.function(meantByField: field, on: type)
    return CELProblem(
      .noSuchField, "a value of type \(type) has no fields, so no '\(field)'" + ask(function), at: place,
      suggestion: function)
  }

  static func unknownLabel(_ label: String, of labels: [String], at place: Place) -> CELProblem {
    let nearest = nearestName(to: label, among: labels)
    return CELProblem(
      .unknownLabel, "'\(label)' is none of the answers \(quotedList(labels))" + ask(nearest), at: place,
      suggestion: nearest.map { "\"\($0)\"" })
  }

  private static func ask(_ name: String?) -> String { name.map { "; did you mean '\($0)'?" } ?? "" }
}

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
    CELProblem(
      .badMacro, "has asks for a field, as in has(alert.host); whether a map has a key is \"key\" in map", at: place)
  }
}
