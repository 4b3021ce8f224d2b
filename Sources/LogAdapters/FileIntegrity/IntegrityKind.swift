import RunbookPorts
import Values

/// Reports of AIDE, the file integrity checker.
struct IntegrityKind: AdapterKind {
  let name = "aide-report"
  let about = "reports of the file integrity checker AIDE, in JSON (report_format=json) or in plain text"
  let options = [AdapterOption("path", .paths, required: true, "the reports")]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    DocumentAdapter.integrity(
      options, read: { bytes, name throws(DocumentProblem) in try AideReport.read(bytes, name: name) })
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
    return DocumentAdapter.integrity(options) {
      bytes, name throws(DocumentProblem) in
      var reader = TripwireReport(name: name, zone: zone)
      return try reader.read(bytes)
    }
  }
}

extension DocumentAdapter<IntegrityReport> {
  /// Answers SQL over file integrity reports.
  static func integrity(
    _ options: AdapterOptions, read: @escaping @Sendable ([UInt8], String) throws(DocumentProblem) -> IntegrityReport
  ) -> Self {
    DocumentAdapter(
      tables: [IntegrityTables.changes, IntegrityTables.reports],
      files: FileSet(patterns: options.texts("path"), folder: options.folder), read: read,
      content: IntegrityTables.content)
  }
}
