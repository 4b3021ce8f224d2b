import Diagnostics
import RunbookLanguage

/// Runbooks that hand over to one another in a circle. One that hands over to itself is seen when it is checked alone.
struct HandOverLoops {
  private typealias Step = Verdict.HandOver

  /// By runbook, in the order of the documents.
  private let ways: [(runbook: String, steps: [Step])]

  init(among traces: [DocumentTrace]) {
    var seen: Set<String> = []
    ways = traces.compactMap { trace in
      trace.runbook.flatMap { seen.insert($0).inserted ? ($0, trace.handOvers) : nil }
    }
  }

  /// Each circle once, at the first of its runbooks that hands over; the places of the others are its notes.
  ///
  /// - Parameter runbooks: Only circles with one of these are told, and a circle begins with the first of these.
  func findings(touching runbooks: [String]) -> [Diagnostic] {
    let followers = Dictionary(ways.map { ($0.runbook, $0.steps) }) { first, _ in first }
    let touched = Set(runbooks)
    var told: Set<Set<String>> = []
    return ways.filter { touched.contains($0.runbook) }.flatMap { way in
      way.steps.compactMap { first -> Diagnostic? in
        guard first.runbook != way.runbook, let back = path(from: first.runbook, to: way.runbook, followers),
          told.insert(Set(back.map(\.runbook) + [first.runbook])).inserted
        else { return nil }
        return .handOverLoop(
          [way.runbook, first.runbook] + back.map(\.runbook), at: first.location, then: back.map(\.location))
      }
    }
  }

  /// The shortest way from one runbook to another.
  private func path(from start: String, to end: String, _ followers: [String: [Step]]) -> [Step]? {
    var before: [String: (runbook: String, step: Step)] = [:]
    var open = [start][...]
    while let runbook = open.popFirst() {
      if runbook == end {
        var steps: [Step] = []
        var last = runbook
        while last != start, let previous = before[last] {
          steps.append(previous.step)
          last = previous.runbook
        }
        return steps.reversed()
      }
      for step in followers[runbook] ?? [] where step.runbook != start && before[step.runbook] == nil {
        before[step.runbook] = (runbook, step)
        open.append(step.runbook)
      }
    }
    return nil
  }
}
