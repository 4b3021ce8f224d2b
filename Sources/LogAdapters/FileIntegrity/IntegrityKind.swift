import RunbookPorts
import Values

/// Reports of AIDE, the file integrity checker.
struct IntegrityKind: AdapterKind {
  let name = "aide-report"
  let about = "reports of the file integrity checker AIDE, in JSON (report_format=json) or in plain text"
  let options = [AdapterOption("path", .paths, required: true, "the reports")]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    IntegrityAdapter(
      files: FileSet(patterns: options.texts("path"), folder: options.folder),
      read: { bytes, name throws(IntegrityReportProblem) in try AideReport.read(bytes, name: name) })
  }
}

/// Reports of Tripwire, the file integrity checker.
struct TripwireKind: AdapterKind {
  let name = "tripwire-report"
  let about =
    "reports of the file integrity checker Tripwire as text (twprint -m r -t 3, or what tripwire --check prints); "
    + "levels 1 and 2 name the files and not what differs, level 0 only counts"
  let options = [
    AdapterOption("path", .paths, required: true, "the reports, printed; the .twr files themselves are not read"),
    LocalZone.option,
  ]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let zone = try LocalZone(options)
    return IntegrityAdapter(files: FileSet(patterns: options.texts("path"), folder: options.folder)) {
      bytes, name throws(IntegrityReportProblem) in
      var reader = TripwireReport(name: name, zone: zone)
      return try reader.read(bytes)
    }
  }
}

/// Answers SQL over file integrity reports, which are read as a whole.
struct IntegrityAdapter: DataAdapter {
  let schema = SourceSchema(languages: ["sql"], tables: [IntegrityTables.changes, IntegrityTables.reports])
  let files: FileSet
  let read: @Sendable ([UInt8], String) throws(IntegrityReportProblem) -> IntegrityReport

  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult {
    let (statement, columns) = try SQLRequest.read(query)
    let (reports, gaps) = try readAll()
    let missing = reports.compactMap(\.gap)
    let changes = RowTable(
      schema: IntegrityTables.changes,
      rows: reports.flatMap { report in report.changes.map { IntegrityTables.row($0, of: report) } },
      gap: missing.isEmpty ? nil : missing.joined(separator: "; "))
    let outcome = try await SQLSession(source: query.source, limits: query.limits).run(
      statement, query, columns: columns,
      tables: [changes, RowTable(schema: IntegrityTables.reports, rows: reports.map(IntegrityTables.row))])
    let repaired = reports.filter(\.isRepaired)
    var statistics = outcome.scan.statistics
    statistics.repairedRecords = repaired.count
    return QueryResult(
      payload: .table(outcome.table),
      completeness: LogAdapter.completeness(cut: outcome.cut, gaps: gaps + outcome.scan.gaps),
      isMonotone: statement.isMonotone,
      extent: SourceExtent(
        kind: .report, first: reports.compactMap(\.end).min(), last: reports.compactMap(\.end).max(),
        resolution: .seconds(1)),
      warnings: repaired.map { "\($0.name) is not valid UTF-8; bad bytes are shown as \\xNN" }, statistics: statistics)
  }

  /// - Throws: when a report cannot be read. A check that failed must not look like one that found nothing, so a single
  ///   bad report among several is a gap, and a single one alone an error.
  private func readAll() throws(AdapterError) -> (reports: [IntegrityReport], gaps: [String]) {
    do throws(FileProblem) {
      let snapshot = try files.snapshot()
      var reports: [IntegrityReport] = []
      var problems: [FileProblem] = []
      for file in snapshot.files {
        do throws(IntegrityReportProblem) {
          if let gap = file.gap { throw IntegrityReportProblem(gap) }
          reports.append(try read(try contents(file), file.name))
        } catch {
          problems.append(FileProblem(path: file.path, reason: error.message))
        }
      }
      if reports.isEmpty, let problem = problems.first { throw problem }
      reports.sort { left, right in
        guard let leftEnd = left.end, let rightEnd = right.end, leftEnd != rightEnd else {
          return left.name < right.name
        }
        return leftEnd < rightEnd
      }
      return (reports, snapshot.gaps + problems.map(\.message))
    } catch {
      throw error.adapterError(after: .zero)
    }
  }

  private func contents(_ file: LogFile) throws(IntegrityReportProblem) -> [UInt8] {
    do { return try file.contents(limit: files.limits.documentBytes) } catch {
      throw IntegrityReportProblem(error.reason)
    }
  }
}
