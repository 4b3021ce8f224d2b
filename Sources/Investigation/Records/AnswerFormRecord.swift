package import RunbookPorts
import Values

extension AnswerForm {
  var journalEntry: JournalEntry {
    let rows = rows.map { row in
      JSON.object([
        "entity": row.entity.map { .string(RecordText.cut($0)) } ?? .null, "ask": .string(RecordText.cut(row.ask)),
      ])
    }
    return JournalEntry(
      "person.asked",
      .object([
        "form": .string(RecordText.cut(key)), "question": .string(question), "contact": .string(contact),
        "rows": .array(rows), "choices": .array(choices.map(JSON.string)), "note": .bool(needsNote),
        "file": file.map { .string(RecordText.cut($0)) } ?? .null, "lines": RecordText.list(lines),
        "until": .string(until.shortDescription),
      ]))
  }

  /// The form that a record `person.asked` tells of.
  package init(recordedIn body: RecordBody) throws(RecordProblem) {
    var rows: [Row] = []
    for row in try body.bodies("rows") {
      rows.append(Row(entity: try row.optionalText("entity"), ask: try row.text("ask")))
    }
    self.init(
      key: try body.text("form"), question: try body.text("question"), contact: try body.text("contact"), rows: rows,
      choices: try body.texts("choices"), needsNote: try body.bool("note"), file: try body.optionalText("file"),
      lines: try body.texts("lines"), until: try body.instant("until"))
  }
}
