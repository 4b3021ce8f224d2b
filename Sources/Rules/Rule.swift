package import Diagnostics

/// One kind of finding: the declaration that its messages, `tocsin explain`, SARIF and its page are made of.
package struct Rule: Sendable {
  package let code: Diagnostic.Code
  package let severity: Diagnostic.Severity
  /// One sentence: what is the case.
  package let summary: String
  /// What would happen if nobody told.
  package let why: String
  /// What to do about it.
  package let fix: String
  /// A text that has the finding.
  package let bad: RuleExample
  /// The same without it.
  package let good: RuleExample

  package var id: String { code.id }
  /// The command that tells it.
  var command: String {
    switch id {
    case "TOC0750"..<"TOC0800": "test"
    case "TOC0800"..<"TOC0900": "diff"
    default: "check"
    }
  }

  init(
    _ id: String, _ slug: String, _ severity: Diagnostic.Severity, _ summary: String, why: String, fix: String,
    bad: RuleExample, good: RuleExample
  ) {
    code = Diagnostic.Code(id, slug)
    self.severity = severity
    self.summary = summary
    self.why = why
    self.fix = fix
    self.bad = bad
    self.good = good
  }

  /// - Parameter mend: A part of the bad example, which stands in it once, and what makes it good.
  init(
    _ id: String, _ slug: String, _ severity: Diagnostic.Severity, _ summary: String, why: String, fix: String,
    bad: RuleExample, mend: (String, String)
  ) {
    self.init(id, slug, severity, summary, why: why, fix: fix, bad: bad, good: bad.replacing(mend.0, by: mend.1))
  }
}

extension Diagnostic {
  package init(
    _ rule: Rule, _ message: String, at location: SourceLocation?, notes: [Note] = [], fixIts: [FixIt] = []
  ) {
    self.init(rule.code, rule.severity, message, at: location, notes: notes, fixIts: fixIts)
  }
}
