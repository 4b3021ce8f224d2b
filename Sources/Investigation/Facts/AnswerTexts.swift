import RunbookLanguage

/// An answer with its texts.
struct ToldAnswer: Sendable {
  let given: Given
  let ask: String
  let finding: [String]
  let because: String

  /// - Parameters:
  ///   - scope: About whom the question was asked, or about the run.
  ///   - isUnlisted: It stands for those who could not be listed.
  init(_ given: Given, to question: CompiledQuestion, isUnlisted: Bool, in scope: EvaluationScope) {
    self.given = given
    ask = isUnlisted ? AnswerText.askOfUnlisted(question) : AnswerText.ask(question, in: scope)
    finding = question.hasFinding(given.code) ? AnswerText.finding(question, in: scope) : []
    because = AnswerText.because(given, to: question, in: scope)
  }
}

/// Makes the texts of answers of what is known in a scope.
enum AnswerText {
  /// The question as it is asked.
  static func ask(_ question: CompiledQuestion, in scope: EvaluationScope) -> String {
    Rendering.text(question.ask.template, scope.values(of: question.ask))
  }

  /// Nobody can be named in the question to those who could not be listed.
  static func askOfUnlisted(_ question: CompiledQuestion) -> String { Rendering.cut(question.ask.template.source) }

  /// What was found, of an answer that has found something.
  static func finding(_ question: CompiledQuestion, in scope: EvaluationScope) -> [String] {
    question.finding.map { Rendering.findings($0.template, scope.values(of: $0)) } ?? []
  }

  static func because(_ given: Given, to question: CompiledQuestion, in scope: EvaluationScope) -> String {
    switch given.reason {
    case .failure(let failure): return Rendering.sentence("\(failure)")
    case .word(let word): return Rendering.sentence(word)
    case nil: break
    }
    if case .weighing(let signs, let limit) = question.way {
      return Rendering.sentence(Evidence.text(of: signs, signs.map(scope.answer(to:)), atLeast: limit))
    }
    guard given.code < question.evidence.count else { return "" }
    let isExplained = scope.member.map { $0.place < Rendering.explainedMembers } ?? true
    return Rendering.sentence(
      Evidence.text(of: question.evidence[given.code], isExplained: isExplained, scope.value(ofName:)))
  }
}
