import Diagnostics
import LogAdapters
import RunbookEngine
import RunbookLanguage
import Values

/// What came of one runbook's cases.
struct TestedRunbook {
  /// The file of the cases.
  let path: String
  /// What is wrong with the file itself, or with the runbook beside it.
  let findings: [Diagnostic]
  var results: [RunbookTest.CaseResult] = []
  /// `nil`: nothing could be run.
  var coverage: TestCoverage?

  /// Reads a runbook and the cases beside it, and runs them.
  ///
  /// - Parameter name: Only cases whose name holds this text are run; `nil`: all.
  init(_ names: CaseFolder, named name: String?) async throws(Unusable) {
    path = names.tests
    if let stray = ([names.tests] + names.alerts).first(where: RunbookTree.leadsOut) {
      throw Unusable("cannot read '\(stray)': it is a link that leads out of the runbook's tree")
    }
    let document = try Documents.load(names.runbook, as: "the runbook")
    let result = RunbookCheck(files: DocumentFiles(), validators: []).check(document, in: nil)
    guard let runbook = result.runbook else {
      findings = result.findings.filter { $0.severity == .error }
      return
    }
    let cases: CaseFile
    (cases, findings) = CaseReader(files: DocumentFiles())
      .read(try Documents.load(names.tests, as: "the cases"), for: runbook)
    let alerts = try names.alerts.map { path throws(Unusable) in try Documents.load(path, as: "the alert") }
    let report = await RunbookTest(runbook, joiner: TableJoiner()).run(cases, alerts: alerts, named: name)
    (results, coverage) = (report.results, report.coverage)
  }

  var passes: Bool { !findings.contains { $0.severity == .error } && results.allSatisfy(\.passes) }
  var failedCount: Int { results.count { !$0.passes } }

  /// One object for machines.
  var json: JSON {
    .object([
      "file": .string(path), "passes": .bool(passes), "findings": .array(findings.map(\.json)),
      "cases": .array(
        results.map { result in
          .object([
            "name": .string(result.name), "passes": .bool(result.passes),
            "line": (result.location?.start.line).map { .integer(Int64($0)) },
            "findings": .array(result.findings.map(\.json)),
          ])
        }),
      "coverage": coverage.map(\.json) ?? .null,
    ])
  }
}

extension TestCoverage {
  fileprivate var json: JSON {
    let kinds = Self.kinds.map { kind in
      let (met, all) = count(kind)
      return JSON.Member(kind, .object(["met": .integer(Int64(met)), "all": .integer(Int64(all))]))
    }
    let missed = missed.map { JSON.object(["kind": .string($0.kind), "what": .string($0.description)]) }
    return .object([.init("percent", .integer(Int64(percent)))] + kinds + [.init("missed", .array(missed))])
  }
}

/// The results of cases for people.
enum TestText {
  /// Most ways that are named as not taken; with more there is their number.
  static let missedLimit = 40

  static func show(_ report: TestedRunbook) {
    let style = Style(coloured: Terminal.Stream.output.isColoured)
    Terminal.print(style(visible(report.path), .title))
    for result in report.results {
      let mark = result.passes ? style("✔", .good) : style("✘", .bad)
      Terminal.print("  \(mark) \(visible(result.name))")
    }
    if let coverage = report.coverage, !report.results.isEmpty { show(coverage, style) }
    Reports.show(report.findings + report.results.flatMap(\.findings))
  }

  private static func show(_ coverage: TestCoverage, _ style: Style) {
    let counts = TestCoverage.kinds.compactMap { kind -> String? in
      let (met, all) = coverage.count(kind)
      return all == 0 ? nil : "\(kind) \(met) of \(all)"
    }
    Terminal.print("  covered: \(coverage.percent) % (\(counts.joined(separator: ", ")))")
    let missed = coverage.missed
    guard !missed.isEmpty else { return }
    for kind in TestCoverage.kinds {
      let names = missed.filter { $0.kind == kind }.map(\.description)
      guard !names.isEmpty else { continue }
      let shown = names.prefix(missedLimit).joined(separator: ", ")
      let rest = names.count > missedLimit ? " and \(names.count - missedLimit) more" : ""
      Terminal.print(style("    no case for these \(kind): \(shown)\(rest)", .quiet))
    }
  }

  static func showSum(_ reports: [TestedRunbook]) {
    let count = reports.reduce(0) { $0 + $1.results.count }
    let failed = reports.reduce(0) { $0 + $1.failedCount }
    let unread = reports.count { $0.findings.contains { $0.severity == .error } }
    var parts: [String] = []
    if count > 0 {
      let result = failed == 0 ? "all pass" : failed == 1 ? "1 fails" : "\(failed) fail"
      parts.append("\(counted(count, "case")) of \(counted(reports.count, "runbook")): \(result)")
    }
    if unread > 0 { parts.append(unread == 1 ? "1 file has errors" : "\(unread) files have errors") }
    Reports.remark(parts.isEmpty ? "no case was run" : parts.joined(separator: "; "))
  }

}

/// The results as JUnit's XML: a suite a runbook, a test a case.
enum TestJUnit {
  static func text(_ reports: [TestedRunbook]) -> String {
    let suites = reports.map { report in
      var lines = [
        "  <testsuite name=\"\(JUnitReport.attribute(report.path))\" tests=\"\(report.results.count)\" "
          + "failures=\"\(report.failedCount)\" errors=\"\(report.findings.count { $0.severity == .error })\">"
      ]
      for result in report.results {
        let head =
          "    <testcase classname=\"\(JUnitReport.attribute(report.path))\" name=\"\(JUnitReport.attribute(result.name))\""
        guard !result.passes else {
          lines.append(head + "/>")
          continue
        }
        let text = result.findings.map { DiagnosticRenderer().render($0) }.joined(separator: "\n")
        lines += [
          head + ">",
          "      <failure message=\"\(JUnitReport.attribute(result.findings[0].message))\">\(markupText(text))</failure>",
          "    </testcase>",
        ]
      }
      if report.findings.contains(where: { $0.severity == .error }) {
        let text = report.findings.map { DiagnosticRenderer().render($0) }.joined(separator: "\n")
        lines.append("    <system-err>\(markupText(text))</system-err>")
      }
      return (lines + ["  </testsuite>"]).joined(separator: "\n")
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tocsin test\">\n"
      + suites.joined(separator: "\n") + "\n</testsuites>"
  }
}
