import Diagnostics
import Foundation
import Values
import YAMLTree

/// A document with one change under a key, and the part of the schema that says what belongs there.
struct DocumentMutant: Sendable {
  /// The good document.
  let path: String
  let bytes: [UInt8]
  /// Such as `question.ask`; `nil`: nothing is changed.
  let construct: String?
  let description: String

  /// Values that belong under few keys.
  private static let values = ["[[[]]]", "{a: {b: []}}", "-999999999999", "\"\"", "No One"]

  private init(path: String, bytes: [UInt8], construct: String?, description: String) {
    (self.path, self.bytes, self.construct, self.description) = (path, bytes, construct, description)
  }

  init(unchanged path: String) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    self.init(path: path, bytes: bytes, construct: nil, description: "as it is")
  }

  /// The document itself, and changes of every pair in it that the schema knows.
  static func all(of path: String, _ schema: JSON) throws -> [DocumentMutant] {
    let source = SourceText(name: path, bytes: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    let document = YAMLReader.read(source)
    guard let root = document.root, document.diagnostics.isEmpty else { return [] }
    var walk = SchemaWalk(schema)
    walk.visit(root, schema, named: "")
    var mutants = [DocumentMutant(path: path, bytes: source.bytes, construct: nil, description: "as it is")]
    for (pair, construct) in walk.found {
      let line = source.position(at: pair.key.range.start).line
      for value in values {
        mutants.append(
          DocumentMutant(
            path: path, bytes: replacing(pair.value.range, in: source.bytes, by: value), construct: construct,
            description: "line \(line), \(construct): \(value)"))
      }
      mutants.append(
        DocumentMutant(
          path: path, bytes: replacing(pair.key.range, in: source.bytes, by: "zz_none"), construct: construct,
          description: "line \(line), \(construct) renamed"))
    }
    return mutants
  }

  private static func replacing(_ range: SourceRange, in bytes: [UInt8], by text: String) -> [UInt8] {
    // A value that is not written stands right behind its colon.
    let lead = range.isEmpty ? " " : ""
    return Array(bytes[..<range.start]) + Array((lead + text).utf8) + Array(bytes[range.end...])
  }

  /// All parts that a schema says anything about.
  static func constructs(of schema: JSON) -> Set<String> {
    var names = properties(of: schema, named: "")
    for definition in schema["definitions"]?.members ?? [] {
      names.formUnion(properties(of: definition.value, named: definition.name))
    }
    return names
  }

  private static func properties(of schema: JSON, named name: String) -> Set<String> {
    let known = schema["properties"]?.members ?? []
    let telling = known.filter { property in
      ["type", "anyOf", "enum", "const", "allOf"].contains { property.value[$0] != nil }
    }
    return Set(telling.map { "\(name).\($0.name)" })
  }
}

/// Goes through a document and a schema at the same time.
private struct SchemaWalk {
  private(set) var found: [(pair: YAMLPair, construct: String)] = []
  private let root: JSON

  init(_ root: JSON) {
    self.root = root
  }

  mutating func visit(_ node: YAMLNode, _ schema: JSON, named name: String) {
    if let reference = schema["$ref"]?.text {
      let definition = String(reference.dropFirst("#/definitions/".count))
      if let part = root["definitions"]?[definition] { visit(node, part, named: definition) }
      return
    }
    for part in (schema["anyOf"]?.elements ?? []) + (schema["allOf"]?.elements ?? []) where fits(node, part) {
      visit(node, part, named: name)
    }
    for pair in node.pairs ?? [] {
      guard let key = pair.key.scalar?.text else { continue }
      if let property = schema["properties"]?[key] {
        found.append((pair, "\(name).\(key)"))
        visit(pair.value, property, named: "\(name).\(key)")
      } else if let others = schema["additionalProperties"], others.members != nil {
        visit(pair.value, others, named: name)
      }
    }
    if let items = schema["items"] { for item in node.items ?? [] { visit(item, items, named: name) } }
  }

  /// Whether this alternative is meant: it has the node's keys.
  private func fits(_ node: YAMLNode, _ schema: JSON) -> Bool {
    if let reference = schema["$ref"]?.text {
      return root["definitions"]?[String(reference.dropFirst("#/definitions/".count))].map { fits(node, $0) } ?? false
    }
    guard let properties = schema["properties"] else { return true }
    let keys = node.pairs?.compactMap { $0.key.scalar?.text } ?? []
    let adapter = properties["adapter"]?["enum"]?.elements?.compactMap(\.text)
    if let adapter, let written = node["adapter"]?.scalar?.text { return adapter.contains(written) }
    let takesOthers = schema["additionalProperties"]?.members != nil
    return !keys.isEmpty && keys.allSatisfy { properties[$0] != nil || takesOthers }
  }
}
