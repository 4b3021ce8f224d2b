import Baselines
package import RunbookLanguage
import Values

/// A threshold with another value, as somebody who tunes it gives it: `limit=20`, `burst.at_least=3`.
package struct ThresholdChange: Hashable, Sendable {
  package let threshold: String
  /// Which part of a rule; `nil` for a plain number.
  package let part: String?
  package let value: String

  static let parts = ["above", "below", "at_least", "ratio", "surprise", "for"]

  /// - Returns: `nil` for a text that is not `NAME=VALUE` or `NAME.PART=VALUE`.
  package init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else { return nil }
    let path = sides[0].split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(path.count), path.allSatisfy({ !$0.isEmpty }) else { return nil }
    threshold = String(path[0])
    part = path.count == 2 ? String(path[1]) : nil
    value = String(sides[1])
  }

  /// The rule with this change.
  ///
  /// - Throws: why it cannot be made, as a sentence.
  package func applied(to rule: Threshold.Rule) throws(ChangeProblem) -> Threshold.Rule {
    switch rule {
    case .number(let number):
      guard part == nil else { throw ChangeProblem("'\(threshold)' is a plain number and has no '\(part ?? "")'") }
      let type: ColumnType = if case .double = number { .double } else { .int }
      guard let value = type.admit(.string(value)), value.isFiniteNumber else {
        throw ChangeProblem("'\(threshold)' is of type \(type), and '\(value)' is none")
      }
      return .number(value)
    case .monitored(let rule):
      return .monitored(try changed(rule))
    }
  }

  private func changed(_ rule: Threshold.Monitored) throws(ChangeProblem) -> Threshold.Monitored {
    var (judgement, modifiers) = (rule.judgement, rule.modifiers)
    switch (part, judgement) {
    case ("above", .limit(.above)): judgement = .limit(.above(try number()))
    case ("below", .limit(.below)): judgement = .limit(.below(try number()))
    case ("surprise", .normal(var normal)):
      guard let surprise = BaselineRule.surprise(word: value, number: Double(value)) else {
        throw ChangeProblem(
          "'\(threshold).surprise' takes quiet, normal, sensitive or a number up to 15, and '\(value)' is none of these"
        )
      }
      normal.rule.surprise = surprise
      judgement = .normal(normal)
    case ("at_least", _): modifiers.atLeast = try number()
    case ("ratio", _): modifiers.ratio = try number(above: 0)
    case ("for", _):
      guard let persistence = Persistence(value) else {
        throw ChangeProblem("'for' takes a duration such as 30s, or 2 of 3, and '\(value)' is neither")
      }
      modifiers.persistence = persistence
    default:
      let parts = Self.parts.filter { $0 == "at_least" || $0 == "ratio" || $0 == "for" || $0 == judgement.part }
      throw ChangeProblem(
        "'\(threshold)' is a rule: say which of its parts is changed, such as "
          + parts.map { "\(threshold).\($0)" }.joined(separator: ", "))
    }
    if case .normal(var normal) = judgement {
      (normal.rule.atLeast, normal.rule.ratio) = (modifiers.atLeast, modifiers.ratio)
      normal.rule.persistence = modifiers.persistence
      judgement = .normal(normal)
    }
    return Threshold.Monitored(subject: rule.subject, judgement: judgement, modifiers: modifiers)
  }

  private func number(above least: Double = -.infinity) throws(ChangeProblem) -> Double {
    guard let number = Double(value), number.isFinite, number > least else {
      throw ChangeProblem("'\(threshold).\(part ?? "")' takes a number, and '\(value)' is none that can be used")
    }
    return number
  }
}

/// Why a threshold cannot be changed so, as a sentence.
package struct ChangeProblem: Error, Hashable, Sendable {
  package let message: String

  init(_ message: String) { self.message = message }
}

extension Value {
  fileprivate var isFiniteNumber: Bool {
    switch self {
    case .int: true
    case .double(let number): number.isFinite
    default: false
    }
  }
}

extension Threshold.Judgement {
  /// The part of it that is a number.
  fileprivate var part: String? {
    switch self {
    case .limit(.above): "above"
    case .limit(.below): "below"
    case .limit(.outside): nil
    case .normal: "surprise"
    }
  }
}
