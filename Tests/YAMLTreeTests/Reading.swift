import Diagnostics
import Testing

@testable import YAMLTree

func read(_ text: String, limits: YAMLLimits = .standard) -> YAMLDocument {
  YAMLReader.read(SourceText(name: "test.yaml", text: text), limits: limits)
}

func read(bytes: [UInt8], limits: YAMLLimits = .standard) -> YAMLDocument {
  YAMLReader.read(SourceText(name: "test.yaml", bytes: bytes), limits: limits)
}

/// A finding as "slug line:column-line:column".
func summary(_ diagnostic: Diagnostic) -> String {
  guard let place = diagnostic.location else { return diagnostic.code.slug }
  return "\(diagnostic.code.slug) \(place.start)-\(place.end)"
}

func summaries(_ document: YAMLDocument) -> [String] { document.diagnostics.map(summary) }

/// The document after all fix-its; `nil` if two of them overlap.
func mended(_ document: YAMLDocument) -> String? {
  var bytes = document.source.bytes
  var last = Int.max
  for fixIt in document.diagnostics.flatMap(\.fixIts).sorted(by: { $0.range.start > $1.range.start }) {
    guard fixIt.range.end <= last else { return nil }
    bytes.replaceSubrange(fixIt.range.start..<fixIt.range.end, with: fixIt.replacement.utf8)
    last = fixIt.range.start
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// Every scalar of a tree, in reading order.
func scalars(_ node: YAMLNode?) -> [YAMLScalar] {
  switch node?.content {
  case .scalar(let scalar): [scalar]
  case .sequence(let items): items.flatMap(scalars)
  case .mapping(let pairs): pairs.flatMap { scalars($0.key) + scalars($0.value) }
  case nil: []
  }
}

/// Every node of a tree, parents first.
func nodes(_ node: YAMLNode?) -> [YAMLNode] {
  guard let node else { return [] }
  switch node.content {
  case .scalar: return [node]
  case .sequence(let items): return [node] + items.flatMap(nodes)
  case .mapping(let pairs): return [node] + pairs.flatMap { nodes($0.key) + nodes($0.value) }
  }
}
