package import Diagnostics
import RunbookPorts
import Values
import YAMLTree

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// The shape of the document: TOC01xx.
extension Diagnostic {
  static func wrongKind(_ what: String, expected: String, found: YAMLNode, at location: SourceLocation) -> Diagnostic {
    let kind =
      switch found.content {
      case .scalar(let scalar): scalar.isNull ? "nothing" : "'\(scalar.text.prefix(40))'"
      case .sequence: "a list"
      case .mapping: "a mapping"
      }
    return Diagnostic(
      .init("TOC0101", "wrong-kind"), .error, "\(what) must be \(expected); here is \(kind)", at: location)
  }

  static func missingValue(_ what: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("TOC0102", "missing-value"), .error, "\(what) has no value", at: location)
  }

  static func unknownKey(
    _ key: String, in shape: Shape, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .init("TOC0103", "unknown-key"), .error,
      "\(shape.title) has no key '\(key.prefix(60))'; it may have \(quotedList(known, limit: 30))", at: location)
    if let near = nearestName(to: key, among: known) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func missingKey(_ key: String, in shape: Shape, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("TOC0104", "missing-key"), .error, "\(shape.title) needs '\(key)'", at: location)
  }

  static func badIdentifier(
    _ text: String, _ what: String, allowingHyphens: Bool, at location: SourceLocation
  ) -> Diagnostic {
    let joiners = allowingHyphens ? "'_' or '-'" : "'_'"
    return Diagnostic(
      .init("TOC0105", "bad-id"), .error,
      "'\(text.prefix(60))' cannot be \(what); ids are lower-case words of letters and digits joined by \(joiners)",
      at: location)
  }

  static func notOneOf(_ text: String, _ what: String, _ choices: [String], at location: SourceLocation) -> Diagnostic {
    var diagnostic = Diagnostic(
      .init("TOC0106", "not-one-of"), .error,
      "\(what) cannot be '\(text.prefix(60))'; it is one of \(quotedList(choices, limit: 20))", at: location)
    if let near = nearestName(to: text, among: choices) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func outOfRange(_ what: String, range: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("TOC0107", "out-of-range"), .error, "\(what) must be \(range)", at: location)
  }

  static func badDuration(_ text: String, _ what: String, signed: Bool, at location: SourceLocation) -> Diagnostic {
    let example = signed ? "'-30m' or '+1h'" : "'90s', '15m', '2h' or '7d'"
    return Diagnostic(
      .init("TOC0108", "bad-duration"), .error,
      "'\(text.prefix(40))' is no duration for \(what); write it like \(example)", at: location)
  }

  static func unknownType(_ text: String, at location: SourceLocation) -> Diagnostic {
    let names = ColumnType.named.map(\.name)
    var diagnostic = Diagnostic(
      .init("TOC0109", "unknown-type"), .error,
      "there is no type '\(text.prefix(40))'; types are \(quotedList(names, limit: 20)), in brackets for a list",
      at: location)
    if let near = nearestName(to: text, among: names) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func uselessKey(_ key: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.init("TOC0111", "useless-key"), .warning, "'\(key)' has no effect: \(reason)", at: location)
  }

  /// The grammar has it, this release does not perform it.
  static func notYet(_ what: String, instead: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0112", "not-supported-yet"), .warning, "\(what) is not supported yet; \(instead)", at: location)
  }

  static func unknownLanguageVersion(_ version: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0113", "unknown-language-version"), .error,
      "this Tocsin reads version \(RunbookDecoder.languageVersion) of the runbook language, not \(version)",
      at: location)
  }

  static func badDate(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0110", "bad-date"), .error, "'\(text.prefix(40))' is no date; write it like '2027-01-31'", at: location)
  }

  /// More findings than anybody reads.
  static func moreFindings(limit: Int, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      .init("TOC0116", "more-findings"), .error, "more than \(limit) findings; the others are not told", at: location)
  }

  static func tooMany(_ section: String, count: Int, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0117", "too-many"), .error,
      "'\(section)' has \(count) entries; at most \(limit) are read, and this one and those behind it are not",
      at: location)
  }

  static func badVersion(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .init("TOC0114", "bad-version"), .error,
      "'\(text.prefix(40))' is no version; write three numbers, such as '1.0.0'", at: location)
  }

  package static func cannotRead(_ path: String, because reason: String, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(.init("TOC0115", "cannot-read"), .error, "cannot read '\(path)': \(reason)", at: location)
  }
}
