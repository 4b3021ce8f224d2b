import Foundation
import RunIndex
import Testing
import Values

/// The index of runs: it says what a list of them says.
@Suite struct RunIndexTests {
  private static let severities = ["info", "low", "medium", "high", "critical"]

  private static func runs(_ count: Int) -> [IndexedRun] {
    (0..<count).map { place in
      let isClosed = place % 3 != 0
      let start = Timestamp(seconds: 1_772_445_600 + Int64(place * 61 % 997), nanoseconds: Int32(place))
      return IndexedRun(
        run: "run-\(place)", runbook: ["a", "b", "e\u{301}"][place % 3], version: "1.\(place % 2)", started: start,
        finished: isClosed ? start.adding(.seconds(5)) : nil,
        status: isClosed ? .closed : place % 2 == 0 ? .open : .interrupted,
        verdict: isClosed ? ["benign", "attack"][place % 2] : nil,
        severity: isClosed ? severities[place % severities.count] : nil, records: place,
        entities: (0..<place % 4).map { "10.0.0.\($0)" })
    }
  }

  private static var filters: [RunFilter] {
    var filters = [RunFilter()]
    func add(_ change: (inout RunFilter) -> Void) {
      for filter in filters {
        var changed = filter
        change(&changed)
        filters.append(changed)
      }
    }
    add { $0.runbook = "b" }
    add { $0.verdict = "attack" }
    add { $0.severities = ["high", "critical"] }
    add { $0.since = Timestamp(seconds: 1_772_445_900) }
    add { $0.until = Timestamp(seconds: 1_772_446_300, nanoseconds: 7) }
    add { $0.isOpen = true }
    add { $0.entity = "10.0.0.1" }
    var composed = RunFilter()
    composed.runbook = "é"
    var injected = RunFilter()
    injected.entity = "' OR 1=1 --"
    return filters + [composed, injected]
  }

  private static func index() throws -> (index: RunIndex, path: String) {
    let path = "\(NSTemporaryDirectory())tocsin-index-\(UUID().uuidString).sqlite"
    return (try RunIndex(path: path), path)
  }

  @Test func `every filter finds what it finds without an index`() throws {
    let (index, path) = try Self.index()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let runs = Self.runs(200)
    try index.save(runs, upTo: .init(sequence: 4, offset: 5, leaf: "x", damaged: 1), isWhole: true)
    for filter in Self.filters {
      #expect(try index.runs(filter) == runs.filter(filter.admits), "\(filter)")
    }
    #expect(try index.position() == .init(sequence: 4, offset: 5, leaf: "x", damaged: 1))
    #expect(try index.run(named: "run-7") == runs[7])
    #expect(try index.run(named: "none") == nil)
  }

  @Test func `a run that goes on keeps its place`() throws {
    let (index, path) = try Self.index()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var runs = Self.runs(10)
    try index.save(runs, upTo: .init(sequence: 4, offset: 1, leaf: "x", damaged: 0), isWhole: true)
    runs[3].status = .closed
    runs[3].verdict = "attack"
    runs[3].entities.append("z")
    try index.save([runs[3]], upTo: .init(sequence: 4, offset: 2, leaf: "y", damaged: 0), isWhole: false)
    #expect(try index.runs(RunFilter()) == runs)
    try index.save(Array(runs.prefix(2)), upTo: .init(sequence: 4, offset: 3, leaf: "z", damaged: 0), isWhole: true)
    #expect(try index.runs(RunFilter()) == Array(runs.prefix(2)))
  }

  @Test func `a file that is no index is an error and stays as it is`() throws {
    let path = "\(NSTemporaryDirectory())tocsin-index-\(UUID().uuidString).sqlite"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = Data(String(repeating: "not a database ", count: 100).utf8)
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: IndexProblem.self) { try RunIndex(path: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }
}
