/// Answers in order: those to one question in one go, or those of a whole run.
package struct Answers: RandomAccessCollection, Sendable {
  /// Rows of one sheet that stand together.
  private struct Stretch: Sendable {
    let sheet: AnswerSheet
    var rows: Range<Int>
    /// How many answers stand before it.
    let start: Int
  }

  private var stretches: [Stretch] = []
  package private(set) var endIndex = 0
  package var startIndex: Int { 0 }

  package init() {}

  init(_ sheet: AnswerSheet) { add(sheet, 0..<sheet.count) }

  /// - Parameter questions: The sheets of each question. Its answers follow the order of the entities; what is about the
  ///   run, or those that could not be listed, stands last.
  init(_ questions: [[AnswerSheet]]) {
    for sheets in questions {
      guard sheets.count > 1 else {
        if let sheet = sheets.first { add(sheet, 0..<sheet.count) }
        continue
      }
      var rows = sheets.flatMap { sheet in (0..<sheet.count).map { (sheet: sheet, row: $0) } }
      rows.sort { ($0.sheet.member($0.row) ?? .max) < ($1.sheet.member($1.row) ?? .max) }
      for (sheet, row) in rows { add(sheet, row..<row + 1) }
    }
  }

  private mutating func add(_ sheet: AnswerSheet, _ rows: Range<Int>) {
    guard !rows.isEmpty else { return }
    if let last = stretches.last, last.sheet === sheet, last.rows.upperBound == rows.lowerBound {
      stretches[stretches.count - 1].rows = last.rows.lowerBound..<rows.upperBound
    } else {
      stretches.append(Stretch(sheet: sheet, rows: rows, start: endIndex))
    }
    endIndex += rows.count
  }

  package subscript(position: Int) -> Answer {
    precondition((0..<endIndex).contains(position), "there is no such answer")
    // The last stretch that does not begin behind the position.
    var (low, high) = (0, stretches.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if stretches[middle].start <= position { low = middle } else { high = middle - 1 }
    }
    let stretch = stretches[low]
    return Answer(sheet: stretch.sheet, row: stretch.rows.lowerBound + position - stretch.start)
  }
}
