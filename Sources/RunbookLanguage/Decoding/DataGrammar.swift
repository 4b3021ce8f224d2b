/// The mappings of a runbook: what its questions rest on.
extension Shape {
  /// Sections that an import may hold as well.
  static func leafSections(_ kinds: DeclarationKind...) -> [Key] { kinds.map(leafSection) }

  private static func leafSection(_ kind: DeclarationKind) -> Key {
    let id = Form.KeyForm.identifier(allowingHyphens: false)
    let name = Form.KeyForm.identifier(allowingHyphens: true)
    switch kind {
    case .verdict:
      return Key(
        "verdicts", .keyed(.mapping(verdict), by: id),
        "How a run, or one entity, can end. `benign`, `suspicious`, `malicious` and `undetermined` are built in.",
        snippet: "${1:verdict}: {severity: ${2:high}, means: ${3:What it means.}}")
    case .threshold:
      return Key(
        "thresholds", .keyed(.any([.number, .mapping(threshold)]), by: id),
        "Numbers that a deployment may override, and rules for what is abnormal.")
    case .definition:
      return Key("definitions", .keyed(.text, by: id), "Names for expressions.")
    case .query:
      return Key(
        "queries", .keyed(.mapping(query), by: id),
        "Questions to your data. `${name}` is bound as a value and never becomes a part of the query.",
        snippet: "${1:query}:\n  from: ${2:source}\n  sql: |\n    ${3:SELECT}\n  rows: {${4:column}: ${5:string}}")
    case .list:
      return Key(
        "lists",
        .keyed(.any([.list(.text), .mapping(fileList), .mapping(calendar)]), by: id),
        "What is known or allowed: values, files, calendars.")
    case .source: return Key("sources", .keyed(.mapping(source), by: id), "Where data come from.")
    case .contact:
      return Key(
        "contacts", .keyed(.keyed(.text), by: name),
        "Who can be called: a name, and an address for each channel, such as `email`.")
    case .escalation:
      return Key(
        "escalations", .keyed(.list(.mapping(step), atLeast: 1), by: name),
        "Whom to tell, one step after the other.")
    default: preconditionFailure("a \(kind.rawValue) cannot be imported")
    }
  }

  static let entity = Shape(
    "an entity",
    [
      Key("from", .text, required: true, "An expression that gives a list, such as a column."),
      Key(
        "at_most", .integer(1...RunbookDecoder.entityLimit.most), "Most that are looked at.",
        standard: "\(RunbookDecoder.entityLimit.standard)"),
    ])

  static let window = Shape(
    "a window",
    [
      Key("from", .text, "Its beginning: a duration such as `-30m`, or an instant.", standard: "-1h"),
      Key("to", .text, "Its end: a duration such as `+5m`, or an instant.", standard: "0s"),
      Key("around", .text, "The instant that durations count from.", standard: "alert.at"),
    ])

  static let query = Shape(
    "a query",
    [
      Key(
        "from", .any([.text, .list(.text, atLeast: 1)]), required: true,
        "A source, `cases`, or a list of queries whose results are joined."),
      Key("each", .text, "The entity whose rows these are; its name is a column."),
      Key(
        "window", .any([.text, .mapping(window)]), "The span of time: written out, a threshold's, or `none`.",
        standard: "the runbook's"),
      Key("fresh", .duration(signed: false), "How old an answer from before may be.", standard: "0s"),
      Key(
        "at_most", .integer(1...RunbookDecoder.rowLimit.most), "Most rows that are fetched.",
        standard: "\(RunbookDecoder.rowLimit.standard)"),
      Key("row", columns, "The columns of the one row that it returns, with their types."),
      Key("rows", columns, "The columns of the rows that it returns, with their types."),
      Key("series", .text, "It returns a series; its unit."),
    ]
      + languages.map { language in
        Key(
          language, languagesOfParts.contains(language) ? .any([.text, .keyed(.text)]) : .text,
          "The query in this language.")
      },
    rules: [.exactlyOne(["row", "rows", "series"]), .atLeastOne(languages)])

  private static let columns = Form.keyed(.columnType, by: .identifier(allowingHyphens: false), atLeast: 1)

  static let fileList = Shape(
    "a list",
    [
      Key("file", .text, required: true, "The file, `.txt`, `.csv` or `.yaml`; its path counts from this file."),
      Key(
        "of", .any([.columnType, columns]), required: true,
        "The type of its values; or its columns with their types."),
      Key("key", .text, "The column by which it is looked up."),
      Key("review", .duration(signed: false), "How often somebody looks whether it is still right."),
    ])

  static let calendar = Shape(
    "a calendar",
    [
      Key("calendar", .text, required: true, "Hours, such as `Mo-Fr 07:00-19:00 Europe/Zurich`."),
      Key("except", .text, "A file of days on which it does not count."),
    ])

  static let source = Shape(
    "a source",
    [
      Key("about", .text, "What it knows."), Key("blind", .text, "What stays hidden without it."),
      Key("sees", .texts, "Components of the application that it sees."),
    ])

  static let know = Shape(
    "'know'",
    [
      Key("application", .mapping(application), "What the application is made of."),
      Key("attacks", .keyed(.text), "Attacks that are possible against it, by their ids."),
    ])

  static let application = Shape(
    "'application'",
    [Key("name", .text, "Its name."), Key("components", .list(.text), "Its parts.")])

  static let step = Shape(
    "a step of an escalation",
    [
      Key("notify", .texts, required: true, "Contacts."),
      Key("acknowledge_within", .duration(signed: false), "After which the next step begins if nobody has answered."),
    ])

  static let export = Shape(
    "an export",
    [
      Key("data", .text, required: true, "A query or an entity."),
      Key("format", .choice(["csv", "jsonl"]), "The form of the file.", standard: "csv"),
      Key("script", .mapping(script), "A program that is given the file, and whose output is kept beside it."),
    ])

  static let script = Shape(
    "'script'",
    [
      Key("run", .text, required: true, "The program, in the runbook's folder; it has no network and changes nothing."),
      Key("sha256", .matching("^[0-9a-f]{64}$"), "Its digest, in lower case."),
      Key("timeout", .duration(signed: false), "How long it may run.", standard: "30s"),
      Key("returns", columns, "The columns of the rows that it returns, with their types."),
    ])

  static let limits = Shape(
    "'limits'",
    [
      Key("time", .duration(signed: false), "How long a run may last.", standard: "1h"),
      Key("queries", .integer(0...10_000), "Most queries of a run.", standard: "50"),
      Key("people", .integer(0...100), "Most people who are asked.", standard: "5"),
    ])

  /// The query languages whose queries may be written in a runbook.
  static let languages = [
    "sql", "promql", "logql", "nrql", "kql", "spl", "esql", "lookup", "metric", "find", "influxql", "flux",
  ]
  /// Those whose queries may also be written as parts with names.
  static let languagesOfParts: Set<String> = ["lookup", "metric", "find"]
  /// Languages whose text itself must say which span of time it asks about.
  static let languagesWithBounds: Set<String> = ["sql", "kql", "spl", "esql", "influxql"]
}
