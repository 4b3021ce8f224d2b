package import Diagnostics
import Investigation
package import RunbookLanguage
package import RunbookPorts

/// Puts a runbook's cases to the interpreter.
package struct RunbookTest: Sendable {
  package struct CaseResult: Sendable {
    package let name: String
    package let location: SourceLocation?
    /// Everything that is not as expected; empty for a case that passes.
    package let findings: [Diagnostic]

    package var passes: Bool { findings.isEmpty }
  }

  package struct Report: Sendable {
    /// In the order of the file, raw alerts last.
    package let results: [CaseResult]
    package let coverage: TestCoverage
  }

  private let runbook: CheckedRunbook
  private let joiner: any ResultJoiner

  /// - Parameter joiner: Performs queries that join results, unless a case gives what they answer.
  package init(_ runbook: CheckedRunbook, joiner: any ResultJoiner) {
    self.runbook = runbook
    self.joiner = joiner
  }

  /// - Parameters:
  ///   - alerts: Raw alerts from beside the runbook: each must be meant for it and give every field a value.
  ///   - name: Only cases whose name holds this text are run; `nil`: all.
  package func run(_ file: CaseFile, alerts: [SourceText], named name: String? = nil) async -> Report {
    let cases = file.cases.filter { name.map($0.name.value.contains) ?? true }
    var coverage = TestCoverage(of: runbook)
    var results: [CaseResult] = []
    results.reserveCapacity(cases.count)
    for (content, seen) in zip(cases, await observe(cases)) {
      coverage.add(seen)
      results.append(
        CaseResult(
          name: content.name.value, location: content.name.location,
          findings: CaseComparison(expected: content.expectation, seen: seen).findings))
    }
    if name == nil {
      results += alerts.map(tried)
      if let lack = lackOfStable(coverage, at: file.cases.first?.name.location) { results.append(lack) }
    }
    return Report(results: results, coverage: coverage)
  }

  /// How many cases one task runs, so that a task's own cost does not count.
  private static let batchSize = 32

  /// What came of each case, in their order.
  private func observe(_ cases: [RunbookCase]) async -> [CaseRun.Observation] {
    let compiled = CompiledRunbook(runbook)
    return await withTaskGroup(of: (Int, [CaseRun.Observation]).self) { group in
      for start in stride(from: 0, to: cases.count, by: Self.batchSize) {
        let batch = cases[start..<min(start + Self.batchSize, cases.count)]
        group.addTask { [joiner] in
          var seen: [CaseRun.Observation] = []
          for content in batch {
            var run = CaseRun(content, of: compiled, joiner: joiner)
            seen.append(await run.observe())
          }
          return (start, seen)
        }
      }
      var batches: [(Int, [CaseRun.Observation])] = []
      for await batch in group { batches.append(batch) }
      return batches.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  // MARK: Raw alerts

  private func tried(_ file: SourceText) -> CaseResult {
    var findings: [Diagnostic] = []
    switch CaseIntake.read(file, for: runbook.runbook) {
    case .failure(let problem):
      findings = [.alertNotMeant(file.name, because: problem.message, at: runbook.runbook.alert.when?.location)]
    case .success(let intake):
      for field in runbook.runbook.alert.fields {
        if case .missing(let reason) = intake.fields[field.id] {
          findings.append(
            .badAlertFile(
              file.name, because: reason, meant: LabelMeant(by: field.expression, in: intake.alert?.json)?.path,
              at: field.expression.location))
        }
      }
    }
    return CaseResult(name: "the alert \(file.name)", location: nil, findings: findings)
  }

  // MARK: Stable runbooks

  /// A stable runbook has been seen to call somebody, and to close a case.
  private func lackOfStable(_ coverage: TestCoverage, at location: SourceLocation?) -> CaseResult? {
    guard runbook.runbook.status == .stable else { return nil }
    let closes = runbook.runbook.verdicts.contains { $0.isClean && coverage.met.contains(.verdict($0.id)) }
    let escalates = coverage.met.contains { if case .escalation = $0 { true } else { false } }
    guard !closes || !escalates else { return nil }
    return CaseResult(
      name: "stable", location: location,
      findings: [.stableWithoutCase(closes ? "no case escalates" : "no case closes", at: location)])
  }
}
