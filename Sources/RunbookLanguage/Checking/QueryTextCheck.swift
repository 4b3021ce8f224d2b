import Diagnostics
import Values

/// Looks at the text of a query without asking any source: quotations and brackets, and where parameters stand.
struct QueryTextCheck {
  let query: String
  let language: String
  let text: HoledText
  let parameters: QueryParameters
  /// The source that is asked; `nil` for results that are joined.
  let source: String?
  /// Other sources and queries of the runbook.
  let others: [String]
  /// The columns that the query declares, and where; `nil` for a series.
  let declared: (names: [String], place: SourceLocation?)?

  var findings: [Diagnostic] {
    guard let dialect = QueryDialect.of(language), let holes = text.holes else { return [] }
    let read = QueryTokens(text.bytes, holes: holes, in: dialect)
    guard read.defects.isEmpty else { return read.defects.map(finding) }
    let parameters = ParameterPlaces(read.tokens, of: text.bytes, in: dialect)
    let misplaced = parameters.misplaced.map {
      Diagnostic.misplacedParameter(text.name(of: $0.range), because: $0.reason, at: text.places($0.range))
    }
    switch language {
    case "sql":
      return misplaced + SQLConditions(read.tokens, of: text.bytes).defects.map(finding)
        + statementFindings(SQLStatement(read.tokens, of: text.bytes), told: parameters.misplaced.map(\.range))
    case "promql", "logql": return misplaced + typeFindings(parameters, holes)
    default: return misplaced
    }
  }

  /// Lists where one value stands, and texts where a number stands.
  private func typeFindings(_ places: ParameterPlaces, _ holes: [Range<Int>]) -> [Diagnostic] {
    holes.compactMap { hole in
      let name = text.name(of: hole)
      guard let type = parameters.type(of: name) else { return nil }
      if type.isList {
        let sign = places.operatorBefore(hole) ?? ""
        guard ["=", "!="].contains(sign) else { return nil }
        return .listWithoutPattern(name, sign: sign == "=" ? "=~" : "!~", at: text.places(hole))
      }
      guard ![.int, .uint, .double, .dyn].contains(type), places.takesNumber(hole) else { return nil }
      let isInstant = type == .timestamp || type == .duration
      return isInstant
        ? nil
        : .misplacedParameter(name, because: "a number stands here, and it is \(type)", at: text.places(hole))
    }
  }

  private func statementFindings(_ statement: SQLStatement, told: [Range<Int>]) -> [Diagnostic] {
    statement.defects.map(finding)
      + statement.misplaced.filter { !told.contains($0.range) }.map {
        .misplacedParameter(text.name(of: $0.range), because: $0.reason, at: text.places($0.range))
      } + tableFindings(statement) + columnFindings(statement)
  }

  /// Tables that are hardly the source's: written almost so, or another source's where the own one is not read at all.
  private func tableFindings(_ statement: SQLStatement) -> [Diagnostic] {
    guard let source else { return [] }
    let own = source.lowercased()
    let strange = statement.tables.filter {
      let name = text.string($0).lowercased()
      return name != own && !name.hasPrefix(own + "_")
    }
    let readsOwn = strange.count < statement.tables.count
    return strange.compactMap { place in
      let name = text.string(place)
      let isNear = nearestName(to: name, among: [source]) != nil && !Self.isPlural(name.lowercased(), own)
      guard isNear || !readsOwn && others.contains(name) else { return nil }
      return .anotherTable(name, of: source, query: query, at: text.places(place))
    }
  }

  /// Whether one is the plural of the other: tables of a database are often called so.
  private static func isPlural(_ first: String, _ second: String) -> Bool {
    ["s", "es"].contains { first == second + $0 || second == first + $0 }
  }

  /// Columns that are declared, and that the SELECT does not have.
  private func columnFindings(_ statement: SQLStatement) -> [Diagnostic] {
    guard let answered = statement.answered, let declared else { return [] }
    let missing = declared.names.filter { name in !answered.contains { $0.name == name.lowercased() } }
    let spare = answered.filter { column in !declared.names.contains { $0.lowercased() == column.name } }
    return missing.compactMap { name in
      let near = nearestName(to: name, among: spare.map(\.name))
      let meant = spare.first { $0.name == near }
      guard let place = (meant ?? answered.last)?.place else { return nil }
      return .columnNotSelected(
        name, of: query, answered: answered.map(\.name), isMisspelt: meant != nil, declared: declared.place,
        at: text.places(place))
    }
  }

  private func finding(_ defect: SQLStatement.Defect) -> Diagnostic {
    let (range, what): (Range<Int>, String) =
      switch defect {
      case .readsNothing(let range):
        (
          range,
          "a query reads, and begins with SELECT or WITH; this one begins with '\(text.string(range).prefix(40))'"
        )
      case .another(let range): (range, "a second statement stands here; a query is one")
      case .withoutSelect(let range): (range, "this WITH has no SELECT of its own, which would read")
      case .nothingBehind(let range): (range, "nothing stands behind '\(text.string(range))'")
      case .nothingBefore(let range): (range, "nothing stands before this comma")
      case .misspelt(let range, _): (range, "'\(text.string(range))' is no word of SQL, and one of them stands here")
      case .twice(let range): (range, "there is a second '\(text.string(range))'")
      case .foreignParameter(let range):
        (range, "nobody gives '\(text.string(range))' a value; a parameter is written '${…}'")
      }
    return .noStatement(query, what, meant: meant(defect), at: text.places(range))
  }

  private func meant(_ defect: SQLStatement.Defect) -> String? {
    switch defect {
    case .misspelt(_, let meant): meant.uppercased()
    case .readsNothing(let range): nearestName(to: text.string(range), among: ["SELECT", "WITH"])
    default: nil
    }
  }

  private func finding(_ defect: SQLConditions.Defect) -> Diagnostic {
    switch defect {
    case .emptySpan(let range): .emptySpan(text.string(range), at: text.places(range))
    case .comparedWithNull(let range, let meant):
      .comparedWithNull(text.string(range), meant: meant, at: text.places(range))
    case .looseOr(let range): .looseOr(at: text.places(range))
    }
  }

  private func finding(_ defect: QueryTokens.Defect) -> Diagnostic {
    switch defect {
    case .unclosedQuotation(let range):
      return .unbalancedQuery(
        query, "the quotation that begins with \(text.string(range)) is not closed", at: text.places(range))
    case .unclosedComment(let range):
      return .unbalancedQuery(query, "a comment is not closed", at: text.places(range))
    case .unclosedBracket(let range):
      return .unbalancedQuery(query, "'\(text.string(range))' is not closed", at: text.places(range))
    case .strayBracket(let range):
      return .unbalancedQuery(query, "'\(text.string(range))' closes nothing", at: text.places(range))
    case .hiddenHole(let range): return .quotedParameter(text.name(of: range), at: text.places(range))
    }
  }
}
