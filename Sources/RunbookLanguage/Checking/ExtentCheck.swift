import Diagnostics
import Values

/// What a run can cost at worst, against what it may cost; and verdicts in which none can end.
struct ExtentCheck {
  let runbook: Runbook
  let draft: Draft
  let needs: [String: Needs]
  /// Questions that can be asked.
  let reached: Set<String>
  let findings: Findings

  /// Most questions one upon another that a person follows.
  static let wayLimit = 40

  func check() {
    checkWay()
    checkQueries()
    checkPeople()
    checkWindows()
    checkVerdicts()
    checkHandOver()
  }

  // MARK: Ways

  /// The longest way that ends with each question, the question included.
  private var ways: [String: Int] {
    var ways: [String: Int] = [:]
    var waiting: [String: Int] = [:]
    let asked = runbook.questions.filter { !$0.isSign && reached.contains($0.id) }
    let followers = Dictionary(asked.map { ($0.id, $0.followers) }) { first, _ in first }
    for follower in asked.flatMap(\.followers) { waiting[follower, default: 0] += 1 }
    var ready = asked.map(\.id).filter { waiting[$0] == nil }
    while let id = ready.popLast() {
      let length = ways[id] ?? 1
      ways[id] = length
      for follower in followers[id] ?? [] {
        ways[follower] = max(ways[follower] ?? 0, length + 1)
        waiting[follower, default: 1] -= 1
        if waiting[follower] == 0 { ready.append(follower) }
      }
    }
    return ways
  }

  private func checkWay() {
    let ways = ways
    guard let longest = runbook.questions.max(by: { ways[$0.id, default: 0] < ways[$1.id, default: 0] }),
      let length = ways[longest.id], length > Self.wayLimit
    else { return }
    findings.add(.longWay(length, limit: Self.wayLimit, ends: longest.id, at: longest.location))
  }

  // MARK: Limits

  /// Queries that questions rest on, and those that verdicts export.
  private func checkQueries() {
    var needed = Set(reached.flatMap { needs[$0]?.queries ?? [] })
    let written = Set(runbook.verdicts.flatMap(\.exports))
    for export in runbook.exports where written.contains(export.id) {
      if case .query(let id) = export.data { needed.insert(id) }
    }
    guard needed.count > runbook.limits.queries else { return }
    findings.add(
      .moreQueriesThanAllowed(needed.count, limit: runbook.limits.queries, at: draft.limitsLocation ?? headline))
  }

  private func checkPeople() {
    let count = runbook.questions.count { $0.person != nil && reached.contains($0.id) }
    guard count > runbook.limits.people else { return }
    findings.add(
      .morePeopleThanAllowed(count, limit: runbook.limits.people, at: draft.limitsLocation ?? headline))
  }

  private var headline: SourceLocation { draft.id?.location ?? draft.location }

  /// Windows count from the alert, which comes before the run's start: what is too late for the alert is so for the run.
  private func checkWindows() {
    var windows = draft.window.map { [$0] } ?? []
    for query in draft.queries { if case .custom(let window) = query.window { windows.append(window) } }
    for window in windows {
      guard case .offset(let end) = window.to, window.around == nil, end > runbook.limits.time else { continue }
      findings.add(
        .waitsTooLong(end.shorthand, limit: runbook.limits.time.shorthand, at: window.location))
    }
  }

  // MARK: Ends

  private func checkVerdicts() {
    var leading: [String: [String]] = [:]
    for question in runbook.questions {
      for case .verdict(let id) in question.targets { leading[id, default: []].append(question.id) }
    }
    for verdict in draft.verdicts where verdict.id.value != Verdict.undetermined {
      guard let questions = leading[verdict.id.value], reached.isDisjoint(with: questions) else { continue }
      findings.add(.verdictNeverReached(verdict.id.value, from: questions, at: verdict.id.location))
    }
  }

  /// A runbook that hands over to itself; longer circles are seen where all runbooks are.
  private func checkHandOver() {
    for verdict in runbook.verdicts {
      guard let handOver = verdict.handOver, handOver.runbook == runbook.id else { continue }
      findings.add(.handOverLoop([runbook.id, runbook.id], at: handOver.location))
    }
  }
}
