package import DurableFiles

/// Where things lie in a trail's folder. `FORMAT.md` says what they mean.
///
///     log/trail.jsonl                 the log, one record a line
///     log/trail-0000000000012345.jsonl  the log goes on here from record 12345
///     log/checkpoint.0, .1            the last two checkpoints, written in turn
///     log/frontier, log/leaves        what can be made anew from the log, so that it need not be read again
///     log/tip                         the log's end as its last writer left it, signed
///     log/lock                        held by who writes
///     log/removed                     says from which record on the log is there, if its beginning was removed
///     log/reserve                     room for the records that say that the disk is full
///     log/trail.jsonl.torn-…          bytes that a crash left behind the last record
///     log/trail.jsonl.suspect         there if the disk failed: what the log's end holds is not known
///     evidence/ab/ab12…               kept bytes behind their 32 bytes of salt, named by the SHA-256 of the whole
///     evidence/ab/ab12….z             the same, the bytes compressed
///     evidence/incoming/ab12…         the same, not yet known to be on the disk
///     documents/ab12…                 runbooks with their imports and lists, named by the SHA-256 of their bytes
///     writers/0123456789abcdef        held locked by a process that writes; left behind by one that was broken off
///     exports/…                       files that runbooks export
///     outbox.jsonl                    notices for people
///     answers/…                       what people answered, until a run takes it in
package struct TrailLayout: Hashable, Sendable {
  package let folder: String

  package init(folder: String) { self.folder = folder }

  package var log: String { "\(folder)/log/trail.jsonl" }
  package var logFolder: String { "\(folder)/log" }
  package var lock: String { "\(logFolder)/lock" }
  package var frontier: String { "\(logFolder)/frontier" }
  package var leaves: String { "\(logFolder)/leaves" }
  package var tip: String { "\(logFolder)/tip" }
  package var reserve: String { "\(logFolder)/reserve" }
  package var suspectMark: String { "\(log).suspect" }
  package var evidence: String { "\(folder)/evidence" }
  package var incoming: String { "\(evidence)/incoming" }
  var writers: String { "\(folder)/writers" }
  package var documents: String { "\(folder)/documents" }
  package var exports: String { "\(folder)/exports" }
  package var outbox: String { "\(folder)/outbox.jsonl" }
  package var answers: String { "\(folder)/answers" }

  package static let checkpointSlots = 2
  package func checkpoint(_ slot: Int) -> String { "\(logFolder)/checkpoint.\(slot)" }

  func evidenceFolder(of digits: some StringProtocol) -> String { "\(evidence)/\(digits.prefix(2))" }
  /// - Parameter name: The digits, and `.z` if the bytes are compressed.
  func evidenceFile(_ name: String) -> String { "\(evidenceFolder(of: name))/\(name)" }
  func documentFile(_ digits: String) -> String { "\(documents)/\(digits)" }
  func writerFile(_ name: String) -> String { "\(writers)/\(name)" }
  func incomingFile(_ name: String) -> String { "\(incoming)/\(name)" }

  // MARK: Segments

  /// A file of the log.
  package struct Segment: Hashable, Sendable {
    /// The number of its first record.
    package let first: Int64
    package let path: String
  }

  private static let segmentDigits = 16

  package func segment(from first: Int64) -> Segment {
    guard first > 0 else { return Segment(first: 0, path: log) }
    let digits = String(first)
    let zeros = String(repeating: "0", count: Self.segmentDigits - digits.utf8.count)
    return Segment(first: first, path: "\(logFolder)/trail-\(zeros)\(digits).jsonl")
  }

  /// The files of the log that there are, in order; without those whose records were removed and that are still there,
  /// because the removal was broken off.
  package func segments(in files: any FileSystem) throws(FileProblem) -> [Segment] {
    let before = try removedRecords(in: files).records?.before ?? 0
    return try allSegments(in: files).filter { $0.first >= before }
  }

  func allSegments(in files: any FileSystem) throws(FileProblem) -> [Segment] {
    try files.names(in: logFolder).compactMap { name -> Segment? in
      if name == "trail.jsonl" { return segment(from: 0) }
      guard name.hasPrefix("trail-"), name.hasSuffix(".jsonl"), let first = Int64(name.dropFirst(6).dropLast(6)),
        first > 0, segment(from: first).path == "\(logFolder)/\(name)"
      else { return nil }
      return segment(from: first)
    }.sorted { $0.first < $1.first }
  }
}
