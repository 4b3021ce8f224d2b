package import Diagnostics

/// Collects findings while a document is read. Nothing stops at the first.
package final class Findings {
  /// Most findings that are told of one runbook. One more is an error that says so.
  package static let limit = 500

  package private(set) var all: [Diagnostic] = []
  package private(set) var hasErrors = false

  package init() {}

  /// Whether no more will be told, so that looking for more is idle.
  package var isFull: Bool { all.count > Self.limit }

  package func add(_ diagnostic: Diagnostic) {
    guard !isFull else { return }
    let told = all.count < Self.limit ? diagnostic : .moreFindings(limit: Self.limit, at: diagnostic.location)
    all.append(told)
    if told.severity == .error { hasErrors = true }
  }

  package func add(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { add(diagnostic) }
  }

  /// Whether something has been told of exactly this place.
  func isTold(at location: SourceLocation) -> Bool {
    all.contains { $0.location?.source === location.source && $0.location?.range == location.range }
  }

  /// Each finding once, in reading order.
  package var inReadingOrder: [Diagnostic] {
    var sorted: [Diagnostic] = []
    for diagnostic in all.sorted(by: Diagnostic.readingOrder) {
      let isRepeated = sorted.last.map { last in
        !Diagnostic.readingOrder(last, diagnostic) && !Diagnostic.readingOrder(diagnostic, last)
      }
      if isRepeated != true { sorted.append(diagnostic) }
    }
    return sorted
  }
}

/// A value and where it was written.
package struct Placed<Content> {
  package let value: Content
  package let location: SourceLocation

  package init(_ value: Content, at location: SourceLocation) {
    self.value = value
    self.location = location
  }

  package func map<Other>(_ transform: (Content) -> Other) -> Placed<Other> {
    Placed<Other>(transform(value), at: location)
  }
}

extension Placed: Sendable where Content: Sendable {}
