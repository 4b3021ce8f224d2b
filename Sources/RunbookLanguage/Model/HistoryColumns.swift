/// The columns of `from: cases`, Tocsin's own history.
package enum HistoryColumns {
  package static let names = ["runbook", "run", "entity", "verdict", "severity", "open", "time"]
}
