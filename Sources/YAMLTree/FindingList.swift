import Diagnostics

/// Findings up to a limit; that there were more is a finding itself.
struct FindingList {
  private var kept: [Diagnostic] = []
  private var dropped = 0
  private let limit: Int
  private let source: SourceText

  init(limit: Int, source: SourceText) {
    self.limit = limit
    self.source = source
  }

  /// - Parameter finding: Made only if there is room for it: its words cost more than finding it.
  mutating func add(_ finding: @autoclosure () -> Diagnostic) {
    if kept.count < limit { kept.append(finding()) } else { dropped += 1 }
  }

  mutating func add(_ findings: [Diagnostic]) {
    for finding in findings { add(finding) }
  }

  /// Adds another list's findings, and what it had to leave out.
  mutating func add(_ other: FindingList) {
    add(other.kept)
    dropped += other.dropped
  }

  var inReadingOrder: [Diagnostic] {
    let sorted = kept.sorted(by: Diagnostic.readingOrder)
    return dropped == 0 ? sorted : sorted + [.moreFindings(dropped, limit: limit, in: source)]
  }
}
