import RunbookPorts

/// The mappings of a runbook: its head, questions and verdicts.
extension Shape {
  package static let runbook = Shape(
    "a runbook",
    [
      Key("tocsin", .integer(1...1), required: true, "The version of the runbook language."),
      Key(
        "runbook", .identifier(allowingHyphens: true), required: true,
        "The runbook's id: lower-case words joined by `-`."),
      Key("version", .semanticVersion, "Three numbers (semver.org). A stable runbook needs it."),
      Key("title", .text, "The question that the runbook is about.", standard: "the id"),
      Key("owner", .text, "Who answers for it. A stable runbook needs it."),
      Key(
        "status", .choice(Runbook.Status.allCases.map(\.rawValue)), "Whether others may rely on it.", standard: "draft"),
      Key("review_by", .date, "The day by which somebody looks whether it is still right."),
      Key("successor", .identifier(allowingHyphens: true), "What to use instead of a deprecated runbook."),
      Key("about", .text, "What it is for."),
      Key("see", .texts, "Links to more."),
      Key("import", .texts, "Files with sections that several runbooks share; paths count from this file."),
      Key("alert", .mapping(alert), required: true, "Which alerts it is for, and what it takes from them."),
      Key(
        "questions", .keyed(.mapping(question), by: .identifier(allowingHyphens: false), atLeast: 1), required: true,
        "The process: each question is answered yes, no or unknown, and says what follows.",
        snippet:
          "${1:question}:\n  ask: ${2:Is it so?}\n  answer: ${3:expression}\n  then: {yes: ${4:suspicious}, no: ${5:benign}}"
      ),
    ] + leafSections(.verdict) + [
      Key(
        "entities", .keyed(.any([.text, .mapping(entity)]), by: .identifier(allowingHyphens: false)),
        "What questions with `each` are asked of, such as sources, hosts or users.")
    ] + leafSections(.threshold, .definition) + [
      Key("window", .mapping(window), "The span of time that queries ask about.", standard: "{from: -1h, to: 0s}")
    ] + leafSections(.query, .list, .source) + [
      Key("know", .mapping(know), "What one must know beforehand: the application, and attacks against it.")
    ] + leafSections(.contact, .escalation) + [
      Key(
        "exports", .keyed(.mapping(export), by: .identifier(allowingHyphens: false)),
        "Tables that a verdict gives to people or programs."),
      Key("limits", .mapping(limits), "What a run may cost."),
    ])

  /// What an imported file may hold.
  package static let imported = Shape(
    "an imported file",
    leafSections(.verdict, .threshold, .definition, .query, .list, .source, .contact, .escalation))

  package static let alert = Shape(
    "'alert'",
    [
      Key("when", .text, "Whether an alert is for this runbook: an expression about `alert`.", standard: "false"),
      Key("at", .text, "The instant that the alert is about: an expression about `alert`.", standard: "its arrival"),
      Key(
        "fields", .keyed(.any([.text, .mapping(field)]), by: .identifier(allowingHyphens: false)),
        "Names for parts of the alert; each is an expression about `alert`."),
      Key("case", .text, "Alerts with the same text belong to one case."),
    ])

  static let field = Shape(
    "a field",
    [
      Key("from", .text, required: true, "An expression about `alert`."),
      Key("type", .columnType, "The type of its value.", standard: "string"),
    ])

  static let question = Shape(
    "a question",
    [
      Key("each", .text, "The entity that it is asked of, one by one."),
      Key("ask", .text, required: true, "The question in words; `${…}` shows a value."),
      Key(
        "answer", .any([.text, .keyed(.text, atLeast: 1)]),
        "An expression that is true or false; or a label and an expression for each case, of which the first that holds "
          + "is the answer."),
      Key(
        "weigh", .any([.keyed(.integer(-1_000...1_000)), .list(.text)]),
        "Signs that speak for a yes: a list, or each with its weight."),
      Key("at_least", .integer(-1_000_000...1_000_000), "What the signs must weigh for a yes.", standard: "1"),
      Key("person", .mapping(person), "Whom to ask when there is no answer, or it is unknown."),
      Key("finding", .text, "What the report says was found; `${…}` shows a value."),
      Key(
        "then", .keyed(.texts),
        "What follows each answer: a question, a verdict, or a list of them. Without it the question is a sign.",
        snippet: "{yes: ${1:suspicious}, no: ${2:benign}}"),
      Key("optional", .bool, "Whether a case can be closed while the answer is unknown.", standard: "false"),
      Key("shows", .texts, "Ids of the attacks that a yes shows."),
      Key("why", .text, "Why it is asked."),
      Key("see", .texts, "Links to more."),
    ], rules: [.atLeastOne(["answer", "weigh", "person"]), .atMostOne(["answer", "weigh"])])

  static let person = Shape(
    "'person'",
    [
      Key("who", .text, required: true, "A contact, or a column of type `contact` in a list."),
      Key("within", .duration(signed: false), required: true, "How long an answer is waited for."),
      Key("show", .texts, "Queries whose results are shown."),
      Key("choices", .list(.identifier(allowingHyphens: false)), "Answers other than yes and no."),
      Key(
        "note", .choice(DraftPerson.Note.allCases.map(\.rawValue)), "Whether the answer needs words.",
        standard: "optional"),
      Key("file", .text, "What is to be uploaded, in words."),
    ])

  static let verdict = Shape(
    "a verdict",
    [
      Key(
        "severity",
        .any([
          .choice(Severity.allCases.map(\.rawValue)),
          .keyed(.text, by: .choice(Severity.allCases.map(\.rawValue))),
        ]), "How bad it is; or a severity and an expression for each case, of which the first that holds counts."),
      Key("means", .text, "The verdict in words; `${…}` shows a value."),
      Key("escalate", .text, "The escalation that begins when it is reached."),
      Key("export", .texts, "What is exported when it is reached."),
      Key("advise", .texts, "What people should do."),
      Key("hand_over", .mapping(handOver), "The runbook that goes on from here."),
    ])

  static let handOver = Shape(
    "'hand_over'",
    [
      Key("to", .identifier(allowingHyphens: true), required: true, "The runbook's id."),
      Key("with", .keyed(.text), "Its fields, each an expression."),
    ])
}
