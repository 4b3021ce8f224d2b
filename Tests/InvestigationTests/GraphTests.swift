import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// Random acyclic graphs of questions about entities: a run of all beside a run for each, and beside a walk by hand.
@Suite struct GraphTests {
  private static let verdicts: [SmallVerdict] = [.benign, .low, .suspicious, .malicious, .worst]
  private static let hosts = (0..<4).map { "h\($0)" }

  /// A graph of up to nine questions; each looks at a column of its own in one of two queries.
  private struct Graph {
    struct Question {
      let data: Int
      let isOptional: Bool
      let yes: SmallRunbook.Target
      let no: SmallRunbook.Target
      let unknown: SmallRunbook.Target
    }

    let questions: [Question]

    init(_ dice: inout Dice) {
      let count = 2 + dice.roll(8)
      func target(_ place: Int) -> SmallRunbook.Target {
        let goesOn = place + 1 < count && dice.roll(4) > 0
        return goesOn ? .question(place + 1 + dice.roll(count - place - 1)) : .verdict(dice.pick(verdicts))
      }
      questions = (0..<count).map { place in
        Question(
          data: dice.roll(2), isOptional: dice.roll(4) == 0, yes: target(place), no: target(place),
          unknown: target(place))
      }
    }

    var yaml: String {
      var text = "questions:\n"
      for (place, question) in questions.enumerated() {
        let branches = [("yes", question.yes), ("no", question.no), ("unknown", question.unknown)].map {
          label, target in
          switch target {
          case .question(let next): "\(label): q\(next)"
          case .verdict(let verdict): "\(label): \(verdict.id)"
          }
        }
        text +=
          "  q\(place):\n    each: host\n    ask: Question?\n    answer: data\(question.data).exists(d, d.c\(place))\n"
        text += "    optional: \(question.isOptional)\n    then: {\(branches.joined(separator: ", "))}\n"
      }
      text += "verdicts:\n  low: {severity: low, means: Low.}\n  worst: {severity: critical, means: Worst.}\n"
      text += "entities:\n  host: targets.host\nqueries:\n" + query("targets", "rows: {host: string}")
      let columns = questions.indices.map { "c\($0): bool" }.joined(separator: ", ")
      for data in 0..<2 {
        text += "  data\(data):\n    from: s\n    sql: SELECT 1 FROM s WHERE host IN ${host}\n    window: none\n"
        text += "    rows: {host: string, \(columns)}\n    each: host\n"
      }
      return text
    }

    /// The verdict of a host of which each cell is known, by query, row and column, or not.
    func verdict(_ rows: [[[Bool?]]]) -> SmallVerdict {
      var place = 0
      var isOpen = false
      while true {
        let question = questions[place]
        // Each way of filling the empty cells: with nothing but no, and with nothing but yes.
        let worlds = [false, true].map { filling in rows[question.data].contains { $0[place] ?? filling } }
        let target = worlds[0] != worlds[1] ? question.unknown : worlds[0] ? question.yes : question.no
        if worlds[0] != worlds[1], !question.isOptional { isOpen = true }
        switch target {
        case .question(let next): place = next
        case .verdict(let verdict): return isOpen && verdict.isClean ? .undetermined : verdict
        }
      }
    }
  }

  /// By host, query, row and column.
  private typealias Cells = [String: [[[Bool?]]]]

  private static func cells(_ dice: inout Dice, columns: Int) -> Cells {
    var cells: Cells = [:]
    for host in hosts {
      cells[host] = (0..<2).map { _ in
        (0..<dice.roll(3)).map { _ in (0..<columns).map { _ in [true, false, nil][dice.roll(3)] } }
      }
    }
    return cells
  }

  /// Runs about some hosts; the source gives the rows of those it is asked about.
  private func run(_ checked: CheckedRunbook, _ cells: Cells, _ hosts: [String], columns: Int) throws -> (
    verdicts: [String], fetches: Int
  ) {
    var driver = try RunDriver(checked, ["targets": .rows((["host"] + hosts).joined(separator: "\n"))])
    var pending = driver.begin()
    while !pending.isEmpty {
      let effect = pending.removeFirst()
      if case .fetch(let request) = effect, case .list(let asked)? = request.parameters["host"],
        case .rows(let shape, _) = request.shape
      {
        let data = request.id.query == "data0" ? 0 : 1
        var table = TableBuilder(columns: shape)
        for host in asked.map(\.displayText) {
          for row in cells[host]?[data] ?? [] {
            _ = table.append([.string(host)] + row.prefix(columns).map { $0.map(Value.bool) ?? .null })
          }
        }
        pending += driver.apply(
          .fetched(request.id, .answered(QueryResult(payload: .table(table.build())))))
      } else if let event = driver.answer(to: effect) {
        pending += driver.apply(event)
      }
    }
    for case .close(let outcome) in driver.effects {
      return (outcome.verdicts(of: "host"), driver.requests.count { $0.id.query != "targets" })
    }
    return ([], 0)
  }

  /// The whole number is 3,000; see `TestLength`.
  @Test func `in every graph each entity ends as in a run of its own, and as a walk by hand`() throws {
    var dice = Dice(21)
    var different = 0
    var wrong = 0
    var together = 0
    var apart = 0
    let graphs = TestLength.count(300, long: 3_000)
    for _ in 0..<graphs {
      let graph = Graph(&dice)
      let columns = graph.questions.count
      let checked = try RunDriver.check(graph.yaml)
      let cells = Self.cells(&dice, columns: columns)
      let all = try run(checked, cells, Self.hosts, columns: columns)
      together += all.fetches
      let byHand = Self.hosts.map { "\($0): \(graph.verdict(cells[$0] ?? []).id)" }
      if all.verdicts != byHand { wrong += 1 }
      for (place, host) in Self.hosts.enumerated() {
        let alone = try run(checked, cells, [host], columns: columns)
        apart += alone.fetches
        if alone.verdicts.first != (place < all.verdicts.count ? all.verdicts[place] : "") { different += 1 }
      }
    }
    #expect(different == 0)
    #expect(wrong == 0)
    // At most each query once for all of them.
    #expect(together <= 2 * graphs && together * 2 < apart, "\(together) \(apart)")
  }
}
