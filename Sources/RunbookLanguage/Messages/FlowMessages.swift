import Diagnostics
import Rules

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// Questions and the way through them: TOC04xx.
extension Diagnostic {
  static func noQuestions(at location: SourceLocation) -> Diagnostic {
    Diagnostic(.noQuestions, "a runbook asks at least one question", at: location)
  }

  static func questionWithoutAnswer(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noAnswer,
      "nothing says how '\(id)' is answered; give it 'answer', 'weigh' or 'person'", at: location)
  }

  static func answerAndWeigh(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .answerAndWeigh, "'\(id)' has both 'answer' and 'weigh'; keep one", at: location)
  }

  static func missingBranch(_ label: String, of id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .missingBranch, "'then' of '\(id)' does not say what follows '\(label)'", at: location
    )
  }

  static func unknownBranch(_ label: String, of id: String, labels: [String], at location: SourceLocation) -> Diagnostic
  {
    var diagnostic = Diagnostic(
      .unknownBranch,
      "'\(id)' is never answered '\(label.prefix(40))'; its answers are \(quotedList(labels + ["unknown"]))",
      at: location)
    if let near = nearestName(to: label, among: labels + ["unknown"]) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func unknownMustBeSaid(_ id: String, _ ways: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .unknownMustBeSaid,
      "\(quotedList(ways)) follow '\(id)'; say which of them follows 'unknown'", at: location)
  }

  static func cleanVerdictInList(_ verdict: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .cleanVerdictInList,
      "'\(verdict)' lets the case rest and cannot stand beside something that goes on", at: location)
  }

  /// - Parameter declared: Where the sign stands.
  static func signAsTarget(_ sign: String, declared: SourceLocation, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .signAsTarget,
      "'\(sign)' is a sign (it has no 'then'), so nothing can lead to it; give it a 'then', or weigh it", at: location,
      notes: [.init("the question '\(sign)' stands here", at: declared)])
  }

  static func loop(_ ids: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .loop,
      "the questions lead back: \(wayRound(ids)); a run asks each question once", at: location)
  }

  static func unreachable(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .unreachable, "no answer leads to '\(id)', and nothing weighs or mentions it",
      at: location)
  }

  static func betweenEntities(_ from: String, _ to: String, entity: String, other: String, at location: SourceLocation)
    -> Diagnostic
  {
    Diagnostic(
      .betweenEntities,
      "'\(from)' is asked of each \(entity) and cannot lead to '\(to)', which is asked of each \(other)", at: location)
  }

  static func weighsOtherEntity(
    _ sign: String, in id: Placed<String>, each: String?, at location: SourceLocation
  ) -> Diagnostic {
    let subject = each.map { "is asked of each \($0)" } ?? "has no 'each'"
    return Diagnostic(
      .weighsOtherEntity,
      "'\(id.value)' cannot weigh '\(sign)', which is asked of each of something else", at: location,
      notes: [.init("'\(id.value)' \(subject)", at: id.location)])
  }

  static func weighsChoice(_ sign: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .weighsChoice, "'\(sign)' is a choice; only yes or no can be weighed", at: location)
  }

  static func weightsNeverReach(_ id: String, most: Int, atLeast: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .neverReaches,
      "the signs of '\(id)' weigh \(most) at most and can never reach \(atLeast)", at: location)
  }

  static func cleanVerdictTurns(_ verdict: String, questions: [String], at location: SourceLocation) -> Diagnostic {
    let who = questions.count == 1 ? quotedList(questions) : "one of \(quotedList(questions))"
    return Diagnostic(
      .cleanVerdict,
      "'\(verdict)' becomes 'undetermined' when \(who) stays unknown on the way to it", at: location)
  }

  static func severityMayFail(_ verdict: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .severityOpen,
      "if no case of '\(verdict)' holds, its last one counts; end with one that is 'true'", at: location)
  }

  static func weightsAlwaysReach(_ id: String, least: Int, atLeast: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .alwaysReaches,
      "the signs of '\(id)' weigh \(least) at least and always reach \(atLeast)", at: location)
  }

  static func namedTwice(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.namedTwice, "'\(name)' stands here twice; name it once", at: location)
  }

  static func nothingFollows(_ label: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .nothingFollows, "nothing follows '\(label)'; name a question or a verdict",
      at: location)
  }

  static func standingLabel(_ label: String, at location: SourceLocation) -> Diagnostic {
    let meaning = label == "none" ? "when no case holds" : "when it cannot be told which case holds"
    return Diagnostic(
      .standingLabel, "'\(label)' is the answer \(meaning), and cannot be a case",
      at: location)
  }

  static func firstIsSign(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noWayIn,
      "every question is a sign; the first to be asked, such as '\(id)', needs a 'then'", at: location)
  }
}
