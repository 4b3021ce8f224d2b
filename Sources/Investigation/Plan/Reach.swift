import RunbookLanguage

/// Which queries may still be needed by those who stand at a question, there or further on.
struct Reach: Sendable {
  /// Needed by a question that those who stand here can come to themselves.
  var own: Set<Int> = []
  /// Needed by a question about an entity that is entered from a question asked once, or about something else: then
  /// all of the entity's kind come there.
  var whole: Set<Int> = []

  /// The reach of every question; empty for signs, which have no way.
  static func all(in plan: Plan) -> [Reach] {
    var reaches = Array(repeating: Reach(), count: plan.runbook.questions.count)
    let depths = QueryDepth(plan)
    for place in plan.order.reversed() {
      var reach = Reach()
      reach.own = depths.closure(of: plan.questionRests[place].queries)
      let aboutAll = reach.own.reduce(plan.questionRests[place].queriesAboutAll) { all, query in
        all.union(plan.queryRests[query].queriesAboutAll)
      }
      reach.whole = depths.closure(of: Array(aboutAll))
      for target in Set(plan.question(place).everyTarget) {
        switch target {
        case .question(let id):
          guard let next = plan.questions[id] else { continue }
          reach.join(reaches[next], entersWhole: plan.each[next] != nil && plan.each[next] != plan.each[place])
        case .verdict(let id):
          guard let verdict = plan.verdicts[id] else { continue }
          reach.own.formUnion(depths.closure(of: plan.verdictRests[verdict].queries))
        }
      }
      reaches[place] = reach
    }
    return reaches
  }

  private mutating func join(_ next: Reach, entersWhole: Bool) {
    if entersWhole {
      whole.formUnion(next.own)
    } else {
      own.formUnion(next.own)
    }
    whole.formUnion(next.whole)
  }
}

/// Follows queries to the queries that they rest on.
private struct QueryDepth {
  private let closures: [Set<Int>]

  init(_ plan: Plan) {
    var closures: [Set<Int>?] = Array(repeating: nil, count: plan.queryRests.count)
    func closure(of query: Int) -> Set<Int> {
      if let known = closures[query] { return known }
      closures[query] = [query]
      var found: Set<Int> = [query]
      for needed in plan.queryRests[query].queries { found.formUnion(closure(of: needed)) }
      closures[query] = found
      return found
    }
    self.closures = plan.queryRests.indices.map { closure(of: $0) }
  }

  func closure(of queries: [Int]) -> Set<Int> {
    queries.reduce(into: []) { $0.formUnion(closures[$1]) }
  }
}
