package import Values

/// Names what a query that is a series measures: the same for every run that asks the same of the same source.
package struct BaselineKey: Hashable, Sendable {
  /// The query's id in the runbook, for people.
  package let query: String
  package let source: String
  /// `sha256:` and 64 digits, over the source and what it is bound to, the query's language and text, its parameters but
  /// for the window, and its unit: another query has another baseline.
  package let digest: String

  package init(query: String, source: String, digest: String) {
    self.query = query
    self.source = source
    self.digest = digest
  }
}

/// What was measured before, kept so that a run need not fetch it again.
///
/// It holds points, not what a detector made of them: every kind and every setting of a threshold can be judged by it,
/// and a judgement is the same as if everything had been fetched.
package struct StoredBaseline: Sendable {
  /// The form in which baselines are kept. Another version is not read; it is learned anew.
  package static let version: Int64 = 1

  package let key: BaselineKey
  /// The span that was fetched; between its ends there is no other point.
  package let from: Timestamp
  package let to: Timestamp
  package let series: [Series]

  package init(key: BaselineKey, from: Timestamp, to: Timestamp, series: [Series]) {
    self.key = key
    self.from = from
    self.to = to
    self.series = series
  }
}

/// A stored baseline as the trail names it.
package struct BaselineReference: Hashable, Sendable {
  /// Of the bytes that are kept: `sha256:` and 64 digits.
  package let digest: String
  package let from: Timestamp
  package let to: Timestamp

  package init(digest: String, from: Timestamp, to: Timestamp) {
    self.digest = digest
    self.from = from
    self.to = to
  }

  package var json: JSON {
    .object([
      "digest": .string(digest), "from": .string(from.shortDescription), "to": .string(to.shortDescription),
    ])
  }
}

/// Keeps baselines between runs.
package protocol BaselineStore: Sendable {
  /// - Returns: `nil` if none is kept.
  func baseline(_ key: BaselineKey) throws(BaselineProblem) -> (baseline: StoredBaseline, reference: BaselineReference)?
  /// Keeps a baseline in the place of an earlier one with its key.
  func keep(_ baseline: StoredBaseline) throws(BaselineProblem) -> BaselineReference
  /// Removes all baselines of a query, also those that cannot be read.
  ///
  /// - Returns: How many there were.
  func forget(_ query: String) throws(BaselineProblem) -> Int
  /// All that are kept, in the order of their queries and digests, and why others cannot be read.
  func all() throws(BaselineProblem) -> (baselines: [StoredBaseline], problems: [BaselineProblem])
}

/// Why a stored baseline cannot be used, as a sentence part.
package struct BaselineProblem: Error, Hashable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
