import Diagnostics

/// What `tocsin eval` tells of an expression that is tried: TOC039x.
extension Rule {
  package static let evaluationFailed = Rule(
    "TOC0390", "evaluation-failed", .error, "The expression has no value for these data.",
    why: "In a runbook its question would stay unknown, with this reason.",
    fix: "Ask first whether the value is there, such as by `has(…)`, or mend the data.",
    bad: .described("`1 / 0`"), good: .described("`1 / 2`"))

  package static let evaluationUnknown = Rule(
    "TOC0391", "evaluation-unknown", .error, "The expression needs something that is not known.",
    why: "In a runbook its question would stay unknown, with this reason.",
    fix: "Give a value for the name by `--data`.",
    bad: .described("`limit > 3`, with a type for `limit` and no value."),
    good: .described("`limit > 3`, with both."))

  package static let limitReached = Rule(
    "TOC0392", "limit-reached", .error, "The expression costs more than any may.",
    why: "A limit keeps an expression about hostile data from taking the machine's time.",
    fix: "Look at fewer rows; let the query count or filter them.",
    bad: .described("Four loops inside each other over a thousand rows."), good: .described("One loop."))

  package static let badTypes = Rule(
    "TOC0393", "bad-types", .error, "What `--types` says are no types.",
    why: "The expression could not be checked.",
    fix: "Write what the message names; `tocsin eval --help` has the form.",
    bad: .described("`{\"limit\": \"integer\"}`"), good: .described("`{\"limit\": \"int\"}`"))

  package static let badData = Rule(
    "TOC0394", "bad-data", .error, "What `--data` gives cannot be read, or does not fit the types.",
    why: "The expression would be tried on something else than is meant.", fix: "Write what the message names.",
    bad: .described("`{\"limit\": \"ten\"}` where `limit` is an int."), good: .described("`{\"limit\": 10}`"))

  package static let badLine = Rule(
    "TOC0395", "bad-line", .error, "A line of a batch is no question.",
    why: "Its answer would belong to nothing.", fix: "Write a JSON string, or an object with `expr`.",
    bad: .described("A line with `1 + 2`."), good: .described("A line with `\"1 + 2\"`."))
}
