package import AuditTrail
import RunbookLanguage
package import RunbookPorts
import Values

/// Tocsin's own history as a source: the verdicts of earlier runs, from the trail.
///
/// A query is a map `find: {column: value}`; a row must equal all of its values, of a list any. Its rows may have the
/// columns `runbook`, `run`, `entity` (null for the run's own verdict), `verdict`, `severity`, `open` (whether the run
/// has not ended), and `time`, when the verdict was reached.
package struct TrailHistory: CaseHistory {
  package static let columns = HistoryColumns.names

  private let reader: TrailReader

  package init(_ reader: TrailReader) {
    self.reader = reader
  }

  package func answer(_ query: BoundQuery, askedBy run: String) throws(AdapterError) -> QueryResult {
    guard case .map(let wanted) = query.body else { throw .rejected("history is asked with a map: find: {entity: …}") }
    guard case .rows(let columns, _) = query.shape else { throw .rejected("history gives rows, no series") }
    for name in columns.map(\.name) + wanted.keys.sorted() where !Self.columns.contains(name) {
      throw .rejected("history has no column `\(name)`; it has \(Self.columns.joined(separator: ", "))")
    }
    let conditions = try wanted.sorted { $0.key < $1.key }.map { name, template throws(AdapterError) in
      (name: name, values: try Self.values(of: template, query.parameters))
    }
    let (cases, gaps) = try cases(
      before: run, in: query.window,
      namesRunbooks: wanted["runbook"] != nil || columns.contains { $0.name == "runbook" })
    var builder = TableBuilder(columns: columns)
    var isCut = false
    for row in cases where row.isWithin(query.window) && row.fulfils(conditions) {
      guard builder.count < query.limits.rows else {
        isCut = true
        break
      }
      if let column = builder.append(columns.map { row[$0.name] }) {
        throw .mismatched("the column `\(column.name)` is declared \(column.type), which history does not have there")
      }
    }
    let completeness: Completeness =
      if !gaps.isEmpty {
        .truncated(gaps.joined(separator: "; "))
      } else if isCut {
        .truncated("cut at \(query.limits.rows) rows")
      } else {
        .complete
      }
    return QueryResult(payload: .table(builder.build()), completeness: completeness)
  }

  /// The texts that a value may be equal to: those of a parameter, or the text as it stands.
  private static func values(
    of template: QueryTemplate, _ parameters: [String: Value]
  ) throws(AdapterError) -> [String] {
    if case .parameter(let name)? = template.segments.first, template.segments.count == 1 {
      switch parameters[name] {
      case .list(let values): return values.map(\.displayText)
      case .some(let value): return [value.displayText]
      case nil: throw .rejected("the parameter '\(name)' has no value")
      }
    }
    guard template.parameters.isEmpty else {
      throw .rejected("a value of 'find' is either one parameter or plain text")
    }
    return [template.sourceText]
  }

  /// The rows of all other runs, and why some of a window may be missing.
  private func cases(
    before run: String, in window: TimeWindow?, namesRunbooks: Bool
  ) throws(AdapterError) -> (cases: [CaseRow], gaps: [String]) {
    var collector = CaseCollector()
    var damaged = 0
    if let lines = try lines() {
      for line in lines {
        if let record = line.record {
          if record.place?.run != run { collector.add(record, evidence: reader) }
        } else {
          damaged += 1
        }
      }
    }
    // Looked at last: what was removed before the lines were opened is known by then.
    let removal: RemovedRecords.Reading
    do { removal = try reader.removal() } catch { throw .unavailable(error.message) }
    var gaps = [Self.lack(of: window, in: removal)].compactMap { $0 }
    if namesRunbooks, let cut = removal.records?.cut.count, cut > 0 {
      gaps.append("of \(cut == 1 ? "a run" : "\(cut) runs") the first records were removed, which name the runbook")
    }
    if damaged > 0 { gaps.append("\(damaged) damaged records of the trail were passed over") }
    return (collector.finished, gaps)
  }

  /// - Returns: `nil` where there is no trail yet, or nothing left of it.
  private func lines() throws(AdapterError) -> TrailLines? {
    do { return try reader.lines() } catch {
      if case .noTrail = error { return nil }
      throw .unavailable(error.message)
    }
  }

  /// Why cases of a window may have been removed because their time was over. Before a trail's first record there were
  /// none: Tocsin remembers what it was asked, and that is where it began.
  private static func lack(of window: TimeWindow?, in removal: RemovedRecords.Reading) -> String? {
    switch removal {
    case .nothing: nil
    case .damaged: "what was removed of the trail cannot be told: its file is damaged"
    case .removed(let records):
      if let last = records.last, let window, window.from > last {
        nil
      } else {
        "the trail's records up to \(records.last?.shortDescription ?? "some instant") were removed, because their time was over"
      }
    }
  }
}

/// A verdict of an earlier run.
private struct CaseRow {
  let run: String
  /// `nil` where the run's first record is not there any more.
  let runbook: String?
  let entity: String?
  let verdict: String
  let severity: String
  let time: Timestamp
  var isOpen = true

  subscript(name: String) -> Value {
    switch name {
    case "runbook": runbook.map(Value.string) ?? .null
    case "run": .string(run)
    case "entity": entity.map(Value.string) ?? .null
    case "verdict": .string(verdict)
    case "severity": .string(severity)
    case "open": .bool(isOpen)
    case "time": .timestamp(time)
    default: .null
    }
  }

  func isWithin(_ window: TimeWindow?) -> Bool { window.map { $0.from <= time && time <= $0.to } ?? true }

  func fulfils(_ conditions: [(name: String, values: [String])]) -> Bool {
    conditions.allSatisfy { condition in
      let value = self[condition.name]
      if case .null = value { return false }
      let text = ExactString(value.displayText)
      return condition.values.contains { ExactString($0) == text }
    }
  }
}

/// Puts the verdicts of the runs of a trail together.
private struct CaseCollector {
  private var runbooks: [String: String] = [:]
  private var closed: Set<String> = []
  private var rows: [CaseRow] = []

  mutating func add(_ record: TrailRecord, evidence: TrailReader) {
    guard let run = record.place?.run else { return }
    switch record.type {
    case "run.started": runbooks[run] = record.body["runbook"]?.text ?? ""
    case "verdict.reached":
      let body = RecordedBody.whole(record.body, from: evidence).body
      let values = body["values"]?.elements?.compactMap(\.text)
      add(body, of: run, entities: values.map { $0.map(Optional.some) } ?? [nil], at: record.wall)
    case "run.closed":
      closed.insert(run)
      add(record.body, of: run, entities: [nil], at: record.wall)
    default: break
    }
  }

  private mutating func add(_ body: JSON, of run: String, entities: [String?], at time: Timestamp) {
    guard let verdict = body["verdict"]?.text, let severity = body["severity"]?.text else { return }
    for entity in entities {
      rows.append(
        CaseRow(
          run: run, runbook: runbooks[run], entity: entity, verdict: verdict, severity: severity, time: time))
    }
  }

  /// The run's own verdict stands once, as the closing record has it, unless the run has not ended.
  var finished: [CaseRow] {
    var seen: Set<[String]> = []
    return rows.reversed().filter { row in
      row.entity != nil || seen.insert(closed.contains(row.run) ? [row.run] : [row.run, row.verdict]).inserted
    }.reversed().map { row in
      var row = row
      row.isOpen = !closed.contains(row.run)
      return row
    }
  }
}
