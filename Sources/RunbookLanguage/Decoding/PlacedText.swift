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
    SourceLocation(source, scalar.sourceRange(of: range, in: source))
  }

  /// Where parts of the text were written, found by reading the scalar once, when the first is asked for.
  func places() -> (Range<Int>) -> SourceLocation {
    var known: ScalarMap?
    return { [source, scalar] part in
      let map = known ?? scalar.scalarMap(in: source)
      known = map
      return SourceLocation(source, map.sourceRange(of: part))
    }
  }
}
