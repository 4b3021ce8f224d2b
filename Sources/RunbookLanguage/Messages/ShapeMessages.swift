package import Diagnostics
import Rules
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
      .wrongKind, "\(what) must be \(expected); here is \(kind)", at: location)
  }

  /// `yes` where other tools read a truth value, and YAML 1.2 a text.
  static func notBoolean(_ what: String, found: YAMLNode, at location: SourceLocation) -> Diagnostic {
    let meant: String? =
      switch found.scalar?.text.lowercased() {
      case "yes", "on": "true"
      case "no", "off": "false"
      default: nil
      }
    let wrong = wrongKind(what, expected: "true or false", found: found, at: location)
    return Diagnostic(
      .wrongKind, wrong.message, at: location,
      fixIts: meant.map { [.init("write '\($0)'", replace: location.range, by: $0, isSafe: true)] } ?? [])
  }

  static func missingValue(_ what: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.missingValue, "\(what) has no value", at: location)
  }

  static func unknownKey(
    _ key: String, in shape: Shape, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .unknownKey,
      "\(shape.title) has no key '\(key.prefix(60))'; it may have \(quotedList(known, limit: 30))", at: location)
    if let near = nearestName(to: key, among: known) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func missingKey(_ key: String, in shape: Shape, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.missingKey, "\(shape.title) needs '\(key)'", at: location)
  }

  static func badIdentifier(
    _ text: String, _ what: String, allowingHyphens: Bool, at location: SourceLocation
  ) -> Diagnostic {
    let joiners = allowingHyphens ? "'_' or '-'" : "'_'"
    return Diagnostic(
      .badID,
      "'\(text.prefix(60))' cannot be \(what); ids are lower-case words of letters and digits joined by \(joiners)",
      at: location)
  }

  static func notOneOf(_ text: String, _ what: String, _ choices: [String], at location: SourceLocation) -> Diagnostic {
    var diagnostic = Diagnostic(
      .notOneOf,
      "\(what) cannot be '\(text.prefix(60))'; it is one of \(quotedList(choices, limit: 20))", at: location)
    if let near = nearestName(to: text, among: choices) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func outOfRange(_ what: String, range: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.outOfRange, "\(what) must be \(range)", at: location)
  }

  static func badDuration(_ text: String, _ what: String, signed: Bool, at location: SourceLocation) -> Diagnostic {
    let example = signed ? "'-30m' or '+1h'" : "'90s', '15m', '2h' or '7d'"
    return Diagnostic(
      .badDuration,
      "'\(text.prefix(40))' is no duration for \(what); write it like \(example)", at: location)
  }

  static func unknownType(_ text: String, at location: SourceLocation) -> Diagnostic {
    let names = ColumnType.named.map(\.name)
    var diagnostic = Diagnostic(
      .unknownType,
      "there is no type '\(text.prefix(40))'; types are \(quotedList(names, limit: 20)), in brackets for a list",
      at: location)
    if let near = nearestName(to: text, among: names) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }

  static func uselessKey(_ key: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(.uselessKey, "'\(key)' has no effect: \(reason)", at: location)
  }

  /// The grammar has it, this release does not perform it.
  static func notYet(_ what: String, instead: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .notSupportedYet, "\(what) is not supported yet; \(instead)", at: location)
  }

  static func unknownLanguageVersion(_ version: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .unknownLanguageVersion,
      "this Tocsin reads version \(RunbookDecoder.languageVersion) of the runbook language, not \(version)",
      at: location)
  }

  static func badDate(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badDate, "'\(text.prefix(40))' is no date; write it like '2027-01-31'", at: location)
  }

  static func badLink(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badLink, "'\(text.prefix(40))' is no link to a page; it begins with 'https://' or 'http://'", at: location)
  }

  static func badDigest(at location: SourceLocation) -> Diagnostic {
    Diagnostic(.badDigest, "a SHA-256 is written in 64 hexadecimal digits, in lower case", at: location)
  }

  /// More findings than anybody reads.
  static func moreFindings(limit: Int, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      .moreFindings, "more than \(limit) findings; the others are not told", at: location)
  }

  static func tooMany(_ section: String, count: Int, limit: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .tooMany,
      "'\(section)' has \(count) entries; at most \(limit) are read, and this one and those behind it are not",
      at: location)
  }

  static func badVersion(_ text: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badVersion,
      "'\(text.prefix(40))' is no version; write three numbers, such as '1.0.0'", at: location)
  }

  /// A file that a runbook or its cases name.
  package static func cannotRead(_ path: Placed<String>, because problem: FileProblem) -> Diagnostic {
    problem.isOutside
      ? .fileOutside(path.value, because: problem.reason, at: path.location)
      : .cannotRead(path.value, because: problem.reason, at: path.location)
  }

  package static func cannotRead(_ path: String, because reason: String, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(.cannotRead, "cannot read '\(path)': \(reason)", at: location)
  }
}
