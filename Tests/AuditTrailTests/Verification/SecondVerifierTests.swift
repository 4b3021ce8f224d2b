import AuditTrail
import DurableFiles
import Foundation
import Testing
import Values

/// A second verifier, in another language and written from the format's page alone, says the same of every change.
@Suite struct SecondVerifierTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
    path: "verify_trail.py"
  ).path

  private static let isPossible = ["/usr/bin/python3", "/usr/local/bin/python3"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private static let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] != nil

  /// A changed trail and what is said of it.
  private struct Variant {
    let name: String
    let files: [String: [UInt8]]
    let answer: String
  }

  private func variant(_ name: String, of trail: VerifiedTrail) throws -> Variant {
    let result = try trail.verify(witnesses: [VerifiedTrail.witnessKey])
    return Variant(
      name: name, files: trail.files.all,
      answer: "\(result.status.rawValue) \(result.firstBad.map { "\($0)" } ?? "-")")
  }

  private func variants() async throws -> [Variant] {
    var variants: [Variant] = []
    let trails: [(String, VerifiedTrail)] = [
      ("whole", try await VerifiedTrail()), ("tail", try await VerifiedTrail(tail: 3)),
      ("unsigned", try await VerifiedTrail(key: nil)),
      ("other key", try await VerifiedTrail(key: VerifiedTrail.otherKey)),
      ("segments", try await VerifiedTrail(middle: 8, tail: 2, segmentLimitBytes: 3_000)),
      ("retained", try await VerifiedTrail.retained()), ("cut", try await VerifiedTrail.cut()),
      ("anchored", try await VerifiedTrail.anchored()),
      ("documents", try await VerifiedTrail(middle: 1, tail: 1, documents: ["runbook", "list", "new"])),
    ]
    for (name, trail) in trails {
      variants.append(try variant(name, of: trail))
      let whole = trail.files.all
      let paths = whole.keys.filter { !$0.hasSuffix("/frontier") && !$0.hasSuffix("/lock") }.sorted()
      for path in paths {
        let bytes = whole[path] ?? []
        func change(_ what: String, _ changed: [UInt8]?) throws {
          trail.files[path] = changed
          variants.append(try variant("\(name): \(path) \(what)", of: trail))
          trail.files[path] = bytes
        }
        try change("removed", nil)
        try change("emptied", [])
        let count = Self.isLong ? 200 : 4
        for step in 0..<count {
          let bit = (step * 7_919 + 13) % max(1, bytes.count * 8)
          guard bit / 8 < bytes.count else { continue }
          var changed = bytes
          changed[bit / 8] ^= 1 << UInt8(bit % 8)
          try change("bit \(bit)", changed)
          try change("cut at \(bit / 8)", Array(bytes[..<(bit / 8)]))
        }
        guard path.hasSuffix(".jsonl") else { continue }
        let lines = bytes.split(separator: 0x0A)
        for index in lines.indices {
          try change("line \(index) deleted", (lines[..<index] + lines[(index + 1)...]).flatMap { $0 + [0x0A] })
          try change("line \(index) doubled", (lines[...index] + lines[index...]).flatMap { $0 + [0x0A] })
        }
      }
    }
    return variants
  }

  @Test(.enabled(if: isPossible, "there is no Python 3"))
  func `both verifiers agree on every changed trail`() async throws {
    let scratch = try ScratchFolder()
    let variants = try await variants()
    #expect(variants.count > 300)
    var folders: [String] = []
    for (index, variant) in variants.enumerated() {
      let folder = "\(scratch.path)/\(index)"
      for (path, bytes) in variant.files {
        let place = "\(folder)/\(path)"
        try Folder.make(Folder.parent(of: place) ?? "/", isDurable: false)
        try scratch.write(bytes, to: place)
      }
      try Folder.make("\(folder)/trail/log", isDurable: false)
      folders.append("\(folder)/trail")
    }
    let answers = try run(folders)
    #expect(answers.count == variants.count)
    var counts: [String: Int] = [:]
    for (variant, answer) in zip(variants, answers) {
      #expect(answer == variant.answer, "\(variant.name)")
      counts[String(answer.split(separator: " ")[0]), default: 0] += 1
    }
    #expect(Set(counts.keys) == ["VERIFIED", "VERIFIED-PREFIX", "TAMPERED", "UNVERIFIABLE"], "\(counts)")
  }

  private func run(_ folders: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["python3", "-B", Self.script, "--batch"]
      + [VerifiedTrail.key?.verifier.text, VerifiedTrail.witnessKey?.text].compactMap(\.self)
    let scratch = try ScratchFolder()
    try scratch.write((folders.joined(separator: "\n") + "\n").utf8, to: "\(scratch.path)/folders")
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(scratch.path)/folders"))
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
