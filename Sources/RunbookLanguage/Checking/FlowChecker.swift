import Diagnostics
import RunbookPorts

/// Looks at how questions lead to one another and finds the order in which they can be taken.
///
/// It looks at whatever could be read: a loop is one, whatever else is wrong.
struct FlowChecker {
  let runbook: Runbook
  let draft: Draft
  let names: NameTable
  let findings: Findings
  /// What each question rests on; empty when names rest on themselves, or too many stand one upon another.
  let needs: [String: Needs]

  /// Most names that may stand one upon another: questions on signs, definitions, thresholds, queries and so on.
  static let heightLimit = 100

  init(runbook: Runbook, draft: Draft, names: NameTable, findings: Findings) {
    self.runbook = runbook
    self.draft = draft
    self.names = names
    self.findings = findings
    // What an ambiguous name rests on cannot be told.
    let isSound = names.ambiguous.isEmpty && Self.checkNames(runbook, names, findings)
    needs = isSound ? NeedsCollector(runbook).collect() : [:]
  }

  /// - Returns: The questions with a `then`, each behind all that lead to it and all that it mentions; fewer where
  ///   something is wrong.
  func check() -> [String] {
    let steps = runbook.questions.filter { names.questions[$0.id]?.then != nil }
    if steps.isEmpty, let sign = runbook.questions.first, !names.mayBeDeclared(as: [.question]),
      !draft.failed.contains(where: { $0.kind == .question })
    {
      findings.add(.firstIsSign(sign.id, at: sign.location))
    }
    var flow = Flow(steps, needs: needs)
    let order = flow.order()
    for loop in flow.loops { findings.add(.loop(loop, at: place(ofLoop: loop))) }
    return order
  }

  /// Where the loop goes back to its first question.
  private func place(ofLoop loop: [String]) -> SourceLocation {
    let last = loop.dropLast().last.flatMap { names.questions[$0] }
    let targets = last?.then?.flatMap(\.targets) ?? []
    return targets.first { $0.value == loop.last }?.location ?? last?.location ?? draft.location
  }

  // MARK: Names

  /// Signs, queries, thresholds and so on must not rest on themselves, nor stand too high.
  private static func checkNames(_ runbook: Runbook, _ names: NameTable, _ findings: Findings) -> Bool {
    let graph = DependencyGraph(of: runbook, names: names)
    let order = graph.order()
    for circle in order.circles {
      guard let first = circle.first, let place = graph.location(of: first) else { continue }
      findings.add(.circular(circle, origin: names.queries[first]?.origin?.location, at: place))
    }
    guard order.circles.isEmpty else { return false }
    guard let height = order.heights.max(), height > heightLimit, let highest = order.heights.firstIndex(of: height)
    else { return true }
    if let place = graph.location(of: order.names[highest]) {
      findings.add(.tooHigh(order.names[highest], height: height, limit: heightLimit, at: place))
    }
    return false
  }
}

/// Questions and those that must be answered before them.
private struct Flow {
  private let steps: [Question]
  private let position: [String: Int]
  /// Those that each waits for, by their places in the file.
  private var waitsFor: [Set<Int>]
  private var leadsTo: [[Int]]
  /// Each from the question that stands first in the file round to it again.
  private(set) var loops: [[String]] = []

  init(_ questions: [Question], needs: [String: Needs]) {
    var seen: Set<String> = []
    steps = questions.filter { seen.insert($0.id).inserted }
    position = Dictionary(steps.enumerated().map { ($1.id, $0) }) { first, _ in first }
    waitsFor = Array(repeating: [], count: steps.count)
    leadsTo = Array(repeating: [], count: steps.count)
    for (place, step) in steps.enumerated() {
      for follower in step.followers.compactMap({ position[$0] }) { link(place, to: follower) }
      for mentioned in (needs[step.id]?.questions ?? []).compactMap({ position[$0] }) { link(mentioned, to: place) }
    }
  }

  private mutating func link(_ place: Int, to other: Int) {
    if waitsFor[other].insert(place).inserted { leadsTo[place].append(other) }
  }

  /// Takes what waits for nothing, what stands first in the file first. A loop is told, and broken to go on.
  mutating func order() -> [String] {
    var order: [String] = []
    var isTaken = Array(repeating: false, count: steps.count)
    // Descending, so that the next one is the last.
    var ready = steps.indices.reversed().filter { waitsFor[$0].isEmpty }
    var firstWaiting = 0
    while order.count < steps.count {
      guard let next = ready.popLast() else {
        while isTaken[firstWaiting] { firstWaiting += 1 }
        ready = breakLoop(from: firstWaiting)
        continue
      }
      guard !isTaken[next] else { continue }
      isTaken[next] = true
      order.append(steps[next].id)
      for other in leadsTo[next] where waitsFor[other].remove(next) != nil && waitsFor[other].isEmpty {
        let index = ready.firstIndex { $0 < other } ?? ready.endIndex
        ready.insert(other, at: index)
      }
    }
    return order
  }

  /// Follows what each waits for until one comes round again.
  ///
  /// - Returns: A question of the loop, to be taken next.
  private mutating func breakLoop(from start: Int) -> [Int] {
    var trail: [Int] = []
    var index: [Int: Int] = [:]
    var current = start
    while index[current] == nil {
      index[current] = trail.count
      trail.append(current)
      guard let next = waitsFor[current].min() else { return [current] }
      current = next
    }
    let loop = Array(trail[(index[current] ?? 0)...].reversed())
    let first = loop.indices.min { loop[$0] < loop[$1] } ?? 0
    let turned = loop[first...] + loop[..<first]
    loops.append((turned + turned.prefix(1)).map { steps[$0].id })
    for place in turned {
      for other in turned { waitsFor[place].remove(other) }
    }
    return turned.filter { waitsFor[$0].isEmpty }.sorted(by: >)
  }
}
