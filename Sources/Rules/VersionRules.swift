import Diagnostics

/// Versions, compared with an earlier state: TOC08xx.
extension Rule {
  /// The sample with a threshold, in two states.
  private static func change(
    from old: String, to new: String, limits: (Int, Int) = (100, 200), rest: String = ""
  ) -> RuleExample {
    .change(state(new, limits.1) + rest, from: state(old, limits.0))
  }

  private static func state(_ version: String, _ limit: Int) -> String {
    """
    \(version)
    questions:
      many:
        ask: Were there many requests to ${site}?
        answer: hits.size() > limit
        then: {yes: suspicious, no: benign}
    thresholds:
      limit: \(limit)
    """
  }

  package static let versionNotRaised = Rule(
    "TOC0801", "version-not-raised", .error, "The runbook has changed and its version has not.",
    why: "Two runs of the same version would have asked different things.", fix: "Raise the version.",
    bad: change(from: "version: 1.0.0", to: "version: 1.0.0"),
    good: change(from: "version: 1.0.0", to: "version: 1.1.0"))

  package static let versionRaisedTooLittle = Rule(
    "TOC0802", "version-raised-too-little", .error, "The version was raised by less than the change demands.",
    why: "Who takes only patches would take a change of meaning.",
    fix:
      "Raise it as far as the message says: wording is a patch, thresholds, queries and new questions are minor, and "
      + "what is gone is major.",
    bad: change(from: "version: 1.0.0", to: "version: 1.0.1"),
    good: change(from: "version: 1.0.0", to: "version: 1.1.0"))

  package static let versionLowered = Rule(
    "TOC0803", "version-lowered", .error, "The version went back.",
    why: "The older number would stand for the newer runbook.", fix: "Write a version above the earlier one.",
    bad: change(from: "version: 1.1.0", to: "version: 1.0.0"),
    good: change(from: "version: 1.1.0", to: "version: 1.2.0"))

  package static let versionMissing = Rule(
    "TOC0804", "version-missing", .error, "The runbook had a version and has none any more.",
    why: "Nobody could say which runbook a run has asked.", fix: "Write the version.",
    bad: change(from: "version: 1.0.0", to: "status: draft"),
    good: change(from: "version: 1.0.0", to: "version: 1.1.0"))

  package static let nameReused = Rule(
    "TOC0805", "name-reused", .error, "A name stands for another kind of thing than before.",
    why: "Reports and trails of earlier runs would be misread.", fix: "Take another name.",
    bad: .change(
      state("version: 2.0.0", 100) + "\ndefinitions:\n  often: hits.size() > 10",
      from: state("version: 1.0.0", 100) + "\nlists:\n  often: [a, b]"),
    good: .change(
      state("version: 2.0.0", 100) + "\ndefinitions:\n  busy: hits.size() > 10",
      from: state("version: 1.0.0", 100) + "\nlists:\n  often: [a, b]"))

  package static let runbookRemoved = Rule(
    "TOC0806", "runbook-removed", .warning, "A runbook is gone.",
    why: "Who starts it, hands over to it or reads its trails is not told; there is no version that could say so.",
    fix:
      "Write `status: deprecated` with its successor first, and remove it when nobody needs it any more. Of a draft, and "
      + "of one that was deprecated, it is only a note.",
    bad: .described("`check --changed REF`, where a stable runbook of REF stands in no file any more."),
    good: .sections("status: deprecated\nsuccessor: sample_two"))
}
