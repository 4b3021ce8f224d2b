package import Diagnostics

/// One value of a YAML document, with the place where it is written.
package struct YAMLNode: Sendable {
  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// The pairs in the order they are written; a key that is written twice is kept twice (and is a diagnostic).
    case mapping([YAMLPair])
  }

  package let content: Content
  /// The bytes of the value's own syntax: quotes and brackets included; comments, and the white space, line breaks and
  /// blank lines that follow it, not. A value that is not written (`key:`) has an empty range behind its `:` or `-`.
  package let range: SourceRange

  package init(_ content: Content, range: SourceRange) {
    self.content = content
    self.range = range
  }

  package var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  package var items: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }
  package var pairs: [YAMLPair]? { if case .mapping(let pairs) = content { pairs } else { nil } }

  /// The value of the first pair with this key, compared byte for byte; `nil` if there is none or this is no mapping.
  package subscript(key: String) -> YAMLNode? {
    pairs?.first { pair in pair.key.scalar.map { $0.text.utf8.elementsEqual(key.utf8) } ?? false }?.value
  }
}

/// A key of a mapping and its value.
package struct YAMLPair: Sendable {
  package let key: YAMLNode
  package let value: YAMLNode

  package init(key: YAMLNode, value: YAMLNode) {
    self.key = key
    self.value = value
  }

  package var range: SourceRange { key.range.union(value.range) }
}

/// A comment, from its `#` to the end of its line.
package struct YAMLComment: Sendable {
  package let range: SourceRange
  /// The comment as written, with its `#`.
  package let text: String
}
