/// The keys of each mapping of a runbook, in the order in which the formatter keeps them: the one declaration that
/// decoding, suggestions and the JSON Schema rest on.
package struct Shape: Sendable {
  struct Key: Sendable {
    let name: String
    let isRequired: Bool

    init(_ name: String, required: Bool = false) {
      self.name = name
      isRequired = required
    }
  }

  /// How messages call the mapping: `a question`.
  let title: String
  let keys: [Key]
  let names: [String]

  package init(_ title: String, required: [String] = [], _ names: [String]) {
    self.title = title
    keys = names.map { Key($0, required: required.contains($0)) }
    self.names = names
  }

  static let runbook = Shape(
    "a runbook", required: ["tocsin", "runbook", "alert", "questions"],
    [
      "tocsin", "runbook", "version", "title", "owner", "status", "review_by", "successor", "about", "see", "import",
      "alert", "questions", "verdicts", "entities", "thresholds", "definitions", "window", "queries", "lists",
      "sources", "know", "contacts", "escalations", "exports", "limits",
    ])
  /// What an imported file may hold.
  static let imported = Shape(
    "an imported file",
    ["verdicts", "thresholds", "definitions", "queries", "lists", "sources", "contacts", "escalations"])
  static let alert = Shape("'alert'", ["when", "at", "fields", "case"])
  static let field = Shape("a field", required: ["from"], ["from", "type"])
  static let question = Shape(
    "a question", required: ["ask"],
    [
      "each", "ask", "answer", "weigh", "at_least", "person", "finding", "then", "optional", "shows", "why", "see",
    ])
  static let person = Shape(
    "'person'", required: ["who", "within"], ["who", "within", "show", "choices", "note", "file"])
  static let verdict = Shape(
    "a verdict", ["severity", "means", "escalate", "export", "advise", "hand_over"])
  static let handOver = Shape("'hand_over'", required: ["to"], ["to", "with"])
  static let entity = Shape("an entity", required: ["from"], ["from", "at_most"])
  static let threshold = Shape(
    "a threshold", required: ["of"],
    [
      "of", "above", "below", "outside", "normal", "surprise", "z", "percentile", "direction", "at_least", "ratio",
      "for", "cooldown", "recover",
    ])
  static let normal = Shape(
    "'normal'", ["kind", "fields", "history", "minimum_history", "exclude", "season", "timezone", "by"])
  static let window = Shape("a window", ["from", "to", "around"])
  /// Beside these a query has its languages.
  static let query = Shape(
    "a query", required: ["from"], ["from", "each", "window", "fresh", "at_most", "row", "rows", "series"])
  static let fileList = Shape("a list", required: ["file", "of"], ["file", "of", "key", "review"])
  static let calendar = Shape("a calendar", required: ["calendar"], ["calendar", "except"])
  static let source = Shape("a source", ["about", "blind", "sees"])
  static let know = Shape("'know'", ["application", "attacks"])
  static let application = Shape("'application'", ["name", "components"])
  static let step = Shape("a step of an escalation", required: ["notify"], ["notify", "acknowledge_within"])
  static let export = Shape("an export", required: ["data"], ["data", "format", "script"])
  static let script = Shape("'script'", required: ["run"], ["run", "sha256", "timeout", "returns"])
  static let limits = Shape("'limits'", ["time", "queries", "people"])

  /// The query languages whose queries may be written in a runbook.
  static let languages = [
    "sql", "promql", "logql", "nrql", "kql", "spl", "esql", "lookup", "metric", "find", "influxql", "flux",
  ]
  /// Languages whose text itself must say which span of time it asks about.
  static let languagesWithBounds: Set<String> = ["sql", "kql", "spl", "esql", "influxql"]
}
