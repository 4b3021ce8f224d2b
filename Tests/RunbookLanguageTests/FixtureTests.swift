import Diagnostics
import Foundation
import Rules
import RunbookLanguage
import Testing

/// Whole files: those in `ok` must be silent, and each in `err` has its findings, as people see them, in a `.out` file
/// beside it. `TOCSIN_RECORD=1` writes those files and fails, so that somebody reads the difference.
@Suite struct FixtureTests {
  static let folder = testFolder + "/Fixtures"

  static func names(in part: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + part)) ?? []
    return files.filter { $0.hasSuffix(".runbook.yaml") }.sorted().map { String($0.dropLast(13)) }
  }

  static func check(_ name: String, in part: String) throws -> RunbookChecker.Result {
    let files = FilesInFolder(folder: folder + "/" + part)
    let source = try files.read(name + ".runbook.yaml", from: SourceText(name: "", text: "")).get()
    return RunbookChecker(files: files).check(source)
  }

  @Test(arguments: names(in: "ok"))
  func `a good runbook is silent`(name: String) throws {
    let result = try Self.check(name, in: "ok")
    #expect(told(result).isEmpty)
    #expect(result.runbook != nil)
  }

  @Test(arguments: names(in: "err"))
  func `a bad runbook is told what is wrong and what would be right`(name: String) throws {
    let result = try Self.check(name, in: "err")
    let findings = result.diagnostics.map { DiagnosticRenderer().render($0) + "\n" }.joined(separator: "\n")
    let golden = "\(Self.folder)/err/\(name).out"
    if ProcessInfo.processInfo.environment["TOCSIN_RECORD"] != nil {
      try findings.write(toFile: golden, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name).out; read the difference and run again without TOCSIN_RECORD")
    }
    let wanted = try #require(FileManager.default.contents(atPath: golden), "TOCSIN_RECORD=1 writes it")
    #expect(findings == String(decoding: wanted, as: UTF8.self))
    #expect((result.runbook == nil) == result.diagnostics.contains { $0.severity == .error })
  }

  @Test func `every message is in a fixture`() throws {
    // What needs a calendar, a digest, a tree of files or other runbooks is the engine's.
    let elsewhere = [
      Rule.reviewPassed, .listReviewPassed, .scriptDigest, .fileOutside, .repeatedRunbook, .handOverField,
    ].map(\.id)
    let declared = Rule.all.map(\.id).filter {
      ("TOC0100"..<"TOC0700").contains($0) && !$0.hasPrefix("TOC039") || $0.hasPrefix("TOC14")
    }.filter { !elsewhere.contains($0) }
    #expect(declared.count > 60)
    var seen = Set(HostileInput.allCases.flatMap { $0.result.diagnostics }.map(\.code.id))
    for name in Self.names(in: "err") { seen.formUnion(try Self.check(name, in: "err").diagnostics.map(\.code.id)) }
    #expect(declared.filter { !seen.contains($0) } == [])
  }
}
