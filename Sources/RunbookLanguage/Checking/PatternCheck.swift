import CEL
import Diagnostics
import Values

/// Regular expressions that stand in definitions and lists, and are used elsewhere: compiled as those are that stand
/// where they are used.
struct PatternCheck {
  let runbook: Runbook
  let draft: Draft
  let findings: Findings

  /// Most values of one list that are looked at.
  static let valueLimit = 1_000

  func check(_ expressions: [Expression]) {
    var seen: Set<String> = []
    for expression in expressions {
      for name in expression.checked.patterns where seen.insert(name).inserted {
        check(name, used: expression.location)
      }
    }
  }

  private func check(_ name: String, used: SourceLocation) {
    if case .values(let texts)? = draft.lists.first(where: { $0.id.value == name })?.form {
      for text in texts.prefix(Self.valueLimit) { tell(text.text, at: text.location, used) }
    } else if let list = runbook.list(name) {
      let place = draft.lists.first { $0.id.value == name }?.id.location ?? used
      for text in Self.texts(list.value) { tell(text, at: place, used) }
    } else if let definition = runbook.definition(name)?.forRun, let value = value(of: definition, depth: 0) {
      for text in Self.texts(value) { tell(text, at: definition.location, used) }
    }
  }

  private func tell(_ text: String, at place: SourceLocation, _ used: SourceLocation) {
    guard let reason = PatternText.mistake(in: text) else { return }
    findings.add(
      .expression(
        "the regular expression '\(text.prefix(60))' is wrong: \(reason)", suggestion: nil,
        notes: [.init("it is used here", at: used)], at: place))
  }

  private static func texts(_ value: Value) -> [String] {
    switch value {
    case .string(let text): return [text]
    case .list(let values):
      return values.prefix(valueLimit).compactMap { if case .string(let text) = $0 { text } else { nil } }
    default: return []
    }
  }

  /// What a definition is that rests on lists and definitions alone.
  private func value(of expression: Expression, depth: Int) -> Value? {
    guard depth < 8 else { return nil }
    let values = expression.names.map { name in
      runbook.list(name)?.value
        ?? runbook.definition(name)?.forRun.flatMap { value(of: $0, depth: depth + 1) }
    }
    guard !values.contains(where: { $0 == nil }),
      case .value(let value) = expression.checked.evaluate(slots: values.compactMap { $0.map { .value($0) } })
    else { return nil }
    return value
  }
}
