import Diagnostics
import Foundation
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Testing
import Values

@testable import tocsin

/// The schemas are what the declarations say, and reject nothing that the check takes.
@Suite struct SchemaTests {
  /// `TOCSIN_RECORD=1` writes the files and fails, so that somebody reads the difference.
  @Test(arguments: DocumentSchema.allCases)
  func `a schema lies in the repository as it is made`(schema: DocumentSchema) throws {
    let path = "\(Places.package)/\(schema.path)"
    let text = schema.text(Wiring.kinds)
    if ProcessInfo.processInfo.environment["TOCSIN_RECORD"] != nil {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("recorded \(schema.path); read the difference and run again without TOCSIN_RECORD")
    }
    #expect(try Places.text(path) == text, "TOCSIN_RECORD=1 writes it")
  }

  @Test(arguments: DocumentSchema.allCases)
  func `every key says what it is for, and every part that is named is there`(schema: DocumentSchema) throws {
    let json = schema.json(Wiring.kinds)
    let definitions = json["definitions"]?.members?.map(\.name) ?? []
    #expect(Set(definitions).count == definitions.count)
    func visit(_ node: JSON) {
      if let reference = node["$ref"]?.text {
        #expect(definitions.contains(String(reference.dropFirst("#/definitions/".count))), "\(reference)")
      }
      for property in node["properties"]?.members ?? [] {
        #expect((property.value["description"]?.text?.count ?? 0) > 5, "\(property.name)")
      }
      for member in node.members ?? [] { visit(member.value) }
      for element in node.elements ?? [] { visit(element) }
    }
    visit(json)
  }

  @Test(
    .enabled(if: JSONSchemaValidator.path != nil, "'check-jsonschema' is absent: 'pip install check-jsonschema'"),
    arguments: SchemaCorpus.all)
  func `whatever a schema rejects the check rejects, and every part of it rejects something`(
    corpus: SchemaCorpus
  ) throws {
    let schema = corpus.schema.json(Wiring.kinds)
    let folder = NSTemporaryDirectory() + "tocsin-schema-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let good = try corpus.shipped.map { try DocumentMutant(unchanged: $0) }
    let mutants = try good + corpus.documents.flatMap { try DocumentMutant.all(of: $0, schema) }
    try #require(mutants.count > 40)
    for (index, mutant) in mutants.enumerated() {
      try Data(mutant.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(index).yaml"))
    }
    try Data(corpus.schema.text(Wiring.kinds).utf8).write(to: URL(fileURLWithPath: "\(folder)/schema.json"))
    let rejected = try #require(
      try JSONSchemaValidator.rejected(mutants.indices.map { "\(folder)/\($0).yaml" }, by: "\(folder)/schema.json"))
    var proven: Set<String> = []
    for (index, mutant) in mutants.enumerated() {
      let isRejected = rejected.contains("\(folder)/\(index).yaml")
      if mutant.construct == nil {
        #expect(!isRejected, "the schema rejects \(mutant.path)")
        if corpus.documents.contains(mutant.path) {
          #expect(!corpus.findings(in: mutant).contains { $0.severity == .error }, "the check rejects \(mutant.path)")
        }
      } else if isRejected {
        let findings = corpus.findings(in: mutant)
        #expect(findings.contains { $0.severity == .error }, "\(mutant.path): \(mutant.description)")
        proven.formUnion(mutant.construct.map { [$0] } ?? [])
      }
    }
    // What only a runbook's other sections can name is tried there.
    let all = DocumentMutant.constructs(of: schema).filter { corpus.schema != .imported || $0.hasPrefix(".") }
    #expect(all.subtracting(proven).sorted() == [])
  }

  /// Types are named where records are made, and in no one place.
  @Test func `every type of record that a writer names has a form in the schema`() throws {
    let files = try #require(FileManager.default.enumerator(atPath: "\(Places.package)/Sources"))
    var named: Set<String> = Effect.recordTypes
    let making =
      #/
      (?: JournalEntry\( | Self\.entry\( | Type(?::\ String)?\ =\ | \( | recordTypes\ =\ \[ )
      \s* "(?<type>[a-z]+\.[a-z]+)"
      /#
    let families: Set<Substring> = [
      "run", "runbook", "query", "window", "wait", "person", "question", "threshold", "entities", "verdict", "export",
      "script", "notice", "log", "evidence",
    ]
    for case let name as String in files where name.hasSuffix(".swift") {
      for match in try Places.text("\(Places.package)/Sources/\(name)").matches(of: making)
      where families.contains(match.type.prefix { $0 != "." }) {
        named.insert(String(match.type))
      }
    }
    let schema = DocumentSchema.trailRecord.json(Wiring.kinds)
    let known = Set((schema["properties"]?["type"]?["enum"]?.elements ?? []).compactMap(\.text))
    #expect(named.subtracting(known).sorted() == [])
    #expect(known.subtracting(named).sorted() == [])
    #expect(known.filter(RunEvent.isRecorded).count >= 13)
    #expect(schema["allOf"]?.elements?.count == known.count)
  }
}
