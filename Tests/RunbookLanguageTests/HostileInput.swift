import Diagnostics
import RunbookLanguage

/// Runbooks that nobody writes by hand: as large and as deep as the limits of YAML allow.
enum HostileInput: String, CaseIterable {
  case manyQuestions, chainOfQuestions, longLoop, chainOfDefinitions, chainOfSigns, circleOfDefinitions
  case everythingMentionsEverything, manyMistakes, manyMisspeltNames, manyHoles, manyImports, manyEntities
  case manyColumns, manyVerdicts, deepExpression

  /// What is told of each, and how long it took; found out once.
  static let results: [Self: (result: RunbookChecker.Result, time: Duration)] = Dictionary(
    uniqueKeysWithValues: allCases.map { input in
      let start = ContinuousClock.now
      let result = check(input.text, files: input.files)
      return (input, (result, ContinuousClock.now - start))
    })

  var result: RunbookChecker.Result { Self.results[self]?.result ?? check("") }
  var time: Duration { Self.results[self]?.time ?? .zero }

  private var files: [String: String] {
    self == .manyImports ? Dictionary((0..<40).map { ("i\($0).yaml", "contacts: {c\($0): {email: a}}") }) { $1 } : [:]
  }

  private static let head = "tocsin: 1\nrunbook: hostile\nalert: {when: \"true\"}\n"
  private static let question = "questions: {q: {ask: s, answer: \"true\", then: {yes: suspicious, no: benign}}}\n"

  private func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map { line($0) + "\n" }.joined()
  }

  var text: String {
    Self.head
      + {
        switch self {
        case .manyQuestions:
          "questions:\n" + lines(5_000) { " q\($0): {ask: s, then: {no: benign}}" }
        case .chainOfQuestions:
          "questions:\n"
            + lines(1_000) {
              // The first leads to the last, and so back up.
              let next = $0 == 0 ? "q999" : $0 == 1 ? "suspicious" : "q\($0 - 1)"
              return
                " q\($0): {ask: s, answer: alert.status == 'firing', then: {yes: \(next), no: benign, unknown: benign}}"
            }
        case .longLoop:
          "questions:\n"
            + lines(1_000) {
              " q\($0): {ask: s, answer: \"true\", then: {yes: q\(($0 + 1) % 1_000), no: benign}}"
            }
        case .chainOfDefinitions:
          Self.question + "definitions:\n d0: \"1\"\n" + lines(999) { " d\($0 + 1): d\($0) + 1" }
        case .circleOfDefinitions:
          Self.question + "definitions:\n" + lines(1_000) { " d\($0): d\(($0 + 1) % 1_000) + 1" }
        case .chainOfSigns:
          "questions:\n q: {ask: s, answer: s998, then: {yes: suspicious, no: benign}}\n s0: {ask: s, answer: \"true\"}\n"
            + lines(998) { " s\($0 + 1): {ask: s, answer: s\($0)}" }
        case .everythingMentionsEverything:
          Self.question + "definitions:\n"
            + lines(1_000) { row in
              " d\(row): \"[" + (0..<140).map { "d\((row + $0) % 1_000)" }.joined(separator: ",") + "]\""
            }
        case .manyMistakes: lines(20_000) { "k\($0): 1" }
        case .manyMisspeltNames:
          Self.question + "definitions:\n"
            + lines(900) { row in " d\(row): " + (0..<100).map { "x\(row)y\($0)" }.joined(separator: "+") }
        case .manyHoles:
          "questions: {q: {ask: \"" + String(repeating: "${now}", count: 40_000)
            + "\", answer: \"true\", then: {yes: suspicious, no: benign}}}\n"
        case .manyImports: "import: [" + (0..<40).map { "i\($0).yaml" }.joined(separator: ", ") + "]\n" + Self.question
        case .manyEntities: Self.question + "entities:\n" + lines(1_000) { " e\($0): '[\"a\"]'" }
        case .manyColumns:
          Self.question + "queries:\n q0:\n  from: logs\n  sql: x ${from} ${to}\n  rows:\n"
            + lines(20_000) { "   c\($0): int" }
        case .manyVerdicts:
          "questions:\n"
            + lines(1_000) {
              " q\($0): {ask: s, answer: alert.status == 'firing', then: {yes: v\($0), no: \($0 == 999 ? "benign" : "q\($0 + 1)")}}"
            } + "verdicts:\n" + lines(1_000) { " v\($0): {severity: low, means: m}" }
        case .deepExpression:
          "questions: {q: {ask: s, answer: \"" + String(repeating: "(", count: 200_000)
            + "\", then: {yes: suspicious, no: benign}}}\n"
        }
      }()
  }
}
