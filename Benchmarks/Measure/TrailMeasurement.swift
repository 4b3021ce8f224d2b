import AuditTrail
import DurableFiles
import Foundation
import RunbookPorts
import Synchronization
import Values

/// The trail: durable records beside plain batches of the same bytes, and verification beside `sha256sum`.
enum TrailMeasurement: Measurement {
  static let name = "trail"
  static let usage = "FOLDER [MEGABYTES] [RUNS IN FLIGHT]"

  private static let seconds = 3.0
  private static let runbook = "sha256:" + String(repeating: "ab", count: 32)
  /// So that a record is a kibibyte long.
  private static let text = String(repeating: "x", count: 520)

  static func run(_ arguments: [String]) throws {
    guard let folder = arguments.first, !Folder.exists(folder) else {
      throw MeasurementError("name a folder that is not there yet")
    }
    let megabytes = arguments.dropFirst().first.flatMap { Int($0) } ?? 256
    let flight = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 64
    try Folder.make(folder)
    var ratios: [Double] = []
    for round in 1...3 {
      let plain = try plainRate(in: "\(folder)/plain-\(round)", flight: flight)
      let durable = try waiting { try await durableRate(in: "\(folder)/durable-\(round)", flight: flight) }
      ratios.append(plain / durable)
      print("durable records, \(flight) in flight\t\(Int(durable))/s\tplain batches of the same bytes\t\(Int(plain))/s")
    }
    print("plain batches : durable records\t\(ratios.map { String(format: "%.2f", $0) }.joined(separator: " "))")
    try verification(in: "\(folder)/long", megabytes: megabytes)
  }

  private static func surroundings() -> TrailSurroundings {
    TrailSurroundings(
      node: "bench", bootID: "bench", engine: .init(version: "0", semantics: "1"), clock: MeasuringClock(),
      randomBytes: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } },
      key: SigningKey(name: "bench", seed: [UInt8](repeating: 7, count: 32)), segmentLimitBytes: 4 << 30,
      gatheringDelay: TrailSurroundings.usualGatheringDelay)
  }

  private static var entry: JournalEntry { JournalEntry("question.answered", .object(["text": .string(text)])) }

  /// Records a second of many runs, each of which waits for the disk after each record.
  private static func durableRate(in folder: String, flight: Int) async throws -> Double {
    let writer = try TrailWriter(folder: folder, surroundings: surroundings())
    let end = ContinuousClock.now + .seconds(seconds)
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<flight {
        try writer.begin(run: "r\(index)", runbook: runbook)
        group.addTask {
          var count = 0
          while ContinuousClock.now < end {
            try await writer.append(entry, to: "r\(index)", durability: .durable)
            count += 1
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
    return Double(count) / seconds
  }

  /// Kibibytes a second that are written in batches of so many, each batch with one wait for the disk.
  private static func plainRate(in path: String, flight: Int) throws -> Double {
    let file = try OpenFile(path, for: .appending)
    let batch = [UInt8](repeating: 0x78, count: flight * 1_024)
    let end = ContinuousClock.now + .seconds(seconds)
    var count = 0
    while ContinuousClock.now < end {
      try file.write(batch)
      try file.synchronize()
      count += flight
    }
    return Double(count) / seconds
  }

  private static func verification(in folder: String, megabytes: Int) throws {
    try waiting { try await fill(folder, megabytes: megabytes) }
    let layout = TrailLayout(folder: folder)
    let key = SigningKey(name: "bench", seed: [UInt8](repeating: 7, count: 32))?.verifier
    let clock = ContinuousClock()
    for _ in 1...3 {
      let own = try clock.measure {
        let result = try TrailVerifier(folder: folder, keys: [key].compactMap(\.self)).verify()
        guard result.status == .verified else { throw MeasurementError("\(result.status) \(result.problems)") }
      }
      let other = try clock.measure {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = [layout.log]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
      }
      print(
        "verify \(megabytes) MB on one core\t\(own)\tsha256sum\t\(other)\tratio\t"
          + String(format: "%.2f", own / other))
    }
  }

  private static func fill(_ folder: String, megabytes: Int) async throws {
    let writer = try TrailWriter(folder: folder, surroundings: surroundings())
    for run in 0..<(megabytes * 1_000 / 50) {
      let name = "r\(run)"
      try writer.begin(run: name, runbook: runbook)
      for _ in 0..<49 { try await writer.append(entry, to: name, durability: .soon) }
      try await writer.append(
        JournalEntry("run.closed", .object(["verdict": .string("benign")])), to: name, durability: .soon)
    }
    try writer.begin(run: "last", runbook: runbook)
    try await writer.append(entry, to: "last", durability: .anchored)
  }

  static func waiting<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
  ) throws -> Result {
    let result = Mutex<Swift.Result<Result, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
    Task {
      do {
        let value = try await work()
        result.withLock { $0 = .success(value) }
      } catch { result.withLock { $0 = .failure(error) } }
      done.signal()
    }
    done.wait()
    guard let found = result.withLock({ $0 }) else { throw MeasurementError("nothing came back") }
    return try found.get()
  }
}
