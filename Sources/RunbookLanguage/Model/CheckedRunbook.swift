package import Diagnostics

/// A runbook that may be run. Only the checker makes one, and only of a runbook in which it found no error.
package struct CheckedRunbook: Sendable {
  package let runbook: Runbook
  /// All documents that it was made of: the runbook first, then imports, list files and scripts in the order of their
  /// reading.
  package let documents: [SourceText]
  /// For each question, the names of everything that must be known before it can be answered.
  package let needs: [String: Needs]
  /// Question ids such that whatever follows a question stands after it; in reading order otherwise. Signs are not in it.
  package let order: [String]
  package let extent: RunbookExtent

  init(
    runbook: Runbook, documents: [SourceText], needs: [String: Needs], order: [String], extent: RunbookExtent
  ) {
    self.runbook = runbook
    self.documents = documents
    self.needs = needs
    self.order = order
    self.extent = extent
  }
}

/// What an expression, or all expressions of a question, rest on, directly and through definitions, thresholds,
/// parameters, windows and signs.
package struct Needs: Sendable, Hashable {
  /// Ids of queries, in the order in which they are met; a query stands after those it needs itself.
  package var queries: [String] = []
  package var thresholds: [String] = []
  package var entities: [String] = []
  /// Questions that are weighed or mentioned.
  package var questions: [String] = []
}
