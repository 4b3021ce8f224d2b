#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Whether a series falls silent, or goes on with one and the same value: what no other detector sees.
///
/// - *Silence*: the seconds since the point before, among the earlier steps, by `CalibratedTail`. Steps of one length have
///   an excess of next to nothing, so a step counts from 4 usual ones (their median) on. A series that ends has no
///   point that could tell; `silence(until:)` asks about now.
/// - *Flat line*: how many times in a row the value has been the same, among the lengths of the earlier such runs; from 10
///   on, and from 3 times the longest run so far. A series that was flat more than half of the time is not judged: standing still is its way.
///
/// The surprise is the greater of the two. A run is told once; `ScoreFilter` makes the score, without a cool-down. Units: seconds. Memory: 16
/// bytes for each row remembered. Cost: less than half a microsecond a row.
package struct SilenceDetector: SeriesDetector {
  private static let leastSteps = 4.0
  private static let leastRun = 10
  private static let leastRunRatio = 3
  private static let fewestSteps = 30

  private let settings: DetectorSettings
  private var gate = SeriesGate()
  private var last: (seconds: Double, value: Double)?
  private var steps: CalibratedTail
  private var usual = SortedWindow(capacity: 1_000)
  private var rows = 0
  private var flatRows = 0
  private var run = 1
  private var longestRun = 1
  private var hasToldRun = false
  private var filter: ScoreFilter

  package init(_ settings: DetectorSettings = DetectorSettings()) {
    self.settings = settings
    steps = CalibratedTail(memory: settings.memory, levelAt: settings.surprise)
    filter = ScoreFilter(cooldownRows: 0, memory: settings.memory)
  }

  package mutating func observe(_ seconds: Double, _ value: Double) -> PointJudgement {
    if let omission = gate.admit(seconds, value) { return PointJudgement(score: nil, omission: omission) }
    let before = last?.value
    let surprise = max(silence(until: seconds), flatness(value + 0))
    if let last {
      let step = seconds - last.seconds
      steps.learn(step, at: steps.place(of: step))
      usual.insert(step)
    }
    last = (seconds, value + 0)
    rows += 1
    return PointJudgement(score: filter.score(surprise), surprise: surprise, expected: before)
  }

  /// How surprising it is that nothing was measured from the last point to an instant.
  package mutating func silence(until seconds: Double) -> Double {
    guard let last, rows > Self.fewestSteps else { return 0 }
    let step = seconds - last.seconds
    guard step >= Self.leastSteps * usual.median else { return 0 }
    return steps.judge(step, at: steps.place(of: step)).surprise
  }

  private mutating func flatness(_ value: Double) -> Double {
    guard let last, last.value == value else {
      if run > 1 { longestRun = max(longestRun, run) }
      (run, hasToldRun) = (1, false)
      return 0
    }
    run += 1
    flatRows += 1
    guard !hasToldRun, rows >= Self.fewestSteps, 2 * (flatRows - run) < rows - run, run >= Self.leastRun,
      run >= Self.leastRunRatio * longestRun
    else { return 0 }
    hasToldRun = true
    // The rule of succession for a run as long: of `rows` rows none began one.
    return min(log10(Double(rows + 1)), CalibratedTail.limit)
  }
}
