import Diagnostics
import Rules

/// Cases that cannot be read: TOC07xx.
extension Diagnostic {
  static func casesOfAnotherRunbook(_ name: String, expected: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .casesOfAnotherRunbook,
      "these are the cases of '\(name.prefix(60))', and the runbook beside them is '\(expected)'", at: location)
  }

  static func unknownNameInCase(
    _ name: String, _ what: String, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    let there = known.isEmpty ? "the runbook has none" : "there are \(quotedList(known))"
    let nearest = nearestName(to: name, among: known)
    return Diagnostic(
      .unknownNameInCase,
      "unknown \(what) '\(name.prefix(60))'; " + (nearest.map { "did you mean '\($0)'?" } ?? there), at: location,
      fixIts: nearest.map { [.init("write '\($0)'", replace: location.range, by: $0)] } ?? [])
  }

  static func unknownSibling(_ name: String, known: [String], at location: SourceLocation) -> Diagnostic {
    let before = known.isEmpty ? "it is the first" : "before it stand \(quotedList(known))"
    return Diagnostic(
      .unknownSibling,
      "a case is like one that stands before it, and '\(name.prefix(60))' is none; \(before)", at: location)
  }

  static func badField(_ reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.badField, reason, at: location)
  }

  /// - Parameter meant: What the alert has instead of what is read.
  static func badAlertFile(
    _ path: String, because reason: String, meant: String? = nil, at location: SourceLocation?
  ) -> Diagnostic {
    Diagnostic(
      .badAlertFile,
      "the alert '\(path.prefix(100))' cannot be used: \(reason)" + (meant.map { "; it has '\($0)'" } ?? ""),
      at: location)
  }

  static func badGiven(_ query: String, expected: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badGiven, "what '\(query)' is given cannot be read; \(expected)", at: location)
  }

  static func badCell(_ text: String, column: String, type: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badCell, "'\(text.prefix(60))' is no \(type), which the column '\(column)' holds",
      at: location)
  }

  static func badRow(cells: Int, columns: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badRow,
      "the row has \(cells) cells and the table \(columns) columns; cells are divided by two spaces or more, and "
        + "'null' is an empty one", at: location)
  }

  static func badSeries(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badSeries,
      "'\(trimmed(text))' is no part of a series; write '40 x 2h' for two hours of 40, '40 x 3' for three points, "
        + "'gap x 10m' where nothing was measured", at: location)
  }

  static func unevenRun(_ text: String, step: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .unevenRun,
      "'\(trimmed(text))' is no whole number of steps of \(step); change it, or say 'every'", at: location)
  }

  private static func trimmed(_ text: String) -> Substring { text.drop { $0 == " " || $0 == "\n" }.prefix(60) }

  static func tooManyGiven(_ what: String, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .tooMuchGiven, "a case may give at most \(limit) \(what) of one query", at: location)
  }

  static func nothingExpected(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .nothingExpected,
      "the case expects nothing, so it cannot fail; name at least a 'verdict'", at: location)
  }

  static func casesWithoutRunbook(_ path: String, because reason: String, in source: SourceText) -> Diagnostic {
    Diagnostic(
      .casesWithoutRunbook,
      "the runbook of these cases, '\(path.prefix(200))', cannot be read: \(reason)",
      at: SourceLocation(source, SourceRange(0, 0)))
  }
}

/// Cases that fail: TOC075x.
extension Diagnostic {
  static func otherVerdict(_ got: String, expected: String, because: String, at location: SourceLocation) -> Diagnostic
  {
    failed(.otherVerdict, "the verdict is '\(got)', not '\(expected)'", because, at: location)
  }

  static func otherSeverity(_ got: String, expected: String, at location: SourceLocation) -> Diagnostic {
    failed(.otherSeverity, "the severity is '\(got)', not '\(expected)'", "", at: location)
  }

  static func otherAnswer(
    _ question: String, _ entity: String?, _ got: String?, expected: String, because: String,
    at location: SourceLocation
  ) -> Diagnostic {
    let whom = entity.map { " of \($0.prefix(60))" } ?? ""
    let was = got.map { "the answer to '\(question)'\(whom) is '\($0)'" } ?? "'\(question)'\(whom) was not asked"
    return failed(.otherAnswer, "\(was), not '\(expected)'", because, at: location)
  }

  static func otherOpen(_ got: [String], expected: [String], at location: SourceLocation) -> Diagnostic {
    let missing = expected.filter { !got.contains($0) }
    let further = got.filter { !expected.contains($0) }
    let parts =
      (missing.isEmpty ? [] : ["\(quotedList(missing)) did not stay open"])
      + (further.isEmpty
        ? [] : ["\(quotedList(further)) stayed open and \(further.count == 1 ? "is" : "are") not named"])
    return failed(.otherOpen, parts.joined(separator: ", and "), "", at: location)
  }

  static func otherEntityVerdict(
    _ entity: String, _ got: String?, expected: String, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    let was =
      got.map { "the verdict of '\(entity.prefix(60))' is '\($0)', not '\(expected)'" }
      ?? "'\(entity.prefix(60))' did not arrive; there came \(quotedList(known))"
    return failed(.otherEntityVerdict, was, "", at: location)
  }

  static func otherNotices(_ got: [String], expected: [String], at location: SourceLocation) -> Diagnostic {
    let missing = expected.filter { !got.contains($0) }
    let further = got.filter { !expected.contains($0) }
    let parts =
      (missing.isEmpty ? [] : ["\(quotedList(missing)) was not told"])
      + (further.isEmpty ? [] : ["\(quotedList(further)) was told, which 'notified' does not name"])
    return failed(.otherNotices, parts.joined(separator: ", and "), "", at: location)
  }

  static func otherExport(_ export: String, _ got: Int?, expected: Int?, at location: SourceLocation) -> Diagnostic {
    let message =
      switch (got, expected) {
      case (let got?, let expected?): "the export '\(export)' has \(got) rows, not \(expected)"
      case (let got?, nil): "the export '\(export)' was written, with \(got) rows, and 'export' does not name it"
      default: "the export '\(export)' was not written"
      }
    return failed(.otherExport, message, "", at: location)
  }

  /// - Parameter known: Of whom the question was asked.
  static func nobodyAsked(
    _ question: String, _ entity: String?, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    let whom = entity.map { " of '\($0.prefix(60))'" } ?? ""
    let others = known.isEmpty ? "" : ", only of \(quotedList(known))"
    return failed(.nobodyAsked, "nobody is asked '\(question)'\(whom)\(others)", "", at: location)
  }

  static func didNotEnd(_ reason: String, at location: SourceLocation) -> Diagnostic {
    failed(.didNotEnd, "the run did not end: \(reason)", "", at: location)
  }

  /// - Parameter location: Where the runbook says which alerts are for it.
  static func alertNotMeant(_ path: String, because reason: String, at location: SourceLocation?) -> Diagnostic {
    failed(
      .alertNotMeant, "the runbook is not for the alert '\(path.prefix(100))': \(reason)", "", at: location)
  }

  static func stableWithoutCase(_ lack: String, at location: SourceLocation?) -> Diagnostic {
    failed(
      .stableWithoutCase,
      "a stable runbook needs a case that escalates and one that closes; \(lack)", "", at: location)
  }

  private static func failed(
    _ rule: Rule, _ message: String, _ because: String, at location: SourceLocation?
  ) -> Diagnostic {
    Diagnostic(
      rule, message, at: location, notes: because.isEmpty ? [] : [.init("because: \(because)")])
  }
}
