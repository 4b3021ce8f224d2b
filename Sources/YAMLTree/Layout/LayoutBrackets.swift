import Diagnostics

/// A collection in brackets as it is laid out on one line.
struct LayoutBrackets {
  private let source: SourceText

  init(_ source: SourceText) {
    self.source = source
  }

  /// - Returns: `nil` if it holds something that has no place in brackets on one line: a key without a value, or a text
  ///   whose line breaks mean something.
  func text(of node: YAMLNode) throws(YAMLLayout.Problem) -> [UInt8]? {
    switch node.content {
    case .scalar(let scalar):
      return node.range.isEmpty ? nil : try LayoutScalar(scalar, in: source).oneLine
    case .sequence(let items):
      guard let parts = try texts(of: items) else { return nil }
      return [UInt8(ascii: "[")] + parts.joined(separator: Self.comma) + [UInt8(ascii: "]")]
    case .mapping(let pairs):
      guard let keys = try texts(of: pairs.map(\.key)), let values = try texts(of: pairs.map(\.value)) else {
        return nil
      }
      let parts = zip(keys, values).map { $0 + Self.colon + $1 }
      return [UInt8(ascii: "{")] + parts.joined(separator: Self.comma) + [UInt8(ascii: "}")]
    }
  }

  private func texts(of nodes: [YAMLNode]) throws(YAMLLayout.Problem) -> [[UInt8]]? {
    var texts: [[UInt8]] = []
    for node in nodes {
      guard let text = try text(of: node) else { return nil }
      texts.append(text)
    }
    return texts
  }

  private static let comma: [UInt8] = [UInt8(ascii: ","), 0x20]
  private static let colon: [UInt8] = [UInt8(ascii: ":"), 0x20]
}

extension YAMLNode {
  /// Whether this is a collection that is written in brackets.
  func isBracketed(in source: SourceText) -> Bool {
    guard scalar == nil, !range.isEmpty else { return false }
    return switch (source.bytes[range.start], source.bytes[range.end - 1]) {
    case (UInt8(ascii: "{"), UInt8(ascii: "}")), (UInt8(ascii: "["), UInt8(ascii: "]")): true
    default: false
    }
  }
}
