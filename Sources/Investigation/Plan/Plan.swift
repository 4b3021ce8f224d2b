import RunbookLanguage

/// What the names of a runbook stand for, and what rests on what: worked out once, the same for the whole run.
///
/// Declarations are numbers here: their places in the runbook's lists.
struct Plan: Sendable {
  /// What a name in an expression stands for.
  enum Name: Hashable, Sendable {
    case alert, at, now, from, to
    case field(Int)
    case question(Int)
    case entity(Int)
    case threshold(Int)
    case definition(Int)
    case query(Int)
    case list(Int)
  }

  let runbook: Runbook
  /// The rule of each threshold, the deployment's where it has one.
  let rules: [Threshold.Rule]
  let names: [String: Name]
  let questions: [String: Int]
  let queries: [String: Int]
  let entities: [String: Int]
  let verdicts: [String: Int]

  /// Questions that are on the way, such that whatever follows a question stands after it.
  let order: [Int]
  /// For each question, those that may lead to it.
  let predecessors: [[Int]]
  /// For each question, the entity of which it is asked.
  let each: [Int?]

  private(set) var questionRests: [Rest] = []
  private(set) var queryRests: [Rest] = []
  private(set) var entityRests: [Rest] = []
  /// What each verdict's severity and texts rest on.
  private(set) var verdictRests: [Rest] = []
  /// The entity that each verdict's texts are about: the only kind for which it can be reached; `nil`: the run.
  let verdictEntities: [Int?]
  private(set) var reaches: [Reach] = []
  /// How far before its window each query is fetched, for the thresholds that learn from it.
  let history: [Duration]

  init(_ checked: CheckedRunbook, rules overrides: [String: Threshold.Rule]) {
    let runbook = checked.runbook
    self.runbook = runbook
    rules = runbook.thresholds.map { overrides[$0.id] ?? $0.rule }
    questions = Self.places(runbook.questions.map(\.id))
    queries = Self.places(runbook.queries.map(\.id))
    entities = Self.places(runbook.entities.map(\.id))
    verdicts = Self.places(runbook.verdicts.map(\.id))
    names = Self.names(of: runbook)
    order = checked.order.compactMap { [questions] in questions[$0] }
    each = runbook.questions.map { [entities] question in question.each.flatMap { entities[$0] } }
    verdictEntities = runbook.verdicts.map { [each] verdict in
      let reaching = runbook.questions.indices.filter {
        runbook.questions[$0].everyTarget.contains(.verdict(verdict.id))
      }
      let kinds = Set(reaching.map { each[$0] })
      return kinds.count == 1 ? kinds.first ?? nil : nil
    }
    predecessors = Self.predecessors(in: runbook, places: questions)
    history = Self.history(of: runbook, rules: rules, places: queries)
    work()
  }

  private mutating func work() {
    let walk = RestWalk(self)
    entityRests = runbook.entities.map { walk.rest(of: [$0.from], in: nil) }
    queryRests = runbook.queries.map(walk.rest(of:))
    questionRests = runbook.questions.indices.map { walk.rest(ofQuestion: $0) }
    verdictRests = zip(runbook.verdicts, verdictEntities).map { walk.rest(of: $0.expressions, in: $1) }
    reaches = Reach.all(in: self)
  }

  func question(_ place: Int) -> Question { runbook.questions[place] }
  func query(_ place: Int) -> Query { runbook.queries[place] }

  /// The question that is asked first.
  var first: Int? { runbook.questions.firstIndex { !$0.isSign } }

  private static func places(_ ids: [String]) -> [String: Int] {
    Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func names(of runbook: Runbook) -> [String: Name] {
    var names: [String: Name] = ["alert": .alert, "at": .at, "now": .now, "from": .from, "to": .to]
    func add(_ ids: [String], _ name: (Int) -> Name) {
      for (place, id) in ids.enumerated() where names[id] == nil { names[id] = name(place) }
    }
    add(runbook.alert.fields.map(\.id), Name.field)
    add(runbook.questions.map(\.id), Name.question)
    add(runbook.entities.map(\.id), Name.entity)
    add(runbook.thresholds.map(\.id), Name.threshold)
    add(runbook.definitions.map(\.id), Name.definition)
    add(runbook.queries.map(\.id), Name.query)
    add(runbook.lists.map(\.id), Name.list)
    return names
  }

  private static func predecessors(in runbook: Runbook, places: [String: Int]) -> [[Int]] {
    var found: [[Int]] = Array(repeating: [], count: runbook.questions.count)
    for (place, question) in runbook.questions.enumerated() {
      for case .question(let id) in Set(question.everyTarget) {
        if let target = places[id] { found[target].append(place) }
      }
    }
    return found
  }

  private static func history(
    of runbook: Runbook, rules: [Threshold.Rule], places: [String: Int]
  ) -> [Duration] {
    var history = Array(repeating: Duration.zero, count: runbook.queries.count)
    for case .monitored(let rule) in rules {
      let id: String
      switch rule.subject {
      case .series(let query), .rows(let query): id = query
      case .expression: continue
      }
      guard let place = places[id] else { continue }
      var reach = rule.modifiers.cooldown ?? .zero
      if case .normal(let normal) = rule.judgement { reach = max(reach, normal.history) }
      history[place] = max(history[place], reach)
    }
    return history
  }
}

extension Question {
  /// Everything that can follow it; a target may stand twice.
  var everyTarget: [Target] { labels.flatMap { next[$0] ?? [] } + nextIfUnknown }

  /// The expressions of its answer and its texts, without those of its signs.
  var expressions: [Expression] {
    let answers: [Expression] =
      switch answer {
      case .condition(let condition): [condition]
      case .choices(let choices): choices.map(\.condition)
      case nil: []
      }
    return answers + ask.expressions + (finding?.expressions ?? [])
  }
}

extension Verdict {
  /// The expressions of its severity and its texts.
  var expressions: [Expression] {
    let conditions: [Expression] = if case .cases(let cases) = severity { cases.map(\.condition) } else { [] }
    return conditions + (means?.expressions ?? []) + advice.flatMap(\.expressions)
  }
}
