package import AuditTrail
internal import DurableFiles
package import RunIndex
import Values

/// Lists the runs of a trail: from the index beside it where there is one, from the trail itself otherwise.
package struct RunListing: Sendable {
  package let runs: [IndexedRun]
  /// Lines of the trail that are no records.
  package let damaged: Int

  /// The lines of a trail that are no records, each a sentence.
  package static func damage(in reader: TrailReader) throws(TrailReadError) -> [String] {
    try reader.lines().compactMap { line in
      if case .failure(let problem) = line.content { "line \(line.number): \(problem.message)" } else { nil }
    }
  }
  /// Why the index was not used although it is there.
  package let remark: String?

  /// The index's file in a trail's folder.
  package static func indexFile(of layout: TrailLayout) -> String { "\(layout.folder)/index.sqlite" }

  /// - Parameter hasIndex: Whether the index is there.
  package init(_ filter: RunFilter, from reader: TrailReader, hasIndex: Bool) throws(TrailReadError) {
    var problem: String?
    if hasIndex {
      do throws(IndexProblem) {
        let index = try Self.index(of: reader.layout)
        let damaged = try Self.bringUpToDate(index, with: reader)
        (runs, self.damaged, remark) = (try index.runs(filter), damaged, nil)
        return
      } catch { problem = error.message }
    }
    var fold = RunListFold(reader)
    for line in try reader.lines() { fold.take(line) { _ in nil } }
    (runs, damaged, remark) = (fold.runs.filter(filter.admits), fold.damaged, problem)
  }

  /// Holds the index against the trail: nothing protects it, and lists believe it.
  ///
  /// - Returns: What is wrong, a sentence; `nil` if the index tells what the trail does.
  package static func indexProblem(of reader: TrailReader) throws(TrailReadError) -> String? {
    // Runs may be added between one reading and the other.
    for _ in 0..<comparisonLimit {
      let told = try RunListing(RunFilter(), from: reader, hasIndex: true)
      if let problem = told.remark { return problem }
      if try RunListing(RunFilter(), from: reader, hasIndex: false).runs == told.runs { return nil }
    }
    return "the index tells other runs than the trail: `tocsin trail reindex` makes it anew"
  }

  private static let comparisonLimit = 3

  /// Makes the index of a trail anew.
  ///
  /// - Returns: How many runs it has.
  package static func reindex(_ reader: TrailReader) throws(IndexProblem) -> Int {
    do throws(TrailReadError) { _ = try reader.lines() } catch { throw IndexProblem(error.message) }
    let index = try index(of: reader.layout)
    return try rebuild(index, from: reader).runs.count
  }

  private static func index(of layout: TrailLayout) throws(IndexProblem) -> RunIndex {
    let path = indexFile(of: layout)
    // Made here, so that nobody else may read what is in it.
    do throws(FileProblem) { _ = try OpenFile(path, for: .updating) } catch { throw IndexProblem(error.message) }
    return try RunIndex(path: path)
  }

  private static func rebuild(_ index: RunIndex, from reader: TrailReader) throws(IndexProblem) -> RunListFold {
    var fold = RunListFold(reader)
    do throws(TrailReadError) {
      for line in try reader.lines() { fold.take(line) { _ in nil } }
    } catch { throw IndexProblem(error.message) }
    try index.save(fold.runs, upTo: fold.position ?? .init(sequence: 0, offset: 0, leaf: "", damaged: 0), isWhole: true)
    return fold
  }

  /// Reads on where the index ends; from the beginning if the trail is not the one that was read.
  ///
  /// - Returns: How many lines are no records.
  private static func bringUpToDate(_ index: RunIndex, with reader: TrailReader) throws(IndexProblem) -> Int {
    guard let position = try index.position(), !position.leaf.isEmpty else {
      return try rebuild(index, from: reader).damaged
    }
    var lines: TrailLines
    do throws(TrailReadError) { lines = try reader.lines(from: position.sequence, offset: position.offset) } catch {
      throw IndexProblem(error.message)
    }
    guard let last = lines.next(), last.leaf == position.leaf else { return try rebuild(index, from: reader).damaged }
    var fold = RunListFold(reader, damaged: position.damaged)
    var isBroken: IndexProblem?
    while let line = lines.next() {
      fold.take(line) { name in
        do throws(IndexProblem) { return try index.run(named: name) } catch {
          isBroken = error
          return nil
        }
      }
    }
    if let isBroken { throw isBroken }
    if let position = fold.position { try index.save(fold.runs, upTo: position, isWhole: false) }
    return fold.damaged
  }
}

/// Collects what lists tell of runs, record by record.
private struct RunListFold {
  private let reader: TrailReader
  private(set) var runs: [IndexedRun] = []
  private var places: [String: Int] = [:]
  private(set) var damaged: Int
  private(set) var position: RunIndex.Position?
  /// Runs whose first records were removed: they are left out.
  private let cut: Set<String>

  init(_ reader: TrailReader, damaged: Int = 0) {
    self.reader = reader
    self.damaged = damaged
    cut = reader.cutRuns()
  }

  /// - Parameter known: What is known of a run from before.
  mutating func take(_ line: TrailLine, known: (String) -> IndexedRun?) {
    guard let record = line.record else {
      damaged += 1
      return
    }
    position = RunIndex.Position(
      sequence: record.sequence, offset: line.offset, leaf: line.leaf, damaged: damaged)
    guard let name = record.place?.run, !cut.contains(name) else { return }
    if places[name] == nil {
      places[name] = runs.count
      runs.append(
        known(name)
          ?? IndexedRun(
            run: name, runbook: record.body["runbook"]?.text ?? "", version: record.body["version"]?.text ?? "",
            started: record.wall))
    }
    guard let place = places[name] else { return }
    runs[place].take(record, from: reader)
  }
}

extension IndexedRun {
  fileprivate mutating func take(_ record: TrailRecord, from reader: TrailReader) {
    records += 1
    switch record.type {
    case "run.closed":
      status = .closed
      finished = record.wall
      verdict = record.body["verdict"]?.text
      severity = record.body["severity"]?.text
    case "run.interrupted": status = .interrupted
    case "verdict.reached":
      status = .open
      let values = RecordedBody.whole(record.body, from: reader).body["values"]?.elements?.compactMap(\.text) ?? []
      let all = Set((entities + values).map { ExactString($0) })
      entities = all.sorted().map(\.text)
    default: status = .open
    }
  }
}
