import Foundation

/// How much processor time something takes: the least and the median of many batches. Other processes disturb it less
/// than the time on the wall.
struct Timing {
  /// Nanoseconds for one operation, of all threads together.
  let least: Double
  let median: Double

  /// Runs an operation in batches, each long enough for the clock, after one batch that is not counted.
  ///
  /// - Parameter batches: How many are counted.
  /// - Parameter batchTime: How long one batch lasts at least, in seconds.
  init(batches: Int = 15, batchTime: Double = 0.02, _ operation: () throws -> Void) rethrows {
    var repeats = 1
    while true {
      let spent = try Self.seconds { for _ in 0..<repeats { try operation() } }
      if spent >= batchTime { break }
      repeats = spent <= 0 ? repeats * 2 : max(repeats + 1, min(repeats * 10, Int(batchTime / spent * Double(repeats))))
    }
    var samples: [Double] = []
    for _ in 0..<batches {
      let spent = try Self.seconds { for _ in 0..<repeats { try operation() } }
      samples.append(spent * 1e9 / Double(repeats))
    }
    samples.sort()
    least = samples[0]
    median = samples[samples.count / 2]
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = processorTime()
    try work()
    return processorTime() - start
  }

  static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// One line: the name, the least and the median, and how many there are in a second at the least time.
  func report(_ name: String) {
    print("\(name)\t\(Int(least)) ns\t(median \(Int(median)))\t\(Int(1e9 / max(least, 1)))/s")
  }
}

/// Keeps the optimizer from leaving out what made a value.
@inline(never)
func keep<T>(_ value: T) { withExtendedLifetime(value) {} }
