package import Diagnostics
import Rules

// The messages of the runbook checker, one factory each. A message names the thing, then what would be right.

/// Comments that allow findings: TOC09xx.
extension Diagnostic {
  package static func unusedAllowance(_ allowance: Allowance) -> Diagnostic {
    Diagnostic(
      .unusedAllowance, "there is no \(allowance.code) here to be allowed", at: allowance.location,
      fixIts: [.init("remove the comment", replace: wholeComment(at: allowance.location), by: "", isSafe: true)])
  }

  /// A comment with the white space before it, and with its line if nothing else stands on it.
  private static func wholeComment(at location: SourceLocation) -> SourceRange {
    let source = location.source
    let line = location.start.line
    let lineStart = source.contents(ofLine: line).lowerBound
    var start = location.range.start
    while start > lineStart, source.bytes[start - 1] == 0x20 || source.bytes[start - 1] == 0x09 { start -= 1 }
    guard start == lineStart, line < source.lineCount else { return SourceRange(start, location.range.end) }
    return SourceRange(start, source.contents(ofLine: line + 1).lowerBound)
  }

  static func expiredAllowance(_ allowance: Allowance) -> Diagnostic {
    Diagnostic(
      .expiredAllowance, "\(allowance.code) was allowed here until a day that has passed", at: allowance.location)
  }

  static func allowanceWithoutReason(_ code: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .allowanceWithoutReason, "nothing says why \(code) is allowed; write '# tocsin: allow \(code): reason'",
      at: location)
  }

  static func badAllowance(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badAllowance, "this comment has no effect; write '# tocsin: allow CODE until 2027-01-31: reason'", at: location)
  }

  static func notAllowable(_ code: String, at location: SourceLocation) -> Diagnostic {
    let known = Rule.with(id: code)
    let near = known == nil ? nearestName(to: code, among: Rule.all.filter { $0.severity != .error }.map(\.id)) : nil
    let reason =
      known.map { "\($0.id) is \($0.severity == .error ? "an error" : "about such comments") and cannot be allowed" }
      ?? "there is no finding '\(code.prefix(40))'"
    return Diagnostic(.notAllowable, reason + (near.map { "; did you mean '\($0)'?" } ?? ""), at: location)
  }
}
