import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// Fetches what questions need: each query once, for all who may still need it.
extension Turn {
  /// Whether all is known that something rests on. What is not is asked for, as far as it can be.
  func isReady(_ rest: Rest) -> Bool {
    var isReady = true
    for query in rest.queries where !prepare(query) { isReady = false }
    for question in rest.questions where !facts.questions[question].isSettled { isReady = false }
    for entity in rest.entities where !list(entity) { isReady = false }
    return isReady && haveAnswered(rest.people)
  }

  /// - Returns: Whether the entity's list is known.
  private func list(_ place: Int) -> Bool {
    if facts.entities[place].list != nil { return true }
    guard isReady(plan.entityRests[place]) else { return false }
    let entity = plan.runbook.entities[place]
    tellAnswers()
    let list = EntityList(evaluate(entity.from, in: runScope), of: entity.id, atMost: entity.atMost)
    facts.entities[place] = .listed(list)
    forgetSheets(of: place)
    decide(
      .entitiesFound(
        EntitiesFound(
          entity: entity.id, values: list.texts, overflow: list.overflow.map(\.displayText), incomplete: list.incomplete
        )))
    return true
  }

  /// - Returns: Whether the query is settled.
  func prepare(_ place: Int) -> Bool {
    var known: TimeWindow??
    switch facts.queries[place] {
    case .settled: return true
    case .inFlight: return false
    case .waiting(let instant, let window):
      guard instant <= facts.clock else { return false }
      known = window
    case .idle: break
    }
    guard preparing.insert(place).inserted else { return fail(place, "it rests on itself") }
    defer { preparing.remove(place) }
    if let reason = lackOfSource(place) { return fail(place, reason) }
    guard isReady(plan.queryRests[place]) else { return false }
    let window: TimeWindow?
    if let known {
      window = known
    } else {
      switch self.window(of: place) {
      case .failure(let failure): return fail(place, "its window is unknown: \(failure.reason)")
      case .success(let found): window = found
      }
      if let window, waits(for: window, of: place) { return false }
    }
    return ask(place, window)
  }

  private func lackOfSource(_ place: Int) -> String? {
    guard case .source(let id) = plan.query(place).origin else { return nil }
    switch start.sources[id]?.binding {
    case .bound: return nil
    case .unbound(let reason): return reason
    case nil: return "the source '\(id)' is not bound"
    }
  }

  func policy(of place: Int) -> SourcePolicy? {
    guard case .source(let id) = plan.query(place).origin else { return nil }
    return start.sources[id]
  }

  /// Puts a query off until the end of its window has come and its records have had the time to arrive, where that lies
  /// within the run's time.
  private func waits(for window: TimeWindow, of place: Int) -> Bool {
    if case .results = plan.query(place).origin { return false }
    guard start.waits, let ready = window.to.adding(policy(of: place)?.lag ?? .zero), ready > facts.clock,
      let limit = start.now.adding(plan.runbook.limits.time), ready <= limit
    else { return false }
    facts.queries[place] = .waiting(until: ready, window: window)
    if state.waits.insert(ready).inserted { effects.append(.wait(until: ready)) }
    return true
  }

  // MARK: The request

  private func ask(_ place: Int, _ window: TimeWindow?) -> Bool {
    let query = plan.query(place)
    var asked = Asked(window: window, at: facts.clock)
    var values: (kind: Int, values: Value)?
    if let kind = query.each.flatMap({ plan.entities[$0] }), let list = facts.entities[kind].list {
      let who = askedAbout(place, kind: kind, list: list)
      (asked.members, asked.unlisted) = (who.members, who.unlisted)
      if who.members.isEmpty { return settleWithoutRows(place, asked) }
      values = (kind, .list(who.members.places.map { list.values[$0] }))
    }
    let request: FetchRequest
    switch makeRequest(place, window, asking: values) {
    case .failure(let failure): return fail(place, failure.reason)
    case .success(let made): request = made
    }
    guard facts.fetchCount < plan.runbook.limits.queries else {
      return fail(place, "the run has made as many queries as it may, \(plan.runbook.limits.queries) (limits.queries)")
    }
    facts.fetchCount += 1
    facts.queries[place] = .inFlight(request.id, asked)
    effects.append(.fetch(request))
    return false
  }

  private func makeRequest(
    _ place: Int, _ window: TimeWindow?, asking: (kind: Int, values: Value)?
  ) -> Result<FetchRequest, EvaluationFailure> {
    let query = plan.query(place)
    var span = window
    if let window, plan.history[place] > .zero {
      span = window.from.adding(.zero - plan.history[place]).flatMap { TimeWindow(from: $0, to: window.to) } ?? window
    }
    var parameters: [String: Value] = [:]
    switch self.parameters(of: query, asking: asking) {
    case .failure(let failure): return .failure(failure)
    case .success(let found): parameters = found
    }
    if let span {
      parameters["from"] = .timestamp(span.from)
      parameters["to"] = .timestamp(span.to)
    }
    var shape = query.shape
    var rowLimit = query.atMost
    switch shape {
    case .rows(let columns, _):
      if query.each != nil { shape = .rows(columns, isSingle: false) }
      if plan.history[place] > .zero { rowLimit = max(rowLimit, FetchRequest.pointLimit) }
    case .series: rowLimit = max(rowLimit, FetchRequest.pointLimit)
    }
    return origin(of: query).map { origin in
      FetchRequest(
        id: FetchID(query: query.id, window: span), origin: origin, alternatives: query.alternatives,
        parameters: parameters, window: span, judged: window, shape: shape, rowLimit: rowLimit, fresh: query.fresh)
    }
  }

  private func origin(of query: Query) -> Result<FetchRequest.Origin, EvaluationFailure> {
    switch query.origin {
    case .source(let id): return .success(.source(id))
    case .cases: return .success(.history)
    case .results(let ids):
      var inputs: [(name: String, table: Table)] = []
      for id in ids {
        switch plan.queries[id].flatMap({ facts.queries[$0].fact }) {
        case .failed(let failure):
          return .failure(.unknown("it joins '\(id)', which is unknown: \(failure.reason)"))
        case .rows(let rows):
          if let reason = rows.incomplete ?? rows.unlisted {
            return .failure(.unknown("it joins '\(id)', which is incomplete: \(reason)"))
          }
          inputs.append((id, rows.table))
        case .series, nil: return .failure(EvaluationFailure(.error, "it joins '\(id)', which is not a table"))
        }
      }
      return .success(.join(inputs: inputs))
    }
  }

  /// The values that go into a query's text. One that is not wholly known makes the query unknown: a list that lacks
  /// elements may as well be one of exceptions.
  private func parameters(
    of query: Query, asking: (kind: Int, values: Value)?
  ) -> Result<[String: Value], EvaluationFailure> {
    let scope = asking.map { EvaluationScope(self, asking: $0) } ?? runScope
    var values: [String: Value] = [:]
    for parameter in query.parameters {
      switch evaluate(parameter.expression, in: scope) {
      case .failure(let failure):
        return .failure(.unknown("its parameter '\(parameter.path)' is unknown: \(failure.reason)"))
      case .value(.partial(let partial)):
        return .failure(
          .unknown("its parameter '\(parameter.path)' is incomplete: \(partial.reason)"))
      case .value(.null):
        return .failure(.unknown("its parameter '\(parameter.path)' has no value"))
      case .value(let value): values[parameter.path] = value
      }
    }
    return .success(values)
  }

  // MARK: Whom it is about

  /// All entities of a kind that can still come to something which needs the query.
  private func askedAbout(
    _ query: Int, kind: Int, list: EntityList
  ) -> (members: MemberSet, unlisted: String?) {
    var members = MemberSet(of: list.count)
    var unlisted: String?
    var isAll = true
    for place in plan.order where !facts.questions[place].isSettled && !facts.questions[place].arrivals.isEmpty {
      let arrivals = facts.questions[place].arrivals
      let reach = plan.reaches[place]
      guard reach.own.contains(query) || reach.whole.contains(query) else { continue }
      isAll = false
      unlisted = unlisted ?? arrivals.unlisted
      if reach.whole.contains(query) || arrivals.run {
        members = .all(of: list.count)
        unlisted = unlisted ?? list.unlisted
      } else if let some = arrivals.entities[kind] {
        members.formUnion(some)
      } else if !arrivals.entities.isEmpty {
        members = .all(of: list.count)
      }
    }
    for announcement in state.ledger.announcements where plan.verdictRests[announcement.verdict].queries.contains(query)
    {
      guard announcement.kind == kind else { continue }
      isAll = false
      for subject in announcement.subjects { members.insert(subject.place) }
    }
    return isAll ? (.all(of: list.count), list.unlisted) : (members, unlisted)
  }

  /// Nobody has come who could be asked about.
  private func settleWithoutRows(_ place: Int, _ asked: Asked) -> Bool {
    let query = plan.query(place)
    let table = Table(columns: query.columns, cells: query.columns.map { _ in [] }, count: 0, name: query.id)
    settle(place, .rows(rows(table, of: place, asked, incomplete: nil)))
    return true
  }

  func rows(_ answer: Table, of place: Int, _ asked: Asked, incomplete: String?) -> QueryFact.Rows {
    let query = plan.query(place)
    let whole = plan.history[place] > .zero ? answer : nil
    let table = asked.window.flatMap { window in whole?.within(window) } ?? answer
    let isSingle = if case .rows(_, let isSingle) = query.shape { isSingle } else { false }
    var byEntity: QueryFact.ByEntity?
    if let each = query.each, let kind = plan.entities[each], let list = facts.entities[kind].list,
      let members = asked.members
    {
      byEntity = .init(
        of: query.id, table, column: table.index(ofColumn: each), list: list, asked: members, isSingle: isSingle,
        incomplete: incomplete)
    }
    return .init(
      table: table, isSingle: isSingle, incomplete: incomplete, unlisted: asked.unlisted, byEntity: byEntity,
      withHistory: whole, window: asked.window)
  }

  func settle(_ place: Int, _ fact: QueryFact) {
    // What has been answered is told as it was before the new fact.
    tellAnswers()
    facts.queries[place] = .settled(fact)
    forgetDerivedValues(isData: true)
  }

  /// - Returns: `true`: the query is settled.
  private func fail(_ place: Int, _ reason: String) -> Bool {
    let id = plan.query(place).id
    settle(place, .failed(.unknown("'\(id)' has no answer: \(reason)")))
    decide(.judged(query: id, .unusable(reason)))
    return true
  }
}

extension Table {
  /// The rows whose column `time` lies in a window, or says nothing.
  fileprivate func within(_ window: TimeWindow) -> Table? {
    guard let time = index(ofColumn: "time") else { return nil }
    let places = (0..<count).filter { row in
      guard case .timestamp(let instant) = self[time, row] else { return true }
      return window.from <= instant && instant <= window.to
    }
    return places.count == count ? self : selecting(places)
  }
}

extension FetchRequest {
  /// Least number of points that a series may have, all its lines together, and of rows that a threshold learns from.
  static let pointLimit = 200_000
}
