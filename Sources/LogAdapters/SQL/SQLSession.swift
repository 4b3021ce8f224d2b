import GRDB
import RunbookPorts
import Values

// GRDB has types of the same names.
import struct Values.Column
import class Values.Table

/// One query over tables, in a database of its own that lives in memory and ends with the query.
struct SQLSession {
  let source: String
  let limits: FetchLimits

  /// What a query gave, and what its scans met.
  struct Outcome: Sendable {
    let table: Table
    var snapshot = FileSet.Snapshot()
    /// Why rows are missing at the end.
    let cut: String?
    let scan: ScanSummary
  }

  /// Performs the statement over log tables.
  ///
  /// - Parameter open: Opens the files, on a thread that may wait for them.
  func run(
    _ statement: SQLStatementText, _ query: BoundQuery, columns: [Column], tables: [any RecordTable],
    open: @escaping @Sendable (ScanControl) throws(FileProblem) -> FileSet.Snapshot = noFiles
  ) async throws(AdapterError) -> Outcome {
    let arguments = try SQLBinding.arguments(for: statement, query.parameters)
    return try await Self.perform(limits.time) { database, control throws(AdapterError) in
      let snapshot: FileSet.Snapshot
      do throws(FileProblem) { snapshot = try open(control) } catch {
        throw control.isCancelled ? .cancelled : error.adapterError(after: limits.time)
      }
      let connected = tables.map { table in
        ConnectedTable(
          name: table.schema.sqlName(in: source), table: table, snapshot: snapshot, window: query.window,
          judged: query.judged, namesInstants: statement.namesInstants(query.parameters), control: control)
      }
      let bridge = try SQLiteBridge(database, tables: connected, control: control, readable: connected.map(\.name))
      defer { bridge.release() }
      do {
        let (table, cut) = try rows(
          of: statement, arguments, columns, database, countsAlike: connected.allSatisfy(\.hasCount))
        let ownCut = cut ?? statement.cut(of: table, query)
        return Outcome(
          table: table, snapshot: snapshot, cut: ownCut, scan: ScanSummary(connected.compactMap(\.ledger)))
      } catch {
        throw Self.error(error, connected.compactMap(\.failure).first, bridge.refusal, control, limits)
      }
    }
  }

  /// For tables that are in memory already.
  static let noFiles: @Sendable (ScanControl) throws(FileProblem) -> FileSet.Snapshot = { _ in FileSet.Snapshot() }

  /// Performs the statement over tables that were fetched before.
  func join(
    _ statement: SQLStatementText, _ query: BoundQuery, columns: [Column], inputs: [(name: String, table: Table)]
  ) async throws(AdapterError) -> Outcome {
    let arguments = try SQLBinding.arguments(for: statement, query.parameters)
    return try await Self.perform(limits.time) { database, control throws(AdapterError) in
      for input in inputs { try PlainTable.create(input.name, input.table, in: database) }
      let bridge = try SQLiteBridge(database, tables: [], control: control, readable: inputs.map(\.name))
      defer { bridge.release() }
      do {
        let (table, cut) = try rows(of: statement, arguments, columns, database)
        return Outcome(table: table, cut: cut ?? statement.cut(of: table, query), scan: ScanSummary([]))
      } catch {
        throw Self.error(error, nil, bridge.refusal, control, limits)
      }
    }
  }

  /// - Parameter countsAlike: Whether the tables can give alike rows once, with their number.
  private func rows(
    of statement: SQLStatementText, _ arguments: StatementArguments, _ columns: [Column], _ database: Database,
    countsAlike: Bool = false
  ) throws -> (Table, String?) {
    var prepared = try database.makeStatement(sql: statement.text)
    guard !prepared.columnNames.isEmpty else { throw AdapterError.rejected("only SELECT can be used") }
    var admission = try ResultAdmission(columns, from: prepared.columnNames, limits: limits)
    if countsAlike, let counted = statement.countedText { prepared = try database.makeStatement(sql: counted) }
    let cursor = try Row.fetchCursor(prepared, arguments: arguments)
    while let row = try cursor.next(), try admission.append(row) {}
    return (admission.build(), admission.cut)
  }

  /// Opens a database in memory and works in it until done, cancelled, or out of time.
  static func perform<Answer: Sendable>(
    _ time: Duration, _ work: @escaping @Sendable (Database, ScanControl) throws(AdapterError) -> Answer
  ) async throws(AdapterError) -> Answer {
    let control = ScanControl(time: time)
    do {
      return try await withTaskCancellationHandler {
        var configuration = Configuration()
        configuration.label = "tocsin.query"
        configuration.prepareDatabase { database in
          for function in PathFunctions.all + TextFunctions.all { database.add(function: function) }
        }
        let queue = try DatabaseQueue(configuration: configuration)
        return try await queue.writeWithoutTransaction { database in
          guard !control.isCancelled else { throw AdapterError.cancelled }
          return try work(database, control)
        }
      } onCancel: {
        control.cancel()
      }
    } catch let error as AdapterError {
      throw error
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw control.isCancelled ? .cancelled : .rejected(message(of: error))
    }
  }

  private static func error(
    _ error: any Error, _ failure: ScanFailure?, _ refusal: String?, _ control: ScanControl, _ limits: FetchLimits
  ) -> AdapterError {
    if let error = error as? AdapterError { return error }
    if control.isCancelled { return .cancelled }
    switch failure {
    case .limitExceeded(let text): return .limitExceeded(text)
    case .interrupted: return .tooSlow(limits.time)
    case nil: break
    }
    if let error = error as? DatabaseError, error.resultCode == .SQLITE_INTERRUPT {
      return .tooSlow(limits.time)
    }
    return .rejected(refusal ?? message(of: error))
  }

  /// SQLite's own words: they name tables and columns of the query, and hold no bound value.
  static func message(of error: any Error) -> String {
    if isMoreThanOneStatement(error) { return "a query is one statement, and more follows it" }
    return (error as? DatabaseError)?.message ?? "SQLite could not perform the query"
  }

  /// GRDB calls it a misuse, in words for programmers.
  static func isMoreThanOneStatement(_ error: any Error) -> Bool {
    (error as? DatabaseError)?.resultCode == .SQLITE_MISUSE
  }
}

/// What the scans of one query met, together.
struct ScanSummary: Sendable {
  var statistics = FetchStatistics()
  var warnings: [String] = []
  var gaps: [String] = []
  /// Why rows of the window may be missing, though every file could be read.
  var hidden: [String] = []
  /// Set when every record of some table was looked at.
  var first: Timestamp?
  var last: Timestamp?
  var isWhole = false
  /// The longest span of the judged window in which no scan that was made to its end met anything.
  var silence: TimeWindow?

  init(_ ledgers: [ScanLedger]) {
    for ledger in ledgers {
      statistics.recordsRead += ledger.statistics.recordsRead
      statistics.malformedRecords += ledger.statistics.malformedRecords
      statistics.repairedRecords += ledger.statistics.repairedRecords
      statistics.bytesRead += ledger.statistics.bytesRead
      warnings += ledger.warnings.filter { !warnings.contains($0) }
      gaps += ledger.gaps.filter { !gaps.contains($0) }
      hidden += ledger.hiddenRecords.filter { !hidden.contains($0) }
      guard ledger.isWhole else { continue }
      isWhole = true
      first = [first, ledger.first].compactMap { $0 }.min()
      last = [last, ledger.last].compactMap { $0 }.max()
    }
    // A scan of everything says more than one of a part.
    var met: WindowSlices?
    for slices in ledgers.filter({ $0.isWhole == isWhole }).compactMap(\.metSlices) {
      if met == nil { met = slices } else { met?.add(slices) }
    }
    silence = met?.longestSilence
  }
}
