import Diagnostics
import Rules
import Values

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// Data: TOC05xx.
extension Diagnostic {
  static func queryWithoutLanguage(_ id: String, languages: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noLanguage,
      "the query '\(id)' asks nothing; write it under the name of its language, one of \(quotedList(languages, limit: 20))",
      at: location)
  }

  static func emptyQuery(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.noLanguage, "the query '\(id)' asks nothing: its text is empty", at: location)
  }

  static func queryShape(_ id: String, given: [String], at location: SourceLocation) -> Diagnostic {
    let problem =
      given.isEmpty ? "does not say what it returns" : "says \(quotedList(given)) at once"
    return Diagnostic(
      .queryShape,
      "the query '\(id)' \(problem); give it one of 'row', 'rows' and 'series'", at: location)
  }

  static func missingBounds(_ id: String, _ missing: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .missingBounds,
      "the query '\(id)' has a window but does not use \(quotedList(missing.map { "${\($0)}" })); "
        + "use both bounds, or say 'window: none'", at: location)
  }

  static func boundsWithoutWindow(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .boundsWithoutWindow,
      "the query '\(id)' has no window, so '${from}' and '${to}' mean nothing", at: location)
  }

  /// - Parameter columns: Where its columns stand.
  static func eachColumn(
    _ entity: String, of id: String, type: ValueType, columns: SourceLocation?, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .eachColumn,
      "the query '\(id)' is about each \(entity), so its rows need a column '\(entity)' of type \(type)", at: location,
      notes: columns.map { [.init("what '\(id)' returns stands here", at: $0)] } ?? [])
  }

  static func thresholdWithoutRule(_ id: String, given: [String], at location: SourceLocation) -> Diagnostic {
    let problem = given.isEmpty ? "has no rule" : "has \(quotedList(given)) at once"
    return Diagnostic(
      .thresholdRule,
      "the threshold '\(id)' \(problem); give it one of 'above', 'below', 'outside' and 'normal'", at: location)
  }

  static func badBand(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badBand, "'outside' needs two numbers, the lower first, such as '[10, 200]'",
      at: location)
  }

  static func badPersistence(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badPersistence,
      "'\(text.prefix(40))' does not say how long a breach lasts; write it like '30s' or '2 of 3'", at: location)
  }

  static func thresholdSubject(_ id: String, found: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .thresholdSubject,
      "the threshold '\(id)' needs a series or a number under 'of'; this is \(found)", at: location)
  }

  static func normalNeedsSeries(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .normalNeedsSeries,
      "only a series has a history that says what is normal; '\(id)' judges a single number", at: location)
  }

  static func unknownZone(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .unknownTimeZone,
      "there is no time zone '\(name.prefix(40))'; write it like 'Europe/Zurich'", at: location)
  }

  static func newValuesAlone(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .newValuesAlone,
      "'new_values' looks at rows, the other kinds at a series; ask them in two thresholds", at: location)
  }

  static func newValuesNeed(_ what: String, of query: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .newValuesRows, "'new_values' over the query '\(query)' needs \(what)", at: location)
  }

  static func measureNeedsLevel(_ key: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .measureWithoutLevel,
      "'\(key)' measures how far a value is from the usual one; give 'kind: level', 'seasonal' or 'jump'", at: location)
  }

  static func nothingAsked(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .nothingAsked,
      "with 'surprise: none' everything is a breach; give one of 'z', 'percentile', 'ratio' and 'at_least'",
      at: location)
  }

  static func noWindow(_ name: String, known: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noWindow,
      "'\(name)' has no 'from' and 'to'; a window is one of \(quotedList(["none"] + known))", at: location)
  }

  static func joinOfSeries(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .joinOfSeries, "'\(name)' is a series; only tables of rows can be joined",
      at: location)
  }

  static func hostBits(_ text: String, means block: NetworkBlock, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .hostBits,
      "'\(text)' means \(block): of an address only the first \(block.prefixLength) bits count here", at: location)
  }

  static func everyAddress(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .everyAddress, "'\(text)' is every address there is: whoever is looked up stands in the list", at: location)
  }

  static func repeatedKey(_ key: String, first: SourceLocation, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .repeatedListKey,
      "the list has '\(key.prefix(60))' already; the first counts, and this one does not", at: location,
      notes: [.init("the first stands here", at: first)])
  }

  static func listWithoutMembership(_ path: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .listWithoutIn,
      "'\(path)' is a list here, and in SQL a list stands behind IN; write 'IN ${\(path)}'", at: location)
  }

  /// - Parameters:
  ///   - start: Where it begins, counted from the alert.
  ///   - end: Where it ends.
  static func emptyWindow(from start: Duration, to end: Duration, at location: SourceLocation) -> Diagnostic {
    // Who means what came before the alert often leaves the sign out.
    let lacksSign = start > .zero && .zero - start < end
    let meant = lacksSign ? "; '\(start.shorthand)' counts from the alert on, did you mean '-\(start.shorthand)'?" : ""
    return Diagnostic(.emptyWindow, "the window ends before it begins\(meant)", at: location)
  }

  static func sourceAmongResults(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .joinOfSource,
      "'\(name)' is a source; a list under 'from' names queries whose results are joined", at: location)
  }

  static func badListValue(_ text: String, type: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badListValue, "'\(text.prefix(60))' is no \(type)", at: location)
  }

  static func listShape(_ message: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.listShape, message, at: location)
  }

  static func badCalendar(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badCalendar,
      "'\(text.prefix(60))' are no hours: \(OpeningHours.lack(of: text)); write them like "
        + "'Mo-Fr 07:00-19:00 Europe/Zurich'", at: location)
  }

  static func joinLanguage(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .joinLanguage, "results of other queries are joined by 'sql'; write '\(id)' in it",
      at: location)
  }

  // MARK: The text of queries

  static func unbalancedQuery(_ id: String, _ what: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.unbalancedQuery, "in the query '\(id)' \(what)", at: location)
  }

  static func misplacedParameter(_ path: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.misplacedParameter, "'${\(path)}' is bound as a value and cannot stand here: \(reason)", at: location)
  }

  static func quotedParameter(_ path: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .quotedParameter,
      "'${\(path)}' stands in quotes or a comment, where it cannot be bound; write it without quotes", at: location)
  }

  /// - Parameter sign: That compares with a pattern.
  static func listWithoutPattern(_ path: String, sign: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.listWithoutPattern, "'\(path)' is a list here; write '\(sign) ${\(path)}'", at: location)
  }

  /// - Parameter meant: What would be right in its place.
  static func noStatement(_ query: String, _ what: String, meant: String?, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noStatement, "in the query '\(query)' \(what)", at: location,
      fixIts: meant.map { [.init("did you mean '\($0)'?", replace: location.range, by: $0)] } ?? [])
  }

  static func anotherTable(
    _ name: String, of source: String, query: String, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .anotherTable,
      "the query '\(query)' asks '\(source)', whose table is '\(source)' (a second one is '\(source)_…'), and reads "
        + "'\(name.prefix(60))'", at: location,
      fixIts: [.init("did you mean '\(source)'?", replace: location.range, by: source)])
  }

  /// - Parameter isMisspelt: Whether what is selected at the place is probably meant.
  static func columnNotSelected(
    _ column: String, of query: String, answered: [String], isMisspelt: Bool, declared: SourceLocation?,
    at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .columnNotSelected,
      "the query '\(query)' declares the column '\(column)', and its SELECT has \(quotedList(answered, limit: 20))",
      at: location,
      notes: declared.map { [.init("the columns are declared here", at: $0)] } ?? [],
      fixIts: isMisspelt ? [.init("did you mean '\(column)'?", replace: location.range, by: column)] : [])
  }

  static func emptySpan(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .emptySpan, "'\(text.prefix(80))' holds for nothing: '${from}' is the window's beginning and comes first",
      at: location)
  }

  static func comparedWithNull(_ text: String, meant: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .comparedWithNull, "'\(text)' never holds, not even for NULL", at: location,
      fixIts: [.init("write '\(meant)'", replace: location.range, by: meant)])
  }

  static func looseOr(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .looseOr,
      "AND binds closer than OR, so one side of this OR is of all times: put what belongs together in parentheses",
      at: location)
  }

  static func unitOfRate(_ id: String, unit: String, gives: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .unitOfRate, "the unit of '\(id)' is '\(unit)', and the query gives a rate per \(gives)", at: location)
  }

  // MARK: What can never come of them

  static func neverBreaches(_ id: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.neverBreaches, "the threshold '\(id)' can never be exceeded: \(reason)", at: location)
  }

  static func alwaysBreaches(_ id: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.alwaysBreaches, "the threshold '\(id)' is always exceeded: \(reason)", at: location)
  }

  static func neverJudged(_ id: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.neverJudged, "the threshold '\(id)' is unknown in every run: \(reason)", at: location)
  }

  /// - Parameter declared: Where the threshold stands.
  static func neverAValue(
    _ threshold: String, _ field: String, because reason: String, declared: SourceLocation, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .neverAValue, "'\(threshold).\(field)' never has a value: \(reason)", at: location,
      notes: [.init("the threshold '\(threshold)' stands here", at: declared)])
  }

  static func sameForEach(
    _ threshold: String, entity: String, isLearned: Bool, declared: SourceLocation?, at location: SourceLocation
  ) -> Diagnostic {
    let apart =
      isLearned
      ? "tell the series apart, with 'by' under 'normal'" : "count the rows of a query with 'each: \(entity)'"
    return Diagnostic(
      .sameForEach,
      "'\(threshold)' says nothing about one \(entity), so each gets the same answer; ask it once, without 'each', or "
        + apart, at: location, notes: declared.map { [.init("the threshold '\(threshold)' stands here", at: $0)] } ?? []
    )
  }

  static func atMostMissing(_ query: String, fetched: Int, because reason: String, at location: SourceLocation)
    -> Diagnostic
  {
    Diagnostic(
      .atMostMissing, "the query '\(query)' fetches \(fetched) rows at most, and \(reason); give it an 'at_most'",
      at: location)
  }
}
