import Diagnostics
import Investigation
import RunbookLanguage
import Values

/// Holds what came of a case against what it expects.
struct CaseComparison {
  let expected: Expectation
  let seen: CaseRun.Observation

  /// Everything that is otherwise, in the order in which a case is read.
  var findings: [Diagnostic] {
    guard let outcome = seen.outcome else {
      return [.didNotEnd(seen.trouble ?? "it did not say why", at: expected.location)]
    }
    return verdict(outcome) + expected.answers.flatMap { answer($0, outcome) } + open(outcome)
      + expected.entities.compactMap { entity($0, outcome) } + notices + exports
      + expected.said.compactMap(saidInVain)
  }

  private func verdict(_ outcome: RunOutcome) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if let verdict = expected.verdict, verdict.value != outcome.verdict {
      findings.append(
        .otherVerdict(
          outcome.verdict, expected: verdict.value, because: way(to: outcome), at: verdict.location))
    }
    if let severity = expected.severity, severity.value != outcome.severity.rawValue {
      findings.append(
        .otherSeverity(outcome.severity.rawValue, expected: severity.value, at: severity.location))
    }
    return findings
  }

  /// The answers that were given, in short: `spike yes, known no (203.0.113.9)`.
  private func way(to outcome: RunOutcome) -> String {
    let limit = 12
    let answers = outcome.answers.prefix(limit).map { answer in
      "\(answer.question) \(answer.answer)" + (answer.entity.map { " (\($0.prefix(40)))" } ?? "")
    }
    let rest = outcome.answers.count - answers.count
    return (answers + (rest > 0 ? ["\(rest) more"] : [])).joined(separator: ", ")
  }

  private func answer(_ wanted: Expectation.Answer, _ outcome: RunOutcome) -> [Diagnostic] {
    let answers = outcome.answers.filter {
      $0.question == wanted.question && (wanted.entity == nil || $0.entity == wanted.entity)
    }
    guard let first = answers.first else {
      return [
        .otherAnswer(
          wanted.question, wanted.entity, nil, expected: wanted.label.value, because: way(to: outcome),
          at: wanted.label.location)
      ]
    }
    guard let other = answers.first(where: { $0.answer != wanted.label.value }) ?? nil else { return [] }
    return [
      .otherAnswer(
        wanted.question, other.entity ?? first.entity, other.answer, expected: wanted.label.value,
        because: other.because, at: wanted.label.location)
    ]
  }

  /// An answer for which nobody was asked.
  private func saidInVain(_ said: Expectation.Answer) -> Diagnostic? {
    let asked = seen.asked[said.question]
    if let asked, said.entity.map({ asked.contains(ExactString($0)) }) ?? true { return nil }
    return .nobodyAsked(said.question, said.entity, known: (asked ?? []).map(\.text).sorted(), at: said.label.location)
  }

  private func open(_ outcome: RunOutcome) -> [Diagnostic] {
    guard let open = expected.open, Set(open.value) != Set(outcome.open) else { return [] }
    return [.otherOpen(outcome.open, expected: open.value, at: open.location)]
  }

  private func entity(_ wanted: Expectation.EntityVerdict, _ outcome: RunOutcome) -> Diagnostic? {
    let verdicts = outcome.entities.first { $0.entity == wanted.kind }?.verdicts ?? []
    let got = verdicts.first { $0.value == wanted.entity }?.verdict
    guard got != wanted.verdict.value else { return nil }
    return .otherEntityVerdict(
      wanted.entity, got, expected: wanted.verdict.value, known: verdicts.map(\.value), at: wanted.verdict.location)
  }

  private var notices: [Diagnostic] {
    let wanted = expected.notified?.value ?? []
    guard Set(wanted) != Set(seen.notified) else { return [] }
    return [.otherNotices(seen.notified, expected: wanted, at: expected.notified?.location ?? expected.location)]
  }

  private var exports: [Diagnostic] {
    let wanted = expected.exports?.value ?? [:]
    let place = expected.exports?.location ?? expected.location
    return Set(wanted.keys).union(seen.exports.keys).sorted().compactMap { export in
      wanted[export] == seen.exports[export]
        ? nil : .otherExport(export, seen.exports[export], expected: wanted[export], at: place)
    }
  }
}
