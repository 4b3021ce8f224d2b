/// What a run can cost at worst.
package struct RunbookExtent: Hashable, Sendable {
  /// How many questions the longest way has; signs are not counted.
  package let questions: Int
  /// How many queries are asked at most: of all questions that can be asked, each once, and of what is exported.
  package let queries: Int
  /// How many questions ask a person.
  package let people: Int
  /// The question with which the longest way ends; `nil` without questions.
  let lastQuestion: Int?

  /// - Parameters:
  ///   - needs: What each question rests on, by its id.
  ///   - reached: Questions that can be asked.
  init(of runbook: Runbook, needs: [String: Needs], ways: QuestionWays, reached: Set<String>) {
    let lengths = ways.lengths { !$0.isSign && reached.contains($0.id) }
    questions = lengths.max() ?? 0
    lastQuestion = lengths.firstIndex(of: questions)
    var needed = Set(reached.flatMap { needs[$0]?.queries ?? [] })
    let written = Set(runbook.verdicts.flatMap(\.exports))
    for export in runbook.exports where written.contains(export.id) {
      if case .query(let id) = export.data { needed.insert(id) }
    }
    queries = needed.count
    people = runbook.questions.count { $0.person != nil && reached.contains($0.id) }
  }

  /// A line for people: `12 questions on the longest way, 5 queries at most, 2 questions that ask a person`.
  package var words: String {
    func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
    let way = counted(questions, "question", "questions") + " on the longest way"
    let asked = counted(queries, "query", "queries") + " at most"
    guard people > 0 else { return "\(way), \(asked)" }
    return "\(way), \(asked), " + counted(people, "question that asks", "questions that ask") + " a person"
  }
}
