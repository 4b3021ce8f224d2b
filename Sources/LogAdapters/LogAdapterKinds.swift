package import RunbookPorts

/// The kinds of sources that this module can read.
package enum LogAdapterKinds {
  package static let all: [any AdapterKind] = [
    AccessLogKind(), AuditKind(), FirewallKind.any, FirewallKind.modSecurity, PatternKind(), CSVKind(), JSONLinesKind(),
    IntegrityKind(),
    TripwireKind(), OsqueryKind(), PacketLogKind(), ConntrackKind(), RulesetKind(), RecordedSeriesKind(),
  ]
}
