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
}

// MARK: - As journal entries

/// Where the rows of an answer are.
package enum RecordedResult: Sendable {
  case inRecord(JSON)
  case kept(EvidenceReference)
}

extension RunEvent {
  /// The event as a record. `RunEvent(recordedAs:)` reads it back, as `asRecorded`.
  ///
  /// - Parameter result: Where the rows of an answered fetch are; `nil`: in the record.
  package func journalEntry(result: RecordedResult? = nil) -> JournalEntry {
    switch self {
    case .fetched(let id, .answered(let answer)):
      JournalEntry(
        "query.answered", .object(id.members + answer.summary + [(result ?? .inRecord(answer.payload.json)).member]))
    case .fetched(let id, .failed(let reason)):
      JournalEntry("query.failed", .object(id.members + [.init("reason", .string(RecordText.cut(reason)))]))
    case .waited(let instant):
      JournalEntry("wait.ended", .object(["until": .string(instant.shortDescription)]))
    case .told(let answer): answer.journalEntry
    case .notified(let key, let outcome): outcome.journalEntry(of: key)
    case .exported(let export, let outcome): outcome.journalEntry(of: export)
    case .interrupted(let reason):
      JournalEntry("run.interrupted", .object(["reason": .string(RecordText.cut(reason))]))
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
    case .exported(let export, .written(let receipt)):
      .exported(
        export,
        .written(
          ExportReceipt(file: RecordText.cut(receipt.file), digest: receipt.digest, bytes: receipt.bytes)))
    case .interrupted(let reason): .interrupted(RecordText.cut(reason))
    case .waited, .notified(_, .sent): self
    }
  }
}

extension RecordedResult {
  fileprivate var member: JSON.Member {
    switch self {
    case .inRecord(let json): .init("result", json)
    case .kept(let reference): .init("evidence", reference.json)
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
    return JournalEntry(
      type,
      .object(["idempotency_key": .string(RecordText.cut(key)), "reason": reason.map { .string(RecordText.cut($0)) }]))
  }
}

extension ExportOutcome {
  fileprivate func journalEntry(of export: String) -> JournalEntry {
    switch self {
    case .written(let receipt):
      JournalEntry(
        "export.written",
        .object([
          "export": .string(export), "file": .string(RecordText.cut(receipt.file)),
          "digest": .string(receipt.digest), "bytes": .integer(Int64(receipt.bytes)),
        ]))
    case .failed(let reason):
      JournalEntry(
        "export.failed", .object(["export": .string(export), "reason": .string(RecordText.cut(reason))]))
    }
  }
}

extension FetchID {
  /// The members that name a fetch in a record.
  package var members: [JSON.Member] {
    [.init("query", .string(query)), .init("window", window?.json ?? .null)]
  }
}

extension TimeWindow {
  /// `{"from":…,"to":…}`.
  package var json: JSON {
    .object(["from": .string(from.shortDescription), "to": .string(to.shortDescription)])
  }
}

extension QueryResult {
  /// What a record says of a result besides its rows.
  fileprivate var summary: [JSON.Member] {
    [
      .init(payload.sizeName, .integer(Int64(payload.size))),
      .init("completeness", completeness.json),
      .init("monotone", .bool(isMonotone)),
      .init("extent", extent?.json ?? .null),
      .init("warnings", RecordText.list(warnings)),
      .init("statistics", statistics.json),
    ] + (baseline.map { [.init("baseline", $0.json)] } ?? [])
  }
}

extension QueryResult.Payload {
  /// What a record or a piece of evidence holds of the answer itself.
  package var json: JSON {
    switch self {
    case .table(let table): table.json
    case .series(let series): .array(series.map(\.json))
    }
  }

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
  fileprivate var json: JSON {
    switch self {
    case .complete: .object(["state": .string("complete")])
    case .truncated(let reason): .object(["state": .string("truncated"), "reason": .string(RecordText.cut(reason))])
    case .partial(let reason): .object(["state": .string("partial"), "reason": .string(RecordText.cut(reason))])
    }
  }
}

extension SourceExtent {
  fileprivate var json: JSON {
    .object([
      "kind": .string(kind.rawValue),
      "first": first.map { .string($0.shortDescription) }, "last": last.map { .string($0.shortDescription) },
      "resolution": .string(resolution.shorthand), "step": step.map { .string($0.shorthand) },
      "silence": silence.map {
        .object(["from": .string($0.from.shortDescription), "to": .string($0.to.shortDescription)])
      },
    ])
  }
}

extension FetchStatistics {
  fileprivate var json: JSON {
    .object([
      "records_read": .integer(Int64(recordsRead)), "malformed": .integer(Int64(malformedRecords)),
      "repaired": .integer(Int64(repairedRecords)), "bytes_read": .integer(Int64(bytesRead)),
    ])
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
