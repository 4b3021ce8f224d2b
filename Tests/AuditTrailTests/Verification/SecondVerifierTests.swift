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
    /// The verifiers are given the key of a witness.
    let isWitnessed: Bool
    let answer: String
  }

  private func variant(_ name: String, of trail: VerifiedTrail, isWitnessed: Bool) throws -> Variant {
    let result = try trail.verify(witnesses: isWitnessed ? [VerifiedTrail.witnessKey] : [])
    return Variant(
      name: name, files: trail.files.all, isWitnessed: isWitnessed,
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
      ("begun", try await VerifiedTrail.begun()),
      ("documents", try await VerifiedTrail(middle: 1, tail: 1, documents: ["runbook", "list", "new"])),
    ]
    variants.append(try variant("no word of a witness", of: trails[0].1, isWitnessed: true))
    for (name, trail) in trails {
      let isWitnessed = name == "anchored"
      variants.append(try variant(name, of: trail, isWitnessed: isWitnessed))
      let whole = trail.files.all
      let paths = whole.keys.filter { !$0.hasSuffix("/frontier") && !$0.hasSuffix("/lock") }.sorted()
      for path in paths {
        let bytes = whole[path] ?? []
        func change(_ what: String, _ changed: [UInt8]?) throws {
          trail.files[path] = changed
          variants.append(try variant("\(name): \(path) \(what)", of: trail, isWitnessed: isWitnessed))
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
    for member in VerifiedTrail.ambiguous + VerifiedTrail.unambiguous {
      let trail = try await VerifiedTrail(tail: 2)
      try trail.rewriteLast(member: member)
      variants.append(try variant("signed with \(member.prefix(40))", of: trail, isWitnessed: false))
    }
    for version in ["0", "2", "true", "1.5", "\"1\"", "9007199254740993", "[]"] {
      for index in [0, 4, 12] {
        let trail = try await VerifiedTrail(tail: 2)
        try trail.rewrite(keepingLinks: true) { lines in
          lines[index] = try lines[index].edited { $0.replacing("\"v\":1", with: "\"v\":\(version)") }
        }
        variants.append(try variant("record \(index) signed as of version \(version)", of: trail, isWitnessed: false))
      }
    }
    return variants
  }

  @Test(.enabled(if: isPossible, "there is no Python 3"))
  func `both verifiers agree on every changed trail`() async throws {
    let scratch = try ScratchFolder()
    let variants = try await variants()
    #expect(variants.count > 300)
    var folders: [Bool: [String]] = [:]
    for (index, variant) in variants.enumerated() {
      let folder = "\(scratch.path)/\(index)"
      for (path, bytes) in variant.files {
        let place = "\(folder)/\(path)"
        try Folder.make(Folder.parent(of: place) ?? "/", isDurable: false)
        try scratch.write(bytes, to: place)
      }
      try Folder.make("\(folder)/trail/log", isDurable: false)
      folders[variant.isWitnessed, default: []].append("\(folder)/trail")
    }
    var counts: [String: Int] = [:]
    for (isWitnessed, folders) in folders {
      let variants = variants.filter { $0.isWitnessed == isWitnessed }
      let answers = try run(folders, isWitnessed: isWitnessed)
      #expect(answers.count == variants.count)
      for (variant, answer) in zip(variants, answers) {
        #expect(answer == variant.answer, "\(variant.name)")
        counts[String(answer.split(separator: " ")[0]), default: 0] += 1
      }
    }
    #expect(Set(counts.keys) == ["VERIFIED", "VERIFIED-PREFIX", "TAMPERED", "UNVERIFIABLE"], "\(counts)")
  }

  @Test(.enabled(if: isPossible, "there is no Python 3"))
  func `both verifiers agree on every changed case`() async throws {
    var kinds: Set<String> = []
    for (name, run, tail, key) in [
      ("closed", "r1", 0, VerifiedTrail.key), ("open", "r3", 2, VerifiedTrail.key),
      ("other key", "r1", 0, VerifiedTrail.otherKey), ("unsigned", "r1", 0, nil),
    ] {
      let trail = try await VerifiedTrail(key: key, middle: 2, tail: tail, documents: ["runbook", "list", "new"])
      kinds.formUnion(try compare(name, trail, run: run, key: key, isWitnessed: false))
    }
    let anchored = try await VerifiedTrail.anchored()
    kinds.formUnion(try compare("anchored", anchored, run: "r1", key: VerifiedTrail.key, isWitnessed: true))
    #expect(kinds == ["VERIFIED", "VERIFIED-PREFIX", "TAMPERED", "UNVERIFIABLE", "NOTHING"])
  }

  /// Exports a run, changes the case in every way, and asks both.
  ///
  /// - Returns: The kinds of answers.
  private func compare(
    _ name: String, _ trail: VerifiedTrail, run: String, key: SigningKey?, isWitnessed: Bool
  ) throws -> Set<String> {
    let scratch = try ScratchFolder()
    var (folders, answers): ([String], [(name: String, answer: String)]) = ([], [])
    let whole = "\(scratch.path)/\(name).case"
    let reader = TrailReader(folder: trail.layout.folder, files: trail.files)
    _ = try CaseExport(reader, key: key).write(run: run, to: whole)
    for variant in try Self.changes(of: MemoryFiles(copying: whole).all) {
      let folder = "\(scratch.path)/\(folders.count)"
      for (path, bytes) in variant.files {
        let place = folder + path.dropFirst(whole.count)
        try Folder.make(Folder.parent(of: place) ?? "/", isDurable: false)
        try scratch.write(bytes, to: place)
      }
      folders.append(folder)
      answers.append(("\(name): \(variant.name)", Self.answer(of: folder, isWitnessed: isWitnessed)))
    }
    let found = try self.run(folders, as: "--cases", isWitnessed: isWitnessed)
    #expect(found.count == answers.count && found.count > 50)
    for (expected, answer) in zip(answers, found) { #expect(answer == expected.answer, "\(expected.name)") }
    return Set(found.map { String($0.split(separator: " ")[0]) })
  }

  private static func answer(of folder: String, isWitnessed: Bool) -> String {
    let keys = [VerifiedTrail.key?.verifier].compactMap(\.self)
    let witnesses = isWitnessed ? [VerifiedTrail.witnessKey].compactMap(\.self) : []
    guard let result = try? CaseVerifier(folder: folder, keys: keys, witnesses: witnesses).verify() else {
      return "NOTHING -"
    }
    return "\(result.status.rawValue) \(result.firstBad.map { "\($0)" } ?? "-")"
  }

  /// The files of a case, as they are and with each of them changed in one way.
  private static func changes(of files: [String: [UInt8]]) -> [(name: String, files: [String: [UInt8]])] {
    var changes = [(name: "whole", files: files)]
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
      func change(_ what: String, _ changed: [UInt8]?) {
        var files = files
        files[path] = changed
        changes.append(("\(path.split(separator: "/").suffix(2).joined(separator: "/")) \(what)", files))
      }
      change("removed", nil)
      change("emptied", [])
      for step in 0..<(isLong ? 200 : 3) {
        let bit = (step * 7_919 + 13) % max(1, bytes.count * 8)
        guard bit / 8 < bytes.count else { continue }
        var changed = bytes
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        change("bit \(bit)", changed)
        change("cut at \(bit / 8)", Array(bytes[..<(bit / 8)]))
      }
    }
    return changes
  }

  private func run(_ folders: [String], as mode: String = "--batch", isWitnessed: Bool) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["python3", "-B", Self.script, mode]
      + [VerifiedTrail.key?.verifier.text, isWitnessed ? VerifiedTrail.witnessKey?.text : nil].compactMap(\.self)
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
