package import Diagnostics
import YAMLTree

/// The text of a scalar together with the way back from every byte of it to the document.
package struct PlacedText: Sendable {
  package let source: SourceText
  private let range: SourceRange
  private let scalar: YAMLScalar

  init(scalar: YAMLScalar, node: YAMLNode, source: SourceText) {
    self.source = source
    range = node.range
    self.scalar = scalar
  }

  package var text: String { scalar.text }

  /// The whole scalar, quotation marks included.
  package var location: SourceLocation { SourceLocation(source, range) }

  /// Where a part of the text was written. For many parts of one text use `places`.
  ///
  /// - Parameter range: UTF-8 offsets into `text`.
  package func location(of range: Range<Int>) -> SourceLocation {
    SourceLocation(source, scalar.sourceRange(of: range))
  }

  /// Where parts of the text were written, found without reading the scalar again for each.
  func places() -> (Range<Int>) -> SourceLocation {
    let map = scalar.scalarMap()
    return { [source] in SourceLocation(source, map.sourceRange(of: $0)) }
  }
}
