import AuditTrail
import Foundation
import RunbookEngine

/// Recorded runs of a runbook replayed from a trail on the disk, all of them, on all cores. With 0 runs it records none, and
/// replays once what the folder has, for counting instructions.
enum ReplayMeasurement: Measurement {
  static let name = "replay"
  static let usage = "[RUNS [TRAIL_FOLDER]]"

  private static let rounds = 3

  static func run(_ arguments: [String]) throws {
    let runs = arguments.first.flatMap(Int.init) ?? 2_000
    let folder = arguments.count > 1 ? arguments[1] : NSTemporaryDirectory() + "tocsin-bench-\(getpid())"
    guard runs > 0 else { return print("same\t\(try replay(folder)) runs") }
    defer { if arguments.count < 2 { try? FileManager.default.removeItem(atPath: folder) } }
    let incident = try MemoryIncident()
    try TrailMeasurement.waiting {
      let engine = incident.engine(try incident.trail(in: folder))
      for _ in 0..<runs { _ = try await engine.run(incident.request) }
    }
    let bytes = try FileManager.default.attributesOfItem(atPath: TrailLayout(folder: folder).log)[.size] as? Int ?? 0
    print("recorded\t\(runs) runs\t\(bytes / max(1, runs)) bytes each")
    for _ in 1...rounds {
      let (clock, processor) = (ContinuousClock(), Timing.processorTime())
      var same = 0
      let spent = try clock.measure { same = try replay(folder) }
      guard same == runs else { throw MeasurementError("\(same) of \(runs) runs replay to the same") }
      let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
      let used = Timing.processorTime() - processor
      print(
        "replayed\t\(Int(Double(runs) / seconds)) runs/s\t\(Int(used / Double(runs) * 1e6)) µs of processor time each")
    }
  }

  /// - Returns: How many runs replay to the same.
  private static func replay(_ folder: String) throws -> Int {
    var same = 0
    _ = try TrailReplay(TrailReader(folder: folder), semantics: ["1"]).replayAll { run in
      if case .replayed(let replay) = run, case .same = replay.finding { same += 1 }
    }
    return same
  }
}
