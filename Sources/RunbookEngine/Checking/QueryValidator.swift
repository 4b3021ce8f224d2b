package import RunbookPorts

/// Checks the text of queries in one language without asking any source.
package protocol QueryValidator: Sendable {
  /// Such as `sql`.
  var language: String { get }

  /// The columns of the query's answer, in order.
  ///
  /// - Parameter tables: The tables that the query may read, with the names that they have in its text.
  func columns(
    of query: QueryTemplate, tables: [(name: String, columns: [String])]
  ) throws(QueryProblem) -> [String]
}

/// What is wrong with a query's text.
package struct QueryProblem: Error, Hashable, Sendable {
  package let message: String
  /// Where, in UTF-8 bytes of the text as the runbook has it; `nil` if that is not known.
  package let offset: Int?
  /// The table or column that is named and not there.
  package let unknown: Unknown?

  package struct Unknown: Hashable, Sendable {
    package enum Kind: String, Sendable { case table, column }

    package let kind: Kind
    /// As it is written, with what qualifies it.
    package let name: String

    package init(_ kind: Kind, _ name: String) {
      self.kind = kind
      self.name = name
    }
  }

  package init(_ message: String, at offset: Int?, unknown: Unknown? = nil) {
    self.message = message
    self.offset = offset
    self.unknown = unknown
  }
}
