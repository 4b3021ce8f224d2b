extension SmallRunbook {
  /// Up to six questions on the way, two signs about the run and two about hosts.
  static func random(_ dice: inout Dice, questions count: Int, hasEntities: Bool, hasOptional: Bool) -> SmallRunbook {
    var runbook = SmallRunbook(questions: [])
    if dice.roll(6) == 0 { runbook.atMost = 1 + dice.roll(2) }
    let each = (0..<count).map { _ in hasEntities && dice.roll(2) == 0 }
    for place in 0..<count {
      let earlier = (0..<place).map { ($0, each[$0]) }
      let content = content(&dice, isEach: each[place], hasEntities: hasEntities, earlier: earlier, firstSign: count)
      var question = Question(id: "q\(place)", isEach: each[place], content: content, then: [:])
      question.isOptional = hasOptional && dice.roll(4) == 0
      question.then = branches(&dice, of: question, at: place, of: count)
      runbook.questions.append(question)
    }
    for sign in 0..<(hasEntities ? 4 : 2) {
      let isEach = sign >= 2
      // A sign may mention the one before it.
      var condition = condition(&dice, isEach: isEach, hasEntities: hasEntities)
      if sign % 2 == 1, dice.roll(3) == 0 { condition = .or(condition, .answer(count + sign - 1)) }
      let id = "\(isEach ? "e" : "s")\(sign % 2)"
      runbook.questions.append(Question(id: id, isEach: isEach, content: .condition(condition), then: nil))
    }
    // A choice has no yes; those who mention one look at a sign instead.
    for place in runbook.questions.indices {
      guard case .condition(let condition) = runbook.questions[place].content else { continue }
      let plain = condition.mapMentions { mention in
        guard case .choice = runbook.questions[mention].content else { return mention }
        return count + (runbook.questions[mention].isEach ? 2 : 0)
      }
      let old = runbook.questions[place]
      var question = Question(id: old.id, isEach: old.isEach, content: .condition(plain), then: old.then)
      question.isOptional = old.isOptional
      runbook.questions[place] = question
    }
    return runbook
  }

  private static func content(
    _ dice: inout Dice, isEach: Bool, hasEntities: Bool, earlier: [(place: Int, isEach: Bool)], firstSign: Int
  ) -> Content {
    let one = condition(&dice, isEach: isEach, hasEntities: hasEntities)
    let runSign = firstSign + dice.roll(2)
    let ownSign = isEach ? firstSign + 2 + dice.roll(2) : runSign
    switch dice.roll(8) {
    case 0: return .condition(.or(one, .answer(ownSign)))
    case 1: return .condition(.and(one, .not(.answer(runSign))))
    case 2 where hasEntities && !isEach:
      let about = (earlier.filter(\.isEach).map(\.place) + [firstSign + 2, firstSign + 3])
      return .condition(.count(dice.pick(about), dice.pick(Condition.Comparison.allCases), dice.roll(3)))
    case 3 where earlier.contains { isEach || !$0.isEach }:
      let about = earlier.filter { isEach || !$0.isEach }.map(\.place)
      return .condition(dice.roll(2) == 0 ? .or(.answer(dice.pick(about)), one) : .not(.answer(dice.pick(about))))
    case 4:
      let other = condition(&dice, isEach: isEach, hasEntities: hasEntities)
      return .choice([("l0", one), ("l1", other)])
    case 5:
      let signs = [firstSign, firstSign + 1] + (isEach ? [firstSign + 2, firstSign + 3] : [])
      return .weigh(signs.map { ($0, [-2, -1, 1, 2, 3][dice.roll(5)]) }, atLeast: dice.roll(5) - 1)
    default: return .condition(one)
    }
  }

  private static func condition(_ dice: inout Dice, isEach: Bool, hasEntities: Bool) -> Condition {
    let table = dice.pick(isEach ? entityTables + ["a"] : runTables + (hasEntities ? ["p"] : []))
    let how = dice.pick(Condition.Comparison.allCases)
    let number = dice.roll(4)
    let comparison = dice.pick(Condition.Comparison.allCases)
    let fact: (Condition.Fact, Int) =
      switch dice.roll(7) {
      case 0, 1: (.size, number)
      case 2: (.sum, number * 2)
      case 3: (.exists(how, dice.roll(4)), number)
      case 4: (.all(how, dice.roll(4)), number)
      case 5: (.contains(dice.roll(4)), number)
      default: (.sizeOfThose(how, dice.roll(4)), number)
      }
    if hasEntities, !isEach, dice.roll(8) == 0 { return .hosts(comparison, number) }
    let one = Condition.table(table, fact.0, comparison, fact.1)
    return dice.roll(5) == 0 ? .not(one) : one
  }

  private static func branches(
    _ dice: inout Dice, of question: Question, at place: Int, of count: Int
  ) -> [String: [Target]] {
    var then: [String: [Target]] = [:]
    for label in question.labels { then[label] = targets(&dice, after: place, of: count) }
    let next = Set(then.values.joined().filter { if case .question = $0 { true } else { false } })
    if next.count > 1 || dice.roll(3) == 0 { then["unknown"] = targets(&dice, after: place, of: count) }
    return then
  }

  private static func targets(_ dice: inout Dice, after place: Int, of count: Int) -> [Target] {
    let later = Array((place + 1)..<max(count, place + 1))
    let grave: [SmallVerdict] = [.worse, .worst, .suspicious, .malicious, .undetermined]
    switch dice.roll(6) {
    case 0 where !later.isEmpty: return [.verdict(dice.pick(grave)), .question(dice.pick(later))]
    case 1 where later.count > 1:
      let first = dice.pick(later)
      return [.question(first), .question(dice.pick(later.filter { $0 != first }))]
    case 2...4 where !later.isEmpty: return [.question(later[min(dice.roll(2), later.count - 1)])]
    default: return [.verdict(dice.pick(SmallVerdict.allCases))]
    }
  }
}

extension Condition {
  func mapMentions(_ change: (Int) -> Int) -> Condition {
    switch self {
    case .table, .hosts: self
    case .answer(let place): .answer(change(place))
    case .count(let place, let comparison, let number): .count(change(place), comparison, number)
    case .not(let condition): .not(condition.mapMentions(change))
    case .and(let left, let right): .and(left.mapMentions(change), right.mapMentions(change))
    case .or(let left, let right): .or(left.mapMentions(change), right.mapMentions(change))
    }
  }
}

extension SmallData {
  /// Whole tables of up to three hosts.
  static func random(_ dice: inout Dice) -> SmallData {
    let hosts = (0..<dice.roll(4)).map { "h\($0)" }
    var tables: [String: State] = ["targets": .complete(hosts.map { Row(host: $0) })]
    for name in SmallRunbook.runTables {
      tables[name] = .complete((0..<dice.roll(4)).map { _ in Row(x: dice.roll(4)) })
    }
    for name in SmallRunbook.entityTables {
      let rows = (0..<(hosts.isEmpty ? 0 : dice.roll(6))).map { _ in Row(host: dice.pick(hosts), x: dice.roll(4)) }
      tables[name] = .complete(rows)
    }
    return SmallData(tables: tables)
  }

  /// The same from sources in trouble: cut, of rows that may be wrong, or not there.
  func troubled(_ dice: inout Dice) -> SmallData {
    var troubled = self
    for (name, state) in tables.sorted(by: { $0.key < $1.key }) {
      guard let rows = state.rows else { continue }
      switch dice.roll(name == "targets" ? 10 : 6) {
      case 0: troubled.tables[name] = .absent
      case 1, 2: troubled.tables[name] = .truncated(Array(rows.prefix(dice.roll(rows.count + 1))))
      case 3: troubled.tables[name] = .wrong(Array(rows.prefix(1)))
      default: break
      }
    }
    return troubled
  }

  /// Some of the complete worlds in which the sources could answer this.
  func worlds(_ dice: inout Dice, limit: Int) -> [SmallData] {
    (0..<limit).map { _ in
      var world = self
      var hosts = self.hosts
      for name in ["targets"] + SmallRunbook.runTables + SmallRunbook.entityTables {
        let state = tables[name] ?? .absent
        guard !state.isComplete else { continue }
        var rows = state.rows ?? []
        for _ in 0..<dice.roll(4) {
          if name == "targets" {
            rows.append(Row(host: "h\(dice.roll(5))"))
          } else if SmallRunbook.runTables.contains(name) || !hosts.isEmpty {
            let host = SmallRunbook.runTables.contains(name) ? "" : dice.pick(hosts)
            rows.append(Row(host: host, x: dice.roll(5)))
          }
        }
        world.tables[name] = .complete(rows)
        if name == "targets" { hosts = world.hosts }
      }
      return world
    }
  }
}
