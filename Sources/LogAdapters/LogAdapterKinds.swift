package import RunbookPorts

/// The kinds of sources that this module can read.
package enum LogAdapterKinds {
  package static let all: [any AdapterKind] = [
    AccessLogKind(), AuditKind(), ModSecurityKind(), CSVKind(), JSONLinesKind(), IntegrityKind(), RecordedSeriesKind(),
  ]
}
