package import Diagnostics

/// Collects findings while a document is read. Nothing stops at the first.
package final class Findings {
  package private(set) var all: [Diagnostic] = []

  package init() {}

  package func add(_ diagnostic: Diagnostic) { all.append(diagnostic) }
  package func add(_ diagnostics: [Diagnostic]) { all += diagnostics }

  package var hasErrors: Bool { all.contains { $0.severity == .error } }
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
