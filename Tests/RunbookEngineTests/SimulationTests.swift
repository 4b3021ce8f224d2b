import Diagnostics
import Foundation
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Synchronization
import Testing
import Values

/// Whole runs in a world where only a seed decides: which task goes on next, how long sources and channels take, what
/// fails, when the process is killed and when somebody interrupts. A seed that fails fails again.
@Suite struct SimulationTests {
  private static let seeds: Int = {
    ProcessInfo.processInfo.environment["TOCSIN_SIMULATION_SEEDS"].flatMap { Int($0) } ?? 10_000
  }()

  @Test func `no order of events, failure or crash changes what is decided, or does anything twice`() async throws {
    let workers = 2
    let stories = try SimulatedStory.all()
    let problems = await withTaskGroup(of: [String].self) { group in
      for worker in 0..<workers {
        group.addTask {
          var found: [String] = []
          for seed in stride(from: worker, to: Self.seeds, by: workers) where found.count < 5 {
            if let problem = Simulation.problem(seed: UInt64(seed), stories) {
              found.append("seed \(seed): \(problem)")
            }
          }
          return found
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(problems == [])
  }

  @Test func `the same seed gives the same run, another seed another`() throws {
    let stories = try SimulatedStory.all()
    let traces = (0..<40).map { Simulation.trace(seed: UInt64($0), stories) }
    #expect(traces == (0..<40).map { Simulation.trace(seed: UInt64($0), stories) })
    #expect(Set(traces).count > 30)
  }
}

/// A runbook and what it is run on.
struct SimulatedStory: Sendable {
  let runbook: CheckedRunbook
  let isLive: Bool

  static func all() throws -> [SimulatedStory] {
    [
      SimulatedStory(runbook: try Sample.runbook(), isLive: false),
      SimulatedStory(runbook: try check(drillDown), isLive: false),
      SimulatedStory(runbook: try check(drillDown), isLive: true),
    ]
  }

  private static func check(_ text: String) throws -> CheckedRunbook {
    let result = RunbookChecker(files: MemoryFiles(files: ["list.sh": "#!/bin/sh\ncat\n"])).check(
      SourceText(name: "drill.runbook.yaml", text: text))
    return try #require(result.runbook, "\(result.diagnostics.map(\.message))")
  }

  private static let drillDown = """
    tocsin: 1
    runbook: drill
    title: A drill-down
    alert: {when: 'true', at: alert.startsAt, fields: {site: alert.labels.site}}
    questions:
      busy: {ask: Is it busy?, answer: hits.total.sum() > 5, then: {yes: known, no: benign}}
      known: {each: source, ask: "Is ${source} known?", answer: allowed.size() > 0, then: {yes: benign, no: hostile}}
      hostile: {each: source, ask: "Is ${source} hostile?", weigh: {loud: 2, wide: 1}, at_least: 2, then: {yes: attack, no: odd}}
      loud: {each: source, ask: "Is ${source} loud?", answer: requests.size() > 1}
      wide: {each: source, ask: "Is ${source} wide?", answer: 'requests.path.distinct().size() > 1'}
    verdicts:
      attack: {severity: high, means: An attack., escalate: on_call, export: [sources], advise: ["Block ${source}."]}
      odd: {severity: medium, means: Odd., escalate: office}
    entities: {source: talkers.source}
    window: {from: -10m, to: +1m}
    queries:
      hits: {from: access, sql: "SELECT site, total FROM access WHERE site = ${site} AND time BETWEEN ${from} AND ${to}", rows: {site: string, total: int}}
      talkers: {from: access, sql: "SELECT source FROM access WHERE time BETWEEN ${from} AND ${to}", rows: {source: string}}
      allowed: {from: lists, window: none, each: source, sql: "SELECT source FROM lists WHERE source IN ${source}", rows: {source: string}}
      requests: {from: access, each: source, sql: "SELECT source, path FROM access WHERE source IN ${source} AND time BETWEEN ${from} AND ${to}", rows: {source: string, path: string}}
    contacts: {desk: {email: a@example.test}, boss: {email: b@example.test}}
    escalations: {on_call: [{notify: [desk, boss]}], office: [{notify: [desk]}]}
    exports: {sources: {data: source, script: {run: list.sh}}}
    """
}
