/// Numbers that look random and are the same every time.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(sides))
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[roll(elements.count)] }
}

/// A runbook of questions about the run and about hosts, signs of both kinds, and data for it.
struct RandomRunbook {
  let yaml: String
  /// Rows by query, the header first.
  let data: [String: [String]]

  init(_ dice: inout Dice) {
    let count = 2 + dice.roll(5)
    let isEach = (0..<count).map { _ in dice.roll(2) == 0 }
    var text = "questions:\n"
    for place in 0..<count {
      let answer = Self.answer(&dice, isEach: isEach[place])
      let branches = ["yes", "no", "unknown"].map { "\($0): \(Self.target(&dice, after: place, of: count))" }
      text += Self.question("q\(place)", answer, isEach: isEach[place], "then: {\(branches.joined(separator: ", "))}")
    }
    for place in 0..<2 {
      text += Self.question("s\(place)", Self.condition(&dice, isEach: false), isEach: false, nil)
      text += Self.question("e\(place)", Self.condition(&dice, isEach: true), isEach: true, nil)
    }
    text += "verdicts:\n  low: {severity: low, means: Low.}\n  worst: {severity: critical, means: Worst.}\n"
    text += "entities:\n  host: targets.host\nqueries:\n" + query("targets", "rows: {host: string}")
    for name in ["a", "b"] { text += query(name, "rows: {x: int}") }
    for name in ["p", "q"] { text += query(name, "rows: {host: string, x: int}", "each: host") }
    yaml = text
    var data = ["targets": ["host"] + (0..<dice.roll(4)).map { "h\($0)" }]
    for name in ["a", "b"] { data[name] = ["x"] + (0..<dice.roll(4)).map { _ in "\(dice.roll(4))" } }
    for name in ["p", "q"] {
      data[name] = ["host  x"] + (0..<dice.roll(8)).map { _ in "h\(dice.roll(4))  \(dice.roll(4))" }
    }
    self.data = data
  }

  private static func target(_ dice: inout Dice, after place: Int, of count: Int) -> String {
    if place + 1 < count, dice.roll(3) > 0 { return "q\(place + 1 + dice.roll(count - place - 1))" }
    return dice.pick(["benign", "low", "suspicious", "malicious", "worst"])
  }

  private static func condition(_ dice: inout Dice, isEach: Bool) -> String {
    let table = dice.pick(isEach ? ["p", "q", "a"] : ["a", "b", "p"])
    let number = dice.roll(4)
    return dice.pick([
      "\(table).size() > \(number)", "\(table).size() == 0", "\(table).exists(r, r.x == \(number))",
      "\(table).all(r, r.x < \(number))", "!(\(table).exists(r, r.x > \(number)))",
      "\(table).x.sum() >= \(number * 2)",
    ])
  }

  private static func answer(_ dice: inout Dice, isEach: Bool) -> String {
    let one = condition(&dice, isEach: isEach)
    return switch dice.roll(6) {
    case 0: "answer: \"\(one) || s\(dice.roll(2))\""
    case 1: "answer: \"\(one) && !s\(dice.roll(2))\""
    case 2: isEach ? "answer: \"e\(dice.roll(2)) || \(one)\"" : "answer: \"e\(dice.roll(2)).size() > \(dice.roll(3))\""
    case 3:
      "weigh: {s0: \(dice.roll(5) - 2), \(isEach ? "e0" : "s1"): 2}\n    at_least: \(1 + dice.roll(2))"
    default: "answer: \"\(one)\""
    }
  }

  private static func question(_ id: String, _ answer: String, isEach: Bool, _ then: String?) -> String {
    let answer = answer.hasPrefix("answer:") || answer.hasPrefix("weigh:") ? answer : "answer: \"\(answer)\""
    return "  \(id):\n" + (isEach ? "    each: host\n" : "") + "    ask: \(id)?\n    \(answer)\n"
      + (then.map { "    \($0)\n" } ?? "")
  }

  var given: [String: Given] { data.mapValues { .rows($0.joined(separator: "\n")) } }

  /// The same data as sources in trouble give it: whole, cut, of rows that may be wrong, or not at all.
  func degraded(_ dice: inout Dice) -> [String: Given] {
    var given: [String: Given] = [:]
    for (name, lines) in data.sorted(by: { $0.key < $1.key }) {
      let rows = lines.joined(separator: "\n")
      switch dice.roll(6) {
      case 0: given[name] = .unavailable("down")
      case 1: given[name] = .truncated(lines.prefix(1 + dice.roll(lines.count)).joined(separator: "\n"))
      case 2: given[name] = .partial(lines.prefix(1).joined(separator: "\n"))
      default: given[name] = .rows(rows)
      }
    }
    return given
  }
}
