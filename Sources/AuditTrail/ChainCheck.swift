internal import Values

/// Something in a trail that does not follow from what stands before it.
package struct ChainProblem: Hashable, Sendable {
  /// The line, counted from 1.
  package let line: Int
  package let run: String?
  package let message: String
}

/// Looks whether records follow each other: the log's sequence and each run's, the hash of the run's record before,
/// and what the closing record says. It sees accidents and partial edits; a trail that was rewritten as a whole passes.
package struct ChainCheck: Sendable {
  private struct Run {
    var sequence: Int64 = 0
    var leaf: String?
    var isClosed = false
  }

  private let isWholeLog: Bool
  private var next: Int64 = 0
  private var runs: [String: Run] = [:]

  /// - Parameter isWholeLog: Whether it is given every line of a log, and not those of one run.
  package init(isWholeLog: Bool = true) { self.isWholeLog = isWholeLog }

  /// Takes the next line.
  package mutating func problems(with line: TrailLine) -> [ChainProblem] {
    let record: TrailRecord
    switch line.content {
    case .failure(let damage):
      next += 1
      return [ChainProblem(line: line.number, run: nil, message: damage.message)]
    case .success(let found): record = found
    }
    var messages: [String] = []
    if isWholeLog, record.sequence != next { messages.append("'seq' is \(record.sequence), not \(next)") }
    next = record.sequence + 1
    if let place = record.place { messages += check(record, at: place, leaf: line.leaf) }
    return messages.map { ChainProblem(line: line.number, run: record.place?.run, message: $0) }
  }

  private mutating func check(_ record: TrailRecord, at place: TrailRecord.Place, leaf: String) -> [String] {
    var messages: [String] = []
    let run = runs[place.run] ?? Run()
    if run.isClosed { messages.append("the run was closed before") }
    if place.sequence != run.sequence + 1 {
      messages.append("'run_seq' is \(place.sequence), not \(run.sequence + 1)")
    } else if place.previous != run.leaf {
      messages.append("'run_prev' is not the hash of the run's record before")
    }
    let closes = record.type == TrailLog.closingType
    if closes {
      let words = record.body.members?.filter { $0.name != "records" && $0.name != "verdict_hash" } ?? []
      let expected = try? TrailLog.closingBody(.object(words), count: place.sequence)
      if record.body["records"]?.integer != expected?["records"]?.integer {
        messages.append("'records' is not the number of the run's records")
      }
      if record.body["verdict_hash"]?.text != expected?["verdict_hash"]?.text {
        messages.append("'verdict_hash' is not the digest of what was decided")
      }
    }
    runs[place.run] = Run(sequence: place.sequence, leaf: leaf, isClosed: closes)
    return messages
  }
}
