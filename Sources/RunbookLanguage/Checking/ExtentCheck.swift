import Diagnostics
import Values

/// What a run can cost at worst, against what it may cost; and verdicts in which none can end.
struct ExtentCheck {
  let runbook: Runbook
  let draft: Draft
  let extent: RunbookExtent
  let ways: QuestionWays
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

  private func checkWay() {
    guard extent.questions > Self.wayLimit, let place = extent.lastQuestion else { return }
    let longest = ways.questions[place]
    findings.add(.longWay(extent.questions, limit: Self.wayLimit, ends: longest.id, at: longest.location))
  }

  // MARK: Limits

  private func checkQueries() {
    guard extent.queries > runbook.limits.queries else { return }
    findings.add(
      .moreQueriesThanAllowed(extent.queries, limit: runbook.limits.queries, at: draft.limitsLocation ?? headline))
  }

  private func checkPeople() {
    for question in draft.questions where reached.contains(question.id.value) {
      guard let person = question.person, let within = person.within, within > runbook.limits.time else { continue }
      findings.add(
        .asksTooLong(within.shorthand, limit: runbook.limits.time.shorthand, at: person.location))
    }
    guard extent.people > runbook.limits.people else { return }
    findings.add(
      .morePeopleThanAllowed(extent.people, limit: runbook.limits.people, at: draft.limitsLocation ?? headline))
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
    for verdict in draft.verdicts where verdict.id.value != Verdict.undetermined {
      guard let ends = ways.ends[verdict.id.value] else { continue }
      let questions = ends.map { ways.questions[$0].id }
      guard reached.isDisjoint(with: questions) else { continue }
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
