package import RunbookPorts
package import Values

/// A question that one contact is asked, with a row for each whom it is about.
package struct AnswerForm: Sendable {
  /// The same for every attempt, different for any other form of any run.
  package let key: String
  /// The question's id.
  package let question: String
  /// The contact's id in the runbook.
  package let contact: String
  package let rows: [Row]
  /// What can be answered.
  package let choices: [String]
  /// Whether the answer needs words.
  package let needsNote: Bool
  /// What file is asked for, such as `ransom note`.
  package let file: String?
  /// What helps to answer, as lines of text.
  package let lines: [String]
  /// What is not answered then stays unknown.
  package let until: Timestamp

  package struct Row: Sendable {
    /// The entity's value as text; `nil` for a question that is asked once.
    package let entity: String?
    /// The question as it is asked.
    package let ask: String
  }

  /// What is wrong with an answer, as a sentence; `nil` if it counts.
  package func fault(in answer: PersonAnswer) -> String? {
    if answer.rows.isEmpty { return "it answers nothing" }
    for row in answer.rows {
      if !rows.contains(where: { $0.isAbout(row.entity) }) {
        return row.entity.map { "'\(question)' is not asked about '\($0)'" }
          ?? "'\(question)' is asked about each, so say about whom: \(rows.compactMap(\.entity).joined(separator: ", "))"
      }
      if !choices.contains(where: { $0.utf8.elementsEqual(row.answer.utf8) }) {
        return "'\(row.answer)' is none of the answers: \(choices.joined(separator: ", "))"
      }
    }
    if needsNote, answer.note?.isEmpty ?? true { return "it needs a note that says why" }
    return nil
  }
}

extension AnswerForm.Row {
  package func isAbout(_ other: String?) -> Bool {
    guard let entity, let other else { return entity == nil && other == nil }
    return entity.utf8.elementsEqual(other.utf8)
  }
}
