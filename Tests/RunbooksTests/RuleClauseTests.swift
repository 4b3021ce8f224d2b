import Rules
import Testing

/// What the check promises, sentence by sentence, and which rules keep it: a promise without a rule fails, and so does a
/// rule of runbooks that no promise needs.
@Suite struct RuleClauseTests {
  struct Clause: Sendable, CustomTestStringConvertible {
    let promise: String
    let rules: [Rule]

    init(_ promise: String, _ rules: Rule...) {
      self.promise = promise
      self.rules = rules
    }

    var testDescription: String { promise }
  }

  static let structure = [
    Clause("unknown and misspelt keys, with the nearest name", .unknownKey),
    Clause("missing keys", .missingKey, .missingValue),
    Clause("duplicate keys", .duplicateKey, .duplicateName, .namedTwice),
    Clause(
      "wrong types", .wrongKind, .notOneOf, .outOfRange, .badDuration, .badDate, .badVersion, .badID, .unknownType,
      .badDigest, .badLink, .unknownLanguageVersion, .uselessKey, .notSupportedYet),
    Clause(
      "ambiguous YAML scalars", .ambiguousScalar, .negationReadAsTag, .cutAtComment, .cutAtComma, .keyWithoutValue),
    Clause("limits of a document", .tooMany, .moreFindings, .cannotRead),
  ]

  static let names = [
    Clause(
      "undefined sources, queries, thresholds, lists, contacts, escalations, exports, verdicts, questions, entities",
      .unknownName, .reservedName, .notAContact),
    Clause("an id that two runbooks have", .repeatedRunbook),
    Clause("unused ones", .unused), Clause("names that rest on each other", .circular, .tooHigh),
    Clause("verdicts that are built in", .builtInSeverity),
  ]

  static let flow = [
    Clause("a question neither reached nor weighed nor mentioned", .unreachable),
    Clause("a cycle of questions", .loop), Clause("a cycle of data", .circular),
    Clause("a cycle of hand-overs", .handOverLoop), Clause("what is handed over", .handOverField),
    Clause(
      "a label without a way", .missingBranch, .unknownBranch, .nothingFollows, .standingLabel, .severityOpen),
    Clause("two targets where unknown must be named", .unknownMustBeSaid),
    Clause("a clean verdict in a list, or turned by an unknown", .cleanVerdictInList, .cleanVerdict),
    Clause("a verdict never reached", .verdictNeverReached),
    Clause("a sign whose weight can never matter", .idleSign, .neverReaches, .alwaysReaches, .weighsChoice),
    Clause("each used where no entity arrives", .noEntityArrives, .betweenEntities, .weighsOtherEntity),
    Clause(
      "worst path length and query count against a limit", .longWay, .moreQueriesThanAllowed, .morePeopleThanAllowed),
    Clause(
      "a question that can be asked and answered", .noQuestions, .noAnswer, .answerAndWeigh, .signAsTarget, .noWayIn),
  ]

  static let types = [
    Clause(
      "all findings of expressions", .expression, .wrongType, .unclosedHole, .computedParameter, .parameterType,
      .seriesInExpression, .outsideEntity, .notAtIntake, .verdictInExpression, .constantCondition, .neverHolds,
      .unusedVariable, .alertMember),
    Clause(
      "query results against row, rows, series", .queryShape, .missingColumn, .undeclaredColumn, .columnNotSelected,
      .eachColumn,
      .joinOfSeries, .exportOfSeries, .joinOfSource),
    Clause("units", .unitOfRate),
    Clause(
      "windows", .missingBounds, .boundsWithoutWindow, .emptyWindow, .noWindow, .waitsTooLong, .asksTooLong),
    Clause(
      "thresholds", .thresholdRule, .badBand, .badPersistence, .thresholdSubject, .normalNeedsSeries, .unknownTimeZone,
      .newValuesAlone, .newValuesRows, .measureWithoutLevel, .nothingAsked),
    Clause("a threshold that can never or always breach", .neverBreaches, .alwaysBreaches),
    Clause("a threshold that says nothing of one", .sameForEach),
    Clause("a threshold that can never be judged, or read", .neverJudged, .neverAValue),
    Clause("at_most missing", .atMostMissing),
    Clause("a query of a source for which no language variant exists", .languageNotUnderstood, .noLanguage),
    Clause("lists", .badListValue, .listShape, .badCalendar, .repeatedListKey, .hostBits, .everyAddress),
  ]

  static let data = [
    Clause(
      "SQL against the log tables' declared columns", .queryRejected, .noStatement, .anotherTable, .listWithoutIn,
      .joinLanguage),
    Clause("SQL that never holds, or holds for all times", .emptySpan, .comparedWithNull, .looseOr),
    Clause("PromQL and NRQL: balanced", .unbalancedQuery),
    Clause("${…} only where a value may stand", .misplacedParameter, .listWithoutPattern),
  ]

  static let safety = [
    Clause("a ${…} in a position its adapter cannot encode", .quotedParameter),
    Clause("text that looks like a secret", .secret), Clause("a script outside the runbook's folder", .scriptOutside),
    Clause("a script whose digest differs", .scriptDigest),
    Clause("a file outside of the runbook's tree", .fileOutside),
  ]

  static let people = [
    Clause("verdict of high severity without escalation", .severeWithoutEscalation),
    Clause("contact without channel", .noAddress, .badAddress),
    Clause("escalation that never ends at a person", .neverAPerson, .emptyEscalation),
    Clause("deadline missing", .deadlineMissing),
  ]

  static let knowledge = [
    Clause("an attack in `know` that no reachable question would show", .attackNotShown),
    Clause("an application component that no source sees", .componentUnseen),
    Clause("`review_by` passed", .reviewPassed), Clause("`review` of a list passed", .listReviewPassed),
    Clause("deprecated without successor", .noSuccessor),
    Clause("stable without what others rely on", .stableNeeds),
  ]

  static let all = structure + names + flow + types + data + safety + people + knowledge

  @Test(arguments: all)
  func `a promise is kept by rules that there are`(clause: Clause) {
    #expect(!clause.rules.isEmpty)
    let declared = Set(Rule.all.map(\.id))
    #expect(clause.rules.allSatisfy { declared.contains($0.id) })
  }

  @Test func `there are more than sixty rules of runbooks, and a promise for each`() {
    let families = ["TOC01", "TOC02", "TOC03", "TOC04", "TOC05", "TOC06", "TOC14"]
    let declared = Rule.all.map(\.id).filter { id in
      families.contains { id.hasPrefix($0) } && !id.hasPrefix("TOC039")
    }
    #expect(declared.count >= 100)
    let promised = Set(Self.all.flatMap(\.rules).map(\.id))
    #expect(declared.filter { !promised.contains($0) } == [])
  }
}
