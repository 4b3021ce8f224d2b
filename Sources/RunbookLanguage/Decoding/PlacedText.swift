package import Diagnostics
import YAMLTree

/// The text of a scalar together with the way back from every byte of it to the document.
package struct PlacedText: Sendable {
  package let text: String
  package let source: SourceText
  private let node: YAMLNode
  private let scalar: YAMLScalar

  init(scalar: YAMLScalar, node: YAMLNode, source: SourceText) {
    text = scalar.text
    self.source = source
    self.node = node
    self.scalar = scalar
  }

  /// The whole scalar, quotation marks included.
  package var location: SourceLocation { SourceLocation(source, node.range) }

  /// Where a part of the text was written.
  ///
  /// - Parameter range: UTF-8 offsets into `text`.
  package func location(of range: Range<Int>) -> SourceLocation {
    SourceLocation(source, scalar.sourceRange(of: range))
  }
}
