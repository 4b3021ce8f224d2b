internal import Values

/// Something in a trail that does not follow from what stands before it.
package struct ChainProblem: Hashable, Sendable {
  /// The line, counted from 1.
  package let line: Int
  package let run: String?
  package let message: String
  package let check: VerifierCheck

  init(_ check: VerifierCheck, line: Int, run: String?, _ message: String) {
    self.line = line
    self.run = run
    self.message = message
    self.check = check
  }
}

/// A record as the chain sees it.
struct ChainLink: Sendable {
  struct Place: Sendable {
    let run: String
    let runbook: String
    let sequence: Int64
    let previous: Digest?
  }

  /// What a closing record says of itself.
  struct Closing: Sendable {
    let records: Int64?
    /// Its digest is that of its own words.
    let isTrue: Bool
  }

  let sequence: Int64
  let place: Place?
  let closing: Closing?
  let leaf: Digest

  init(sequence: Int64, place: Place?, closing: Closing?, leaf: Digest) {
    self.sequence = sequence
    self.place = place
    self.closing = closing
    self.leaf = leaf
  }

  init(_ record: TrailRecord, leaf: Digest) {
    sequence = record.sequence
    place = record.place.map { place in
      Place(
        run: place.run, runbook: place.runbook, sequence: place.sequence,
        previous: place.previous.flatMap { Hexadecimal.bytes($0) }.flatMap { Digest(bytes: $0) })
    }
    closing = record.type == TrailLog.closingType && record.place != nil ? Closing(record.body) : nil
    self.leaf = leaf
  }

  /// A record as its head tells of it.
  ///
  /// - Parameters:
  ///   - closing: Of a closing record what its body says.
  ///   - names: Those that records before it have had.
  /// - Returns: `nil` for a head that holds no names.
  init?(
    _ head: RecordHead, of line: UnsafeBufferPointer<UInt8>, leaf: Digest, closing: Closing? = nil,
    _ names: inout RecurringNames
  ) {
    (sequence, self.closing, self.leaf) = (head.sequence, closing, leaf)
    guard let place = head.place else {
      self.place = nil
      return
    }
    var previous: Digest?
    if let range = place.previous {
      guard let digest = Digest(hexadecimal: line[range]) else { return nil }
      previous = digest
    }
    guard let run = names.text(of: line[place.run], isAllowed: RunID.isValid),
      let runbook = names.text(of: line[place.runbook], isAllowed: { _ in true })
    else { return nil }
    self.place = Place(run: run, runbook: runbook, sequence: place.sequence, previous: previous)
  }
}

extension ChainLink.Closing {
  /// - Parameter body: Of a closing record.
  init(_ body: JSON) {
    let words = body.members?.filter { $0.name != "records" && $0.name != "verdict_hash" } ?? []
    records = body["records"]?.integer
    isTrue = body["verdict_hash"]?.text == Digest(of: JSON.object(words).canonicalBytes).text
  }
}

/// Looks whether records follow each other: the log's sequence and each run's, the hash of the run's record before,
/// and what the closing record says. It sees accidents and partial edits; a trail that was rewritten as a whole passes.
package struct ChainCheck: Sendable {
  private struct Run {
    var sequence: Int64 = 0
    var leaf: Digest?
    var runbook: String?
    var isClosed = false
  }

  private let isWholeLog: Bool
  private var next: Int64 = 0
  private var runs: [String: Run] = [:]

  /// - Parameters:
  ///   - isWholeLog: Whether it is given every line of a log, and not those of one run.
  ///   - removed: What was removed of the log's beginning.
  package init(isWholeLog: Bool = true, after removed: RemovedRecords? = nil) {
    self.isWholeLog = isWholeLog
    next = removed?.before ?? 0
    for run in removed?.cut ?? [] {
      runs[run.run] = Run(sequence: run.sequence, leaf: run.leaf, runbook: run.runbook)
    }
  }

  /// Takes the next line.
  package mutating func problems(with line: TrailLine) -> [ChainProblem] {
    switch line.content {
    case .failure(let damage):
      skip()
      return [ChainProblem(.form, line: line.number, run: nil, damage.message)]
    case .success(let record):
      let run = record.place?.run
      return problems(with: ChainLink(record, leaf: line.digest)).map {
        ChainProblem($0.check, line: line.number, run: run, $0.message)
      }
    }
  }

  /// Takes a line that is no record.
  mutating func skip() { next += 1 }

  /// Takes the next record.
  mutating func problems(with link: ChainLink) -> [(check: VerifierCheck, message: String)] {
    var problems: [(VerifierCheck, String)] = []
    if isWholeLog, link.sequence != next { problems.append((.sequence, "'seq' is \(link.sequence), not \(next)")) }
    next = link.sequence + 1
    if let place = link.place { problems += check(link, at: place) }
    return problems
  }

  private mutating func check(_ link: ChainLink, at place: ChainLink.Place) -> [(VerifierCheck, String)] {
    var problems: [(VerifierCheck, String)] = []
    let run = runs[place.run] ?? Run()
    if run.isClosed { problems.append((.closed, "the run was closed before")) }
    if place.sequence != run.sequence + 1 {
      problems.append((.runSequence, "'run_seq' is \(place.sequence), not \(run.sequence + 1)"))
    } else if place.previous != run.leaf {
      problems.append((.runLink, "'run_prev' is not the hash of the run's record before"))
    }
    if let runbook = run.runbook, ExactString(runbook) != ExactString(place.runbook) {
      problems.append((.runbook, "'runbook' is not the run's"))
    }
    if let closing = link.closing {
      if closing.records != place.sequence {
        problems.append((.count, "'records' is not the number of the run's records"))
      }
      if !closing.isTrue {
        problems.append((.verdictHash, "'verdict_hash' is not the digest of what was decided"))
      }
    }
    runs[place.run] = Run(
      sequence: place.sequence, leaf: link.leaf, runbook: run.runbook ?? place.runbook, isClosed: link.closing != nil)
    return problems
  }

  /// Runs that have begun and are not closed.
  var openRuns: Int { runs.values.count { !$0.isClosed } }
  var closedRuns: Int { runs.values.count { $0.isClosed } }
}
