package import Values

/// A run in short, as lists show it.
package struct IndexedRun: Hashable, Sendable {
  package enum Status: String, Sendable { case open, interrupted, closed }

  package let run: String
  /// The runbook's id.
  package let runbook: String
  package let version: String
  package let started: Timestamp
  package var finished: Timestamp?
  package var status: Status
  package var verdict: String?
  package var severity: String?
  package var records: Int
  /// Whom verdicts were reached for, by their values, sorted.
  package var entities: [String]

  package init(
    run: String, runbook: String, version: String, started: Timestamp, finished: Timestamp? = nil,
    status: Status = .open, verdict: String? = nil, severity: String? = nil, records: Int = 0, entities: [String] = []
  ) {
    self.run = run
    self.runbook = runbook
    self.version = version
    self.started = started
    self.finished = finished
    self.status = status
    self.verdict = verdict
    self.severity = severity
    self.records = records
    self.entities = entities
  }
}

/// Which runs are wanted; what is `nil` asks for nothing. All of it must hold.
package struct RunFilter: Hashable, Sendable {
  package var runbook: String?
  package var verdict: String?
  /// Any of these.
  package var severities: [String]?
  /// Started at this instant or later.
  package var since: Timestamp?
  /// Started at this instant or earlier.
  package var until: Timestamp?
  /// Not closed.
  package var isOpen = false
  /// The value of an entity for which a verdict was reached.
  package var entity: String?

  package init() {}

  package func admits(_ run: IndexedRun) -> Bool {
    Self.isSame(runbook, run.runbook) && Self.isSame(verdict, run.verdict)
      && severities.map { wanted in run.severity.map(wanted.contains) ?? false } ?? true
      && since.map { $0 <= run.started } ?? true && until.map { run.started <= $0 } ?? true
      && (!isOpen || run.status != .closed)
      && entity.map { wanted in run.entities.contains { ExactString($0) == ExactString(wanted) } } ?? true
  }

  private static func isSame(_ wanted: String?, _ found: String?) -> Bool {
    guard let wanted else { return true }
    return found.map { ExactString($0) == ExactString(wanted) } ?? false
  }
}
