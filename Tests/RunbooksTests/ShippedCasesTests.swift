import Diagnostics
import Foundation
import LogAdapters
import RunbookEngine
import RunbookLanguage
import Testing

/// The cases beside the shipped runbooks: what an author reads to learn what a runbook does.
@Suite struct ShippedCasesTests {
  static let names = [
    "dns-tunnel", "impossible-travel", "lateral-movement", "phishing", "vm-ransomware", "was-i-hacked", "web-shell",
  ]

  @Test(arguments: names)
  func `every case passes, and together they cover every way`(name: String) async throws {
    let path = "\(ShippedRunbookTests.runbooks)/\(name)/\(name)"
    let files = DocumentFiles()
    let document = try files.load(path + ".runbook.yaml").get()
    let runbook = try #require(RunbookChecker(files: files).check(document).runbook)
    let (cases, findings) = CaseReader(files: files).read(try files.load(path + ".tests.yaml").get(), for: runbook)
    #expect(findings.map(\.message) == [])
    let report = await RunbookTest(runbook, joiner: TableJoiner()).run(cases, alerts: [])
    #expect(report.results.flatMap(\.findings).map { DiagnosticRenderer().render($0) } == [])
    #expect(report.coverage.missed.map(\.description) == [])
  }
}
