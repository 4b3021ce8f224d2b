import Diagnostics

/// Second places of findings: where the names are declared that a finding is about. What is wrong where a name is used
/// may as well be wrong there.
extension NameTable {
  /// Most declarations that are pointed at from one finding.
  private static let noteLimit = 3

  /// Where a name is declared; of a query, where the columns or the unit of its result stand.
  func note(on name: String) -> Diagnostic.Note? {
    if let shape = queries[name]?.shapeLocation { return .init("what '\(name)' returns stands here", at: shape) }
    return declarationNote(name)
  }

  /// Where a name is declared.
  func declarationNote(_ name: String) -> Diagnostic.Note? {
    places[name].map { .init("the \($0.kind.rawValue) '\(name)' stands here", at: $0.location) }
  }

  /// Where the names are declared that stand in an expression, in their order.
  func notes(onNamesIn text: String) -> [Diagnostic.Note] {
    var seen: Set<String> = []
    var notes: [Diagnostic.Note] = []
    for word in text.utf8.split(whereSeparator: { !Self.isOfName($0) }) where notes.count < Self.noteLimit {
      let name = String(Substring(word))
      if seen.insert(name).inserted, let note = note(on: name) { notes.append(note) }
    }
    return notes
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// Why something in an expression may be a list instead of a single value: a question has no `each`.
  func noteOnMissingEach(in text: String, at location: SourceLocation) -> Diagnostic.Note? {
    let words = text.utf8.split { !Self.isOfName($0) }.map { String(Substring($0)) }
    guard let entity = words.lazy.compactMap({ [self] in entities[$0]?.id.value ?? questions[$0]?.each?.value }).first,
      let (name, kind) = declaration(around: location)
    else { return nil }
    let question = ids(of: .question).lazy.compactMap { [self] in questions[$0] }.first { question in
      guard question.each == nil else { return false }
      return kind == .question
        ? question.id.value == name
        : kind == .verdict && (question.then ?? []).contains { $0.targets.contains { $0.value == name } }
    }
    return question.map {
      .init("'\($0.id.value)' has no 'each', so '\(entity)' is the list of all of them", at: $0.id.location)
    }
  }

  /// The declaration that a place belongs to: the last before it.
  private func declaration(around location: SourceLocation) -> (name: String, kind: DeclarationKind)? {
    let before = places.filter {
      $0.value.location.source === location.source && $0.value.location.range.start <= location.range.start
    }
    return before.max { $0.value.location.range.start < $1.value.location.range.start }.map { ($0.key, $0.value.kind) }
  }
}
