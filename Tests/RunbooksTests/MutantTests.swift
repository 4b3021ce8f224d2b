import Diagnostics
import Foundation
import RunbookEngine
import RunbookLanguage
import Testing
import Values

@testable import tocsin

/// The shipped runbooks, changed in every way that the grammar allows: each change is told where it is, or changes
/// nothing, or makes another good runbook of which the difference in meaning is told there.
///
/// `TOCSIN_LONG_TESTS=1` tries every change, else some of each runbook, by a fixed seed; `TOCSIN_MUTANTS` prints the table.
@Suite struct MutantTests {
  /// Changes of one runbook that are tried in the short form.
  private static let sampleSize = 40

  private struct Shipped {
    let name: String
    let judgement: MutantJudgement
    let mutants: [RunbookMutant]
  }

  private static func shipped() throws -> [Shipped] {
    let folder = "\(Places.package)/Runbooks"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try names.compactMap { name in
      let path = "\(folder)/\(name)/\(name).runbook.yaml"
      guard DocumentFiles.isFile(path) else { return nil }
      let source = try DocumentFiles().load(path).get()
      let configuration = DocumentFiles.names(in: "\(folder)/\(name)", ending: "tocsin.yaml").first
      let deployment = try configuration.flatMap {
        DeploymentReader(kinds: Wiring.kinds).read(try DocumentFiles().load($0).get()).deployment
      }
      let check = RunbookCheck(files: DocumentFiles(), validators: Wiring.validators)
      let judgement = MutantJudgement(source) { source in
        let report = check.check(source, in: deployment)
        return (report.findings, report.runbook)
      }
      return Shipped(
        name: name, judgement: try #require(judgement, "\(name)"), mutants: RunbookMutant.all(of: source))
    }
  }

  @Test func `each change of a shipped runbook is told on its line, or changes nothing that is wrong`() throws {
    let environment = ProcessInfo.processInfo.environment
    let isLong = environment["TOCSIN_LONG_TESTS"] == "1"
    var table: [RunbookMutant.Kind: [MutantJudgement.Outcome: Int]] = [:]
    var count = 0
    for shipped in try Self.shipped() {
      count += shipped.mutants.count
      // Another number than a runbook has lines, so that the sample goes through all sections and kinds.
      let step = isLong ? 1 : max(1, shipped.mutants.count / Self.sampleSize)
      for index in stride(from: step / 2, to: shipped.mutants.count, by: step) {
        let mutant = shipped.mutants[index]
        let (outcome, findings) = shipped.judgement.judge(mutant)
        table[mutant.kind, default: [:]][outcome, default: 0] += 1
        let told = findings.map { "\($0.location?.start.description ?? "-") \($0.code.id) \($0.message)" }
        #expect(outcome != .toldElsewhere && outcome != .silent, "\(shipped.name): \(mutant): \(outcome): \(told)")
      }
    }
    #expect(count >= 2_000)
    #expect(Set(table.keys) == Set(RunbookMutant.Kind.allCases))
    if environment["TOCSIN_MUTANTS"] != nil { print(Self.text(of: table)) }
  }

  private static func text(of table: [RunbookMutant.Kind: [MutantJudgement.Outcome: Int]]) -> String {
    let outcomes = MutantJudgement.Outcome.allCases
    let head = "| change | all | " + outcomes.map { "\($0)" }.joined(separator: " | ") + " |"
    let rows = RunbookMutant.Kind.allCases.map { kind in
      let counts = outcomes.map { table[kind]?[$0] ?? 0 }
      return "| \(kind.rawValue) | \(counts.reduce(0, +)) | " + counts.map(String.init).joined(separator: " | ") + " |"
    }
    return ([head] + rows).joined(separator: "\n")
  }
}
