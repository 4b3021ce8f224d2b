import CEL
import RunbookPorts
import Values

/// What a settled query says.
enum QueryFact: Sendable {
  case failed(EvaluationFailure)
  case rows(Rows)
  case series(SeriesFact)

  /// Rows, and which of them belong to which entity.
  struct Rows: Sendable {
    let table: Table
    let isSingle: Bool
    /// Why rows may be missing.
    let incomplete: String?
    /// Why rows of entities may be missing that could not be listed.
    let unlisted: String?
    /// `nil` for a query that is not asked of each.
    let byEntity: ByEntity?
    /// The rows from before the window too, where a threshold learns from them; expressions see those of the window.
    var withHistory: Table?
    var window: TimeWindow?
  }

  struct ByEntity: Sendable {
    /// Those that it was asked about; of all others it says nothing.
    let asked: MemberSet
    /// Each entity's rows, by its place.
    let tables: [Table]

    init(_ table: Table, column: Int?, list: EntityList, asked: MemberSet) {
      var rows: [[Int]] = Array(repeating: [], count: list.count)
      if let column {
        for (row, cell) in table.cells[column].enumerated() {
          if let place = list.place(of: cell) { rows[place].append(row) }
        }
      }
      let none = table.selecting([])
      tables = rows.map { $0.isEmpty ? none : table.selecting($0) }
      self.asked = asked
    }
  }

  struct SeriesFact: Sendable {
    let series: [Series]
    let window: TimeWindow?
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

  /// What an expression about one entity sees of a query that is asked of each.
  func value(of query: String, entity: Int) -> Evaluation {
    guard case .rows(let rows) = self, let byEntity = rows.byEntity else { return value(of: query) }
    guard byEntity.asked.contains(entity) else {
      return .failure(.unknown("'\(query)' was not asked about it"))
    }
    return rows.value(of: byEntity.tables[entity], because: rows.incomplete, query)
  }
}

extension QueryFact.Rows {
  fileprivate func whole(_ query: String) -> Evaluation {
    if isSingle, byEntity != nil {
      return .failure(EvaluationFailure(.error, "'\(query)' has a row for each, not one"))
    }
    return value(of: table, because: incomplete ?? unlisted, query)
  }

  fileprivate func value(of table: Table, because reason: String?, _ query: String) -> Evaluation {
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
