import RunbookPorts
import Values

@testable import Investigation

/// What the sources of a small run answer.
struct SmallData: Sendable {
  struct Row: Hashable, Sendable {
    /// Of a table of the run: empty.
    var host = ""
    var x = 0
  }

  enum State: Sendable {
    case complete([Row])
    /// The rows are right, and there may be more.
    case truncated([Row])
    /// Rows that may be wrong; they prove nothing.
    case wrong([Row])
    case absent

    /// Those that are there for sure; `nil`: nothing is sure.
    var rows: [Row]? {
      switch self {
      case .complete(let rows), .truncated(let rows): rows
      case .wrong, .absent: nil
      }
    }

    var isComplete: Bool { if case .complete = self { true } else { false } }
  }

  /// `targets` has only hosts.
  var tables: [String: State]

  var hosts: [String] {
    var hosts: [String] = []
    for row in tables["targets"]?.rows ?? [] where !hosts.contains(row.host) { hosts.append(row.host) }
    return hosts
  }

  /// What a source answers that keeps to what it was asked: of entities it gives only the rows of those.
  func answer(to request: FetchRequest) -> FetchOutcome {
    guard case .rows(let columns, _) = request.shape, let state = tables[request.id.query] else {
      return .failed("nothing was given")
    }
    var asked: Set<String>?
    if case .list(let values)? = request.parameters["host"] { asked = Set(values.map(\.displayText)) }
    func table(_ rows: [Row]) -> QueryResult.Payload {
      let lines = rows.filter { asked?.contains($0.host) ?? true }.map { row in
        columns.map { $0.name == "host" ? row.host : "\(row.x)" }.joined(separator: "  ")
      }
      let header = columns.map(\.name).joined(separator: "  ")
      return .table(RunDriver.table(([header] + lines).joined(separator: "\n"), columns))
    }
    switch state {
    case .complete(let rows): return .answered(QueryResult(payload: table(rows)))
    case .truncated(let rows):
      return .answered(QueryResult(payload: table(rows), completeness: .truncated("cut"), isMonotone: false))
    case .wrong(let rows):
      return .answered(QueryResult(payload: table(rows), completeness: .partial("a shard is missing")))
    case .absent: return .failed("down")
    }
  }
}

/// What a condition comes to in every world that agrees with what is known.
struct Worlds {
  private init() {}

  /// Rows that may be missing: every way of adding up to four.
  private static func additions(of values: ClosedRange<Int>) -> [[Int]] {
    var all: [[Int]] = [[]]
    var last: [[Int]] = [[]]
    for _ in 0..<4 {
      last = last.flatMap { some in values.filter { $0 >= some.last ?? values.lowerBound }.map { some + [$0] } }
      all += last
    }
    return all
  }

  private static let anyAdditions = additions(of: -1...4)
  /// What is summed counts something, so that what is missing is not negative.
  private static let countAdditions = additions(of: 0...4)

  /// - Parameter host: Whose rows it is about; `nil`: everybody's.
  static func truths(
    of fact: Condition.Fact, _ comparison: Condition.Comparison, _ number: Int, over state: SmallData.State,
    host: String?
  ) -> Set<Bool> {
    guard let rows = state.rows else { return [true, false] }
    let known = rows.filter { host == nil || $0.host == host }.map(\.x)
    if state.isComplete { return [holds(fact, comparison, number, known)] }
    if case .sum = fact {
      guard known.allSatisfy({ $0 >= 0 }) else { return [true, false] }
      return Set(countAdditions.map { holds(fact, comparison, number, known + $0) })
    }
    return Set(anyAdditions.map { holds(fact, comparison, number, known + $0) })
  }

  private static func holds(
    _ fact: Condition.Fact, _ comparison: Condition.Comparison, _ number: Int, _ values: [Int]
  ) -> Bool {
    switch fact {
    case .size: comparison.holds(values.count, number)
    case .sum: comparison.holds(values.reduce(0, +), number)
    case .exists(let how, let limit): values.contains { how.holds($0, limit) }
    case .all(let how, let limit): values.allSatisfy { how.holds($0, limit) }
    case .contains(let value): values.contains(value)
    case .sizeOfThose(let how, let limit): comparison.holds(values.count { how.holds($0, limit) }, number)
    }
  }

  /// A list that may be longer than what is known of it.
  static func truths(ofCount known: Int, mayBeMore: Bool, _ comparison: Condition.Comparison, _ number: Int)
    -> Set<Bool>
  {
    Set((0...(mayBeMore ? 5 : 0)).map { comparison.holds(known + $0, number) })
  }
}
