import Diagnostics

/// Collects findings while a document is read. Nothing stops at the first.
final class Findings {
  private(set) var all: [Diagnostic] = []

  func add(_ diagnostic: Diagnostic) { all.append(diagnostic) }
  func add(_ diagnostics: [Diagnostic]) { all += diagnostics }

  var hasErrors: Bool { all.contains { $0.severity == .error } }
}

/// A value and where it was written.
struct Placed<Content> {
  let value: Content
  let location: SourceLocation

  init(_ value: Content, at location: SourceLocation) {
    self.value = value
    self.location = location
  }

  func map<Other>(_ transform: (Content) -> Other) -> Placed<Other> { Placed<Other>(transform(value), at: location) }
}

extension Placed: Sendable where Content: Sendable {}
