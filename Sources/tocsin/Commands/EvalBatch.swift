import Diagnostics
import RunbookEngine
import Values

/// Answers the expressions of a file, a line each, in their order.
struct EvalBatch {
  private let trial: ExpressionTrial
  /// The highest that a line called for.
  private(set) var ending = Ending.done

  init(_ trial: ExpressionTrial) {
    self.trial = trial
  }

  mutating func answer(_ path: String) throws(Unusable) {
    var lines = try InputLines(path, lineLimit: BatchLine.byteLimit)
    var number = 0
    while let bytes = try lines.next() {
      number += 1
      // An empty line asks nothing.
      if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      do throws(TrialProblem) {
        let line = try BatchLine(bytes)
        if !line.ignored.isEmpty {
          Reports.remark("line \(number): \(quotedList(line.ignored)) says nothing here")
        }
        let answer = try line.answer(in: trial)
        ending = max(ending, answer.ending)
        Reports.printJSON(answer.json)
      } catch {
        ending = Ending.incomplete
        Reports.printJSON(Self.json(of: error, atLine: number, bytes))
      }
    }
  }

  /// The place is that of the line in the file.
  private static func json(of problem: TrialProblem, atLine number: Int, _ bytes: [UInt8]) -> JSON {
    let code = problem.diagnostic(at: nil).code
    let column = SourceText(name: "line", bytes: bytes).position(at: problem.offset).column
    return .object([
      "error": .object([
        "code": .string(code.id), "name": .string(code.slug), "message": .string(problem.message),
        "line": .integer(Int64(number)), "column": .integer(Int64(column)),
      ])
    ])
  }
}
