package import Values

/// What somebody answered to a form: to all of its rows, or to some of them.
package struct PersonAnswer: Sendable {
  package struct Row: Hashable, Sendable {
    /// `nil` for a question that is asked once.
    package let entity: String?
    /// One of the form's choices.
    package let answer: String

    package init(entity: String?, answer: String) {
      self.entity = entity
      self.answer = answer
    }
  }

  /// The form's key.
  package let form: String
  package let rows: [Row]
  /// Who says so. What the machine knows of it is `user`.
  package let by: String
  /// The user of this machine who has left the answer, by number; `nil` where nobody knows.
  package let user: Int?
  package let note: String?
  /// The file that was handed in.
  package let file: EvidenceReference?

  package init(
    form: String, rows: [Row], by: String, user: Int? = nil, note: String? = nil, file: EvidenceReference? = nil
  ) {
    self.form = form
    self.rows = rows
    self.by = by
    self.user = user
    self.note = note
    self.file = file
  }

  /// Who has answered, with the machine's word for it.
  package var author: String { by + (user.map { " (user \($0) of the machine)" } ?? "") }

  /// What was answered, in a line.
  package var summary: String {
    let answers = rows.map { row in (row.entity.map { "\($0): " } ?? "") + row.answer }
    return answers.joined(separator: ", ") + (note.map { " (\($0))" } ?? "")
  }
}

/// Where people's answers come from.
package protocol AnswerDesk: Sendable {
  /// The answers to a form that are there already and those that come, each once, in their order.
  ///
  /// It ends only when the task that listens is cancelled.
  func answers(to form: String) -> AsyncStream<DeskAnswer>
}

/// An answer as it is handed in.
package struct DeskAnswer: Sendable {
  package let answer: PersonAnswer
  /// The file that goes with it, to be kept as evidence.
  package let file: [UInt8]?

  package init(_ answer: PersonAnswer, file: [UInt8]? = nil) {
    self.answer = answer
    self.file = file
  }
}

/// Nobody answers.
package struct SilentDesk: AnswerDesk {
  package init() {}

  package func answers(to form: String) -> AsyncStream<DeskAnswer> { AsyncStream { _ in } }
}

// MARK: - As a record

extension PersonAnswer {
  /// The answer with a file that was kept.
  package func with(file: EvidenceReference?) -> PersonAnswer {
    PersonAnswer(form: form, rows: rows, by: by, user: user, note: note, file: file)
  }

  /// The answer of a user of this machine.
  package func left(by user: Int) -> PersonAnswer {
    PersonAnswer(form: form, rows: rows, by: by, user: user, note: note, file: file)
  }

  /// The answer as its record tells it.
  var asRecorded: PersonAnswer {
    PersonAnswer(
      form: RecordText.cut(form), rows: rows, by: RecordText.cut(by), user: user,
      note: note.map { RecordText.cut($0) }, file: file)
  }

  /// The person is the actor of the record.
  var journalEntry: JournalEntry {
    JournalEntry("person.answered", asRecorded.json, actor: RecordText.cut(by))
  }

  package var json: JSON {
    let answers = rows.map { row in
      JSON.object(["entity": row.entity.map(JSON.string) ?? .null, "answer": .string(row.answer)])
    }
    return .object([
      "form": .string(form), "answers": .array(answers), "by": .string(by), "user": user.map { .integer(Int64($0)) },
      "note": note.map(JSON.string) ?? .null, "file": file?.json ?? .null,
    ])
  }

  /// The inverse of `json`.
  package init(recordedIn body: RecordBody) throws(RecordProblem) {
    var rows: [Row] = []
    for row in try body.bodies("answers") {
      rows.append(Row(entity: try row.optionalText("entity"), answer: try row.text("answer")))
    }
    self.init(
      form: try body.text("form"), rows: rows, by: try body.text("by"),
      user: body.optional("user") == nil ? nil : try body.count("user"), note: try body.optionalText("note"),
      file: body.optional("file") == nil ? nil : try body.evidence("file"))
  }
}
