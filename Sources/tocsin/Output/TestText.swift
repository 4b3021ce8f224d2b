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
  /// Of what there is, in percent; `nil`: whatever there is is enough.
  let wantedCoverage: Int?

  /// Reads a runbook and the cases beside it, and runs them.
  ///
  /// - Parameters:
  ///   - name: Only cases whose name holds this text are run; `nil`: all.
  ///   - wantedCoverage: In percent; asked for where all cases are run.
  init(_ names: CaseFolder, named name: String?, wantedCoverage: Int?) async throws(Unusable) {
    path = names.tests
    self.wantedCoverage = name == nil ? wantedCoverage : nil
    let hasTests = names.hasTests || names.alerts.isEmpty
    if let stray = ((hasTests ? [names.tests] : []) + names.alerts).first(where: RunbookTree.leadsOut) {
      throw Unusable("cannot read '\(stray)': it is a link that leads out of the runbook's tree")
    }
    let document = try Documents.load(names.runbook, as: "the runbook")
    let result = RunbookCheck(files: DocumentFiles(), validators: []).check(document, in: nil)
    guard let runbook = result.runbook else {
      findings = result.findings.filter { $0.severity == .error }
      return
    }
    let cases: CaseFile
    if hasTests {
      (cases, findings) = CaseReader(files: DocumentFiles())
        .read(try Documents.load(names.tests, as: "the cases"), for: runbook)
    } else {
      (cases, findings) = (.none(at: names.tests), [])
    }
    let alerts = try names.alerts.map { path throws(Unusable) in try Documents.load(path, as: "the alert") }
    let report = await RunbookTest(runbook, joiner: TableJoiner()).run(cases, alerts: alerts, named: name)
    results = report.results
    // Of a runbook without cases nothing is covered.
    coverage = hasTests ? report.coverage : nil
  }

  /// A runbook that has no cases.
  init(withoutCases names: CaseFolder, wantedCoverage: Int) {
    path = names.tests
    findings = []
    self.wantedCoverage = wantedCoverage
  }

  var passes: Bool { errors.isEmpty && results.allSatisfy(\.passes) && shortfall == nil }
  var failedCount: Int { results.count { !$0.passes } }
  var errors: [Diagnostic] { findings.filter { $0.severity == .error } }

  /// Why too little is covered; `nil` if enough is.
  var shortfall: String? {
    guard let wantedCoverage, errors.isEmpty else { return nil }
    guard let percent = coverage?.percent else { return wantedCoverage > 0 ? "there are no cases" : nil }
    return percent < wantedCoverage ? "\(percent) percent are covered, and \(wantedCoverage) are wanted" : nil
  }

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
      "coverage": coverage.map(\.json) ?? .null, "shortfall": shortfall.map(JSON.string) ?? .null,
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

/// The results as JUnit's XML: a suite a runbook, a test a case; besides a test for a file that cannot be read, and one for
/// coverage where so much of it is wanted, because systems show tests and nothing else.
enum TestJUnit {
  static func text(_ reports: [TestedRunbook]) -> String {
    let suites = reports.map { ($0, tests(of: $0)) }
    let all = suites.flatMap(\.1)
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tocsin test\" \(counts(all))>\n"
      + suites.map { suite($0, $1) }.joined(separator: "\n") + "\n</testsuites>"
  }

  private struct Test {
    enum End {
      case passed
      case failed(message: String, text: String)
      case unreadable(message: String, text: String)
    }

    let name: String
    let end: End
  }

  private static func tests(of report: TestedRunbook) -> [Test] {
    var tests = report.results.map { result in
      Test(
        name: result.name,
        end: result.findings.first.map { .failed(message: $0.message, text: rendered(result.findings)) } ?? .passed)
    }
    if let error = report.errors.first {
      tests.append(Test(name: "the file", end: .unreadable(message: error.message, text: rendered(report.findings))))
    } else if report.wantedCoverage != nil {
      let end = report.shortfall.map { Test.End.failed(message: $0, text: $0) }
      tests.append(Test(name: "coverage", end: end ?? .passed))
    }
    return tests
  }

  private static func rendered(_ findings: [Diagnostic]) -> String {
    findings.map { DiagnosticRenderer().render($0) }.joined(separator: "\n")
  }

  private static func counts(_ tests: [Test]) -> String {
    let failures = tests.count { if case .failed = $0.end { true } else { false } }
    let errors = tests.count { if case .unreadable = $0.end { true } else { false } }
    return "tests=\"\(tests.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
  }

  private static func suite(_ report: TestedRunbook, _ tests: [Test]) -> String {
    let name = JUnitReport.attribute(report.path)
    let lines = tests.map { test in
      let head = "    <testcase classname=\"\(name)\" name=\"\(JUnitReport.attribute(test.name))\""
      func ended(_ kind: String, _ message: String, _ text: String) -> String {
        "\(head)>\n      <\(kind) message=\"\(JUnitReport.attribute(message))\">\(markupText(text))</\(kind)>\n    </testcase>"
      }
      return switch test.end {
      case .passed: head + "/>"
      case .failed(let message, let text): ended("failure", message, text)
      case .unreadable(let message, let text): ended("error", message, text)
      }
    }
    return (["  <testsuite name=\"\(name)\" \(counts(tests))>"] + lines + ["  </testsuite>"]).joined(separator: "\n")
  }
}
