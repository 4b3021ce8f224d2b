import Diagnostics
import Foundation
import LogAdapters
import RunbookLanguage
import Rules
import Testing
import Values

@testable import RunbookEngine
@testable import tocsin

/// Every finding is declared once, and its examples and its page say what happens.
@Suite struct RuleTests {
  static let pages = "\(Places.package)/Runbooks/rules"

  @Test func `codes and names are of one form, and each stands for one thing`() {
    #expect(Rule.all.count > 120)
    #expect(Set(Rule.all.map(\.id)).count == Rule.all.count)
    for rule in Rule.all {
      #expect(rule.id.wholeMatch(of: /TOC[0-9]{4}/) != nil)
      #expect(rule.code.slug.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(rule.id)")
      for sentence in [rule.summary, rule.why, rule.fix] {
        #expect(sentence.last == "." && sentence.count > 10, "\(rule.id): \(sentence)")
      }
    }
    // A name that two families share stands for the same in a runbook and in a configuration, or in YAML.
    let families = Dictionary(grouping: Rule.all, by: \.code.slug).values.filter { $0.count > 1 }
    #expect(families.allSatisfy { Set($0.map(\.severity)).count == 1 })
  }

  @Test func `no code stands in the sources but where it is declared`() throws {
    let folder = "\(Places.package)/Sources"
    let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    let strays = try files.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Rules/") }.flatMap { file in
      try Places.text("\(folder)/\(file)").matches(of: /Code\("|\.init\("TOC[0-9]{4}/).map { "\(file): \($0.output)" }
    }
    #expect(strays == [])
  }

  @Test(arguments: Rule.all.filter { $0.bad.form != .described }.map(\.id))
  func `the bad example has the finding, and the good one is without it and without errors`(id: String) async throws {
    let rule = try #require(Rule.with(id: id))
    let bad = try await RuleCase(rule.bad).findings()
    #expect(bad.contains { $0.code.id == id && $0.severity == rule.severity }, "\(bad.map(LineReport.line))")
    let good = try await RuleCase(rule.good).findings()
    #expect(
      rule.bad.text != rule.good.text || rule.bad.files.map(\.text) != rule.good.files.map(\.text)
        || rule.bad.deployment != rule.good.deployment || rule.bad.runbook != rule.good.runbook)
    #expect(!good.contains { $0.code.id == id || $0.severity == .error }, "\(good.map(LineReport.line))")
  }

  @Test(arguments: Rule.all.filter { $0.bad.form == .described }.map(\.id))
  func `what is only described happens as well`(id: String) async throws {
    if let trial = DescribedExamples.trial(of: id) {
      #expect(trial.code.id == id)
      return
    }
    let text = try #require(DescribedExamples.bytes(for: id), "no example is made for \(id)")
    let source = SourceText(name: "described.yaml", bytes: text)
    let findings =
      id.hasPrefix("TOC10")
      ? DeploymentReader(kinds: Wiring.kinds).read(source).findings
      : RunbookCheck(files: ExampleFiles(), validators: Wiring.validators).check(source, in: nil).findings
    #expect(findings.contains { $0.code.id == id }, "\(findings.prefix(3).map(LineReport.line))")
  }

  /// `TOCSIN_RECORD=1` writes the pages and fails, so that somebody reads the difference.
  @Test func `every rule has a page, and it is what the declaration says`() async throws {
    var wanted = ["README.md": try index()]
    for rule in Rule.all {
      let told =
        rule.bad.whole == nil
        ? nil
        : try await RuleCase(rule.bad).findings().filter { $0.code.id == rule.id }.prefix(1)
          .map { "\($0.severity.rawValue)[\($0.code.id)]: \(visible($0.message))" }.joined()
      wanted["\(rule.id).md"] = RulePage(rule).markdown(told: told)
    }
    if ProcessInfo.processInfo.environment["TOCSIN_RECORD"] != nil {
      try? FileManager.default.removeItem(atPath: Self.pages)
      try FileManager.default.createDirectory(atPath: Self.pages, withIntermediateDirectories: true)
      for (name, text) in wanted {
        try text.write(toFile: "\(Self.pages)/\(name)", atomically: true, encoding: .utf8)
      }
      Issue.record("recorded the pages; read the difference and run again without TOCSIN_RECORD")
    }
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: Self.pages)) == Set(wanted.keys))
    for (name, text) in wanted {
      #expect(try Places.text("\(Self.pages)/\(name)") == text, "TOCSIN_RECORD=1 writes \(name)")
    }
  }

  private func index() throws -> String {
    let rows = Rule.all.map { rule in
      "| [\(rule.id)](\(rule.id).md) | `\(rule.code.slug)` | \(rule.severity.rawValue) | \(rule.summary) |"
    }
    return """
      # What the check tells

      \(Rule.all.count) kinds of findings. `tocsin explain CODE` says the same without this page. A code never changes its
      meaning. Errors keep a runbook from being run; a warning or a note can be allowed by a comment above its place, or
      on its line: `# tocsin: allow CODE until DATE: reason`, in which the date may be left out.

      | code | name | severity | what is the case |
      | --- | --- | --- | --- |
      \(rows.joined(separator: "\n"))

      ## The sample

      The examples show only the sections that matter; the others are these.

      ```yaml
      \(RuleExample.sample)```

      Configurations, `tocsin.yaml`, go by this one.

      ```yaml
      \(RuleExample.sampleDeployment)```

      Cases, `sample.tests.yaml`, go by these.

      ```yaml
      \(RuleExample.sampleCases)```

      """
  }
}

/// An example with the files that it rests on.
struct RuleCase {
  private let example: RuleExample

  init(_ example: RuleExample) throws { self.example = example }

  /// What the check, or the test, tells of it.
  func findings() async throws -> [Diagnostic] {
    let text = try #require(example.whole)
    let reader = DeploymentReader(kinds: Wiring.kinds)
    if example.form == .deployment {
      return reader.read(SourceText(name: "tocsin.yaml", text: text), folder: "/nowhere").findings
    }
    let files = MemoryFolder(texts: Dictionary(example.files.map { ($0.name, $0.text) }) { first, _ in first })
    if example.form == .change {
      let head = (source: SourceText(name: "sample.runbook.yaml", text: text), files: files)
      let base = (source: SourceText(name: "before.runbook.yaml", text: example.wholeRunbook), files: files)
      return try VersionCheck.compare(base, with: head).findings
    }
    if example.form == .cases { return try await findings(inCases: text, files) }
    let deployment = example.wholeDeployment.flatMap {
      reader.read(SourceText(name: "tocsin.yaml", text: $0), folder: "/nowhere").deployment
    }
    let check = RunbookCheck(files: files, validators: Wiring.validators, today: CalendarDay("2026-11-23"))
    let report = check.check(SourceText(name: "sample.runbook.yaml", text: text), in: deployment)
    return report.findings + together(report, check)
  }

  /// What is told of a runbook because of those beside it.
  private func together(_ report: RunbookCheck.Report, _ check: RunbookCheck) -> [Diagnostic] {
    let others = example.files.filter { $0.name.hasSuffix(".runbook.yaml") }.map { file in
      check.check(SourceText(name: file.name, text: file.text), in: nil)
    }
    let traces = (others + [report]).map { report in
      var trace = DocumentTrace()
      trace.note(report)
      return trace
    }
    return RunbookRegister(of: traces).findings(touching: [report.id?.value].compactMap { $0 })
  }

  private func findings(inCases text: String, _ files: MemoryFolder) async throws -> [Diagnostic] {
    var files = files
    files.texts["sample.tests.yaml"] = text
    let checked = RunbookCheck(files: files, validators: []).check(
      SourceText(name: "sample.runbook.yaml", text: example.wholeRunbook), in: nil)
    let runbook = try #require(checked.runbook, "\(checked.findings.map(LineReport.line))")
    let (cases, findings) = CaseReader(files: files).read(
      SourceText(name: "sample.tests.yaml", text: text), for: runbook)
    let alerts = example.files.filter { $0.name.hasSuffix(".alert.json") }
      .map { SourceText(name: $0.name, text: $0.text) }
    let report = await RunbookTest(runbook, joiner: TableJoiner()).run(cases, alerts: alerts)
    return findings + report.results.flatMap(\.findings)
  }
}

/// Files in memory.
private struct MemoryFolder: RunbookFiles {
  var texts: [String: String]

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    if path.hasPrefix("/") { return .failure(FileProblem("it lies outside of the example", isOutside: true)) }
    return texts[path].map { .success(SourceText(name: path, text: $0)) }
      ?? .failure(FileProblem("there is no such file"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { texts[path] != nil }

  func changed(_ path: String, from base: SourceText) -> Timestamp? { Timestamp(rfc3339: "2026-03-01T08:00:00Z") }
}
