import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import Investigation

/// What is concluded from a source's silence, at every edge of a window (design, "Time").
@Suite struct WindowMeaningTests {
  private static let yaml = """
    questions:
      seen:
        ask: Was anything seen?
        answer: a.size() > 0
        then: {yes: malicious, no: benign}
    queries:
    \(query("a", "rows: {x: int}", "window: {from: -10s, to: 0s}"))
    """

  /// A source beside a window that ends with `at`.
  private struct Scene: CustomStringConvertible {
    var kind = SourceExtent.Kind.records
    /// In units from the window's start.
    var first = 0
    /// In units from the window's end.
    var last = 0
    var gap = 0
    var resolution = 0
    var isSilenceNormal = false
    var hasRow = false
    var isMonotone = true
    /// In units from the window's end; `nil`: not given.
    var now: Int?

    var description: String {
      "\(kind) \(first) \(last) gap \(gap) resolution \(resolution) silence \(isSilenceNormal) now \(now ?? 99)"
    }

    /// Whether the source has seen the window, by the design's words.
    var isCovered: Bool {
      if let now, now < 0 { return false }
      if isSilenceNormal { return true }
      switch kind {
      case .report: return last + resolution >= 0
      case .records: return first <= gap + resolution && last >= -(gap + resolution)
      case .untimed: return false
      }
    }

    /// The row that was seen proves itself, unless rows that are missing could have changed it.
    var expected: String {
      if isCovered { return hasRow ? "yes" : "no" }
      return hasRow && isMonotone ? "yes" : "unknown"
    }
  }

  private static let at = Timestamp(seconds: 1_772_445_600)

  private func answer(_ scene: Scene, _ checked: CheckedRunbook, unit: Duration) throws -> String? {
    func instant(_ units: Int, from origin: Timestamp) throws -> Timestamp {
      try #require(origin.adding(unit * units))
    }
    let start = try #require(Self.at.adding(.seconds(-10)))
    var investigation = Investigation(
      checked,
      start: RunStart(
        run: "r", fields: [:], alert: nil, at: Self.at, now: try instant(scene.now ?? 3_600, from: Self.at),
        waits: false, isBoundedByNow: scene.now != nil,
        sources: [
          "s": SourcePolicy(
            binding: .bound(adapter: "x"), gap: unit * scene.gap, isSilenceNormal: scene.isSilenceNormal)
        ]))
    guard case .fetch(let request)? = investigation.begin().first, case .rows(let columns, _) = request.shape else {
      return nil
    }
    let extent = SourceExtent(
      kind: scene.kind, first: try instant(scene.first, from: start), last: try instant(scene.last, from: Self.at),
      resolution: unit * scene.resolution)
    let result = QueryResult(
      payload: .table(RunDriver.table(scene.hasRow ? "x\n1" : "x", columns)), isMonotone: scene.isMonotone,
      extent: extent)
    _ = investigation.apply(.fetched(request.id, .answered(result)))
    return investigation.outcome?.answer("seen")?.answer
  }

  @Test(arguments: [Duration.seconds(1), .nanoseconds(1)])
  func `a no is said only where the window was seen, to the last unit`(_ unit: Duration) throws {
    let checked = try RunDriver.check(Self.yaml)
    var wrong: [String] = []
    var cases = 0
    for place in 0..<(2 * 5 * 5 * 2 * 2 * 2 * 4) {
      var rest = place
      func pick<Element>(_ elements: [Element]) -> Element {
        defer { rest /= elements.count }
        return elements[rest % elements.count]
      }
      var scene = Scene()
      scene.kind = pick([.records, .report])
      scene.first = pick([-2, -1, 0, 1, 2])
      scene.last = pick([-2, -1, 0, 1, 2])
      scene.gap = pick([0, 1])
      scene.resolution = pick([0, 1])
      scene.isSilenceNormal = pick([false, true])
      scene.now = pick([nil, -1, 0, 1])
      for (hasRow, isMonotone) in [(false, true), (true, true), (true, false)] {
        (scene.hasRow, scene.isMonotone) = (hasRow, isMonotone)
        cases += 1
        if try answer(scene, checked, unit: unit) != scene.expected { wrong.append("\(scene)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(3))")
    #expect(cases == 4_800)
  }

  // MARK: Waiting

  /// When a run that reads a clock asks, and what a source that says nothing then proves.
  @Test(arguments: 1...4)
  func `a window is waited for with its lag, or proves nothing while it can still change`(_ limit: Int) throws {
    let checked = try RunDriver.check(Self.yaml + "limits: {time: \(limit)s}\n")
    var wrong: [String] = []
    for lag in 0...3 {
      for now in -4...4 {
        var driver = try RunDriver(
          checked, ["a": .none], at: "10:00:00", now: now < 0 ? "09:59:5\(10 + now)" : "10:00:0\(now)", waits: true,
          sources: [
            "s": SourcePolicy(binding: .bound(adapter: "x"), lag: .seconds(Int64(lag)), isSilenceNormal: true)
          ])
        let outcome = try driver.run()
        // All records of the window have arrived at `lag`; the run goes on until `now + limit`.
        let waited = driver.effects.contains { if case .wait = $0 { true } else { false } }
        let isWaitedFor = now < lag && lag <= now + limit
        let isOver = now >= lag || isWaitedFor
        if waited != isWaitedFor || outcome.answer("seen")?.answer != (isOver ? "no" : "unknown") {
          wrong.append("lag \(lag) now \(now): waited \(waited), \(outcome.answer("seen")?.answer ?? "")")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong)")
  }
}
