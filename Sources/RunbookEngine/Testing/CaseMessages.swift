import Diagnostics

/// Cases that cannot be read: TOC07xx.
extension Diagnostic {
  static func casesOfAnotherRunbook(_ name: String, expected: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0701", "cases-of-another-runbook"), .error,
      "these are the cases of '\(name.prefix(60))', and the runbook beside them is '\(expected)'", at: location)
  }

  static func unknownNameInCase(
    _ name: String, _ what: String, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    let there = known.isEmpty ? "the runbook has none" : "there are \(quotedList(known))"
    let nearest = nearestName(to: name, among: known)
    return Diagnostic(
      .init("TOC0702", "unknown-name-in-case"), .error,
      "unknown \(what) '\(name.prefix(60))'; " + (nearest.map { "did you mean '\($0)'?" } ?? there), at: location,
      fixIts: nearest.map { [.init("write '\($0)'", replace: location.range, by: $0)] } ?? [])
  }

  static func unknownSibling(_ name: String, known: [String], at location: SourceLocation) -> Diagnostic {
    let before = known.isEmpty ? "it is the first" : "before it stand \(quotedList(known))"
    return Diagnostic(
      .init("TOC0703", "unknown-sibling"), .error,
      "a case is like one that stands before it, and '\(name.prefix(60))' is none; \(before)", at: location)
  }

  static func badField(_ reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("TOC0704", "bad-field"), .error, reason, at: location)
  }

  static func badAlertFile(_ path: String, because reason: String, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      .init("TOC0705", "bad-alert-file"), .error, "the alert '\(path.prefix(100))' cannot be used: \(reason)",
      at: location)
  }

  static func badGiven(_ query: String, expected: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0706", "bad-given"), .error, "what '\(query)' is given cannot be read; \(expected)", at: location)
  }

  static func badCell(_ text: String, column: String, type: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0707", "bad-cell"), .error, "'\(text.prefix(60))' is no \(type), which the column '\(column)' holds",
      at: location)
  }

  static func badRow(cells: Int, columns: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0708", "bad-row"), .error,
      "the row has \(cells) cells and the table \(columns) columns; cells are divided by two spaces or more, and "
        + "'null' is an empty one", at: location)
  }

  static func badSeries(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0709", "bad-series"), .error,
      "'\(trimmed(text))' is no part of a series; write '40 x 2h' for two hours of 40, '40 x 3' for three points, "
        + "'gap x 10m' where nothing was measured", at: location)
  }

  static func unevenRun(_ text: String, step: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0710", "uneven-run"), .error,
      "'\(trimmed(text))' is no whole number of steps of \(step); change it, or say 'every'", at: location)
  }

  private static func trimmed(_ text: String) -> Substring { text.drop { $0 == " " || $0 == "\n" }.prefix(60) }

  static func tooManyGiven(_ what: String, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0711", "too-much-given"), .error, "a case may give at most \(limit) \(what) of one query", at: location)
  }

  static func nothingExpected(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0712", "nothing-expected"), .error,
      "the case expects nothing, so it cannot fail; name at least a 'verdict'", at: location)
  }

  static func casesWithoutRunbook(_ path: String, because reason: String, in source: SourceText) -> Diagnostic {
    Diagnostic(
      .init("TOC0713", "cases-without-runbook"), .error,
      "the runbook of these cases, '\(path.prefix(200))', cannot be read: \(reason)",
      at: SourceLocation(source, SourceRange(0, 0)))
  }
}

/// Cases that fail: TOC075x.
extension Diagnostic {
  static func otherVerdict(_ got: String, expected: String, because: String, at location: SourceLocation) -> Diagnostic
  {
    failed("TOC0751", "other-verdict", "the verdict is '\(got)', not '\(expected)'", because, at: location)
  }

  static func otherSeverity(_ got: String, expected: String, at location: SourceLocation) -> Diagnostic {
    failed("TOC0752", "other-severity", "the severity is '\(got)', not '\(expected)'", "", at: location)
  }

  static func otherAnswer(
    _ question: String, _ entity: String?, _ got: String?, expected: String, because: String,
    at location: SourceLocation
  ) -> Diagnostic {
    let whom = entity.map { " of \($0.prefix(60))" } ?? ""
    let was = got.map { "the answer to '\(question)'\(whom) is '\($0)'" } ?? "'\(question)'\(whom) was not asked"
    return failed("TOC0753", "other-answer", "\(was), not '\(expected)'", because, at: location)
  }

  static func otherOpen(_ got: [String], expected: [String], at location: SourceLocation) -> Diagnostic {
    let missing = expected.filter { !got.contains($0) }
    let further = got.filter { !expected.contains($0) }
    let parts =
      (missing.isEmpty ? [] : ["\(quotedList(missing)) did not stay open"])
      + (further.isEmpty
        ? [] : ["\(quotedList(further)) stayed open and \(further.count == 1 ? "is" : "are") not named"])
    return failed("TOC0754", "other-open", parts.joined(separator: ", and "), "", at: location)
  }

  static func otherEntityVerdict(
    _ entity: String, _ got: String?, expected: String, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    let was =
      got.map { "the verdict of '\(entity.prefix(60))' is '\($0)', not '\(expected)'" }
      ?? "'\(entity.prefix(60))' did not arrive; there came \(quotedList(known))"
    return failed("TOC0755", "other-entity-verdict", was, "", at: location)
  }

  static func otherNotices(_ got: [String], expected: [String], at location: SourceLocation) -> Diagnostic {
    let missing = expected.filter { !got.contains($0) }
    let further = got.filter { !expected.contains($0) }
    let parts =
      (missing.isEmpty ? [] : ["\(quotedList(missing)) was not told"])
      + (further.isEmpty ? [] : ["\(quotedList(further)) was told, which 'notified' does not name"])
    return failed("TOC0756", "other-notices", parts.joined(separator: ", and "), "", at: location)
  }

  static func otherExport(_ export: String, _ got: Int?, expected: Int?, at location: SourceLocation) -> Diagnostic {
    let message =
      switch (got, expected) {
      case (let got?, let expected?): "the export '\(export)' has \(got) rows, not \(expected)"
      case (let got?, nil): "the export '\(export)' was written, with \(got) rows, and 'export' does not name it"
      default: "the export '\(export)' was not written"
      }
    return failed("TOC0757", "other-export", message, "", at: location)
  }

  static func didNotEnd(_ reason: String, at location: SourceLocation) -> Diagnostic {
    failed("TOC0758", "did-not-end", "the run did not end: \(reason)", "", at: location)
  }

  static func alertNotMeant(_ path: String, because reason: String) -> Diagnostic {
    failed(
      "TOC0759", "alert-not-meant", "the runbook is not for the alert '\(path.prefix(100))': \(reason)", "", at: nil)
  }

  static func stableWithoutCase(_ lack: String, at location: SourceLocation?) -> Diagnostic {
    failed(
      "TOC0760", "stable-without-case",
      "a stable runbook needs a case that escalates and one that closes; \(lack)", "", at: location)
  }

  private static func failed(
    _ code: String, _ slug: String, _ message: String, _ because: String, at location: SourceLocation?
  ) -> Diagnostic {
    Diagnostic(
      .init(code, slug), .error, message, at: location, notes: because.isEmpty ? [] : [.init("because: \(because)")])
  }
}
