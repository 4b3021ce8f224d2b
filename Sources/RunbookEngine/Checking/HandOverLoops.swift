import Diagnostics
import RunbookLanguage

/// Runbooks that hand over to one another in a circle. One that hands over to itself is seen when it is checked alone.
struct HandOverLoops {
  /// By runbook, in the order of the documents.
  private let ways: [(runbook: String, handsOver: [Placed<String>])]

  init(among traces: [DocumentTrace]) {
    var seen: Set<String> = []
    ways = traces.compactMap { trace in
      trace.runbook.flatMap { seen.insert($0).inserted ? ($0, trace.handsOver) : nil }
    }
  }

  /// Each circle once, at the first of its runbooks that hands over.
  ///
  /// - Parameter runbooks: Only circles with one of these are told.
  func findings(touching runbooks: [String]) -> [Diagnostic] {
    let followers = Dictionary(ways.map { ($0.runbook, $0.handsOver) }) { first, _ in first }
    var told: Set<Set<String>> = []
    return ways.flatMap { way in
      way.handsOver.compactMap { next -> Diagnostic? in
        guard let back = path(from: next.value, to: way.runbook, followers), back.count > 1,
          !Set(back).isDisjoint(with: runbooks), told.insert(Set(back)).inserted
        else { return nil }
        return .handOverLoop([way.runbook] + back, at: next.location)
      }
    }
  }

  /// The shortest way from one runbook to another, both included.
  private func path(from start: String, to end: String, _ followers: [String: [Placed<String>]]) -> [String]? {
    var before: [String: String] = [:]
    var open = [start][...]
    while let runbook = open.popFirst() {
      if runbook == end {
        var path = [runbook]
        while let last = path.last, last != start, let previous = before[last] { path.append(previous) }
        return path.reversed()
      }
      for next in (followers[runbook] ?? []).map(\.value) where next != start && before[next] == nil {
        before[next] = runbook
        open.append(next)
      }
    }
    return nil
  }
}
