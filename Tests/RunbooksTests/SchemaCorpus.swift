import Diagnostics
import Foundation

import RunbookLanguage
import RunbookPorts

@testable import RunbookEngine
@testable import tocsin

/// Good documents of one kind, and how the check looks at one.
struct SchemaCorpus: Sendable, CustomStringConvertible {
  let schema: DocumentSchema
  /// Paths of documents with every key, which are changed in many ways.
  let documents: [String]
  /// Paths of others, which are good as they are.
  let shipped: [String]

  var description: String { schema.rawValue }

  private static let own = "\(Places.package)/Tests/RunbooksTests/Corpus"
  static let all = [
    SchemaCorpus(schema: .runbook, documents: ["\(own)/every.runbook.yaml"], shipped: runbooks(".runbook.yaml")),
    SchemaCorpus(schema: .imported, documents: ["\(own)/shared.yaml"], shipped: []),
    SchemaCorpus(schema: .tests, documents: ["\(own)/every.tests.yaml"], shipped: runbooks(".tests.yaml")),
    SchemaCorpus(
      schema: .config, documents: ["\(own)/every.tocsin.yaml", "\(own)/outbox.tocsin.yaml"],
      shipped: runbooks("tocsin.yaml")),
  ]

  private static func runbooks(_ ending: String) -> [String] {
    let folder = "\(Places.package)/Runbooks"
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
  }

  /// The runbook that cases are put to.
  private static let every: CheckedRunbook? = {
    guard case .success(let document) = DocumentFiles().load("\(own)/every.runbook.yaml") else { return nil }
    return RunbookCheck(files: DocumentFiles(), validators: []).check(document, in: nil).runbook
  }()

  /// What the check says of a document that stands in the place of a good one.
  func findings(in mutant: DocumentMutant) -> [Diagnostic] {
    let source = SourceText(name: mutant.path, bytes: mutant.bytes)
    switch schema {
    case .config: return DeploymentReader(kinds: Wiring.kinds).read(source).findings
    case .tests:
      guard let every = Self.every else { return [] }
      return CaseReader(files: DocumentFiles()).read(source, for: every).findings
    case .imported:
      var files = DocumentOverlay()
      files.contents[PathName.plain(mutant.path)] = mutant.bytes
      guard case .success(let document) = files.load("\(Self.own)/every.runbook.yaml") else { return [] }
      return RunbookCheck(files: files, validators: []).check(document, in: nil).findings
    case .runbook, .list, .trailRecord:
      return RunbookCheck(files: DocumentFiles(), validators: []).check(source, in: nil).findings
    }
  }
}

/// A JSON Schema validator that is not ours: `check-jsonschema`, from the Python package index.
enum JSONSchemaValidator {
  static let path: String? = {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["TOCSIN_CHECK_JSONSCHEMA"].map { [$0] } ?? []
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/check-jsonschema" }
    return (named + folders).first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// The files that the schema rejects; those that are no YAML are not among them.
  static func rejected(_ files: [String], by schema: String) throws -> Set<String>? {
    guard let path else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["--schemafile", schema, "--output-format", "json", "--no-cache"] + files
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let errors = json?["errors"] as? [[String: Any]]
    return errors.map { Set($0.compactMap { $0["filename"] as? String }) }
  }
}
