import CEL
import RunbookLanguage
import Values

/// What was answered to one question in one go: about the run, or about some entities of one kind.
///
/// It keeps the values that the texts are made of, not the texts: most of them nobody reads.
final class AnswerSheet: Sendable {
  struct Row: Sendable {
    /// The entity's place in its list; `nil` for the run, and for those that could not be listed.
    let member: Int?
    let code: Int
    /// Where its values begin: those of its evidence, then those of the question's text and of what was found.
    let evidence: Int
    let texts: Int
  }

  let question: CompiledQuestion
  let list: EntityList?
  let rows: [Row]
  let values: [Evaluation]
  /// Of answers that do not rest on data, by their rows; empty where all do.
  let reasons: [Reason?]

  /// What an answer rests on besides data.
  enum Reason: Sendable {
    /// It is unknown.
    case failure(EvaluationFailure)
    /// Somebody said so.
    case word(String)
  }

  init(
    _ question: CompiledQuestion, list: EntityList?, rows: [Row], values: [Evaluation],
    reasons: [Reason?]
  ) {
    self.question = question
    self.list = list
    self.rows = rows
    self.values = values
    self.reasons = reasons
  }

  var answers: [Answer] { rows.indices.map { Answer(sheet: self, row: $0) } }

  func entity(_ row: Int) -> String? {
    guard let member = rows[row].member else { return nil }
    return list?.texts[member]
  }

  func answer(_ row: Int) -> String {
    let code = rows[row].code
    return code < question.labels.count ? question.labels[code] : Answer.unknown
  }

  func ask(_ row: Int) -> String {
    // Nobody can be named in the question to those who could not be listed.
    if list != nil, rows[row].member == nil { return Rendering.cut(question.ask.template.source) }
    return Rendering.text(question.ask.template, textValue(question.ask, row, from: rows[row].texts))
  }

  func finding(_ row: Int) -> [String] {
    guard question.hasFinding(rows[row].code), let finding = question.finding else { return [] }
    let start = rows[row].texts + question.ask.expressions.count
    return Rendering.findings(finding.template, textValue(finding, row, from: start))
  }

  func because(_ row: Int) -> String {
    if row < reasons.count, let reason = reasons[row] {
      return switch reason {
      case .failure(let failure): Rendering.sentence("\(failure)")
      case .word(let word): Rendering.sentence(word)
      }
    }
    let (code, start) = (rows[row].code, rows[row].evidence)
    if case .weighing(let signs, let limit) = question.way {
      let answers = signs.indices.map { SignAnswer(values[start + $0]) }
      return Rendering.sentence(Evidence.text(of: signs, answers, atLeast: limit))
    }
    guard code < question.evidence.count else { return "" }
    let isExplained = rows[row].member.map { $0 < Rendering.explainedMembers } ?? true
    var next = start
    return Rendering.sentence(
      Evidence.text(of: question.evidence[code], isExplained: isExplained) {
        next += 1
        return values[next - 1]
      })
  }

  /// The values of a template's expressions, by their number in it.
  private func textValue(_ template: CompiledTemplate, _ row: Int, from start: Int) -> (Int) -> Evaluation {
    let member = rows[row].member
    return { [list, values] number in
      var place = start
      for part in template.parts.prefix(number) { if case .expression = part { place += 1 } }
      switch template.parts[number] {
      case .expression: return values[place]
      case .entity: return member.flatMap { member in list.map { .value($0.values[member]) } } ?? .unknown("nobody")
      }
    }
  }
}

/// A sheet that answers are still added to.
final class OpenSheet {
  private let question: CompiledQuestion
  private let list: EntityList?
  private var rows: [AnswerSheet.Row] = []
  private var values: [Evaluation] = []
  private var reasons: [AnswerSheet.Reason?] = []

  init(_ question: CompiledQuestion, list: EntityList?) {
    self.question = question
    self.list = list
  }

  /// How many values it has: where those of the next answer begin.
  var end: Int { values.count }
  /// How many answers it has.
  var count: Int { rows.count }

  func value(_ place: Int) -> Evaluation { values[place] }

  func add(_ value: Evaluation) { values.append(value) }

  /// Takes back the values of an answer that is none.
  func dropValues(from start: Int) { values.removeLast(values.count - start) }

  func add(_ row: AnswerSheet.Row, _ reason: AnswerSheet.Reason?) {
    if let reason {
      while reasons.count < rows.count { reasons.append(nil) }
      reasons.append(reason)
    }
    rows.append(row)
  }

  var closed: AnswerSheet {
    AnswerSheet(question, list: list, rows: rows, values: values, reasons: reasons)
  }
}
