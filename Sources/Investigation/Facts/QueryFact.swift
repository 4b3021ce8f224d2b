import CEL
import RunbookPorts
import Values

/// What a settled query says.
enum QueryFact: Sendable {
  case failed(EvaluationFailure)
  case rows(Rows)
  case series(SeriesFact)

  /// Rows, and which of them belong to which entity.
  final class Rows: Sendable {
    let table: Table
    let isSingle: Bool
    /// Why rows may be missing.
    let incomplete: String?
    /// Why rows of entities may be missing that could not be listed.
    let unlisted: String?
    /// `nil` for a query that is not asked of each.
    let byEntity: ByEntity?
    /// The rows from before the window too, where a threshold learns from them; expressions see those of the window.
    let withHistory: Table?
    let window: TimeWindow?

    init(
      table: Table, isSingle: Bool, incomplete: String?, unlisted: String?, byEntity: ByEntity?,
      withHistory: Table?, window: TimeWindow?
    ) {
      self.table = table
      self.isSingle = isSingle
      self.incomplete = incomplete
      self.unlisted = unlisted
      self.byEntity = byEntity
      self.withHistory = withHistory
      self.window = window
    }
  }

  struct ByEntity: Sendable {
    /// What an expression about each entity sees, by the entity's place.
    let values: [Evaluation]
    /// All rows as one table; `nil` where a name stands for one row.
    let rows: GroupedRows?

    /// - Parameter asked: Those who were asked about; of all others the answer says nothing.
    init(
      of query: String, _ table: Table, column: Int?, list: EntityList, asked: MemberSet, isSingle: Bool,
      incomplete: String?
    ) {
      let (sorted, ends) = Self.sort(table, by: column, list)
      func value(_ table: Table) -> Evaluation {
        Rows.value(of: table, isSingle: isSingle, because: incomplete, query)
      }
      let none = value(table.selecting(0..<0))
      let notAsked = Evaluation.unknown("'\(query)' was not asked about it")
      values = ends.indices.map { place in
        guard asked.contains(place) else { return notAsked }
        let rows = (place == 0 ? 0 : ends[place - 1])..<ends[place]
        return rows.isEmpty ? none : value(sorted.selecting(rows))
      }
      let isKnown = ends.indices.map { incomplete == nil && asked.contains($0) }
      self.rows = isSingle ? nil : GroupedRows(sorted, ends: ends, isKnown: isKnown)
    }

    /// The rows of listed entities in the order of the list, and where those of each end.
    private static func sort(_ table: Table, by column: Int?, _ list: EntityList) -> (table: Table, ends: [Int]) {
      let places = column.map { list.places(of: table.column($0)) } ?? []
      // Where the next row of each entity goes: at first to where its rows begin.
      var next = Array(repeating: 0, count: list.count + 1)
      for case let place? in places { next[place + 1] += 1 }
      for place in 0..<list.count { next[place + 1] += next[place] }
      var order = Array(repeating: 0, count: next[list.count])
      for (row, place) in places.enumerated() {
        guard let place else { continue }
        order[next[place]] = row
        next[place] += 1
      }
      let ends = Array(next.dropLast())
      let isSorted = table.first == 0 && order.count == table.count && order.indices.allSatisfy { order[$0] == $0 }
      return (isSorted ? table : table.selecting(order), ends)
    }
  }

  struct SeriesFact: Sendable {
    let series: [Series]
    let window: TimeWindow?
    /// The time from one point to the next, where the source tells.
    let step: Duration?
    /// Why points may be missing.
    let incomplete: String?
  }

  /// What an expression about the run sees.
  func value(of query: String) -> Evaluation {
    switch self {
    case .failed(let failure): .failure(failure)
    case .series: .failure(EvaluationFailure(.error, "'\(query)' is a series; only a threshold can judge it"))
    case .rows(let rows): rows.whole(query)
    }
  }
}

extension QueryFact.Rows {
  fileprivate func whole(_ query: String) -> Evaluation {
    if isSingle, byEntity != nil {
      return .failure(EvaluationFailure(.error, "'\(query)' has a row for each, not one"))
    }
    return Self.value(of: table, isSingle: isSingle, because: incomplete ?? unlisted, query)
  }

  fileprivate static func value(
    of table: Table, isSingle: Bool, because reason: String?, _ query: String
  ) -> Evaluation {
    if isSingle {
      if let reason { return .failure(.unknown(reason)) }
      guard table.count == 1 else {
        return .failure(
          .unknown(table.count == 0 ? "'\(query)' has no row" : "'\(query)' has \(table.count) rows")
        )
      }
      return .value(.row(table.row(0)))
    }
    return .value(reason.map { .partial(PartialValue(.table(table), because: $0)) } ?? .table(table))
  }
}
