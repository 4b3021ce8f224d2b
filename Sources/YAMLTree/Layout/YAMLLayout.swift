import Diagnostics
import Rules

/// The one layout of documents that `tocsin fmt` writes.
///
/// Two columns for each level, lists below their key included; one space behind a colon; collections in brackets on one
/// line where they fit, and as blocks where they do not; comments behind values two columns away, those of neighbouring
/// lines below each other; at most one blank line in a row. Sections come in the order of their grammar. What an author
/// decides stays: the order of all else, the words, whether a collection that fits stands in brackets, whether a text
/// stands in quotes, and where a long text is broken.
package enum YAMLLayout {
  /// Code points that a line has at most, if its values can be divided.
  static let lineWidth = 120
  /// Columns for each level.
  static let step = 2

  /// Why a document was not laid out.
  package enum Problem: Error, Hashable, Sendable {
    /// The document has errors, or nothing in it: see its findings.
    case isFaulty
    /// Laid out, it would say something else. This is a rare form of YAML, or a fault of ours.
    case wouldChange
  }

  /// The document in the layout: the same values of the same kinds in the same order, and every comment.
  ///
  /// - Parameter sections: The order of the outermost keys, if there is one.
  package static func text(of document: YAMLDocument, sections: [String] = []) throws(Problem) -> [UInt8] {
    guard let sorted = SectionOrder(document)?.sorted(by: sections).map({ YAMLReader.read($0) }),
      says(sorted, inAnyOrder: document)
    else { return try laid(document) }
    return try laid(sorted)
  }

  private static func laid(_ document: YAMLDocument) throws(Problem) -> [UInt8] {
    guard let root = document.root, document.isComplete,
      !document.diagnostics.contains(where: { $0.severity == .error })
    else { throw .isFaulty }
    var writer = LayoutWriter(document)
    try writer.write(root)
    let text = writer.lines.text
    let source = SourceText(name: document.source.name, bytes: text)
    guard says(YAMLReader.read(source), the: document) else { throw .wouldChange }
    return text
  }

  /// Whether one document holds what the other does, laid out in another way.
  static func says(_ left: YAMLDocument, the right: YAMLDocument) -> Bool {
    guard left.isComplete, findings(of: left) == findings(of: right), let one = left.root, let other = right.root else {
      return false
    }
    return says(one, other) && words(of: left.comments) == words(of: right.comments)
  }

  /// Whether one document has the sections and comments of the other.
  private static func says(_ left: YAMLDocument, inAnyOrder right: YAMLDocument) -> Bool {
    guard left.isComplete, findings(of: left) == findings(of: right), let sections = left.root?.pairs,
      let others = right.root?.pairs, sections.count == others.count
    else { return false }
    return others.allSatisfy { other in sections.contains { says($0.key, other.key) && says($0.value, other.value) } }
      && words(of: left.comments) == words(of: right.comments)
  }

  /// How many findings there are, but for comments that may be none: these follow from where a comment stands.
  private static func findings(of document: YAMLDocument) -> Int {
    document.diagnostics.count { $0.code != Rule.cutAtComment.code }
  }

  private static func says(_ left: YAMLNode, _ right: YAMLNode) -> Bool {
    switch (left.content, right.content) {
    case (.scalar(let left), .scalar(let right)):
      return left.text.utf8.elementsEqual(right.text.utf8) && (left.style == .plain) == (right.style == .plain)
    case (.sequence(let left), .sequence(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { says($0, $1) }
    case (.mapping(let left), .mapping(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { says($0.key, $1.key) && says($0.value, $1.value) }
    default: return false
    }
  }

  /// The comments' bytes without white space at their ends, sorted: a comment may come to stand above its value.
  private static func words(of comments: [YAMLComment]) -> [[UInt8]] {
    comments.map { trimmedEnd(Array($0.text.utf8)[...]) }.map(Array.init).sorted { $0.lexicographicallyPrecedes($1) }
  }

  static func trimmedEnd(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0D { line.removeLast() }
    return line
  }

  /// Code points of a line.
  static func width(of line: some Sequence<UInt8>) -> Int { line.count { $0 & 0xC0 != 0x80 } }
}
