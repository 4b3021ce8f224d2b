import Baselines
import CEL
import Diagnostics

/// What an expression reads of a threshold that this threshold never has, whatever is measured.
enum ThresholdFields {
  static func findings(
    on reference: Reference, of threshold: DraftThreshold, in part: Scope.Part, names: NameTable
  ) -> [Diagnostic] {
    guard case .monitored(let of, let judgement, let modifiers) = threshold.rule else { return [] }
    let bytes = Array(part.source.utf8)
    return reference.ranges.compactMap { range in
      guard let member = AlertMembers.member(behind: range.upperBound, in: bytes),
        !mayDoWithout(range, member, in: bytes)
      else { return nil }
      let field = String(decoding: bytes[member], as: UTF8.self)
      let lacking =
        switch judgement {
        case .limit(let limit): lack(of: field, limit, isSeries: names.queries[of.text] != nil)
        case .normal(let normal): lack(of: field, normal)
        }
      return (lacking ?? lack(of: field, modifiers)).map { reason in
        .neverAValue(
          reference.name, field, because: reason, declared: threshold.id.location, at: part.location(of: member))
      }
    }
  }

  /// Whether the expression asks if there is a value: `has(t.rank)`, `t.?rank`.
  private static func mayDoWithout(_ name: Range<Int>, _ member: Range<Int>, in bytes: [UInt8]) -> Bool {
    let before = bytes[..<name.lowerBound].filter { $0 > 0x20 }.suffix(4)
    return Array(before) == Array("has(".utf8)
      || bytes[name.upperBound..<member.lowerBound].contains(UInt8(ascii: "?"))
  }

  // MARK: Why there is nothing

  private static func lack(of field: String, _ modifiers: Threshold.Monitored.Modifiers) -> String? {
    switch field {
    case "cooled" where modifiers.cooldown == nil: "it has no 'cooldown'"
    case "short_of" where modifiers.atLeast == nil && modifiers.ratio == nil: "it has neither 'at_least' nor 'ratio'"
    default: nil
    }
  }

  private static func lack(of field: String, _ limit: Limit, isSeries: Bool) -> String? {
    switch field {
    case "expected", "surprise", "rank", "ranked", "history", "kind", "entity": return "only 'normal' has one"
    case "from", "to", "low", "high": if !isSeries { return "a single number is judged" }
    default: break
    }
    switch (field, limit) {
    case ("low", .above): return "the limit is above"
    case ("high", .below): return "the limit is below"
    default: return nil
    }
  }

  private static func lack(of field: String, _ normal: Threshold.Normal) -> String? {
    let rule = normal.rule
    switch field {
    case "entity": return normal.by == nil ? "it has no 'by'" : nil
    case "low", "high", "surprise", "rank", "ranked":
      if rule.kinds == [.newValues] { return "a value is new or it is not" }
    default: return nil
    }
    switch field {
    case "low" where rule.kinds == [.silence]: return "a silence has no lower end"
    case "low" where rule.direction == .up: return "nothing below breaches where 'direction' is 'up'"
    case "high" where rule.direction == .down && !rule.judgedKinds.contains(.silence):
      return "nothing above breaches where 'direction' is 'down'"
    default: return nil
    }
  }
}
