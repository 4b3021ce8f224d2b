package import Diagnostics

/// What was read of one YAML document, and what is wrong with it.
package struct YAMLDocument: Sendable {
  /// The document's value; `nil` when there is none. After a syntax error: what was read before it.
  package let root: YAMLNode?
  package let source: SourceText
  /// Findings in reading order.
  package let diagnostics: [Diagnostic]
  /// All comments in the order they stand; after a syntax error, those before it.
  package let comments: [YAMLComment]
  /// Whether the document was read to its end. If not, what is absent from `root` may be written further down.
  package let isComplete: Bool
}
