import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Testing
import Values

/// Power failures at every operation of a writer on a simulated disk. `TOCSIN_LONG_TESTS=1` tries 100,000 states.
@Suite struct CrashTests {
  private static let isLong = ProcessInfo.processInfo.environment["TOCSIN_LONG_TESTS"] != nil
  private static let stateCount = isLong ? 100_000 : 500

  /// The same numbers for the same seed.
  private struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0xD1B5_4A32_D192_ED03 }

    mutating func callAsFunction(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state >> 11) % max(1, limit)
    }
  }

  private func lines(_ contents: [String: [UInt8]]) -> [[UInt8]] {
    let segments = contents.keys.filter { $0.hasPrefix("trail/log/trail") && $0.hasSuffix(".jsonl") }
    let ordered = segments.sorted { $0 == "trail/log/trail.jsonl" || ($1 != "trail/log/trail.jsonl" && $0 < $1) }
    return ordered.flatMap { (contents[$0] ?? []).split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() }
      .map(Array.init)
  }

  /// Runs with evidence, files that follow each other, and a second start.
  private func work(on files: CrashingFiles, name: String, isSigned: Bool, gathers: Bool) async throws {
    for start in 0..<2 {
      let writer = try TrailWriter(
        folder: "trail",
        surroundings: surroundings(
          files: files, key: isSigned ? VerifiedTrail.key : nil, segmentLimitBytes: 4_000,
          gatheringDelay: gathers ? .seconds(60) : nil))
      let run = "\(name)-\(start)"
      try writer.begin(run: run, runbook: runbookDigest)
      for index in 0..<4 {
        let evidence = try await writer.keep(
          [UInt8](repeating: UInt8(index), count: index % 2 == 0 ? 20 : 600), mediaType: "x/y")
        try await writer.append(JournalEntry("t", .object(["evidence": evidence.json])), to: run, durability: .soon)
        guard index % 2 == 1 else { continue }
        try await writer.append(JournalEntry("t", .object(["n": .integer(1)])), to: run, durability: .durable)
        files.promise(.durable(lines: lines(files.all).count))
      }
      try await writer.append(
        JournalEntry("run.closed", .object(["verdict": .string("blocked")])), to: run, durability: .anchored)
      files.promise(.anchored(lines: lines(files.all).count))
    }
  }

  @Test(arguments: [true, false], [true, false])
  func `no crash loses a promised record, invents one, or looks like a change`(
    isSigned: Bool, gathers: Bool
  ) async throws {
    let files = CrashingFiles()
    try await work(on: files, name: "r", isSigned: isSigned, gathers: gathers)
    let written = lines(files.all)
    let count = files.operations.count
    for state in 0..<(Self.stateCount / 4) {
      var dice = Dice(UInt64(state) &+ (isSigned ? 0 : 1 << 40) &+ (gathers ? 1 << 41 : 0))
      let crash = Self.isLong ? dice(count + 1) : (state * count) / (Self.stateCount / 4)
      let remains = files.remains(after: crash) { dice($0) }
      try await judge(remains, files.operations.prefix(crash), written, isSigned, "seed \(state), crash at \(crash)")
      guard dice(8) == 0 else { continue }
      // The power fails again while the trail is opened.
      let second = CrashingFiles(remains)
      _ = try TrailWriter(
        folder: "trail",
        surroundings: surroundings(files: second, key: isSigned ? VerifiedTrail.key : nil, segmentLimitBytes: 4_000))
      let again = dice(second.operations.count + 1)
      try await judge(
        second.remains(after: again) { dice($0) }, files.operations.prefix(crash), written, isSigned,
        "seed \(state), crash at \(crash) and at \(again) of the recovery")
    }
  }

  private func judge(
    _ remains: [String: [UInt8]], _ operations: some Collection<CrashingFiles.Operation>, _ written: [[UInt8]],
    _ isSigned: Bool, _ name: String
  ) async throws {
    var (durable, anchored) = (0, 0)
    for case .promise(let promise) in operations {
      switch promise {
      case .durable(let lines): durable = max(durable, lines)
      case .anchored(let lines): (durable, anchored) = (max(durable, lines), max(anchored, lines))
      }
    }
    let files = MemoryFiles(remains)
    func verified() throws -> Verification? {
      try? TrailVerifier(folder: "trail", files: files, keys: [VerifiedTrail.key?.verifier].compactMap(\.self)).verify()
    }
    if durable > 0 {
      let result = try verified()
      #expect(result?.status != .tampered, "\(name): \(result?.problems ?? [])")
    }
    let settings = { surroundings(files: files, key: isSigned ? VerifiedTrail.key : nil, segmentLimitBytes: 4_000) }
    do { _ = try TrailWriter(folder: "trail", surroundings: settings()) } catch {
      Issue.record("\(name): \(error.message)")
      return
    }
    let found = lines(files.all)
    let isKept = found.prefix(durable) == written.prefix(durable)
    #expect(isKept, "\(name): a promised record is lost")
    var rest = written[...]
    for line in found where !String(decoding: line, as: UTF8.self).contains("\"type\":\"log.") {
      let place = rest.firstIndex(of: line)
      let isWritten = place != nil
      #expect(isWritten, "\(name): a record that nobody wrote")
      rest = written[((place ?? 0) + 1)...]
    }
    let result = try verified()
    #expect(result?.status != .tampered, "\(name): \(result?.problems ?? [])")
    #expect(result?.covered ?? 0 >= anchored, "\(name): a promised checkpoint is lost")
    let after = files.all
    _ = try TrailWriter(folder: "trail", surroundings: settings())
    let changed = files.all.filter { after[$0.key] != $0.value }.keys.sorted()
    #expect(changed.isEmpty, "\(name): a second recovery changed something")
  }
}
