import Diagnostics

/// Looks at the text of a query without asking any source: quotations and brackets, and where parameters stand.
struct QueryTextCheck {
  let query: String
  let language: String
  let text: PlacedText
  /// Parameters that are bound as lists.
  let lists: Set<String>

  var findings: [Diagnostic] {
    guard let dialect = QueryDialect.of(language) else { return [] }
    let bytes = Array(text.text.utf8)
    var holes: [Range<Int>] = []
    for piece in HoleScanner.pieces(of: text.text) {
      switch piece {
      case .text: break
      case .hole(let range): holes.append(range.lowerBound - 2..<range.upperBound + 1)
      case .unclosed: return []
      }
    }
    let read = QueryTokens(bytes, holes: holes, in: dialect)
    let places = text.places()
    guard read.defects.isEmpty else { return read.defects.map { finding($0, bytes, places) } }
    let parameters = ParameterPlaces(read.tokens, of: bytes, in: dialect)
    let misplaced = parameters.misplaced.map {
      Diagnostic.misplacedParameter(name(of: $0.range, bytes), because: $0.reason, at: places($0.range))
    }
    guard ["promql", "logql"].contains(language) else { return misplaced }
    return misplaced
      + holes.filter { lists.contains(name(of: $0, bytes)) && ["=", "!="].contains(parameters.operatorBefore($0)) }
      .map { .listWithoutPattern(name(of: $0, bytes), at: places($0)) }
  }

  private func name(of hole: Range<Int>, _ bytes: [UInt8]) -> String {
    String(decoding: bytes[hole.lowerBound + 2..<hole.upperBound - 1], as: UTF8.self)
  }

  private func finding(
    _ defect: QueryTokens.Defect, _ bytes: [UInt8], _ places: (Range<Int>) -> SourceLocation
  ) -> Diagnostic {
    func written(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    switch defect {
    case .unclosedQuotation(let range):
      return .unbalancedQuery(
        query, "the quotation that begins with \(written(range)) is not closed", at: places(range))
    case .unclosedComment(let range):
      return .unbalancedQuery(query, "a comment is not closed", at: places(range))
    case .unclosedBracket(let range):
      return .unbalancedQuery(query, "'\(written(range))' is not closed", at: places(range))
    case .strayBracket(let range):
      return .unbalancedQuery(query, "'\(written(range))' closes nothing", at: places(range))
    case .hiddenHole(let range): return .quotedParameter(name(of: range, bytes), at: places(range))
    }
  }
}
