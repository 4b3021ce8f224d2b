import Diagnostics
import Rules
import RunbookLanguage
import Values

@testable import RunbookEngine

/// Texts that are too large or too strange to be shown on a page.
enum DescribedExamples {
  static func bytes(for id: String) -> [UInt8]? {
    let sample = Array(RuleExample.sample.utf8)
    switch id {
    case "TOC0001": return [0xFF, 0xFE] + sample.flatMap { [$0, 0] }
    case "TOC0002": return sample + Array("title: caf".utf8) + [0xE9, 0x0A]
    case "TOC0003": return sample + Array("title: a".utf8) + [0x1B, 0x0A]
    case "TOC0004": return (0..<4_000).map { UInt8($0 % 7) }
    case "TOC0010": return Array(repeating: 0x23, count: 2 << 20)
    case "TOC0011": return sample + Array("know: ".utf8) + Array(repeating: 0x5B, count: 80)
    case "TOC0012": return sample + Array("lists:\n  a: [\(list(of: 60_000))]\n".utf8)
    case "TOC0013": return sample + Array("about: \(String(repeating: "x", count: 300_000))\n".utf8)
    case "TOC0014": return sample + Array("limits:\n\(String(repeating: "  time: 1h\n", count: 150))".utf8)
    case "TOC0015": return Array("# nothing yet\n".utf8)
    case "TOC0017": return Array("%TAG ! tag:example.org,2026:\n---\n".utf8) + sample
    case "TOC0116": return sample + Array("verdicts:\n\(wrongVerdicts(600))".utf8)
    case "TOC0117": return sample + Array("entities:\n\((0..<40).map { "  e\($0): hits.client\n" }.joined())".utf8)
    case "TOC0426": return Array(longWay(of: 41).utf8)
    case "TOC0207": return sample + Array("definitions:\n\(chain(of: 1_000))".utf8)
    case "TOC1016": return Array("deployment: 1\nsources:\n\(wrongSources(600))".utf8)
    default: return nil
    }
  }

  /// What `tocsin eval` says of expressions, and `tocsin test` of cases.
  static func trial(of id: String) -> Diagnostic? {
    switch id {
    case "TOC0390": return failure(of: "1 / 0")
    case "TOC0391": return failure(of: "limit > 3", types: .object(["limit": .string("int")]))
    case "TOC0392":
      let numbers = "[\(list(of: 1_000))]"
      return failure(of: "\(numbers).all(a, \(numbers).all(b, \(numbers).all(c, a + b + c >= 0)))")
    case "TOC0393": return TrialProblem(.types, "x").diagnostic(at: nil)
    case "TOC0394": return TrialProblem(.data, "x").diagnostic(at: nil)
    case "TOC0395": return TrialProblem(.line, "x").diagnostic(at: nil)
    case "TOC0711": return .tooManyGiven("cases", limit: CaseReader.caseLimit, at: place)
    case "TOC0713": return .casesWithoutRunbook("sample.runbook.yaml", because: "it is missing", in: place.source)
    case "TOC0806":
      return .runbookRemoved("sample", version: "1.0.0", .stable, from: "sample.runbook.yaml", handedOver: [])
    case "TOC0758": return .didNotEnd("x", at: place)
    default: return nil
    }
  }

  private static let place = SourceLocation(SourceText(name: "sample.tests.yaml", text: "tests: x"), SourceRange(0, 5))

  private static func failure(of source: String, types: JSON = .object([:])) -> Diagnostic? {
    var trial = ExpressionTrial(now: Timestamp(seconds: 0, nanoseconds: 0))
    do throws(TrialProblem) { try trial.declare(types: types) } catch { return nil }
    guard case .failed(let failure, _) = trial.answer(source) else { return nil }
    return ExpressionTrial.diagnostic(failure, in: source)
  }

  private static func list(of count: Int) -> String { (0..<count).map(String.init).joined(separator: ", ") }

  private static func wrongVerdicts(_ count: Int) -> String {
    (0..<count).map { "  v\($0): {severity: hihg, means: x}\n" }.joined()
  }

  private static func longWay(of count: Int) -> String {
    let questions = (0..<count).map { place in
      let next = place + 1 == count ? "suspicious" : "q\(place + 1)"
      return "  q\(place): {ask: Is it so?, answer: hits.size() > \(place), then: {yes: \(next), no: benign}}\n"
    }
    return RuleExample.sample.replacing(/(?s)questions:\n.*queries:/) { _ in "questions:\n\(questions.joined())queries:"
    }
  }

  private static func wrongSources(_ count: Int) -> String {
    (0..<count).map { "  s\($0): {adapter: access-log, path: a, format: combined, lag: soon}\n" }.joined()
  }

  private static func chain(of count: Int) -> String {
    (0..<count).map { "  d\($0): \($0 + 1 == count ? "1" : "d\($0 + 1) + 1")\n" }.joined()
  }
}
