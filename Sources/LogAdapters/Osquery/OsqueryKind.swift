import RunbookPorts
import Values

/// The results log of osquery.
struct OsqueryKind: AdapterKind {
  let name = "osquery"
  let about = "osquery's results log (osqueryd.results.log): what happened to files, and the rows of any query"
  let options = [AdapterOption("path", .paths, required: true, "the log files; rotated and packed ones too")]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let clock: LineClock = { _ in
      { line in
        guard let json = try? JSON(parsing: line, repairingUTF8: true) else { return nil }
        return OsqueryResult.results(of: json)?.compactMap(\.logged).first
      }
    }
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits, clock: .lines(clock))
    return LogAdapter(
      tables: [OsqueryFileTable(limits: limits), OsqueryResultTable(limits: limits)], files: files,
      resolution: .seconds(1))
  }
}
