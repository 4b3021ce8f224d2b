package import CEL
package import Diagnostics
package import Values

/// A checked expression and where it stands.
///
/// It never changes, and is handed from check to check: a reference is copied at less cost than its many parts.
package final class Expression: Sendable {
  package let checked: CheckedExpression
  package let location: SourceLocation
  /// The names it mentions, in order of first use, that are not bound inside it.
  package let names: [String]

  init(checked: CheckedExpression, location: SourceLocation, names: [String]) {
    self.checked = checked
    self.location = location
    self.names = names
  }

  package var type: ValueType { checked.type }
  /// As the author wrote it.
  package var source: String { checked.source }
}

/// Text for people in which `${…}` holds expressions.
package struct TextTemplate: Sendable {
  package enum Segment: Sendable {
    case text(String)
    case expression(Expression)
  }

  package let segments: [Segment]

  /// As the author wrote it.
  package let source: String

  package var expressions: [Expression] {
    segments.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }

  package init(_ segments: [Segment], source: String) {
    self.segments = segments
    self.source = source
  }
}
