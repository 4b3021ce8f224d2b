/// A small runbook as the naive evaluator sees it: written by hand from the language's rules, and rendered as YAML for
/// the investigation that it is compared with.
struct SmallRunbook: Sendable {
  enum Target: Hashable, Sendable {
    case question(Int)
    case verdict(SmallVerdict)
  }

  enum Content: Sendable {
    case condition(Condition)
    /// The first that holds is the answer.
    case choice([(label: String, condition: Condition)])
    case weigh([(sign: Int, weight: Int)], atLeast: Int)
  }

  struct Question: Sendable {
    let id: String
    let isEach: Bool
    let content: Content
    /// By label; `nil`: a sign. `unknown` is in it where the author says what follows.
    var then: [String: [Target]]?
    var isOptional = false

    var labels: [String] {
      if case .choice(let cases) = content { return cases.map(\.label) + ["none"] }
      return ["yes", "no"]
    }
  }

  /// In reading order; the first is where the run begins.
  var questions: [Question]
  /// Most hosts that are asked about.
  var atMost = 1_000
  /// Tables of the run have the column `x`, those of entities also `host`.
  static let runTables = ["a", "b"]
  static let entityTables = ["p", "q"]
}

/// In the order of the file, the built-in ones behind.
enum SmallVerdict: Int, CaseIterable, Sendable {
  case low, worse, worst, benign, suspicious, malicious, undetermined

  /// info 0 … critical 4
  var severity: Int { [1, 4, 4, 0, 2, 3, 3][rawValue] }
  var isClean: Bool { severity <= 1 }
  var id: String { "\(self)" }
}

/// What a question or a sign asks of the data.
indirect enum Condition: Sendable {
  enum Comparison: String, CaseIterable, Sendable {
    case less = "<"
    case lessEqual = "<="
    case equal = "=="
    case unequal = "!="
    case greaterEqual = ">="
    case greater = ">"

    func holds(_ left: Int, _ right: Int) -> Bool {
      switch self {
      case .less: left < right
      case .lessEqual: left <= right
      case .equal: left == right
      case .unequal: left != right
      case .greaterEqual: left >= right
      case .greater: left > right
      }
    }
  }

  /// What is found out about the rows of one table.
  enum Fact: Sendable {
    case size, sum
    case exists(Comparison, Int), all(Comparison, Int)
    case contains(Int)
    case sizeOfThose(Comparison, Int)
  }

  /// A fact that is a number is compared; of the others the comparison is ignored.
  case table(String, Fact, Comparison, Int)
  /// Another question answered yes.
  case answer(Int)
  /// How many entities there are, compared.
  case hosts(Comparison, Int)
  /// How many entities a question was answered yes for, compared.
  case count(Int, Comparison, Int)
  case not(Condition)
  case and(Condition, Condition)
  case or(Condition, Condition)

  /// The questions that it mentions.
  var mentions: [Int] {
    switch self {
    case .table, .hosts: []
    case .answer(let question), .count(let question, _, _): [question]
    case .not(let condition): condition.mentions
    case .and(let left, let right), .or(let left, let right): left.mentions + right.mentions
    }
  }
}

extension SmallRunbook.Question {
  var mentions: [Int] {
    switch content {
    case .condition(let condition): condition.mentions
    case .choice(let cases): cases.flatMap(\.condition.mentions)
    case .weigh(let signs, _): signs.map(\.sign)
    }
  }
}

// MARK: - As YAML

extension SmallRunbook {
  var yaml: String {
    var text = "questions:\n" + questions.map(lines).joined()
    text += "verdicts:\n  low: {severity: low, means: Low.}\n  worse: {severity: critical, means: Worse.}\n"
    text += "  worst: {severity: critical, means: Worst.}\nentities:\n"
    text += "  host: {from: targets.host, at_most: \(atMost)}\nqueries:\n"
    text += query("targets", "rows: {host: string}")
    for name in Self.runTables { text += query(name, "rows: {x: int}") }
    for name in Self.entityTables {
      text += "  \(name):\n    from: s\n    sql: SELECT host, x FROM s WHERE host IN ${host}\n    window: none\n"
      text += "    rows: {host: string, x: int}\n    each: host\n"
    }
    return text
  }

  private func lines(of question: Question) -> String {
    var text = "  \(question.id):\n" + (question.isEach ? "    each: host\n" : "") + "    ask: \(question.id)?\n"
    switch question.content {
    case .condition(let condition): text += "    answer: \"\(source(condition))\"\n"
    case .choice(let cases):
      text += "    answer:\n" + cases.map { "      \($0.label): \"\(source($0.condition))\"\n" }.joined()
    case .weigh(let signs, let limit):
      let weights = signs.map { "\(questions[$0.sign].id): \($0.weight)" }.joined(separator: ", ")
      text += "    weigh: {\(weights)}\n    at_least: \(limit)\n"
    }
    if question.isOptional { text += "    optional: true\n" }
    if let then = question.then {
      let branches = then.sorted { $0.key < $1.key }.map { label, targets in
        let names = targets.map { target in
          switch target {
          case .question(let place): questions[place].id
          case .verdict(let verdict): verdict.id
          }
        }
        return "\(label): " + (names.count == 1 ? names[0] : "[\(names.joined(separator: ", "))]")
      }
      text += "    then: {\(branches.joined(separator: ", "))}\n"
    }
    return text
  }

  private func source(_ condition: Condition) -> String {
    switch condition {
    case .table(let table, let fact, let comparison, let number):
      switch fact {
      case .size: "\(table).size() \(comparison.rawValue) \(number)"
      case .sum: "\(table).x.sum() \(comparison.rawValue) \(number)"
      case .exists(let how, let limit): "\(table).exists(r, r.x \(how.rawValue) \(limit))"
      case .all(let how, let limit): "\(table).all(r, r.x \(how.rawValue) \(limit))"
      case .contains(let value): "\(value) in \(table).x"
      case .sizeOfThose(let how, let limit):
        "\(table).filter(r, r.x \(how.rawValue) \(limit)).size() \(comparison.rawValue) \(number)"
      }
    case .hosts(let comparison, let number): "host.size() \(comparison.rawValue) \(number)"
    case .answer(let place): questions[place].id
    case .count(let place, let comparison, let number): "\(questions[place].id).size() \(comparison.rawValue) \(number)"
    case .not(let condition): "!(\(source(condition)))"
    case .and(let left, let right): "(\(source(left)) && \(source(right)))"
    case .or(let left, let right): "(\(source(left)) || \(source(right)))"
    }
  }
}
