package import Values

/// Events read back from their records: the inverse of `journalEntry`.
extension RunEvent {
  /// Finds the JSON that was kept as evidence.
  package typealias EvidenceReading = (EvidenceReference) throws(RecordProblem) -> JSON

  /// The types of records that are events.
  private enum RecordType: String, CaseIterable {
    case queryAnswered = "query.answered"
    case queryFailed = "query.failed"
    case waitEnded = "wait.ended"
    case personAnswered = "person.answered"
    case noticeSent = "notice.sent"
    case noticeFailed = "notice.failed"
    case noticeUnknown = "notice.unknown"
    case exportWritten = "export.written"
    case exportFailed = "export.failed"
    case scriptEnded = "script.ended"
    case scriptFailed = "script.failed"
    case scriptUnknown = "script.unknown"
    case runInterrupted = "run.interrupted"

    static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
  }

  /// Whether records of a type are events.
  package static func isRecorded(as type: String) -> Bool { RecordType.named[type] != nil }

  /// - Returns: `nil` for a record that is no event.
  /// - Throws: for a record that has the type of an event and does not hold one, with the place.
  package init?(
    recordedAs type: String, _ json: JSON, evidence: EvidenceReading
  ) throws(RecordProblem) {
    guard let type = RecordType.named[type] else { return nil }
    try self.init(recordedAs: type, json, evidence: evidence)
  }

  private init?(
    recordedAs type: RecordType, _ json: JSON, evidence: EvidenceReading
  ) throws(RecordProblem) {
    let body = RecordBody(json)
    switch type {
    case .queryAnswered:
      let id = try FetchID(recordedIn: body)
      self = .fetched(id, .answered(try QueryResult(recordedIn: body, of: id, evidence: evidence)))
    case .queryFailed: self = .fetched(try FetchID(recordedIn: body), .failed(try body.text("reason")))
    case .waitEnded: self = .waited(until: try body.instant("until"))
    case .personAnswered: self = .told(try PersonAnswer(recordedIn: body))
    case .noticeSent: self = .notified(try body.text("idempotency_key"), .sent)
    case .noticeFailed: self = .notified(try body.text("idempotency_key"), .failed(try body.text("reason")))
    case .noticeUnknown: self = .notified(try body.text("idempotency_key"), .unknown(try body.text("reason")))
    case .exportWritten:
      let receipt = ExportReceipt(
        file: try body.text("file"), digest: try body.text("digest"), bytes: try body.count("bytes"))
      self = .exported(try body.text("export"), .written(receipt))
    case .exportFailed: self = .exported(try body.text("export"), .failed(try body.text("reason")))
    case .scriptEnded, .scriptFailed, .scriptUnknown:
      guard let outcome = try ScriptOutcome(recordedAs: type.rawValue, body) else { return nil }
      self = .scripted(try body.text("export"), outcome)
    case .runInterrupted: self = .interrupted(try body.text("reason"))
    }
  }
}

extension FetchID {
  /// The members of a record that name a fetch.
  package static let recordMembers: Set<String> = ["query", "window"]

  package init(recordedIn body: RecordBody) throws(RecordProblem) {
    self.init(query: try body.text("query"), window: try body.window("window"))
  }
}

extension QueryResult {
  fileprivate init(
    recordedIn body: RecordBody, of id: FetchID, evidence: RunEvent.EvidenceReading
  ) throws(RecordProblem) {
    let payload: Payload
    if body.optional("result") != nil {
      payload = try Payload(recordedAs: try body.member("result"), of: id, body, "result")
    } else {
      payload = try Payload(recordedAs: try evidence(try body.evidence("evidence")), of: id, body, "evidence")
    }
    guard payload.size == (try body.count(payload.sizeName)) else {
      throw RecordProblem(payload.sizeName, "is not the number of what was kept")
    }
    self.init(
      payload: payload, completeness: try Completeness(recordedIn: body.body("completeness")),
      isMonotone: try body.bool("monotone"),
      extent: body.optional("extent") == nil ? nil : try SourceExtent(recordedIn: body.body("extent")),
      warnings: try body.texts("warnings"), statistics: try FetchStatistics(recordedIn: body.body("statistics")))
  }
}

extension QueryResult.Payload {
  fileprivate init(
    recordedAs json: JSON, of id: FetchID, _ body: RecordBody, _ name: String
  ) throws(RecordProblem) {
    do throws(RecordedValueProblem) {
      guard case .array(let elements) = json else {
        self = .table(try Table(recordedAs: json, name: id.query))
        return
      }
      var series: [Series] = []
      for element in elements { series.append(try Series(recordedAs: element)) }
      self = .series(series)
    } catch { throw body.problem(error, in: name) }
  }
}

extension Completeness {
  fileprivate init(recordedIn body: RecordBody) throws(RecordProblem) {
    switch try body.text("state") {
    case "complete": self = .complete
    case "truncated": self = .truncated(try body.text("reason"))
    case "partial": self = .partial(try body.text("reason"))
    default: throw RecordProblem(body.place(of: "state"), "is neither complete nor truncated nor partial")
    }
  }
}

extension SourceExtent {
  fileprivate init(recordedIn body: RecordBody) throws(RecordProblem) {
    guard let kind = Kind(rawValue: try body.text("kind")) else {
      throw RecordProblem(body.place(of: "kind"), "is neither records nor report nor untimed")
    }
    var silence: TimeWindow?
    if body.optional("silence") != nil {
      let span = try body.body("silence")
      guard let window = TimeWindow(from: try span.instant("from"), to: try span.instant("to")) else {
        throw RecordProblem(body.place(of: "silence"), "ends before it begins")
      }
      silence = window
    }
    self.init(
      kind: kind, first: try body.optionalInstant("first"), last: try body.optionalInstant("last"),
      resolution: try body.duration("resolution"),
      step: body.optional("step") == nil ? nil : try body.duration("step"), silence: silence)
  }
}

extension FetchStatistics {
  fileprivate init(recordedIn body: RecordBody) throws(RecordProblem) {
    self.init()
    recordsRead = try body.count("records_read")
    malformedRecords = try body.count("malformed")
    repairedRecords = try body.count("repaired")
    bytesRead = try body.count("bytes_read")
  }
}
