import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// Writes parts of cases in the form that they are read in.
enum CaseText {
  /// Most entities of a question whose answers are written.
  static let entityLimit = 50

  /// A text that YAML reads as this text, whatever is in it.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.first.map { (97...122).contains($0) } ?? false
    let areLetters = text.utf8.allSatisfy { byte in
      (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 0x5F || byte == 0x2D
    }
    let isWord = ["null", "true", "false", "none", "yes", "no", "on", "off", "unavailable", "timeout"].contains(text)
    return isPlain && areLetters && !isWord ? text : JSON.string(text).compactText
  }

  static func mapping(_ entries: [(key: String, value: String)]) -> String {
    "{" + entries.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
  }

  static func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }

  // MARK: What is expected

  /// All that came of a run, as an expectation that it meets.
  static func expectation(_ outcome: RunOutcome, _ seen: CaseRun.Observation) -> String {
    var entries = [
      ("verdict", quoted(outcome.verdict)), ("severity", quoted(outcome.severity.rawValue)),
      ("answers", answers(outcome)),
      ("open", outcome.open.isEmpty ? "none" : list(outcome.open.map(quoted))),
    ]
    for (kind, verdicts) in outcome.entities where !verdicts.isEmpty && verdicts.count <= entityLimit {
      entries.append((kind, mapping(verdicts.map { ($0.value, quoted($0.verdict)) })))
    }
    entries.append(("notified", seen.notified.isEmpty ? "none" : list(seen.notified.map(quoted))))
    let exports = seen.exports.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    entries.append(("export", exports.isEmpty ? "none" : mapping(exports)))
    return entries.map { "      \($0): \($1)\n" }.joined()
  }

  private static func answers(_ outcome: RunOutcome) -> String {
    var questions: [(id: String, answers: [(entity: String?, label: String)])] = []
    for answer in outcome.answers {
      if questions.last?.id != answer.question { questions.append((answer.question, [])) }
      questions[questions.count - 1].answers.append((answer.entity, answer.answer))
    }
    return mapping(
      questions.compactMap { id, answers -> (key: String, value: String)? in
        if let only = answers.first, answers.count == 1, only.entity == nil { return (id, label(only.label)) }
        let named = answers.compactMap { answer in answer.entity.map { ($0, label(answer.label)) } }
        return named.isEmpty || named.count > entityLimit ? nil : (id, mapping(named))
      })
  }

  /// `yes` and `no` are text in a case.
  static func label(_ label: String) -> String { ["yes", "no"].contains(label) ? label : quoted(label) }

  // MARK: What is given

  /// - Parameter reason: Why the answer proves less than it seems to, beside what it says itself.
  static func given(_ outcome: FetchOutcome, indent: String) -> String {
    switch outcome {
    case .failed(let reason): return " " + mapping([("error", quoted(reason))]) + "\n"
    case .answered(let result):
      switch result.payload {
      case .table(let table): return rows(table, result.completeness, indent)
      case .series(let series): return points(series.map(SteppedSeries.init), result.completeness, indent)
      }
    }
  }

  static func given(_ given: Given, indent: String) -> String {
    switch given {
    case .failed(let reason): " " + mapping([("error", quoted(reason))]) + "\n"
    case .rows(let table, let completeness): rows(table, completeness, indent)
    case .recorded(let series, let completeness): points(series.map(SteppedSeries.init), completeness, indent)
    case .series(let series, let completeness):
      points(
        series.map { SteppedSeries(labels: $0.labels, runs: $0.runs, step: $0.step, until: $0.until) }, completeness,
        indent)
    }
  }

  private static func lack(_ completeness: Completeness) -> (key: String, value: String)? {
    switch completeness {
    case .complete: nil
    case .truncated(let reason): ("truncated", quoted(reason))
    case .partial(let reason): ("partial", quoted(reason))
    }
  }

  private static func rows(_ table: Table, _ completeness: Completeness, _ indent: String) -> String {
    let lack = lack(completeness)
    guard table.count > 0 else {
      return " " + (lack.map { mapping([("rows", "none"), $0]) } ?? "none") + "\n"
    }
    let head = lack.map { "\n\(indent)  \($0.key): \($0.value)\n\(indent)  rows:" } ?? ""
    let inner = indent + (lack == nil ? "  " : "    ")
    return head + "\n"
      + (0..<table.count).map { row in
        let cells = zip(table.columns, table.cells).compactMap { column, cells -> (key: String, value: String)? in
          if case .null = cells[row] { return nil }
          return (column.name, cell(cells[row]))
        }
        return "\(inner)- \(mapping(cells))\n"
      }.joined()
  }

  private static func cell(_ value: Value) -> String {
    switch value {
    case .bool, .int, .uint, .double: value.json.compactText
    case .list(let elements): list(elements.map { quoted(text($0)) })
    default: quoted(text(value))
    }
  }

  /// A value in the notation of its column's type.
  static func text(_ value: Value) -> String { value.json.text ?? value.displayText }

  private static func points(_ series: [SteppedSeries], _ completeness: Completeness, _ indent: String) -> String {
    guard !series.isEmpty else {
      return " " + (lack(completeness).map { mapping([("points", "none"), $0]) } ?? "none") + "\n"
    }
    if series.count == 1, let only = series.first {
      let entries = only.entries + (lack(completeness).map { [$0] } ?? [])
      return "\n" + entries.map { "\(indent)  \($0.key): \($0.value)\n" }.joined()
    }
    let lines = series.map { mapping($0.entries) }
    if let lack = lack(completeness) {
      return "\n\(indent)  \(lack.key): \(lack.value)\n\(indent)  points:\n"
        + lines.map { "\(indent)    - \($0)\n" }.joined()
    }
    return "\n" + lines.map { "\(indent)  - \($0)\n" }.joined()
  }
}

/// A series as runs of alike values at even steps.
private struct SteppedSeries {
  let labels: [(name: String, value: String)]
  let runs: [GivenSeries.Run]
  let step: Duration
  let until: Timestamp?

  init(labels: [(name: String, value: String)], runs: [GivenSeries.Run], step: Duration, until: Timestamp?) {
    (self.labels, self.runs, self.step, self.until) = (labels, runs, step, until)
  }

  /// The step is the largest that all points lie on; where nothing was measured are gaps.
  init(_ series: Series) {
    let points = series.points.filter { !$0.value.isNaN }
    let seconds = zip(points, points.dropFirst()).map { Int(($1.time.seconds - $0.time.seconds)) }
    let step = max(1, seconds.reduce(0, Self.commonDivisor))
    var runs: [GivenSeries.Run] = []
    func add(_ value: Double?, _ count: Int) {
      guard count > 0 else { return }
      if let last = runs.last, last.value == value {
        runs[runs.count - 1] = .init(value: value, count: last.count + count)
      } else {
        runs.append(.init(value: value, count: count))
      }
    }
    for (index, point) in points.enumerated() {
      if index > 0 { add(nil, seconds[index - 1] / step - 1) }
      add(point.value, 1)
    }
    self.init(labels: series.labels, runs: runs, step: .seconds(step), until: points.last?.time)
  }

  private static func commonDivisor(_ one: Int, _ other: Int) -> Int {
    var (left, right) = (one, other)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }

  var entries: [(key: String, value: String)] {
    let runs = runs.map { run in
      let value = run.value.map(Self.shown) ?? "gap"
      return run.count == 1 ? value : "\(value) x \(run.count)"
    }
    var entries = [("points", runs.isEmpty ? "none" : CaseText.quoted(runs.joined(separator: ", ")))]
    if step != GivenReader.standardStep { entries.append(("every", step.shorthand)) }
    if let until { entries.append(("until", CaseText.quoted(until.description))) }
    if !labels.isEmpty {
      entries.append(("labels", CaseText.mapping(labels.map { ($0.name, CaseText.quoted($0.value)) })))
    }
    return entries
  }

  private static func shown(_ value: Double) -> String { Int64(exactly: value).map(String.init) ?? "\(value)" }
}
