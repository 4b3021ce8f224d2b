internal import DurableFiles
internal import RunbookPorts
internal import Values

/// Records that are written with one call.
private struct RecordBatch {
  var lines: [UInt8] = []
  var leaves: [Digest] = []
  /// The runs as they are once these are written.
  var runs: [String: TrailLog.Run] = [:]
  var closed: [String] = []
}

extension TrailLog {
  /// Adds records of runs in their order, not yet waiting for the disk.
  ///
  /// - Returns: The runs of which something could not be written, and why. Nothing more of them is written then.
  mutating func write(_ waiting: [WaitingRecords.Stamped]) -> [String: JournalError] {
    var failures: [String: JournalError] = [:]
    do throws(JournalError) {
      try whileLocked { (log) throws(JournalError) in
        try log.catchUp()
        try log.rotateIfFull()
        log.write(waiting[...], &failures)
      }
    } catch {
      for waiting in waiting where failures[waiting.record.run] == nil { failures[waiting.record.run] = error }
    }
    // Whoever takes such a run up again reads first how far it came.
    for (run, failure) in failures where failure.breaksRun { set(nil, run) }
    return failures
  }

  private mutating func write(
    _ waiting: ArraySlice<WaitingRecords.Stamped>, _ failures: inout [String: JournalError]
  ) {
    if isFull, !makeRoom() {
      for run in waiting.lazy.map(\.record.run) where failures[run] == nil {
        failures[run] = .cannotWrite("run '\(run)' cannot be recorded: the disk is full")
      }
      return
    }
    var batch = RecordBatch()
    for waiting in waiting where failures[waiting.record.run].map(\.breaksRun) != true {
      do throws(JournalError) { try add(waiting, to: &batch) } catch { failures[waiting.record.run] = error }
    }
    guard !batch.leaves.isEmpty else { return }
    do throws(FileProblem) { try file.write(batch.lines) } catch {
      let reason = takeBack(after: error)
      if error.isOutOfSpace, waiting.count > 1 {
        // There may be room for some of them.
        for place in waiting.indices where failures[waiting[place].record.run] == nil {
          write(waiting[place...place], &failures)
        }
      } else {
        for waiting in waiting where failures[waiting.record.run] == nil {
          if error.isOutOfSpace { noteFull(waiting.record.type, waiting.record.run) }
          failures[waiting.record.run] = reason
        }
      }
      return
    }
    end += batch.lines.count
    for leaf in batch.leaves { add(own: leaf) }
    for (name, run) in batch.runs { set(run, name) }
    for name in batch.closed { set(nil, name) }
  }

  private func add(_ waiting: WaitingRecords.Stamped, to batch: inout RecordBatch) throws(JournalError) {
    let record = waiting.record
    guard var run = batch.runs[record.run] ?? runs[record.run] else {
      throw .cannotWrite("run '\(record.run)' has not been begun here")
    }
    guard !run.isContinuedElsewhere else { throw .continuedElsewhere(run: record.run) }
    let isClosing = record.type == Self.closingType
    let body = isClosing ? try Self.closingBody(record.body, count: run.sequence + 1) : record.body
    let start = batch.lines.count
    TrailRecord(
      origin: origin, sequence: nextSequence + Int64(batch.leaves.count),
      place: .init(run: record.run, runbook: run.runbook, sequence: run.sequence + 1, previous: run.previous),
      type: record.type, wall: waiting.wall, monotonicNanoseconds: waiting.monotonicNanoseconds,
      bootID: surroundings.bootID, actor: record.actor, node: surroundings.node, engine: surroundings.engine, body: body
    )
    .write(to: &batch.lines, bodyBytes: isClosing ? body.canonicalBytes : record.bodyBytes)
    let size = batch.lines.count - start
    guard size <= TrailRecord.sizeLimitBytes else {
      batch.lines.removeLast(size)
      throw .tooLarge(bytes: size, limit: TrailRecord.sizeLimitBytes)
    }
    let leaf = batch.lines.withUnsafeBytes { Digest(leaf: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    batch.lines.append(0x0A)
    batch.leaves.append(leaf)
    run.previous = leaf.hexadecimal
    run.sequence += 1
    batch.runs[record.run] = run
    if isClosing { batch.closed.append(record.run) }
  }
}
