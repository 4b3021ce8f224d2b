import Diagnostics
import Values

/// Whom a question asks.
extension RunbookAssembler {
  func assemblePerson(_ person: DraftPerson, of question: DraftQuestion) -> Person? {
    for query in person.show {
      scope.note(mentionOf: query.value)
      if !names.isDeclared(query.value, as: .query) { names.tellUnknown(query, "query", .query, to: findings) }
    }
    checkChoices(person, of: question)
    let addressee = person.who.flatMap { assembleAddressee($0, in: names.view(each: question.each)) }
    guard let addressee, let within = person.within else { return nil }
    return Person(
      who: addressee, within: within, show: person.show.map(\.value), choices: person.choices.map(\.value),
      noteRequired: person.noteRequired, file: person.file)
  }

  /// People answer with the answers that the question has.
  private func checkChoices(_ person: DraftPerson, of question: DraftQuestion) {
    for choice in person.choices where !question.labels.contains(choice.value) {
      findings.add(.notOneOf(choice.value, "a choice of '\(question.id.value)'", question.labels, at: choice.location))
    }
  }

  /// A contact, or a column of type `contact` in a list: whoever may be asked is known before any alert, and no alert
  /// can name somebody else.
  private func assembleAddressee(_ who: PlacedText, in view: View) -> Person.Addressee? {
    if names.isDeclared(who.text, as: .contact) { return .contact(who.text) }
    if NodeReader.isIdentifier(who.text, allowingHyphens: true), names.places[who.text] == nil {
      names.tellUnknown(Placed(who.text, at: who.location), "contact", .contact, to: findings)
      return nil
    }
    guard let expression = scope.expression(who, in: view) else { return nil }
    if !isContactColumn(expression) { findings.add(.notAContact(at: who.location)) }
    return .expression(expression)
  }

  private func isContactColumn(_ expression: Expression) -> Bool {
    guard let list = expression.names.first, expression.source.hasPrefix(list) else { return false }
    guard let column = expression.source.split(separator: ".").last else { return false }
    return draft.lists.contains { declared in
      guard declared.id.value == list, case .file(_, of: .several(let columns), _) = declared.form else { return false }
      return columns.contains { $0.name == column && $0.type == .contact }
    }
  }
}
