import Diagnostics
import Values
import YAMLTree

/// What nothing leads to or uses, and which unknowns can turn a clean verdict.
struct Reach {
  let runbook: Runbook
  let draft: Draft
  let needs: [String: Needs]
  let scope: Scope
  let findings: Findings

  /// Most clean verdicts of which it is told what can turn them.
  static let cleanVerdictLimit = 20

  /// - Parameter documents: The runbook and what it imports. Where something is wrong in them, only that is told to be
  ///   unused which they mention nowhere.
  /// - Returns: What a run can cost; `nil` where something is wrong.
  func check(documents: [YAMLNode]) -> RunbookExtent? {
    guard !findings.hasErrors else {
      // What could not be read may mention anything.
      guard draft.gaps.isEmpty else { return nil }
      let words = MentionedWords(in: documents)
      let meant = Set(findings.all.flatMap(\.fixIts).map(\.replacement))
      tellUnreachable { words.isMentionedOnce($0) && !meant.contains($0) }
      tellUnused { words.isMentionedOnce($0) && !meant.contains($0) }
      return nil
    }
    let ways = QuestionWays(runbook.questions)
    let reached = reachedQuestions(ways)
    tellUnreachable { !reached.contains($0) }
    let used = usedNames()
    tellUnused { !used.contains($0) }
    noteCleanVerdicts(ways)
    let extent = RunbookExtent(of: runbook, needs: needs, ways: ways, reached: reached)
    ExtentCheck(runbook: runbook, draft: draft, extent: extent, ways: ways, reached: reached, findings: findings)
      .check()
    WorthCheck(runbook: runbook, draft: draft, reached: reached, findings: findings).check()
    return extent
  }

  // MARK: Questions

  private func reachedQuestions(_ ways: QuestionWays) -> Set<String> {
    var open = ways.questions.firstIndex { !$0.isSign }.map { [$0] } ?? []
    for verdict in runbook.verdicts {
      guard case .cases(let cases) = verdict.severity else { continue }
      open += cases.flatMap(\.condition.names).compactMap(ways.place)
    }
    var reached: Set<String> = []
    while let place = open.popLast() {
      let id = ways.questions[place].id
      guard reached.insert(id).inserted else { continue }
      open += ways.followers[place]
      open += (needs[id]?.questions ?? []).compactMap(ways.place)
    }
    return reached
  }

  private func tellUnreachable(_ isUnreached: (String) -> Bool) {
    // The first question is where a run begins.
    let first = runbook.questions.first { !$0.isSign }?.id
    for question in draft.questions where question.id.value != first && isUnreached(question.id.value) {
      findings.add(.unreachable(question.id.value, at: question.location))
    }
  }

  // MARK: Names

  private func usedNames() -> Set<String> {
    var used = scope.mentioned
    for needs in needs.values { used.formUnion(needs.queries + needs.thresholds + needs.entities) }
    for question in runbook.questions { used.formUnion(question.targets.map(\.id)) }
    for verdict in runbook.verdicts { used.formUnion(verdict.exports) }
    for escalation in runbook.escalations { used.formUnion(escalation.steps.flatMap(\.notify)) }
    for question in runbook.questions {
      if case .contact(let id)? = question.person?.who { used.insert(id) }
    }
    used.insert(Verdict.undetermined)
    return used
  }

  private func tellUnused(_ isUnused: (String) -> Bool) {
    let own = draft.location.source
    let declarations: [(DeclarationKind, [Placed<String>])] = [
      (.verdict, draft.verdicts.map(\.id)), (.entity, draft.entities.map(\.id)),
      (.threshold, draft.thresholds.map(\.id)), (.definition, draft.definitions.map(\.id)),
      (.query, draft.queries.map(\.id)), (.list, draft.lists.map(\.id)),
      (.escalation, draft.escalations.map(\.id)), (.export, draft.exports.map(\.id)),
      // A list may name contacts.
      (.contact, hasContactColumn ? [] : draft.contacts.map(\.id)),
    ]
    tellUnusedSources()
    for (kind, ids) in declarations {
      // What is imported serves other runbooks too.
      for id in ids where id.location.source === own && isUnused(id.value) && id.value != Verdict.undetermined {
        findings.add(.unused(kind.rawValue, id.value, at: id.location))
      }
    }
  }

  private var hasContactColumn: Bool {
    draft.lists.contains { list in
      guard case .file(_, let of, _) = list.form else { return false }
      switch of {
      case .one(let type): return type == .contact
      case .several(let columns): return columns.contains { $0.type == .contact }
      }
    }
  }

  /// Sources have names of their own, which nothing but queries uses.
  private func tellUnusedSources() {
    let own = draft.location.source
    let asked = Set(
      draft.queries.compactMap { query in if case .named(let id) = query.origin?.value { id } else { nil } })
    for source in draft.sources
    where source.id.location.source === own && !asked.contains(source.id.value) && source.id.value != "cases" {
      findings.add(.unused(DeclarationKind.source.rawValue, source.id.value, at: source.id.location))
    }
  }

  // MARK: Clean verdicts

  /// Says of each clean verdict which unknowns can turn it.
  private func noteCleanVerdicts(_ ways: QuestionWays) {
    let clean = runbook.verdicts.filter { $0.isClean && ways.ends[$0.id] != nil }
    for verdict in clean.prefix(Self.cleanVerdictLimit) {
      let turning = ways.before(verdict: verdict.id).filter { !$0.isOptional }
      guard let first = turning.first else { continue }
      let place = draft.verdicts.first { $0.id.value == verdict.id }?.location ?? first.location
      findings.add(.cleanVerdictTurns(verdict.id, questions: turning.map(\.id), at: place))
    }
  }
}

/// How often words stand in documents, wherever it is.
private struct MentionedWords {
  private var counts: [Substring: Int] = [:]

  init(in documents: [YAMLNode]) {
    for document in documents { count(document) }
  }

  /// Whether a name stands nowhere but where it is declared.
  func isMentionedOnce(_ name: String) -> Bool { counts[Substring(name)] == 1 }

  private mutating func count(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let scalar):
      for word in scalar.text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }) {
        counts[word, default: 0] += 1
      }
    case .sequence(let items): for item in items { count(item) }
    case .mapping(let pairs):
      for pair in pairs {
        count(pair.key)
        count(pair.value)
      }
    }
  }
}
