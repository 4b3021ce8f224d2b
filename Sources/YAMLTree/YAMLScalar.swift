package import Diagnostics

/// A text in a YAML document, decoded, that knows where each of its bytes comes from.
package struct YAMLScalar: Sendable {
  package enum Style: Sendable, Hashable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// The text as it is meant: escapes, folding and indentation resolved.
  package let text: String
  package let style: Style
  /// Where it is written, quotes or block header included.
  package let range: SourceRange
  /// Whether `text` is what the author wrote where YAML would have read something else, such as `!(a in b)`. There is
  /// a diagnostic for each; the text is given so that further findings in it can be told in the same pass.
  package let isMended: Bool

  package init(_ text: String, style: Style, range: SourceRange, isMended: Bool = false) {
    self.text = text
    self.style = style
    self.range = range
    self.isMended = isMended
  }

  /// The place in the source of a part of the text.
  ///
  /// - Parameters:
  ///   - part: UTF-8 offsets within `text`; what lies outside of it is cut off.
  ///   - source: The document that it stands in.
  /// - Returns: From the first byte that produced the part to the end of the last one. An escape or a folded line break
  ///   is never divided. An empty part gives the empty range before the byte at that offset, or behind the last one.
  package func sourceRange(of part: Range<Int>, in source: SourceText) -> SourceRange {
    scalarMap(in: source).sourceRange(of: part)
  }

  /// The whole map, for a caller that asks for many places in one text.
  package func scalarMap(in source: SourceText) -> ScalarMap {
    isMended
      ? ScalarMap(verbatim: range) : ScalarMap(of: text, style: style, range: range, in: source.bytes)
  }
}
