package import Values

/// A span of time; both ends belong to it.
package struct TimeWindow: Hashable, Sendable, CustomStringConvertible {
  package let from: Timestamp
  package let to: Timestamp

  /// A window whose ends are the wrong way round holds nothing and is `nil`.
  package init?(from: Timestamp, to: Timestamp) {
    guard from <= to else { return nil }
    self.from = from
    self.to = to
  }

  package var description: String { "\(from.shortDescription)..\(to.shortDescription)" }
}

/// A query's text with holes for parameters. A hole is filled with a typed value by the adapter, in the way of its
/// query language; text and values never meet before that.
package struct QueryTemplate: Hashable, Sendable {
  package enum Segment: Hashable, Sendable {
    case text(String)
    /// A parameter by its name or path as the runbook wrote it: `source`, `targets.host`.
    case parameter(String)
  }

  package let segments: [Segment]

  package init(_ segments: [Segment]) { self.segments = segments }

  /// The parameters in order of first use.
  package var parameters: [String] {
    var seen: Set<String> = []
    return segments.compactMap {
      if case .parameter(let name) = $0, seen.insert(name).inserted { name } else { nil }
    }
  }

  /// The text as the runbook wrote it.
  package var sourceText: String {
    segments.map { segment in
      switch segment {
      case .text(let text): text
      case .parameter(let name): "${\(name)}"
      }
    }.joined()
  }
}

/// What a query is written as: one text, or a map of texts such as `lookup: {ip: ${source}}`.
package enum QueryBody: Hashable, Sendable {
  case text(QueryTemplate)
  case map([String: QueryTemplate])
}

/// What a query's answer must look like.
package enum ResultShape: Hashable, Sendable {
  /// Rows with these columns; a single row if `isSingle`.
  case rows([Column], isSingle: Bool)
  /// Values over time, in a unit such as `requests/s`.
  case series(unit: String)
}

/// A query that an adapter can perform: every parameter has its value.
package struct BoundQuery: Sendable {
  /// The query's id in the runbook.
  package let query: String
  /// The source's id in the runbook, which is the table's name in SQL.
  package let source: String
  package let language: String
  package let body: QueryBody
  /// The value of each parameter, `from` and `to` among them where there is a window. Lists are `.list`.
  package let parameters: [String: Value]
  package let window: TimeWindow?
  /// The part of the window that is judged, where what lies before it is history.
  package let judged: TimeWindow?
  package let shape: ResultShape
  package let limits: FetchLimits

  package init(
    query: String, source: String, language: String, body: QueryBody, parameters: [String: Value],
    window: TimeWindow?, judged: TimeWindow? = nil, shape: ResultShape, limits: FetchLimits
  ) {
    self.query = query
    self.source = source
    self.language = language
    self.body = body
    self.parameters = parameters
    self.window = window
    self.judged = judged ?? window
    self.shape = shape
    self.limits = limits
  }
}

/// How much one fetch may take. Reaching a limit is reported, never a silent cut.
package struct FetchLimits: Hashable, Sendable {
  /// Most rows, or points of all series together, that are returned; one more makes the result `truncated`.
  package var rows: Int
  /// Most bytes of text in the returned cells.
  package var bytes: Int
  /// Longest time a fetch may last.
  package var time: Duration

  package init(rows: Int = 1_000, bytes: Int = 64 << 20, time: Duration = .seconds(60)) {
    self.rows = rows
    self.bytes = bytes
    self.time = time
  }
}
