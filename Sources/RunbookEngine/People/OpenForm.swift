import AuditTrail
package import Investigation
package import RunbookPorts
package import Values

/// A question that waits for somebody's answer.
package struct OpenForm: Sendable {
  package let run: String
  package let runbook: String
  package let title: String
  package let form: AnswerForm
  /// Rows that nobody has answered yet.
  package let rows: [AnswerForm.Row]

  /// The forms of a run that are not filled in. Whether their time is over is another question: see `AnswerForm.until`.
  package static func all(in recorded: RecordedRun) -> [OpenForm] {
    guard recorded.last("run.closed") == nil else { return [] }
    let opening = recorded.entries.first?.body
    var forms: [(form: AnswerForm, rows: [AnswerForm.Row])] = []
    for entry in recorded.entries {
      switch entry.record.type {
      case "person.asked":
        guard let form = try? AnswerForm(recordedIn: RecordBody(entry.body)) else { continue }
        forms.append((form, form.rows))
      case "person.answered":
        guard let answer = try? PersonAnswer(recordedIn: RecordBody(entry.body)),
          let place = forms.firstIndex(where: { $0.form.key.utf8.elementsEqual(answer.form.utf8) })
        else { continue }
        forms[place].rows.removeAll { row in answer.rows.contains { row.isAbout($0.entity) } }
      default: continue
      }
    }
    return forms.filter { !$0.rows.isEmpty }.map { form, rows in
      OpenForm(
        run: recorded.run, runbook: opening?["runbook"]?.text ?? "", title: opening?["title"]?.text ?? "", form: form,
        rows: rows)
    }
  }

  /// Whether the words of a command line answer about somebody whom the form is about.
  package func isNamed(in words: [String]) -> Bool {
    words.contains { word in
      guard let equals = word.lastIndex(of: "=") else { return false }
      return form.rows.contains { $0.isAbout(String(word[..<equals])) }
    }
  }

  /// An answer in the words of a command line.
  ///
  /// - Parameter words: One answer for all that is open, or `entity=answer` for each.
  /// - Throws: what is wrong with it, as a sentence.
  package func answer(_ words: [String], by: String, note: String?) throws(AnswerProblem) -> PersonAnswer {
    var answers: [PersonAnswer.Row] = []
    for word in words {
      if form.choices.contains(where: { $0.utf8.elementsEqual(word.utf8) }) {
        answers += rows.map { PersonAnswer.Row(entity: $0.entity, answer: word) }
      } else if let equals = word.lastIndex(of: "=") {
        answers.append(.init(entity: String(word[..<equals]), answer: String(word[word.index(after: equals)...])))
      } else {
        throw AnswerProblem("'\(word)' is none of the answers: \(form.choices.joined(separator: ", "))")
      }
    }
    let answer = PersonAnswer(form: form.key, rows: answers, by: by, note: note)
    if let fault = form.fault(in: answer) { throw AnswerProblem(fault) }
    for row in answers where !rows.contains(where: { $0.isAbout(row.entity) }) {
      throw AnswerProblem("'\(form.question)'\(row.entity.map { " about '\($0)'" } ?? "") has been answered already")
    }
    return answer
  }

  package var json: JSON {
    .object([
      "run": .string(run), "runbook": .string(runbook), "title": .string(title), "question": .string(form.question),
      "contact": .string(form.contact), "until": .string(form.until.shortDescription),
      "choices": .array(form.choices.map(JSON.string)), "note": .bool(form.needsNote),
      "file": form.file.map(JSON.string) ?? .null, "lines": .array(form.lines.map(JSON.string)),
      "rows": .array(
        rows.map { .object(["entity": $0.entity.map(JSON.string) ?? .null, "ask": .string($0.ask)]) }),
    ])
  }
}

/// Why an answer does not count, as a sentence.
package struct AnswerProblem: Error, Hashable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
