import Diagnostics
import RunbookPorts
import Values
import YAMLTree

// Every message of the runbook checker, one factory each. A message names the thing, then what would be right.

/// The shape of the document: RB10xx.
extension Diagnostic {
  static func wrongKind(_ what: String, expected: String, found: YAMLNode, at location: SourceLocation) -> Diagnostic {
    let kind =
      switch found.content {
      case .scalar(let scalar): scalar.isNull ? "nothing" : "'\(scalar.text.prefix(40))'"
      case .sequence: "a list"
      case .mapping: "a mapping"
      }
    return Diagnostic(
      .init("RB1001", "wrong-kind"), .error, "\(what) must be \(expected); here is \(kind)", at: location)
  }

  static func missingValue(_ what: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1002", "missing-value"), .error, "\(what) has no value", at: location)
  }

  static func unknownKey(
    _ key: String, in shape: Shape, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .init("RB1003", "unknown-key"), .error,
      "\(shape.title) has no key '\(key.prefix(60))'; it may have \(quotedList(known, limit: 30))", at: location)
    if let near = nearestName(to: key, among: known) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func missingKey(_ key: String, in shape: Shape, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1004", "missing-key"), .error, "\(shape.title) needs '\(key)'", at: location)
  }

  static func badIdentifier(
    _ text: String, _ what: String, allowingHyphens: Bool, at location: SourceLocation
  ) -> Diagnostic {
    let joiners = allowingHyphens ? "'_' or '-'" : "'_'"
    return Diagnostic(
      .init("RB1005", "bad-id"), .error,
      "'\(text.prefix(60))' cannot be \(what); ids are lower-case words of letters and digits joined by \(joiners)",
      at: location)
  }

  static func notOneOf(_ text: String, _ what: String, _ choices: [String], at location: SourceLocation) -> Diagnostic {
    var diagnostic = Diagnostic(
      .init("RB1006", "not-one-of"), .error,
      "\(what) cannot be '\(text.prefix(60))'; it is one of \(quotedList(choices, limit: 20))", at: location)
    if let near = nearestName(to: text, among: choices) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func outOfRange(_ what: String, range: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1007", "out-of-range"), .error, "\(what) must be \(range)", at: location)
  }

  static func badDuration(_ text: String, _ what: String, signed: Bool, at location: SourceLocation) -> Diagnostic {
    let example = signed ? "'-30m' or '+1h'" : "'90s', '15m', '2h' or '7d'"
    return Diagnostic(
      .init("RB1008", "bad-duration"), .error,
      "'\(text.prefix(40))' is no duration for \(what); write it like \(example)", at: location)
  }

  static func unknownType(_ text: String, at location: SourceLocation) -> Diagnostic {
    let names = ColumnType.named.map(\.name)
    var diagnostic = Diagnostic(
      .init("RB1009", "unknown-type"), .error,
      "there is no type '\(text.prefix(40))'; types are \(quotedList(names, limit: 20)), in brackets for a list",
      at: location)
    if let near = nearestName(to: text, among: names) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func uselessKey(_ key: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1011", "useless-key"), .warning, "'\(key)' has no effect: \(reason)", at: location)
  }

  /// The grammar has it, this release does not perform it.
  static func notYet(_ what: String, instead: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1012", "not-supported-yet"), .warning, "\(what) is not supported yet; \(instead)", at: location)
  }

  static func unknownLanguageVersion(_ version: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1013", "unknown-language-version"), .error,
      "this Tocsin reads version \(RunbookDecoder.languageVersion) of the runbook language, not \(version)",
      at: location)
  }

  static func badDate(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1010", "bad-date"), .error, "'\(text.prefix(40))' is no date; write it like '2027-01-31'", at: location)
  }

  /// More findings than anybody reads.
  static func moreFindings(limit: Int, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      .init("RB1016", "more-findings"), .error, "more than \(limit) findings; the others are not told", at: location)
  }

  static func tooMany(_ section: String, count: Int, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1017", "too-many"), .error,
      "'\(section)' has \(count) entries; at most \(limit) are read, and this one and those behind it are not",
      at: location)
  }

  static func badVersion(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1014", "bad-version"), .error,
      "'\(text.prefix(40))' is no version; write three numbers, such as '1.0.0'", at: location)
  }

  static func cannotRead(_ path: String, because reason: String, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(.init("RB1015", "cannot-read"), .error, "cannot read '\(path)': \(reason)", at: location)
  }
}

/// Names: RB11xx.
extension Diagnostic {
  static func duplicateName(
    _ name: String, _ kind: DeclarationKind, first: SourceLocation, firstKind: DeclarationKind,
    at location: SourceLocation
  ) -> Diagnostic {
    let other = kind == firstKind ? "another \(firstKind.rawValue)" : "the \(firstKind.rawValue)"
    return Diagnostic(
      .init("RB1101", "duplicate-name"), .error,
      "the \(kind.rawValue) '\(name)' has the name of \(other); in one runbook a name means one thing", at: location,
      notes: [.init("the \(firstKind.rawValue) '\(name)' stands here", at: first)])
  }

  static func reservedName(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1102", "reserved-name"), .error, "'\(name)' has a meaning of its own and cannot be an id", at: location)
  }

  static func unknownName(
    _ name: String, _ what: String, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    let declared = known.isEmpty ? "none is declared" : "declared here: \(quotedList(known))"
    var diagnostic = Diagnostic(
      .init("RB1103", "unknown-name"), .error, "unknown \(what) '\(name.prefix(60))'; \(declared)", at: location)
    if let near = nearestName(to: name, among: known) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func unused(_ kind: String, _ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1104", "unused"), .warning, "nothing uses the \(kind) '\(name)'", at: location)
  }

  static func circular(_ names: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1105", "circular"), .error, "these names rest on each other in a circle: \(wayRound(names))",
      at: location)
  }

  static func tooHigh(_ name: String, height: Int, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1107", "too-high"), .error,
      "under '\(name)' \(height) names stand one upon another; at most \(limit) may", at: location)
  }

  static func changedBuiltIn(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1106", "built-in-severity"), .error,
      "the severity of the built-in verdict '\(name)' cannot be changed; give the verdict a name of its own",
      at: location)
  }
}

/// Expressions and texts: RB12xx.
extension Diagnostic {
  static func expression(
    _ message: String, suggestion: String?, at location: SourceLocation
  ) -> Diagnostic {
    // A suggestion with an ellipsis is for reading only; the message has it.
    let meant = suggestion.flatMap { $0.contains("…") ? nil : $0 }
    let question = meant.map { "did you mean '\($0)'?" } ?? ""
    let repeated = meant != nil && message.hasSuffix("; " + question)
    return Diagnostic(
      .init("RB1201", "expression"), .error, repeated ? String(message.dropLast(question.count + 2)) : message,
      at: location, fixIts: meant.map { [.init(question, replace: location.range, by: $0)] } ?? [])
  }

  static func wrongType(
    _ what: String, expected: String, found: ValueType, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .init("RB1202", "wrong-type"), .error, "\(what) must be \(expected); this expression is \(found)", at: location)
  }

  static func unclosedHole(at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1203", "unclosed-hole"), .error, "'${' is not closed by '}'", at: location)
  }

  static func computedParameter(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1204", "computed-parameter"), .error,
      "a query's '${…}' holds a name or a path, never a computation; name '\(text.prefix(60))' under 'definitions'",
      at: location)
  }

  static func parameterType(_ path: String, found: ValueType, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1205", "parameter-type"), .error,
      "'\(path)' is \(found), which cannot be bound to a query; bind a single value or a list of them", at: location)
  }

  static func seriesInExpression(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1206", "series-in-expression"), .error,
      "'\(name)' is a series; an expression reads it through a threshold ('of: \(name)')", at: location)
  }

  static func outsideEntity(_ name: String, entity: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1207", "outside-entity"), .error,
      "'\(name)' only makes sense of one \(entity); ask this with 'each: \(entity)'", at: location)
  }
}

/// Expressions that name what has no value there: RB12xx.
extension Diagnostic {
  static func notAtIntake(_ name: String, _ kind: DeclarationKind, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1208", "not-at-intake"), .error,
      "the \(kind.rawValue) '\(name)' is not known yet where an alert is looked at; name a part of 'alert', or a list",
      at: location)
  }

  static func verdictInExpression(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1209", "verdict-in-expression"), .error,
      "'\(name)' is a verdict and has no value; name the question that leads to it", at: location)
  }
}

/// Questions and the way through them: RB13xx.
extension Diagnostic {
  static func noQuestions(at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1301", "no-questions"), .error, "a runbook asks at least one question", at: location)
  }

  static func questionWithoutAnswer(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1302", "no-answer"), .error,
      "nothing says how '\(id)' is answered; give it 'answer', 'weigh' or 'person'", at: location)
  }

  static func answerAndWeigh(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1303", "answer-and-weigh"), .error, "'\(id)' has both 'answer' and 'weigh'; keep one", at: location)
  }

  static func missingBranch(_ label: String, of id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1304", "missing-branch"), .error, "'then' of '\(id)' does not say what follows '\(label)'", at: location)
  }

  static func unknownBranch(_ label: String, of id: String, labels: [String], at location: SourceLocation) -> Diagnostic
  {
    var diagnostic = Diagnostic(
      .init("RB1305", "unknown-branch"), .error,
      "'\(id)' is never answered '\(label.prefix(40))'; its answers are \(quotedList(labels + ["unknown"]))",
      at: location)
    if let near = nearestName(to: label, among: labels + ["unknown"]) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func unknownMustBeSaid(_ id: String, _ ways: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1306", "unknown-must-be-said"), .error,
      "\(quotedList(ways)) follow '\(id)'; say which of them follows 'unknown'", at: location)
  }

  static func cleanVerdictInList(_ verdict: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1307", "clean-verdict-in-list"), .error,
      "'\(verdict)' lets the case rest and cannot stand beside something that goes on", at: location)
  }

  static func signAsTarget(_ sign: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1308", "sign-as-target"), .error,
      "'\(sign)' is a sign (it has no 'then'), so nothing can lead to it; give it a 'then', or weigh it", at: location)
  }

  static func loop(_ ids: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1309", "loop"), .error,
      "the questions lead back: \(wayRound(ids)); a run asks each question once", at: location)
  }

  static func unreachable(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1310", "unreachable"), .warning, "no answer leads to '\(id)', and nothing weighs or mentions it",
      at: location)
  }

  static func betweenEntities(_ from: String, _ to: String, entity: String, other: String, at location: SourceLocation)
    -> Diagnostic
  {
    Diagnostic(
      .init("RB1311", "between-entities"), .error,
      "'\(from)' is asked of each \(entity) and cannot lead to '\(to)', which is asked of each \(other)", at: location)
  }

  static func weighsOtherEntity(_ sign: String, in id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1312", "weighs-other-entity"), .error,
      "'\(id)' cannot weigh '\(sign)', which is asked of each of something else", at: location)
  }

  static func weighsChoice(_ sign: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1313", "weighs-choice"), .error, "'\(sign)' is a choice; only yes or no can be weighed", at: location)
  }

  static func weightsNeverReach(_ id: String, most: Int, atLeast: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1314", "never-reaches"), .warning,
      "the signs of '\(id)' weigh \(most) at most and can never reach \(atLeast)", at: location)
  }

  static func cleanVerdictTurns(_ verdict: String, questions: [String], at location: SourceLocation) -> Diagnostic {
    let who = questions.count == 1 ? quotedList(questions) : "one of \(quotedList(questions))"
    return Diagnostic(
      .init("RB1315", "clean-verdict"), .note,
      "'\(verdict)' becomes 'undetermined' when \(who) stays unknown on the way to it", at: location)
  }

  static func severityMayFail(_ verdict: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1316", "severity-open"), .warning,
      "if no case of '\(verdict)' holds, its last one counts; end with one that is 'true'", at: location)
  }

  static func weightsAlwaysReach(_ id: String, least: Int, atLeast: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1318", "always-reaches"), .warning,
      "the signs of '\(id)' weigh \(least) at least and always reach \(atLeast)", at: location)
  }

  static func namedTwice(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1319", "named-twice"), .error, "'\(name)' stands here twice; name it once", at: location)
  }

  static func nothingFollows(_ label: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1320", "nothing-follows"), .error, "nothing follows '\(label)'; name a question or a verdict",
      at: location)
  }

  static func standingLabel(_ label: String, at location: SourceLocation) -> Diagnostic {
    let meaning = label == "none" ? "when no case holds" : "when it cannot be told which case holds"
    return Diagnostic(
      .init("RB1321", "standing-label"), .error, "'\(label)' is the answer \(meaning), and cannot be a case",
      at: location)
  }

  static func firstIsSign(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1317", "no-way-in"), .error,
      "every question is a sign; the first to be asked, such as '\(id)', needs a 'then'", at: location)
  }

  static func personNotYet(_ id: String, at location: SourceLocation) -> Diagnostic {
    .notYet("asking people", instead: "'\(id)' is answered 'unknown' where a person would be asked", at: location)
  }
}

/// Data: RB14xx.
extension Diagnostic {
  static func queryWithoutLanguage(_ id: String, languages: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1401", "no-language"), .error,
      "the query '\(id)' asks nothing; write it under the name of its language, one of \(quotedList(languages, limit: 20))",
      at: location)
  }

  static func queryShape(_ id: String, given: [String], at location: SourceLocation) -> Diagnostic {
    let problem =
      given.isEmpty ? "does not say what it returns" : "says \(quotedList(given)) at once"
    return Diagnostic(
      .init("RB1402", "query-shape"), .error,
      "the query '\(id)' \(problem); give it one of 'row', 'rows' and 'series'", at: location)
  }

  static func missingBounds(_ id: String, _ missing: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1403", "missing-bounds"), .error,
      "the query '\(id)' has a window but does not use \(quotedList(missing.map { "${\($0)}" })); "
        + "use both bounds, or say 'window: none'", at: location)
  }

  static func boundsWithoutWindow(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1404", "bounds-without-window"), .error,
      "the query '\(id)' has no window, so '${from}' and '${to}' mean nothing", at: location)
  }

  static func eachColumn(_ entity: String, of id: String, type: ValueType, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1405", "each-column"), .error,
      "the query '\(id)' is about each \(entity), so its rows need a column '\(entity)' of type \(type)", at: location)
  }

  static func thresholdWithoutRule(_ id: String, given: [String], at location: SourceLocation) -> Diagnostic {
    let problem = given.isEmpty ? "has no rule" : "has \(quotedList(given)) at once"
    return Diagnostic(
      .init("RB1406", "threshold-rule"), .error,
      "the threshold '\(id)' \(problem); give it one of 'above', 'below', 'outside' and 'normal'", at: location)
  }

  static func badBand(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1407", "bad-band"), .error, "'outside' needs two numbers, the lower first, such as '[10, 200]'",
      at: location)
  }

  static func badPersistence(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1408", "bad-persistence"), .error,
      "'\(text.prefix(40))' does not say how long a breach lasts; write it like '30s' or '2 of 3'", at: location)
  }

  static func thresholdSubject(_ id: String, found: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1409", "threshold-subject"), .error,
      "the threshold '\(id)' needs a series or a number under 'of'; this is \(found)", at: location)
  }

  static func normalNeedsSeries(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1410", "normal-needs-series"), .error,
      "only a series has a history that says what is normal; '\(id)' judges a single number", at: location)
  }

  static func noWindow(_ name: String, known: [String], at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1417", "no-window"), .error,
      "'\(name)' has no 'from' and 'to'; a window is one of \(quotedList(["none"] + known))", at: location)
  }

  static func joinOfSeries(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1418", "join-of-series"), .error, "'\(name)' is a series; only tables of rows can be joined",
      at: location)
  }

  static func repeatedKey(_ key: String, first: SourceLocation, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1419", "repeated-list-key"), .warning,
      "the list has '\(key.prefix(60))' already; the first counts, and this one does not", at: location,
      notes: [.init("the first stands here", at: first)])
  }

  static func emptyWindow(at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1411", "empty-window"), .error, "the window ends before it begins", at: location)
  }

  static func sourceAmongResults(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1412", "join-of-source"), .error,
      "'\(name)' is a source; a list under 'from' names queries whose results are joined", at: location)
  }

  static func badListValue(_ text: String, type: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1413", "bad-list-value"), .error, "'\(text.prefix(60))' is no \(type)", at: location)
  }

  static func listShape(_ message: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1414", "list-shape"), .error, message, at: location)
  }

  static func badCalendar(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1415", "bad-calendar"), .error,
      "'\(text.prefix(60))' are no hours; write them like 'Mo-Fr 07:00-19:00 Europe/Zurich'", at: location)
  }

  static func joinLanguage(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1416", "join-language"), .error, "results of other queries are joined by 'sql'; write '\(id)' in it",
      at: location)
  }
}

/// People and what leaves the machine: RB15xx.
extension Diagnostic {
  static func contactWithoutAddress(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1501", "no-address"), .error, "the contact '\(id)' has no address, such as 'email'", at: location)
  }

  static func emptyEscalation(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1502", "empty-escalation"), .error, "the escalation '\(id)' notifies nobody", at: location)
  }

  static func unknownFormat(_ format: String, known: [String], at location: SourceLocation) -> Diagnostic {
    .notOneOf(format, "'format'", known, at: location)
  }

  static func exportOfSeries(_ name: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1503", "export-of-series"), .error, "'\(name)' is a series; exports are tables of rows", at: location)
  }

  static func notAContact(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1505", "not-a-contact"), .error,
      "'who' must be a contact, or a column of type 'contact' in a list, such as 'people[user].manager'", at: location)
  }

  static func successorMissing(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("RB1506", "no-successor"), .error, "a runbook with 'status: deprecated' names its 'successor'",
      at: location)
  }

  static func stableNeeds(_ what: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("RB1504", "stable-needs"), .error, "a runbook with 'status: stable' needs \(what)", at: location)
  }
}

/// Names one after the other, a long way shortened in its middle.
private func wayRound(_ names: [String]) -> String {
  let shown = names.count <= 9 ? names : names.prefix(6) + ["… (\(names.count - 8) more)"] + names.suffix(2)
  return shown.joined(separator: " → ")
}
