import Foundation
import Testing
import Values

@testable import tocsin

/// The object that `run --format json` prints: scripts rely on it.
@Suite struct ReportContractTests {
  private static let members = [
    "run", "runbook", "version", "verdict", "severity", "answers", "open", "entities", "started", "finished",
  ]
  private static let answerMembers = ["question", "entity", "ask", "answer", "finding", "because", "assumed"]

  @Test func `every member is there, in its place and of its type`() async throws {
    let report = try await CaseRun.webShell.report
    #expect(report.members?.map(\.name) == Self.members)
    for name in ["run", "runbook", "version", "verdict"] { #expect(report[name]?.text?.isEmpty == false, "\(name)") }
    #expect(["info", "low", "medium", "high", "critical"].contains(report["severity"]?.text))
    let instants = try ["started", "finished"].map { try #require(Timestamp(rfc3339: report[$0]?.text ?? "")) }
    #expect(instants[0] <= instants[1])
    #expect(report["open"]?.elements?.allSatisfy { $0.text != nil } == true)
    let answers = try #require(report["answers"]?.elements)
    #expect(!answers.isEmpty)
    for answer in answers {
      #expect(answer.members?.map(\.name) == Self.answerMembers)
      for name in ["question", "ask", "answer", "because"] { #expect(answer[name]?.text != nil) }
      switch answer["entity"] {
      case .null?, .string?: break
      default: Issue.record("an entity is a text or null")
      }
      #expect(answer["finding"]?.elements?.allSatisfy { $0.text != nil } == true)
      if case .bool? = answer["assumed"] {} else { Issue.record("'assumed' is true or false") }
    }
    let entities = try #require(report["entities"]?.members)
    #expect(entities.map(\.name) == ["source"])
    #expect(entities.allSatisfy { $0.value.members?.allSatisfy { $0.value.text != nil } == true })
  }

  @Test func `the order of answers and entities does not change from run to run`() async throws {
    let reports = [
      try await CaseRun.webShell.report, try await CaseRun("\(Places.shippedCases)/webshell").report,
    ]
    #expect(Self.masked(reports[0]).compactText == Self.masked(reports[1]).compactText)
  }

  @Test func `a whole report is as it was`() async throws {
    let report = Self.masked(try await CaseRun.webShell.report)
    // Visitors are many and alike: only the first two of each answer to each question are kept. The words of the
    // evidence are free to change.
    var counts: [String: Int] = [:]
    let lines = (report.members ?? []).flatMap { member -> [String] in
      guard member.name == "answers" else {
        return ["\(member.name): \(member.name == "entities" ? Self.inShort(member.value) : member.value.compactText)"]
      }
      return (member.value.elements ?? []).compactMap { answer in
        let key = "\(answer["question"]?.text ?? "") \(answer["answer"]?.text ?? "")"
        counts[key, default: 0] += 1
        return counts[key, default: 0] <= 2 ? Self.masked(answer, ["because"]).compactText : nil
      }
    }
    try Golden.compare(lines.joined(separator: "\n") + "\n", with: "webshell-report.txt")
  }

  /// Without what differs from run to run.
  private static func masked(_ object: JSON, _ names: [String] = ["run", "started", "finished"]) -> JSON {
    .object(
      (object.members ?? []).map { names.contains($0.name) ? JSON.Member($0.name, .string("…")) : $0 })
  }

  private static func inShort(_ entities: JSON) -> String {
    (entities.members ?? []).map { kind in
      let all = kind.value.members ?? []
      let benign = all.filter { $0.value.text == "benign" }
      let others = all.filter { $0.value.text != "benign" }
      return "\(kind.name) \(benign.count) benign, \(JSON.object(others).compactText)"
    }.joined(separator: "; ")
  }
}

/// Texts as they were when somebody last read them.
enum Golden {
  static func compare(_ text: String, with name: String) throws {
    let path = "\(Places.package)/Tests/RunbooksTests/Golden/\(name)"
    let kept = (try? Places.text(path)) ?? ""
    if ProcessInfo.processInfo.environment["TOCSIN_RECORD"] != nil {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("\(name) was recorded: read it and commit it")
    } else if kept != text {
      let lines = text.split(separator: "\n")
      let expected = kept.split(separator: "\n")
      Issue.record(
        "\(name) differs; with TOCSIN_RECORD=1 it is recorded anew: \(lines.difference(from: expected))")
    }
  }
}
