import AuditTrail
import Foundation
import RunbookPorts
import Testing
import Values

/// A small trail in memory, to be changed and verified: two runs with evidence, under a signed checkpoint.
struct VerifiedTrail {
  static let key = SigningKey(name: "tocsin/node-1", seed: [UInt8](repeating: 7, count: 32))
  static let otherKey = SigningKey(name: "tocsin/node-1", seed: [UInt8](repeating: 8, count: 32))

  let files = MemoryFiles()
  let layout = TrailLayout(folder: "trail")

  /// - Parameters:
  ///   - tail: Records that follow the last checkpoint.
  ///   - documents: What the runs rest on; the last is of the run behind the last checkpoint alone.
  init(
    key: SigningKey? = VerifiedTrail.key, middle: Int = 3, tail: Int = 0, segmentLimitBytes: Int = 1 << 20,
    documents: [String] = []
  ) async throws {
    let named = documents.map { text -> JSON in
      files["trail/documents/\(Digest(of: Array(text.utf8)).hexadecimal)"] = Array(text.utf8)
      return .object(["digest": .string(Digest(of: Array(text.utf8)).text), "name": .string("a/\(text).yaml")])
    }
    func runbook(of documents: [JSON]) -> String {
      let lines = documents.map { ($0["digest"]?.text ?? "") + "\n" }.joined()
      return documents.isEmpty ? runbookDigest : Digest(of: Array(lines.utf8)).text
    }
    func opening(_ documents: [JSON]) -> JSON {
      .object([
        "documents": documents.isEmpty ? nil : .array(documents), "runbook": .string("was-i-hacked"),
        "version": .string("1.2.0"),
      ])
    }
    let writer = try TrailWriter(
      folder: layout.folder,
      surroundings: surroundings(files: files, key: key, segmentLimitBytes: segmentLimitBytes))
    for run in ["r1", "r2"] {
      try writer.begin(run: run, runbook: runbook(of: named.dropLast()))
      try await writer.append(
        JournalEntry("run.started", opening(named.dropLast())), to: run, durability: .anchored)
      for index in 0..<middle {
        let rows = Array("rows \(index) of \(run)".utf8) + [UInt8](repeating: 0x61, count: index * 400)
        let evidence = try await writer.keep(rows, mediaType: "application/json")
        try await writer.append(
          JournalEntry("query.answered", .object(["query": .string("q\(index)"), "evidence": evidence.json])), to: run,
          durability: .soon)
      }
      try await writer.append(
        JournalEntry("run.closed", .object(["verdict": .string("blocked"), "severity": .string("low")])), to: run,
        durability: .anchored)
    }
    guard tail > 0 else { return }
    try writer.begin(run: "r3", runbook: runbook(of: named.suffix(1)))
    if let last = named.last {
      try await writer.append(JournalEntry("run.started", opening([last])), to: "r3", durability: .durable)
    }
    for index in 0..<tail {
      try await writer.append(
        JournalEntry("question.answered", .object(["n": .integer(Int64(index))])), to: "r3", durability: .durable)
    }
  }

  func verify(
    keys: [SigningKey?] = [VerifiedTrail.key], leavingOut check: VerifierCheck? = nil, run: String? = nil,
    width: Int = 1
  ) throws -> Verification {
    try TrailVerifier(
      folder: layout.folder, run: run, files: files, keys: keys.compactMap { $0?.verifier }, leavingOut: check,
      width: width
    ).verify()
  }

  /// Verifies the trail with one file changed, and puts the file back.
  func verify(with bytes: [UInt8]?, in path: String) throws -> Verification {
    let whole = files[path]
    defer { files[path] = whole }
    files[path] = bytes
    return try verify()
  }

  var evidencePaths: [String] { files.all.keys.filter { $0.contains("/evidence/") }.sorted() }

  func lines(of path: String? = nil) -> [[UInt8]] {
    (files[path ?? layout.log] ?? []).split(separator: 0x0A).map(Array.init)
  }

  func setLines(_ lines: [[UInt8]]) { files[layout.log] = lines.flatMap { $0 + [0x0A] } }
}
