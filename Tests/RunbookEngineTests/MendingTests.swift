import Diagnostics
import Foundation
import RunbookLanguage
import Testing

@testable import RunbookEngine

/// Mends keep everything but what they mend.
struct MendingTests {
  private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "tocsin-mending-\(UUID().uuidString)"
    defer { TestFolder.remove(folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: "\(folder)/a.runbook.yaml", atomically: false, encoding: .utf8)
    try await body("\(folder)/a.runbook.yaml")
  }

  private func run(_ path: String, guesses: Bool = false) async -> (changes: [Mending.Change], report: CheckReport) {
    let check = TreeCheck(
      validators: [], today: CalendarDay("2026-11-23"), reader: DeploymentReader(kinds: []), deployment: nil)
    return await Mending(includesGuesses: guesses).run { files in
      await check.check(DocumentSelection([path]), files: files, workers: 1)
    }
  }

  private static let text = """
    # What this is about\r
    tocsin: 1
    runbook: a   # the name
    alert: {when: "true", fields: {site: alert.labels.site}}

    questions:
      first:
        ask: Is it ours: yes?
        answer: !(site in known)   # quite so
        then: {yes: suspicous, no: benign}
    limits:
    \ttime: 1h
    lists:
      # tocsin: allow TOC0519: nothing is there
      known: [a, no]

    """

  @Test func `what leaves no doubt is mended, in several rounds, and comments and line breaks stay`() async throws {
    try await withFile(Self.text) { path in
      let (changes, report) = await run(path)
      let new = String(decoding: try #require(changes.first).new, as: UTF8.self)
      #expect(
        new
          == Self.text.replacing("ask: Is it ours: yes?", with: "ask: \"Is it ours: yes?\"")
          .replacing("!(site in known) ", with: "\"!(site in known)\" ").replacing("\ttime: 1h", with: "  time: 1h")
          .replacing(
            "[a, no]", with: "[a, \"no\"]")
      )
      #expect(report.findings.filter { $0.severity == .error }.map(\.code.id) == ["TOC0203"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.text, "nothing is written yet")
    }
  }

  @Test func `a guess is mended only where it is wanted`() async throws {
    try await withFile(Self.text) { path in
      let (changes, report) = await run(path, guesses: true)
      let new = String(decoding: try #require(changes.first).new, as: UTF8.self)
      #expect(new.contains("yes: suspicious") && !new.contains("TOC0519"), "without errors, what is idle is known")
      #expect(report.findings.allSatisfy { $0.severity != .error })
    }
  }

  @Test func `a file keeps its permissions and stays where a link leads`() async throws {
    try await withFile(Self.text) { path in
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      let link = path + ".link.runbook.yaml"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      let (changes, _) = await run(link)
      #expect(Mending.write(try #require(changes.first)) == nil)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(changes[0].new))
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
      #expect(await run(path).changes.isEmpty, "what is mended needs no mend")
    }
  }

  @Test func `a file that somebody has changed meanwhile is not written`() async throws {
    try await withFile(Self.text) { path in
      let (changes, _) = await run(path)
      try "tocsin: 1\n".write(toFile: path, atomically: false, encoding: .utf8)
      #expect(Mending.write(try #require(changes.first)) == "it has changed while it was checked")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "tocsin: 1\n")
    }
  }

  @Test func `of mends that overlap the first counts`() {
    let source = SourceText(name: "a", text: "abcdef")
    func finding(_ start: Int, _ end: Int, _ text: String) -> Diagnostic {
      let range = SourceRange(start, end)
      return Diagnostic(
        .init("TOC0000", "x"), .error, "x", at: SourceLocation(source, range),
        fixIts: [.init("x", replace: range, by: text, isSafe: true)])
    }
    let findings = [finding(2, 4, "X"), finding(0, 3, "Y"), finding(4, 4, "+"), finding(4, 4, "+"), finding(5, 9, "Z")]
    #expect(Mending(includesGuesses: false).mended(source, by: findings) == Array("Yd+ef".utf8))
    #expect(Mending(includesGuesses: false).mended(source, by: []) == nil)
  }

  @Test func `a difference is what patch reads`() {
    let old = (1...12).map { "line \($0)\n" }.joined()
    let new = old.replacing("line 2\n", with: "").replacing("line 12\n", with: "line 12\nlast")
    #expect(
      UnifiedDiff.text(from: Array(old.utf8), to: Array(new.utf8), path: "a.yaml") == """
        --- a/a.yaml
        +++ b/a.yaml
        @@ -1,5 +1,4 @@
         line 1
        -line 2
         line 3
         line 4
         line 5
        @@ -10,3 +9,4 @@
         line 10
         line 11
         line 12
        +last
        \\ No newline at end of file

        """)
    #expect(UnifiedDiff.text(from: Array(old.utf8), to: Array(old.utf8), path: "a.yaml").isEmpty)
  }
}
