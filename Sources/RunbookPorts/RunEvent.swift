package import Values

/// Names one fetch of a run: the same for every attempt at it, different from any other fetch of the run.
package struct FetchID: Hashable, Sendable, CustomStringConvertible {
  /// The query's id in the runbook.
  package let query: String
  package let window: TimeWindow?

  package init(query: String, window: TimeWindow?) {
    self.query = query
    self.window = window
  }

  package var description: String { window.map { "\(query) \($0)" } ?? query }
}

/// What happened to a run: the only thing that changes an investigation's state.
///
/// A run's journal holds its events in the order in which they were applied; folding them again gives the same state.
package enum RunEvent: Sendable {
  case fetched(FetchID, FetchOutcome)
  /// The instant that was waited for has come.
  case waited(until: Timestamp)
  /// Somebody answered a form.
  case told(PersonAnswer)
  /// By the notice's idempotency key.
  case notified(String, NoticeOutcome)
  /// By the export's id.
  case exported(String, ExportOutcome)
  /// By the id of the export that has the script.
  case scripted(String, ScriptOutcome)
  /// The run was told to stop, or could not go on. Nothing changes it any more.
  case interrupted(String)
}

package enum FetchOutcome: Sendable {
  case answered(QueryResult)
  /// Why there is no answer, as a sentence part for people.
  case failed(String)
}

package enum NoticeOutcome: Hashable, Sendable {
  case sent
  /// It certainly did not arrive.
  case failed(String)
  /// It may have arrived.
  case unknown(String)
}

package enum ExportOutcome: Hashable, Sendable {
  case written(ExportReceipt)
  case failed(String)
}

/// A file that was written.
package struct ExportReceipt: Hashable, Sendable {
  package let file: String
  /// `sha256:` and 64 lower-case hexadecimal digits.
  package let digest: String
  package let bytes: Int

  package init(file: String, digest: String, bytes: Int) {
    self.file = file
    self.digest = digest
    self.bytes = bytes
  }

  var asRecorded: ExportReceipt { ExportReceipt(file: RecordText.cut(file), digest: digest, bytes: bytes) }
}

// MARK: - As journal entries

/// Where the rows of an answer are.
package enum RecordedResult: Sendable {
  /// - Parameter written: As canonical JSON, in the form that records have.
  case inRecord(written: [UInt8])
  case kept(EvidenceReference)
}

extension RunEvent {
  /// The event as a record. `RunEvent(recordedAs:)` reads it back, as `asRecorded`.
  ///
  /// - Parameters:
  ///   - result: Where the rows of an answered fetch are; `nil`: in the record.
  ///   - milliseconds: How long a fetch took; `nil` where nobody knows.
  package func journalEntry(result: RecordedResult? = nil, milliseconds: Int? = nil) -> JournalEntry {
    switch self {
    case .fetched(let id, .answered(let answer)):
      answer.journalEntry(of: id, result ?? .inRecord(written: answer.payload.canonicalBytes), milliseconds)
    case .fetched(let id, .failed(let reason)):
      JournalEntry("query.failed") { body in
        if let milliseconds { body.add("milliseconds", milliseconds) }
        body.add("query", id.query)
        body.add("reason", RecordText.cut(reason))
        body.add("window", id.window)
      }
    case .waited(let instant): JournalEntry("wait.ended") { $0.add("until", instant) }
    case .told(let answer): answer.journalEntry
    case .notified(let key, let outcome): outcome.journalEntry(of: key)
    case .exported(let export, let outcome): outcome.journalEntry(of: export)
    case .scripted(let export, let outcome): outcome.journalEntry(of: export)
    case .interrupted(let reason): JournalEntry("run.interrupted") { $0.add("reason", RecordText.cut(reason)) }
    }
  }

  /// The event as its record tells it: texts of others at the length that a record holds. A run goes on with this one,
  /// so that its records lead to the same answers again.
  package var asRecorded: RunEvent {
    switch self {
    case .fetched(let id, .answered(let answer)): .fetched(id, .answered(answer.asRecorded))
    case .fetched(let id, .failed(let reason)): .fetched(id, .failed(RecordText.cut(reason)))
    case .told(let answer): .told(answer.asRecorded)
    case .notified(let key, .failed(let reason)): .notified(key, .failed(RecordText.cut(reason)))
    case .notified(let key, .unknown(let reason)): .notified(key, .unknown(RecordText.cut(reason)))
    case .exported(let export, .failed(let reason)): .exported(export, .failed(RecordText.cut(reason)))
    case .exported(let export, .written(let receipt)): .exported(export, .written(receipt.asRecorded))
    case .scripted(let export, let outcome): .scripted(export, outcome.asRecorded)
    case .interrupted(let reason): .interrupted(RecordText.cut(reason))
    case .waited, .notified(_, .sent): self
    }
  }
}

extension QueryResult {
  fileprivate var asRecorded: QueryResult {
    QueryResult(
      payload: payload, completeness: completeness.asRecorded, isMonotone: isMonotone, extent: extent,
      warnings: RecordText.shown(of: warnings), statistics: statistics, baseline: baseline)
  }
}

extension Completeness {
  fileprivate var asRecorded: Completeness {
    switch self {
    case .complete: self
    case .truncated(let reason): .truncated(RecordText.cut(reason))
    case .partial(let reason): .partial(RecordText.cut(reason))
    }
  }
}

extension NoticeOutcome {
  fileprivate func journalEntry(of key: String) -> JournalEntry {
    let (type, reason): (String, String?) =
      switch self {
      case .sent: ("notice.sent", nil)
      case .failed(let reason): ("notice.failed", reason)
      case .unknown(let reason): ("notice.unknown", reason)
      }
    return JournalEntry(type) { body in
      body.add("idempotency_key", RecordText.cut(key))
      if let reason { body.add("reason", RecordText.cut(reason)) }
    }
  }
}

extension ExportOutcome {
  fileprivate func journalEntry(of export: String) -> JournalEntry {
    switch self {
    case .written(let receipt):
      JournalEntry("export.written") { body in
        body.add("bytes", receipt.bytes)
        body.add("digest", receipt.digest)
        body.add("export", export)
        body.add("file", RecordText.cut(receipt.file))
      }
    case .failed(let reason):
      JournalEntry("export.failed") { body in
        body.add("export", export)
        body.add("reason", RecordText.cut(reason))
      }
    }
  }
}

extension CanonicalObject {
  /// `{"from":…,"to":…}`, or `null`.
  package mutating func add(_ name: StaticString, _ window: TimeWindow?) {
    guard let window else { return addNull(name) }
    add(name) { object in
      object.add("from", window.from)
      object.add("to", window.to)
    }
  }
}

extension QueryResult {
  /// What a record says of a result: all besides its rows, and where those are.
  fileprivate func journalEntry(
    of id: FetchID, _ result: RecordedResult, _ milliseconds: Int?
  ) -> JournalEntry {
    JournalEntry("query.answered") { body in
      if let baseline { body.add("baseline", baseline.json) }
      body.add("completeness", completeness.add(to:))
      if case .kept(let reference) = result { body.add("evidence", reference.json) }
      if let extent { body.add("extent", extent.add(to:)) } else { body.addNull("extent") }
      if let milliseconds { body.add("milliseconds", milliseconds) }
      body.add("monotone", isMonotone)
      if case .series = payload { body.add("points", payload.size) }
      body.add("query", id.query)
      if case .inRecord(let rows) = result { body.add("result", written: rows) }
      if case .table = payload { body.add("rows", payload.size) }
      body.add("statistics", statistics.add(to:))
      body.add("warnings", RecordText.shown(of: warnings))
      body.add("window", id.window)
    }
  }
}

extension QueryResult.Payload {
  /// What a record or a piece of evidence holds of the answer itself, as canonical JSON.
  package var canonicalBytes: [UInt8] {
    switch self {
    case .table(let table): return table.canonicalBytes
    case .series(let series):
      var output: [UInt8] = []
      JSON.writeList(of: series.count, to: &output) { $1 += series[$0].canonicalBytes }
      return output
    }
  }

  /// The member that says how much there is.
  var sizeName: String {
    switch self {
    case .table: "rows"
    case .series: "points"
    }
  }

  var size: Int {
    switch self {
    case .table(let table): table.count
    case .series(let series): series.reduce(0) { $0 + $1.points.count }
    }
  }
}

extension Completeness {
  fileprivate func add(to object: inout CanonicalObject) {
    switch self {
    case .complete: object.add("state", "complete")
    case .truncated(let reason):
      object.add("reason", RecordText.cut(reason))
      object.add("state", "truncated")
    case .partial(let reason):
      object.add("reason", RecordText.cut(reason))
      object.add("state", "partial")
    }
  }
}

extension SourceExtent {
  fileprivate func add(to object: inout CanonicalObject) {
    if let first { object.add("first", first) }
    object.add("kind", kind.rawValue)
    if let last { object.add("last", last) }
    object.add("resolution", resolution.shorthand)
    if let silence { object.add("silence", silence) }
    if let step { object.add("step", step.shorthand) }
  }
}

extension FetchStatistics {
  fileprivate func add(to object: inout CanonicalObject) {
    object.add("bytes_read", bytesRead)
    object.add("malformed", malformedRecords)
    object.add("records_read", recordsRead)
    object.add("repaired", repairedRecords)
  }
}

/// How much text of others a record holds, so that no record outgrows the trail's format.
package enum RecordText {
  /// Most bytes of one text, as JSON writes it.
  package static let byteLimit = 1_000
  /// Most texts of one list.
  package static let countLimit = 10

  /// The text, or its beginning and how long it was.
  ///
  /// - Parameter limit: Most bytes as JSON writes them: a control character takes six.
  package static func cut(_ text: String, to limit: Int = byteLimit) -> String {
    // No byte takes more than six.
    guard text.utf8.count > limit / 6 else { return text }
    var size = 0
    for index in text.utf8.indices {
      switch text.utf8[index] {
      case 0..<0x20: size += 6
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): size += 2
      default: size += 1
      }
      guard size > limit else { continue }
      var end = index
      while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
        end = text.utf8.index(before: end)
      }
      return text[..<end] + "… (\(text.utf8.count) bytes)"
    }
    return text
  }

  /// The first texts and, where there are more, how many are not shown.
  package static func list(_ texts: [String]) -> JSON { .array(shown(of: texts).map(JSON.string)) }

  /// The texts of `list`.
  package static func shown(of texts: [String]) -> [String] {
    let shown = texts.prefix(countLimit).map { cut($0) }
    let rest = texts.count - shown.count
    return rest > 0 ? shown + ["… and \(rest) more"] : shown
  }
}
