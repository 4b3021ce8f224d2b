import ArgumentParser
import Diagnostics
import Foundation
import LogAdapters
import RunbookEngine
import RunbookLanguage
import Testing

@testable import tocsin

/// What the pages for people show is what happens.
@Suite struct DocumentationTests {
  private static func isRunbook(_ block: DocumentText.Block) -> Bool { block.text.hasPrefix("tocsin:") }

  private static func isCases(_ block: DocumentText.Block) -> Bool { block.text.hasPrefix("tests:") }

  private static let examples = (try? DocumentText.blocks("yaml", of: "README.md", "Runbooks/README.md")) ?? []

  @Test func `the pages show runbooks and a deployment`() {
    #expect(Self.examples.filter(Self.isRunbook).count >= 4)
    #expect(Self.examples.filter(Self.isCases).count == 1)
    #expect(Self.examples.filter { !Self.isRunbook($0) && !Self.isCases($0) }.count == 1)
  }

  @Test(arguments: examples.filter(isRunbook))
  func `a runbook that is shown passes the check without a warning`(_ block: DocumentText.Block) {
    let report = RunbookCheck(files: ExampleFiles(), validators: Wiring.validators).check(block.source, in: nil)
    #expect(report.runbook != nil)
    #expect(report.findings.filter { $0.severity > .note }.map(\.message).isEmpty)
  }

  @Test(arguments: examples.filter(isCases))
  func `cases that are shown pass with the runbook they name`(_ block: DocumentText.Block) async throws {
    let path = "\(ShippedRunbookTests.runbooks)/was-i-hacked/was-i-hacked.runbook.yaml"
    let document = try DocumentFiles().load(path).get()
    let runbook = try #require(RunbookChecker(files: DocumentFiles()).check(document).runbook)
    let source = SourceText(name: "\(Places.package)/example.tests.yaml", bytes: Array(block.text.utf8))
    let (file, findings) = CaseReader(files: DocumentFiles()).read(source, for: runbook)
    #expect(findings.map(\.message) == [])
    let report = await RunbookTest(runbook, joiner: TableJoiner()).run(file, alerts: [])
    #expect(report.results.count == 2)
    #expect(report.results.flatMap(\.findings).map(\.message) == [])
  }

  @Test(arguments: examples.filter { !isRunbook($0) && !isCases($0) })
  func `a deployment that is shown can be used as it is`(_ block: DocumentText.Block) {
    let (deployment, findings) = DeploymentReader(kinds: Wiring.kinds).read(block.source)
    #expect(findings.map(\.message).isEmpty)
    #expect(deployment != nil)
    let bound = BoundSources(deployment)
    #expect(bound.findings.map(\.message).isEmpty)
    #expect(bound.entries.count >= 3)
  }

  @Test func `every command that is shown is one, and names files that are there`() throws {
    let commands = try DocumentText.blocks("console", of: "README.md", "Runbooks/README.md").flatMap(\.commands)
    let own = commands.filter { $0.first == "tocsin" }.map { Array($0.dropFirst()) }
    #expect(own.count >= 4)
    var made: Set<String> = []
    for arguments in own {
      let command = try Tocsin.parseAsRoot(arguments)
      if arguments.first == "new", let name = arguments.last { made.insert(name) }
      if let run = command as? RunCommand {
        for path in [run.runbook, run.deploymentOptions.config, run.deploymentOptions.data, run.alert] {
          guard let path, !made.contains(String(path.prefix { $0 != "/" })) else { continue }
          #expect(FileManager.default.fileExists(atPath: "\(Places.package)/\(path)"), "\(path)")
        }
      }
    }
    let targets = commands.filter { $0.first == "make" }.compactMap(\.last)
    let rules = try Places.text("\(Places.package)/Makefile").split(separator: "\n")
    for target in targets { #expect(rules.contains { $0.hasPrefix("\(target):") }, "make \(target)") }
    #expect(commands.allSatisfy { ["make", "tocsin"].contains($0[0]) })
  }
}
