package import AuditTrail

/// The runs of a trail one by one, each when its last record has been read; those that are not closed come at the end.
package struct RecordedRuns: Sequence, IteratorProtocol {
  private var lines: TrailLines
  private let reader: TrailReader
  private var open: [String: (place: Int, lines: [TrailLine])] = [:]
  private var begun = 0
  /// Runs whose first records were removed: they are left out.
  private let cut: Set<String>
  private var rest: [RecordedRun]?
  /// Lines that are no records, so far.
  package private(set) var damaged = 0

  package init(_ lines: TrailLines, from reader: TrailReader) {
    self.lines = lines
    self.reader = reader
    cut = reader.cutRuns()
  }

  package mutating func next() -> RecordedRun? {
    if rest != nil { return rest?.popLast() }
    while let line = lines.next() {
      guard let record = line.record else {
        damaged += 1
        continue
      }
      guard let run = record.place?.run, !cut.contains(run) else { continue }
      if open[run] == nil {
        open[run] = (begun, [])
        begun += 1
      }
      open[run]?.lines.append(line)
      guard record.type == "run.closed", let lines = open.removeValue(forKey: run)?.lines else { continue }
      return RecordedRun(run, lines, from: reader)
    }
    rest = open.sorted { $0.value.place > $1.value.place }.map { [reader] in
      RecordedRun($0.key, $0.value.lines, from: reader)
    }
    open = [:]
    return rest?.popLast()
  }
}
