import Diagnostics

/// Comments that allow a finding: TOC09xx.
extension Rule {
  /// The sample with a list that nothing uses, and a comment above it.
  private static func allowance(_ comment: String) -> RuleExample {
    .sections(
      """
      lists:
        # \(comment)
        spare: [a, b]
      """)
  }

  package static let unusedAllowance = Rule(
    "TOC0901", "unused-allowance", .warning, "A comment allows a finding that there is not.",
    why: "It would allow one that comes later, which nobody has looked at.", fix: "Remove the comment.",
    bad: allowance("tocsin: allow TOC0519: the file has doubles"),
    good: allowance("tocsin: allow TOC0204: the next version uses it"))

  package static let expiredAllowance = Rule(
    "TOC0902", "expired-allowance", .warning, "The date until which a finding was allowed has passed.",
    why: "What was allowed for a while is told again.",
    fix: "Mend the finding, or decide anew until when it is allowed.",
    bad: allowance("tocsin: allow TOC0204 until 2020-01-31: the next version uses it"),
    good: allowance("tocsin: allow TOC0204 until 9999-12-31: the next version uses it"))

  package static let allowanceWithoutReason = Rule(
    "TOC0903", "allowance-without-reason", .warning, "A comment allows a finding and does not say why.",
    why: "Nobody could tell later whether the reason still holds; the finding is told all the same.",
    fix: "Write the reason behind a colon.", bad: allowance("tocsin: allow TOC0204"),
    good: allowance("tocsin: allow TOC0204: the next version uses it"))

  package static let badAllowance = Rule(
    "TOC0904", "bad-allowance", .warning, "A comment that begins with `tocsin:` cannot be understood.",
    why: "It is meant for the checker, and has no effect.",
    fix: "Write it like `# tocsin: allow TOC0204 until 2027-01-31: reason`; the date may be left out.",
    bad: allowance("tocsin: ignore TOC0204, the next version uses it"),
    good: allowance("tocsin: allow TOC0204: the next version uses it"))

  package static let notAllowable = Rule(
    "TOC0905", "not-allowable", .warning, "A comment allows what cannot be allowed.",
    why:
      "An error keeps the runbook from being run, whatever a comment says; and a code that there is not is misspelt.",
    fix: "Mend the error, or the code.", bad: allowance("tocsin: allow TOC0203: we know better"),
    good: allowance("tocsin: allow TOC0204: the next version uses it"))
}
