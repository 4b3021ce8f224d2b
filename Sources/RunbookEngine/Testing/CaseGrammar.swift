package import RunbookLanguage

/// The mappings of a file of cases.
extension Shape {
  package static let tests = Shape(
    "a tests file",
    [
      Key("tests", .identifier(allowingHyphens: true), required: true, "The runbook's id."),
      Key("alert", alert, "What the alert of every case has."),
      Key("now", .text, "The instant of the run.", standard: "the alert's"),
      Key(
        "cases", .keyed(.mapping(testCase)), required: true, "The cases, by sentences that say what is the case.",
        snippet: "${1:what is the case}:\n  given:\n    ${2:query}: none\n  expect: {verdict: ${3:benign}}"),
    ])

  static let testCase = Shape(
    "a case",
    [
      Key("like", .text, "A case above it that it begins with."),
      Key("alert", alert, "What the alert has; it stands over that of the file."),
      Key("now", .text, "The instant of the run.", standard: "the alert's"),
      Key("thresholds", .keyed(.number(above: nil, upTo: nil)), "Numbers instead of the runbook's."),
      Key(
        "given", .keyed(.any([.text, .list(.any([.text, row, .mapping(givenLine)])), row, .mapping(given)])),
        "What each query answers: a table, `none`, `unavailable`, `timeout`, the points of a series, or a mapping. What "
          + "is not given is unavailable."),
      Key(
        "people", .keyed(.any([.text, .keyed(.text)])),
        "What people answer to a question; of one with `each`, about each entity. Who is not named stays silent."),
      Key("expect", .mapping(expectation), required: true, "What must come of it."),
    ])

  /// Beside these an expectation has the kinds of the runbook's entities.
  static let expectation = Shape(
    "'expect'",
    [
      Key("verdict", .text, "The verdict."), Key("severity", .text, "The severity."),
      Key(
        "answers", .keyed(.any([.text, .keyed(.text)])), "Answers of questions; of one with `each`, of each entity."),
      Key("open", .list(.text, orOne: true), "The questions that stay open, and no others; `none`."),
      Key("notified", .list(.text, orOne: true), "Who is told, and nobody else; `none`."),
      Key(
        "export", .any([.choice(["none"]), .keyed(.integer(0...Int(Int32.max)))]),
        "What is exported with how many rows, and nothing else; `none`."),
    ], others: .keyed(.text))

  /// The fields by their names, and `at`; or the path of a raw alert.
  private static let alert = Form.any([.text, .keyed(.any([.text, .list(.text), .nothing])), .nothing])

  /// A row by the names of its columns; a list where the column holds one.
  private static let row = Form.keyed(.any([.text, .list(.text), .nothing]))

  /// One of several series.
  static let givenLine = Shape(
    "a given series",
    [
      Key("points", .text, required: true, "Its points, such as `40 x 2h, 900 x 5m`, or `none`."),
      Key("labels", .keyed(.text), "Its labels."),
      Key("every", .duration(signed: false), "The distance of its points.", standard: "1m"),
      Key("until", .text, "The instant of its last point."),
    ])

  /// Beside `rows`, `points` and `file`, what an answer is.
  static let given = Shape(
    "a given answer",
    [
      Key(
        "rows", .any([.text, .list(row), row]),
        "The rows of a table: as text with a line of column names, each as a mapping, or `none`."),
      Key(
        "points", .any([.text, .list(.any([.text, .mapping(givenLine)]))]),
        "The points of a series, such as `40 x 2h, 900 x 5m`; of several series a list; or `none`."),
      Key("labels", .keyed(.text), "The labels of the series."),
      Key("every", .duration(signed: false), "The distance of its points.", standard: "1m"),
      Key("until", .text, "The instant of its last point."), Key("file", .text, "A file with a recorded answer."),
      Key("truncated", .text, "`true`, or why rows are missing."),
      Key("partial", .text, "`true`, or why rows may be wrong."), Key("error", .text, "Why there is no answer."),
    ])
}
