import Diagnostics

/// Looks at the text of a query without asking any source: quotations and brackets, and where parameters stand.
struct QueryTextCheck {
  let query: String
  let language: String
  let text: HoledText
  /// Parameters that are bound as lists.
  let lists: Set<String>

  var findings: [Diagnostic] {
    guard let dialect = QueryDialect.of(language), let holes = text.holes else { return [] }
    let read = QueryTokens(text.bytes, holes: holes, in: dialect)
    guard read.defects.isEmpty else { return read.defects.map(finding) }
    let parameters = ParameterPlaces(read.tokens, of: text.bytes, in: dialect)
    let misplaced = parameters.misplaced.map {
      Diagnostic.misplacedParameter(text.name(of: $0.range), because: $0.reason, at: text.places($0.range))
    }
    if language == "sql" { return misplaced + SQLConditions(read.tokens, of: text.bytes).defects.map(finding) }
    guard ["promql", "logql"].contains(language) else { return misplaced }
    return misplaced
      + holes.filter { lists.contains(text.name(of: $0)) && ["=", "!="].contains(parameters.operatorBefore($0)) }
      .map { .listWithoutPattern(text.name(of: $0), at: text.places($0)) }
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
