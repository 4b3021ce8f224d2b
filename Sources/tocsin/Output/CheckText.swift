import Diagnostics
import RunbookEngine
import RunbookLanguage
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
    case .sarif:
      let sarif = SARIFReport(version: Program.version)
      Reports.printJSON(sarif.json(report))
      if let omission = sarif.omission(from: report) { Reports.remark(omission) }
    case .github: Terminal.printWhole(GitHubReport.text(report))
    case .junit: Terminal.printWhole(JUnitReport.text(report, failing: failing))
    }
    guard report.checkedCount > 0 else { return }
    let allowed = report.allowed.isEmpty ? "" : "; \(report.allowed.count) allowed by comments"
    Reports.remark("\(counted(report)) checked: \(Reports.counts(report.findings))\(allowed)")
    // Of many runbooks the pages tell it, each for itself.
    let extents = report.files.compactMap(\.extent)
    if extents.count == 1, let extent = extents.first {
      Reports.remark("at worst: \(extent.words)")
    }
  }

  /// `3 runbooks, 1 file of cases and 1 configuration`
  private func counted(_ report: CheckReport) -> String {
    let read = report.files.filter(\.isRead)
    let words: [(kind: DocumentSelection.Kind, one: String, many: String)] = [
      (.runbook, "runbook", "runbooks"), (.tests, "file of cases", "files of cases"),
      (.deployment, "configuration", "configurations"),
    ]
    let parts = words.compactMap { word -> String? in
      let count = read.count { $0.kind == word.kind }
      return count == 0 ? nil : "\(count) \(count == 1 ? word.one : word.many)"
    }
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "nothing" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }
}
