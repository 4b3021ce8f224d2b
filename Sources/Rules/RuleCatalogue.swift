/// All rules.
extension Rule {
  /// In the order of their codes.
  package static let all: [Rule] =
    (yaml + shape + names + expressions + trials + flow + data + people + cases + versions + allowances
    + deploymentTwins
    + deployments
    + together + safety)
    .sorted { $0.id < $1.id }

  package static func with(id: String) -> Rule? { byID[id] }

  private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

  private static let yaml: [Rule] = [
    .encoding, .notUTF8, .controlCharacter, .binary, .tooLarge, .tooDeep, .tooManyNodes, .scalarTooLong,
    .moreYAMLFindings, .emptyDocument, .severalDocuments, .directive, .duplicateKey, .anchor, .alias, .mergeKey,
    .tag, .complexKey, .negationReadAsTag, .cutAtComment, .cutAtComma, .keyWithoutValue, .ambiguousScalar,
    .needsQuotes, .unclosedQuote, .unclosedBracket, .tabIndentation, .indentation, .missingSpace, .missingColon,
    .valueAlreadyGiven, .apostrophe, .syntax, .mixedBlock,
  ]
  private static let shape: [Rule] = [
    .wrongKind, .missingValue, .unknownKey, .missingKey, .badID, .notOneOf, .outOfRange, .badDuration,
    .unknownType, .badDate, .uselessKey, .notSupportedYet, .unknownLanguageVersion, .badVersion, .cannotRead,
    .moreFindings, .tooMany, .badDigest, .badLink,
  ]
  private static let names: [Rule] = [
    .duplicateName, .reservedName, .unknownName, .unused, .circular, .builtInSeverity, .tooHigh,
    .repeatedRunbook,
  ]
  private static let expressions: [Rule] = [
    .expression, .wrongType, .unclosedHole, .computedParameter, .parameterType, .seriesInExpression,
    .outsideEntity, .notAtIntake, .verdictInExpression,
    .constantCondition, .neverHolds, .unusedVariable, .alertMember,
  ]
  private static let flow: [Rule] = [
    .noQuestions, .noAnswer, .answerAndWeigh, .missingBranch, .unknownBranch, .unknownMustBeSaid,
    .cleanVerdictInList, .signAsTarget, .loop, .unreachable, .betweenEntities, .weighsOtherEntity,
    .weighsChoice, .neverReaches, .cleanVerdict, .severityOpen, .noWayIn, .alwaysReaches, .namedTwice,
    .nothingFollows, .standingLabel, .handOverLoop, .verdictNeverReached, .idleSign, .noEntityArrives, .longWay,
    .moreQueriesThanAllowed, .morePeopleThanAllowed, .waitsTooLong, .attackNotShown, .componentUnseen,
    .asksTooLong, .handOverField,
  ]
  private static let data: [Rule] = [
    .noLanguage, .queryShape, .missingBounds, .boundsWithoutWindow, .eachColumn, .thresholdRule, .badBand,
    .badPersistence, .thresholdSubject, .normalNeedsSeries, .emptyWindow, .joinOfSource, .badListValue,
    .listShape, .badCalendar, .joinLanguage, .noWindow, .joinOfSeries, .repeatedListKey, .listWithoutIn,
    .unknownTimeZone, .newValuesAlone, .newValuesRows, .measureWithoutLevel, .nothingAsked, .unbalancedQuery,
    .misplacedParameter, .quotedParameter, .neverBreaches, .alwaysBreaches, .atMostMissing, .unitOfRate,
    .listWithoutPattern, .emptySpan, .comparedWithNull, .looseOr, .hostBits, .everyAddress, .sameForEach,
    .neverJudged, .neverAValue,
    .noStatement, .anotherTable, .columnNotSelected,
  ]
  private static let people: [Rule] = [
    .noAddress, .emptyEscalation, .exportOfSeries, .stableNeeds, .notAContact, .noSuccessor, .severeWithoutEscalation,
    .neverAPerson, .deadlineMissing, .reviewPassed, .badAddress, .listReviewPassed,
  ]
  private static let safety: [Rule] = [.secret, .scriptOutside, .scriptDigest, .fileOutside]
  private static let cases: [Rule] = [
    .casesOfAnotherRunbook, .unknownNameInCase, .unknownSibling, .badField, .badAlertFile, .badGiven, .badCell,
    .badRow, .badSeries, .unevenRun, .tooMuchGiven, .nothingExpected, .casesWithoutRunbook, .otherVerdict,
    .otherSeverity, .otherAnswer, .otherOpen, .otherEntityVerdict, .otherNotices, .otherExport, .didNotEnd,
    .alertNotMeant, .stableWithoutCase, .nobodyAsked,
  ]
  private static let allowances: [Rule] = [
    .unusedAllowance, .expiredAllowance, .allowanceWithoutReason, .badAllowance, .notAllowable,
  ]
  private static let deployments: [Rule] = [
    .unknownDeploymentVersion, .unknownAdapter, .notAChoice, .badNodeName, .thresholdIsNoNumber, .twoChannels,
    .noChannel, .commandIsOneText, .cannotBind, .noCommand,
  ]
  private static let together: [Rule] = [
    .unboundSource, .languageNotUnderstood, .queryRejected, .missingColumn, .undeclaredColumn,
    .thresholdNotPlain, .thresholdNotWhole, .unknownOverride, .sourceWithoutTimes, .neverEqual,
    .notAnInstant, .columnOfAnotherType, .comparedWithAnotherType,
  ]
  private static let trials: [Rule] = [
    .evaluationFailed, .evaluationUnknown, .limitReached, .badTypes, .badData, .badLine,
  ]
  private static let versions: [Rule] = [
    .versionNotRaised, .versionRaisedTooLittle, .versionLowered, .versionMissing, .nameReused, .runbookRemoved,
  ]
}
