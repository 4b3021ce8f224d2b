import Diagnostics
import RunbookEngine
import Values

/// Writes what a check found, each format by its encoder.
struct CheckText {
  let format: CheckFormat
  /// What fails, for formats that tell it.
  let failing: Diagnostic.Severity?

  func show(_ report: CheckReport) {
    switch format {
    case .text: Reports.show(report.findings)
    case .line: for finding in report.findings { Terminal.print(LineReport.line(finding)) }
    case .json: Reports.printJSON(.array(report.findings.map(\.json)))
    case .jsonl: for finding in report.findings { Reports.printJSON(finding.json) }
    case .sarif: Reports.printJSON(SARIFReport(version: Program.version).json(report))
    case .github: Terminal.printWhole(GitHubReport.text(report))
    case .junit: Terminal.printWhole(JUnitReport.text(report, failing: failing))
    }
    guard report.checkedCount > 0 else { return }
    let allowed = report.allowed.isEmpty ? "" : "; \(report.allowed.count) allowed by comments"
    Reports.remark("\(counted(report)) checked: \(Reports.counts(report.findings))\(allowed)")
  }

  /// `3 runbooks and 1 configuration`
  private func counted(_ report: CheckReport) -> String {
    let read = report.files.filter(\.isRead)
    let parts = [(DocumentSelection.Kind.runbook, "runbook"), (.deployment, "configuration")].compactMap {
      kind, word -> String? in
      let count = read.count { $0.kind == kind }
      return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
    }
    return parts.joined(separator: " and ")
  }
}
