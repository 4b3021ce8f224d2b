package import AuditTrail

/// The runs of a trail one by one, each when its last record has been found; those that are not closed come at the end.
package struct RecordedRuns: Sequence, IteratorProtocol {
  private var lines: UnreadLines
  private var open: [String: [UnreadLine]] = [:]
  /// Runs whose first records were removed: they are left out.
  private let cut: Set<String>
  private var rest: [UnreadRun]?
  /// Lines of no run that are no records, so far.
  package private(set) var damaged = 0

  package init(_ lines: UnreadLines, from reader: TrailReader) {
    self.lines = lines
    cut = reader.cutRuns()
  }

  package mutating func next() -> UnreadRun? {
    if rest != nil { return rest?.popLast() }
    while let line = lines.next() {
      guard let run = line.run ?? ownerOfUnusual(line), cut.isEmpty || !cut.contains(run) else { continue }
      open[run, default: []].append(line)
      guard line.isClosing, let lines = open.removeValue(forKey: run) else { continue }
      return UnreadRun(run: run, lines: lines)
    }
    // The last first: they are taken from the end.
    rest = open.map { UnreadRun(run: $0.key, lines: $0.value) }.sorted { $0.began > $1.began }
    open = [:]
    return rest?.popLast()
  }

  /// The next runs, as many as there are up to a limit.
  mutating func next(atMost limit: Int) -> [UnreadRun] {
    var runs: [UnreadRun] = []
    while runs.count < limit, let run = next() { runs.append(run) }
    return runs
  }

  /// Of a line whose head does not name a run: a record about the log, or none at all.
  private mutating func ownerOfUnusual(_ line: UnreadLine) -> String? {
    let record = line.read().record
    if record == nil { damaged += 1 }
    return record?.place?.run
  }
}

/// A run of a trail whose records have been found and not been read.
package struct UnreadRun: Sendable {
  package let run: String
  private let lines: [UnreadLine]

  init(run: String, lines: [UnreadLine]) {
    self.run = run
    self.lines = lines
  }

  /// The number of its first line.
  fileprivate var began: Int { lines.first?.number ?? 0 }

  /// The run's records as far as their heads tell; see `RecordOutline.all`.
  func outlines() -> [RecordOutline]? { RecordOutline.all(in: lines) }

  /// - Returns: The run, and how many of its lines are no records.
  package func read(from reader: TrailReader) -> (run: RecordedRun, damaged: Int) {
    let lines = lines.map { $0.read() }
    let records = lines.filter { $0.record != nil }
    return (RecordedRun(run, records, from: reader), lines.count - records.count)
  }
}
