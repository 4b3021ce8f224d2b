import Diagnostics
import RunbookLanguage
import Testing

@Suite struct HostileInputTests {
  /// Generous, because it runs in debug builds on busy machines; quadratic work takes minutes here.
  static let limit = Duration.seconds(10)

  @Test(arguments: HostileInput.allCases)
  func `a monstrous runbook is checked in a blink, or told what is too much`(input: HostileInput) {
    #expect(input.time < Self.limit, "\(input.time)")
    #expect(input.result.diagnostics.count <= Findings.limit + 1)
    #expect(input.result.diagnostics.allSatisfy(hasPlace))
  }

  @Test(
    arguments: [
      (.manyMistakes, "TOC0116"), (.manyMisspeltNames, "TOC0116"), (.chainOfDefinitions, "TOC0207"),
      (.chainOfSigns, "TOC0207"), (.manyImports, "TOC0117"), (.manyEntities, "TOC0117"),
      (.circleOfDefinitions, "TOC0205"),
      (.longLoop, "TOC0409"), (.deepExpression, "TOC0301"),
    ] as [(HostileInput, String)])
  func `reaching a limit is a finding`(input: HostileInput, code: String) {
    let result = input.result
    #expect(result.diagnostics.filter { $0.code.id == code }.count == 1 || code == "TOC0116" || code == "TOC0301")
    #expect(result.diagnostics.contains { $0.code.id == code })
    #expect(result.runbook == nil)
  }

  @Test(arguments: [.chainOfQuestions, .manyHoles, .manyVerdicts] as [HostileInput])
  func `what is only large is right`(input: HostileInput) {
    #expect(input.result.runbook != nil, "\(told(input.result).prefix(5))")
  }

  @Test func `a chain of questions is asked from its beginning`() {
    let order = HostileInput.chainOfQuestions.result.runbook?.order ?? []
    #expect(order.elementsEqual(["q0"] + (1..<1_000).reversed().map { "q\($0)" }))
  }
}

/// Whether a finding stands at a place inside its file.
func hasPlace(_ diagnostic: Diagnostic) -> Bool {
  guard let location = diagnostic.location else { return false }
  return 0 <= location.range.start && location.range.end <= location.source.bytes.count
}
