import Baselines

/// The mappings of thresholds.
extension Shape {
  static let threshold = Shape(
    "a threshold",
    [
      Key("of", .text, required: true, "A query with `series`, or an expression that gives a number."),
      Key("above", .number, "A value above it is a breach."), Key("below", .number, "A value below it is a breach."),
      Key("outside", .list(.number, atLeast: 2, atMost: 2), "A value outside of these two is a breach."),
      Key("normal", .mapping(normal), "A value that is surprising after the series' own history is a breach."),
      Key(
        "surprise", .any([.choice(RunbookDecoder.surpriseWords.map(\.word) + ["none"]), .number(above: 0, upTo: 15)]),
        "How surprising a value must be: a word, or -log10 of its probability.", standard: "normal"),
      Key("z", .number(above: 0, upTo: nil), "How many standard deviations from the usual it must be."),
      Key("percentile", .number(above: 0, upTo: 100), "Beyond which share of the usual values it must be."),
      Key("direction", .choice(Direction.allCases.map(\.rawValue)), "Which way a value must depart.", standard: "up"),
      Key("at_least", .number, "What matters: the greater of the value and what is expected is at least so much."),
      Key(
        "ratio", .number(above: 0, upTo: nil),
        "What matters: the greater of the value and what is expected is at least so many times the other."),
      Key("for", .text, "How long it must last: `30s`, or `2 of 3` points."),
      Key("cooldown", .duration(signed: false), "How long after a breach none as great counts."),
      Key("recover", .duration(signed: false), "How long values must be normal until a breach is over."),
    ], rules: [.exactlyOne(["above", "below", "outside", "normal"])])

  static let normal = Shape(
    "'normal'",
    [
      Key(
        "kind", .list(.choice(BaselineKind.allCases.map(\.rawValue)), orOne: true),
        "What is looked for: one, or several."),
      Key("fields", .texts, "The columns whose new values are looked for."),
      Key("history", .duration(signed: false), "How far back it is learned.", standard: "14d"),
      Key(
        "minimum_history", .text, "What it takes to say anything: a duration, or a number of points.", standard: "30"),
      Key("exclude", .any([.mapping(window), .list(.mapping(window))]), "Spans of time that teach nothing."),
      Key("season", .choice(Season.allCases.map(\.rawValue) + ["auto"]), "What repeats.", standard: "auto"),
      Key("timezone", .text, "Whose hours these are.", standard: "UTC"),
      Key("by", .text, "The column by which it is learned apart."),
    ])
}
