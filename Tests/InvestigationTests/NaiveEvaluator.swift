/// A second evaluator, written from the rules of the language alone and with no thought of speed: each answer is what
/// is left when every world that agrees with the data has been looked at; each way is walked by hand.
struct NaiveEvaluator {
  /// Who walks to a question.
  enum Walker: Hashable {
    case run
    /// Entities that are not in the list because it is incomplete.
    case unlisted
    case host(String)
  }

  struct Reached: Hashable {
    let verdict: SmallVerdict
    /// `nil`: the run.
    let host: String?
    let question: Int
    let isAssumed: Bool
  }

  struct Outcome: Equatable {
    var verdict = SmallVerdict.undetermined
    /// On-way answers: `question host: label`, in reading order.
    var said: [String] = []
    var open: [String] = []
    /// `host: verdict`
    var hosts: [String] = []
    /// As they were reached, before what is clean has turned.
    var reached: Set<Reached> = []
  }

  let runbook: SmallRunbook
  let data: SmallData
  private let hosts: [String]
  /// Beyond the limit.
  private let overflow: [String]
  private let isListIncomplete: Bool
  private var walkers: [Set<Walker>]
  private var settled: Set<Int> = []
  /// Answers of questions on the way; under the empty host that of the run.
  private var answers: [Int: [String: String]] = [:]
  private var unlistedAt: Set<Int> = []
  private var reached: Set<Reached> = []
  private var openQuestions: Set<Int> = []
  private var isRunOpen = false
  private var openHosts: Set<String> = []

  init(_ runbook: SmallRunbook, _ data: SmallData) {
    self.runbook = runbook
    self.data = data
    hosts = Array(data.hosts.prefix(runbook.atMost))
    overflow = Array(data.hosts.dropFirst(runbook.atMost))
    isListIncomplete = !overflow.isEmpty || data.tables["targets"]?.isComplete != true
    walkers = Array(repeating: [], count: runbook.questions.count)
    walkers[0] = [.run]
  }

  /// The outcome of taking questions in reading order.
  func outcome() -> Outcome {
    var evaluator = self
    while let next = evaluator.ready.first { evaluator.settle(next) }
    return evaluator.end()
  }

  /// The outcomes of all orders in which questions can be taken, at most `limit` of them.
  func outcomesOfAllOrders(limit: Int) -> [Outcome] {
    var outcomes: [Outcome] = []
    func take(_ evaluator: NaiveEvaluator) {
      guard outcomes.count < limit else { return }
      let ready = evaluator.ready
      if ready.isEmpty { return outcomes.append(evaluator.end()) }
      for next in ready {
        var copy = evaluator
        copy.settle(next)
        take(copy)
      }
    }
    take(self)
    return outcomes
  }

  /// Questions on the way whose turn may come: everything that leads to them or that they mention is settled.
  private var ready: [Int] {
    runbook.questions.indices.filter { place in
      guard runbook.questions[place].then != nil, !settled.contains(place) else { return false }
      let isLedTo = runbook.questions.indices.contains { before in
        !settled.contains(before)
          && (runbook.questions[before].then?.values.contains { $0.contains(.question(place)) } == true
            || follows(before).contains(.question(place)))
      }
      return !isLedTo && mentionedOnTheWay(by: place).allSatisfy(settled.contains)
    }
  }

  private func mentionedOnTheWay(by place: Int) -> [Int] {
    runbook.questions[place].mentions.flatMap { mention in
      runbook.questions[mention].then == nil ? mentionedOnTheWay(by: mention) : [mention]
    }
  }

  // MARK: Asking

  private mutating func settle(_ place: Int) {
    settled.insert(place)
    let question = runbook.questions[place]
    let arrived = walkers[place]
    guard !arrived.isEmpty else { return }
    guard question.isEach else {
      let label = answer(place, about: nil)
      answers[place, default: [:]][""] = label
      return lead(from: place, label, host: nil, arrived)
    }
    for host in hosts where arrived.contains(.run) || arrived.contains(.host(host)) {
      let label = answer(place, about: host)
      answers[place, default: [:]][host] = label
      lead(from: place, label, host: host, [.host(host)])
    }
    if arrived.contains(.unlisted) || arrived.contains(.run) && isListIncomplete {
      unlistedAt.insert(place)
      leadUnlisted(from: place)
    }
  }

  /// The label that is left in all worlds, or `unknown`.
  private func answer(_ place: Int, about host: String?) -> String {
    let labels: Set<String>
    switch runbook.questions[place].content {
    case .condition(let condition):
      labels = Set(truths(of: condition, about: host).map { $0 ? "yes" : "no" })
    case .choice(let cases):
      labels = Self.firstThatHold(cases.map { ($0.label, truths(of: $0.condition, about: host)) }[...])
    case .weigh(let signs, let limit):
      var sums: Set<Int> = [0]
      for sign in signs {
        let truths = truths(of: .answer(sign.sign), about: host)
        sums = Set(sums.flatMap { sum in truths.map { $0 ? sum + sign.weight : sum } })
      }
      labels = Set(sums.map { $0 >= limit ? "yes" : "no" })
    }
    return labels.count == 1 ? labels.first ?? "unknown" : "unknown"
  }

  private static func firstThatHold(_ cases: ArraySlice<(String, Set<Bool>)>) -> Set<String> {
    guard let first = cases.first else { return ["none"] }
    var labels: Set<String> = []
    if first.1.contains(true) { labels.insert(first.0) }
    if first.1.contains(false) { labels.formUnion(firstThatHold(cases.dropFirst())) }
    return labels
  }

  private func truths(of condition: Condition, about host: String?) -> Set<Bool> {
    switch condition {
    case .table(let table, let fact, let comparison, let number):
      let isOfHosts = SmallRunbook.entityTables.contains(table)
      return Worlds.truths(
        of: fact, comparison, number, over: rows(of: table, about: host), host: isOfHosts ? host : nil)
    case .answer(let place):
      switch label(of: place, about: host) {
      case "yes": return [true]
      case "no": return [false]
      default: return [true, false]
      }
    case .count(let place, let comparison, let number):
      let isSign = runbook.questions[place].then == nil
      let labels = hosts.map { isSign ? answer(place, about: $0) : answers[place]?[$0] }
      let mayBeMore = labels.contains("unknown") || (isSign ? isListIncomplete : unlistedAt.contains(place))
      return Worlds.truths(ofCount: labels.count { $0 == "yes" }, mayBeMore: mayBeMore, comparison, number)
    case .hosts(let comparison, let number):
      return Worlds.truths(ofCount: hosts.count, mayBeMore: isListIncomplete, comparison, number)
    case .not(let condition): return Set(truths(of: condition, about: host).map { !$0 })
    case .and(let left, let right): return pairs(left, right, host) { $0 && $1 }
    case .or(let left, let right): return pairs(left, right, host) { $0 || $1 }
    }
  }

  private func rows(of table: String, about host: String?) -> SmallData.State {
    let state = data.tables[table] ?? .absent
    guard SmallRunbook.entityTables.contains(table), host == nil else { return state }
    // An empty list matches nothing, whatever the source is like; hosts that are not listed may still have rows.
    if hosts.isEmpty { return isListIncomplete ? .truncated([]) : .complete([]) }
    // Rows of hosts that are not in the list are missing from those of all.
    guard isListIncomplete, let rows = state.rows else { return state }
    return .truncated(rows.filter { hosts.contains($0.host) })
  }

  private func pairs(_ left: Condition, _ right: Condition, _ host: String?, _ join: (Bool, Bool) -> Bool) -> Set<Bool>
  {
    let rights = truths(of: right, about: host)
    return Set(truths(of: left, about: host).flatMap { left in rights.map { join(left, $0) } })
  }

  /// `unknown` also for a question on the way that was not asked.
  private func label(of place: Int, about host: String?) -> String {
    let question = runbook.questions[place]
    let subject = question.isEach ? host : nil
    return question.then == nil ? answer(place, about: subject) : answers[place]?[subject ?? ""] ?? "unknown"
  }

  // MARK: What follows

  /// What follows an unknown: what the author says, else the one question that follows anyway.
  private func follows(_ place: Int) -> [SmallRunbook.Target] {
    let then = runbook.questions[place].then ?? [:]
    if let targets = then["unknown"] { return targets }
    let questions = Set(then.values.joined().filter { if case .question = $0 { true } else { false } })
    return questions.count == 1 ? Array(questions) : []
  }

  private mutating func lead(from place: Int, _ label: String, host: String?, _ walking: Set<Walker>) {
    let question = runbook.questions[place]
    let isUnknown = label == "unknown"
    if isUnknown, !question.isOptional {
      openQuestions.insert(place)
      if let host { openHosts.insert(host) } else { isRunOpen = true }
    }
    let targets = isUnknown ? follows(place) : question.then?[label] ?? []
    if targets.isEmpty {
      reached.insert(Reached(verdict: .undetermined, host: host, question: place, isAssumed: false))
    }
    for target in targets {
      switch target {
      case .verdict(let verdict):
        reached.insert(Reached(verdict: verdict, host: host, question: place, isAssumed: isUnknown))
      case .question(let next):
        // From a question asked once the whole set enters.
        walkers[next].formUnion(!question.isEach && runbook.questions[next].isEach ? [.run] : walking)
      }
    }
  }

  private mutating func leadUnlisted(from place: Int) {
    if !runbook.questions[place].isOptional {
      openQuestions.insert(place)
      isRunOpen = true
    }
    var goesOn = false
    for case .question(let next) in follows(place) {
      goesOn = true
      walkers[next].insert(.unlisted)
    }
    if !goesOn { reached.insert(Reached(verdict: .undetermined, host: nil, question: place, isAssumed: false)) }
  }

  // MARK: The end

  private struct Standing: Comparable {
    let verdict: SmallVerdict
    let isProven: Bool

    init(_ reached: Reached, isOpen: Bool) {
      verdict = isOpen && reached.verdict.isClean ? .undetermined : reached.verdict
      isProven = verdict != .undetermined && !reached.isAssumed
    }

    /// The greatest is the verdict: the more severe, the proven, the first in the file.
    static func < (left: Standing, right: Standing) -> Bool {
      (left.verdict.severity, left.isProven ? 1 : 0, -left.verdict.rawValue)
        < (right.verdict.severity, right.isProven ? 1 : 0, -right.verdict.rawValue)
    }
  }

  private func end() -> Outcome {
    var outcome = Outcome()
    outcome.reached = reached
    outcome.open = openQuestions.sorted().map { runbook.questions[$0].id }
    for (place, question) in runbook.questions.enumerated() where question.then != nil {
      for host in question.isEach ? hosts : [""] {
        guard let label = answers[place]?[host] else { continue }
        outcome.said.append("\(question.id)\(host.isEmpty ? "" : " \(host)"): \(label)")
      }
      if unlistedAt.contains(place) { outcome.said.append("\(question.id): unknown") }
    }
    var all = reached.filter { $0.host == nil }.map { Standing($0, isOpen: isRunOpen) }
    for host in hosts where answers.values.contains(where: { $0[host] != nil }) {
      let own = reached.filter { reached in
        let isOfRun = !runbook.questions[reached.question].isEach
        return reached.host == host || isOfRun && walkers[reached.question].contains(.host(host))
      }
      let standings = own.map { Standing($0, isOpen: isRunOpen || openHosts.contains(host)) }
      outcome.hosts.append("\(host): \((standings.max()?.verdict ?? .undetermined).id)")
      all += standings
    }
    if runbook.questions.indices.contains(where: { runbook.questions[$0].isEach && walkers[$0].contains(.run) }) {
      outcome.hosts += overflow.map { "\($0): undetermined" }
      all += overflow.map { host in
        Standing(Reached(verdict: .undetermined, host: host, question: 0, isAssumed: false), isOpen: false)
      }
    }
    outcome.verdict = all.max()?.verdict ?? .undetermined
    return outcome
  }
}
