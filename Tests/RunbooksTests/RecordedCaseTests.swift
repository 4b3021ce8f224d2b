import Testing
import Values

/// What really happened in a recorded case.
struct Truth {
  let json: JSON

  init(_ folder: String) throws { json = try Places.json("\(folder)/truth.json") }

  var verdict: String? { json["verdict"]?.text }

  func texts(_ names: String...) -> [String] {
    names.flatMap { json[$0]?.elements ?? [] }.compactMap(\.text).sorted()
  }

  /// The sources of a burst that was no attack, where they are few enough to be named.
  var attackers: [String] { texts("attacker_sources") }
  var origins: [String] { attackers.isEmpty ? texts("spike_sources") : attackers }
}

@Suite struct RecordedCaseTests {
  @Test(arguments: Places.cases(in: Places.shippedCases))
  func `a shipped case ends as it was, for the right reasons`(folder: String) async throws {
    try await judge(folder)
  }

  @Test(
    .enabled(if: Places.sharedCases != nil, "no further cases: set TOCSIN_SHARED_DATA to the folder of shared data"),
    arguments: Places.furtherCases)
  func `every other recorded case ends as it was, for the right reasons`(folder: String) async throws {
    try await judge(folder)
  }

  private func judge(_ folder: String) async throws {
    let truth = try Truth(folder)
    let run = try await CaseRun(folder)
    #expect(run.verdict == truth.verdict)
    #expect(run.findings(of: "origin") == truth.origins)
    #expect(run.findings(of: "accessed") == truth.texts("files_accessed"))
    #expect(run.findings(of: "modified") == truth.texts("files_modified", "files_added"))
    #expect(run.answer(to: "spike") == "yes")
    for source in truth.attackers {
      #expect(run.entities("known", "no").contains(source))
      #expect(run.verdict(of: source) == truth.verdict)
    }
    let others = run.report["entities"]?["source"]?.members?.filter { !truth.attackers.contains($0.name) } ?? []
    // A visitor is not cleared by a run that could not look.
    let cleared = truth.verdict == "undetermined" ? "undetermined" : "benign"
    #expect(others.count > 10 && others.allSatisfy { $0.value.text == cleared })
    for (question, answer) in Self.ways[truth.verdict ?? ""] ?? [:] {
      #expect(run.answer(to: question) == answer, "\(question)")
    }
    #expect(run.open == Self.open[truth.verdict ?? "", default: []])
  }

  /// Answers on the way to a verdict. Where nothing was an attack, those behind `foothold` are not even asked.
  private static let ways = [
    "intrusion": ["foothold": "yes", "commands_run": "yes", "accessed": "yes", "modified": "yes"],
    "blocked": [
      "foothold": "no", "commands_run": "no", "accessed": "no", "modified": "no", "watched": "yes", "explained": "yes",
    ],
    "undetermined": [
      "foothold": "unknown", "commands_run": "unknown", "accessed": "unknown", "modified": "unknown",
    ],
    "benign": ["foothold": "no"],
  ]

  private static let open = ["undetermined": ["commands_run", "accessed", "modified"]]
}
