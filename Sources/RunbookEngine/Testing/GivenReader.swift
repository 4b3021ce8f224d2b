import Diagnostics
import RunbookLanguage
import RunbookPorts
import Values
import YAMLTree

/// Reads what a query is given in a case.
struct GivenReader {
  /// What tells such a mapping from a row.
  private static let marks: Set<String> = ["rows", "points", "file", "error"]
  static let standardStep = Duration.seconds(60)
  /// Most points that a case may give of one series.
  static let pointLimit = 200_000

  let reader: NodeReader
  let files: any RunbookFiles
  /// What relative instants count from.
  let at: Timestamp
  var findings: Findings { reader.findings }

  /// - Returns: `nil` after a finding.
  func read(_ node: YAMLNode, for query: Query) -> Given? {
    if case .results(let inputs) = query.origin {
      findings.add(
        .badGiven(
          query.id, expected: "it is made of what is given for \(quotedList(inputs)); give that",
          at: reader.location(node)))
      return nil
    }
    if let text = node.scalar?.text {
      switch text {
      case "unavailable": return .failed("it is unavailable in this case")
      case "timeout": return .failed("no answer in time")
      case "none": return nothing(query)
      default: break
      }
    }
    if let pairs = node.pairs, pairs.contains(where: { Self.marks.contains($0.key.scalar?.text ?? "") }) {
      return answer(node, for: query)
    }
    return payload(node, for: query, completeness: .complete, step: Self.standardStep, until: nil, labels: [])
  }

  private func nothing(_ query: Query, _ completeness: Completeness = .complete) -> Given {
    switch query.shape {
    case .series: .series([], completeness)
    case .rows(let columns, _): .rows(TableBuilder(columns: columns).build(name: query.id), completeness)
    }
  }

  private func answer(_ node: YAMLNode, for query: Query) -> Given? {
    guard let mapping = reader.mapping(node, .given) else { return nil }
    if let error = mapping["error"] {
      return reader.text(error, "'error'").map { .failed($0.text) }
    }
    var completeness = Completeness.complete
    if let cut = mapping["truncated"], let reason = reason(cut, "'truncated'", otherwise: "cut in this case") {
      completeness = .truncated(reason)
    }
    if let lack = mapping["partial"], let reason = reason(lack, "'partial'", otherwise: "not whole in this case") {
      completeness = .partial(reason)
    }
    let step = mapping["every"].flatMap { reader.duration($0, "'every'") } ?? Self.standardStep
    let until = mapping["until"].flatMap(instant)
    let labels = mapping["labels"].map { node in
      reader.pairs(node, "'labels'").compactMap { pair in
        reader.text(pair.value, "a label").map { (name: pair.key.value, value: $0.text) }
      }
    }
    if let file = mapping["file"] {
      if case .series = query.shape, let node = mapping["every"] ?? mapping["until"] {
        findings.add(
          .badGiven(query.id, expected: "the file says when each of its points was", at: reader.location(node)))
        return nil
      }
      return recorded(file, for: query, completeness, labels: labels ?? [])
    }
    guard let content = mapping["rows"] ?? mapping["points"], content.scalar?.text != "none" else {
      return nothing(query, completeness)
    }
    return payload(
      content, for: query, completeness: completeness, step: max(step, .seconds(1)), until: until, labels: labels ?? [])
  }

  /// `true`, or why.
  private func reason(_ node: YAMLNode, _ what: String, otherwise standard: String) -> String? {
    switch node.scalar?.asBool {
    case true?: standard
    case false?: nil
    case nil: reader.text(node, what)?.text
    }
  }

  private func instant(_ node: YAMLNode) -> Timestamp? {
    guard let text = reader.text(node, "'until'") else { return nil }
    let column = Column("until", .timestamp)
    let table = GivenTable(columns: [column], at: at, findings: findings)
    guard case .timestamp(let instant) = table.value(text.text, of: column, at: text.location) else { return nil }
    return instant
  }

  private func payload(
    _ node: YAMLNode, for query: Query, completeness: Completeness, step: Duration, until: Timestamp?,
    labels: [(name: String, value: String)]
  ) -> Given? {
    switch query.shape {
    case .rows(let columns, let isSingle):
      return rows(node, columns, of: query, isSingle: isSingle).map { .rows($0, completeness) }
    case .series:
      if let items = node.items {
        let lines = items.compactMap { item -> [GivenSeries]? in
          // One of several is a text, or a mapping of its own.
          if item.items != nil {
            findings.add(.badGiven(query.id, expected: Self.seriesForm, at: reader.location(item)))
            return nil
          }
          switch read(item, for: query) {
          case .series(let series, _): return series
          case .recorded:
            findings.add(
              .badGiven(query.id, expected: "a file holds all series of an answer", at: reader.location(item)))
            return nil
          case .failed, .rows, nil: return nil
          }
        }
        return lines.count == items.count ? .series(lines.flatMap { $0 }, completeness) : nil
      }
      guard let text = reader.text(node, "the series '\(query.id)'"), let runs = runs(text, step: step) else {
        return nil
      }
      return .series([GivenSeries(labels: labels, runs: runs, step: step, until: until)], completeness)
    }
  }

  // MARK: Rows

  private func rows(_ node: YAMLNode, _ columns: [Column], of query: Query, isSingle: Bool) -> Table? {
    let table = GivenTable(columns: columns, at: at, findings: findings)
    if let items = node.items { return self.table(of: items, table, named: query.id) }
    if node.pairs != nil { return self.table(of: [node], table, named: query.id) }
    guard let text = reader.text(node, "the rows of '\(query.id)'") else { return nil }
    guard text.text.contains("\n") else {
      findings.add(.badGiven(query.id, expected: Self.rowForms(columns), at: text.location))
      return nil
    }
    return table.read(text, name: query.id)
  }

  private static let seriesForm = "write '40 x 2h, 900 x 5m', or a mapping with 'points'"

  private static func rowForms(_ columns: [Column]) -> String {
    "write a table behind '|' (\(columns.prefix(6).map(\.name).joined(separator: "  "))), 'none' or 'unavailable'"
  }

  private func table(of items: [YAMLNode], _ table: GivenTable, named name: String) -> Table? {
    guard items.count <= GivenTable.rowLimit else {
      findings.add(.tooManyGiven("rows", limit: GivenTable.rowLimit, at: reader.location(items[0])))
      return nil
    }
    let shape = Shape("a row of '\(name)'", names: table.columns.map(\.name))
    var builder = TableBuilder(columns: table.columns)
    for item in items {
      guard let mapping = reader.mapping(item, shape) else { continue }
      let row = table.columns.map { column -> Value in
        guard let node = mapping[column.name], node.scalar?.isNull != true else { return .null }
        let what = "the cell '\(column.name)'"
        if node.items != nil {
          let elements = reader.elements(node, what)
          let texts = elements.compactMap { reader.text($0, what)?.text }
          guard texts.count == elements.count else { return .null }
          return table.value(texts.joined(separator: ","), of: column, at: reader.location(node))
        }
        guard let text = reader.text(node, what) else { return .null }
        return table.value(text.text, of: column, at: reader.location(node))
      }
      _ = builder.append(row)
    }
    return builder.build(name: name)
  }

  // MARK: Series

  private func runs(_ text: PlacedText, step: Duration) -> [GivenSeries.Run]? {
    var runs: [GivenSeries.Run] = []
    var offset = 0
    for part in text.text.split(separator: ",", omittingEmptySubsequences: false) {
      let start = offset + part.prefix { $0 == " " || $0 == "\n" }.utf8.count
      offset += part.utf8.count + 1
      let range = min(start, offset - 1)..<(offset - 1)
      guard let run = run(part, step: step, at: { text.location(of: range) }) else { return nil }
      runs.append(run)
    }
    guard runs.reduce(0, { $0 + $1.count }) <= Self.pointLimit else {
      findings.add(.tooManyGiven("points", limit: Self.pointLimit, at: text.location))
      return nil
    }
    return runs
  }

  private func run(_ part: Substring, step: Duration, at location: () -> SourceLocation) -> GivenSeries.Run? {
    let words = part.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
    guard let first = words.first, words.count == 1 || (words.count == 3 && words[1] == "x") else {
      findings.add(.badSeries(String(part), at: location()))
      return nil
    }
    let value = Double(first)
    guard first == "gap" || value?.isFinite == true else {
      findings.add(.badSeries(String(part), at: location()))
      return nil
    }
    guard words.count == 3 else { return .init(value: value, count: 1) }
    if let count = Int(words[2]), (1...Self.pointLimit).contains(count) { return .init(value: value, count: count) }
    guard let span = Duration(shorthand: words[2]), span > .zero else {
      findings.add(.badSeries(String(part), at: location()))
      return nil
    }
    let count = (span / step).rounded()
    guard count <= Double(Self.pointLimit) else {
      findings.add(.tooManyGiven("points", limit: Self.pointLimit, at: location()))
      return nil
    }
    guard step * count == span else {
      findings.add(.unevenRun(String(part), step: step.shorthand, at: location()))
      return nil
    }
    return .init(value: value, count: Int(count))
  }

  // MARK: Files

  /// A recorded answer, as `RecordedRows` and `RecordedPoints` read it.
  private func recorded(
    _ node: YAMLNode, for query: Query, _ completeness: Completeness, labels: [(name: String, value: String)]
  ) -> Given? {
    guard let path = reader.text(node, "'file'") else { return nil }
    switch files.read(path.text, from: reader.source) {
    case .failure(let problem):
      findings.add(
        problem.isOutside
          ? .cannotRead(Placed(path.text, at: path.location), because: problem)
          : .badGiven(query.id, expected: "'\(path.text.prefix(100))': \(problem.reason)", at: path.location))
      return nil
    case .success(let file):
      guard case .rows(let columns, _) = query.shape else {
        return RecordedPoints(labels: labels, at: at, findings: findings).read(file, name: query.id, completeness)
      }
      return RecordedRows(columns: columns, at: at, findings: findings).read(file, name: query.id)
        .map { .rows($0, completeness) }
    }
  }
}
