import GRDB
import Values

/// The runs of a trail in a database, so that they are found without reading the trail. It holds nothing that the trail
/// does not: it may be deleted at any time and made again.
///
/// There is one connection, which reads and writes.
package final class RunIndex: Sendable {
  /// How far the trail has been read.
  package struct Position: Hashable, Sendable {
    /// The number of the last record that was read.
    package let sequence: Int64
    /// Where its line begins in its file.
    package let offset: Int
    /// Its leaf hash: whether the line that stands there now is still the same.
    package let leaf: String
    /// Lines that are no records, so far.
    package let damaged: Int

    package init(sequence: Int64, offset: Int, leaf: String, damaged: Int) {
      self.sequence = sequence
      self.offset = offset
      self.leaf = leaf
      self.damaged = damaged
    }
  }

  /// The version of the tables; an index of another is made again.
  private static let version = 1
  private static let busyTime = 2.0

  private let queue: DatabaseQueue

  /// Opens the index, or makes an empty one.
  package init(path: String) throws(IndexProblem) {
    queue = try indexing {
      var configuration = Configuration()
      configuration.busyMode = .timeout(Self.busyTime)
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF")
      }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.write(Self.prepare)
      return queue
    }
  }

  private static func prepare(_ database: Database) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version != Self.version else { return }
    for table in ["runs", "entities", "position"] { try database.execute(sql: "DROP TABLE IF EXISTS \(table)") }
    try database.execute(
      sql: """
        CREATE TABLE runs (
          place INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, runbook TEXT NOT NULL, version TEXT NOT NULL,
          started TEXT NOT NULL, finished TEXT, status TEXT NOT NULL, verdict TEXT, severity TEXT,
          records INTEGER NOT NULL);
        CREATE INDEX runs_started ON runs (started);
        CREATE TABLE entities (run TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (value, run)) WITHOUT ROWID;
        CREATE TABLE position (sequence INTEGER NOT NULL, offset INTEGER NOT NULL, leaf TEXT NOT NULL, damaged INTEGER NOT NULL);
        PRAGMA user_version = \(Self.version);
        """)
  }

  /// How far the trail has been read; `nil` for an empty index.
  package func position() throws(IndexProblem) -> Position? {
    try indexing {
      try self.queue.read { database in
        try Row.fetchOne(database, sql: "SELECT * FROM position").map {
          Position(sequence: $0["sequence"], offset: $0["offset"], leaf: $0["leaf"], damaged: $0["damaged"])
        }
      }
    }
  }

  /// - Returns: `nil` for a run that is not in the index.
  package func run(named name: String) throws(IndexProblem) -> IndexedRun? {
    try indexing {
      try self.queue.read { database in
        try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE run = ?", arguments: [name]).map {
          try Self.run(of: $0, database)
        }
      }
    }
  }

  /// Keeps runs in the order in which they come, instead of what is known of them, and how far the trail was read: all
  /// of it or nothing.
  ///
  /// - Parameter isWhole: Whether these are all runs: everything else goes.
  package func save(_ runs: [IndexedRun], upTo position: Position, isWhole: Bool) throws(IndexProblem) {
    try indexing {
      try self.queue.write { database in
        if isWhole { try database.execute(sql: "DELETE FROM runs; DELETE FROM entities") }
        for run in runs { try Self.save(run, database) }
        try database.execute(sql: "DELETE FROM position")
        try database.execute(
          sql: "INSERT INTO position (sequence, offset, leaf, damaged) VALUES (?, ?, ?, ?)",
          arguments: [position.sequence, position.offset, position.leaf, position.damaged])
      }
    }
  }

  private static func save(_ run: IndexedRun, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO runs (run, runbook, version, started, finished, status, verdict, severity, records)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run) DO UPDATE SET finished = excluded.finished, status = excluded.status,
          verdict = excluded.verdict, severity = excluded.severity, records = excluded.records
        """,
      arguments: [
        run.run, run.runbook, run.version, run.started.description, run.finished?.description, run.status.rawValue,
        run.verdict, run.severity, run.records,
      ])
    for value in run.entities {
      try database.execute(
        sql: "INSERT OR IGNORE INTO entities (run, value) VALUES (?, ?)", arguments: [run.run, value])
    }
  }

  /// The runs that a filter admits, in the order in which they began.
  package func runs(_ filter: RunFilter) throws(IndexProblem) -> [IndexedRun] {
    var conditions: [String] = []
    var arguments: [(any DatabaseValueConvertible)?] = []
    func add(_ condition: String, _ value: String?) {
      guard let value else { return }
      conditions.append(condition)
      arguments.append(value)
    }
    add("runbook = ?", filter.runbook)
    add("verdict = ?", filter.verdict)
    add("started >= ?", filter.since?.description)
    add("started <= ?", filter.until?.description)
    add("run IN (SELECT run FROM entities WHERE value = ?)", filter.entity)
    if filter.isOpen { conditions.append("status <> 'closed'") }
    if let severities = filter.severities {
      conditions.append("severity IN (\(severities.map { _ in "?" }.joined(separator: ", ")))")
      arguments += severities
    }
    let (whole, values) = (conditions.isEmpty ? "1" : conditions.joined(separator: " AND "), arguments)
    return try indexing {
      try self.queue.read { database in
        try Row.fetchAll(
          database, sql: "SELECT * FROM runs WHERE \(whole) ORDER BY place", arguments: StatementArguments(values)
        ).map { try Self.run(of: $0, database) }
      }
    }
  }

  private static func run(of row: Row, _ database: Database) throws -> IndexedRun {
    let name: String = row["run"]
    let (started, finished): (String, String?) = (row["started"], row["finished"])
    let entities = try String.fetchAll(
      database, sql: "SELECT value FROM entities WHERE run = ? ORDER BY value", arguments: [name])
    guard let begin = Timestamp(rfc3339: started), let status = IndexedRun.Status(rawValue: row["status"]) else {
      throw IndexProblem("the row of run '\(name)' is no run")
    }
    return IndexedRun(
      run: name, runbook: row["runbook"], version: row["version"], started: begin,
      finished: finished.flatMap { Timestamp(rfc3339: $0) }, status: status, verdict: row["verdict"],
      severity: row["severity"], records: row["records"], entities: entities)
  }
}

/// Why an index does not answer. The trail does.
package struct IndexProblem: Error, Hashable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}

/// Errors of the database in our own words; bound values are not among them.
private func indexing<Result>(_ work: () throws -> Result) throws(IndexProblem) -> Result {
  do { return try work() } catch let problem as IndexProblem { throw problem } catch let error as DatabaseError {
    throw IndexProblem("the index cannot be used: \(error.message ?? "SQLite error \(error.resultCode.rawValue)")")
  } catch { throw IndexProblem("the index cannot be used: \(error)") }
}
