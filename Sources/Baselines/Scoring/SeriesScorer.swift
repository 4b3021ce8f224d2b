/// Judges a series line by line: lines of comma-separated values in, rows with scores out.
///
/// What is remembered of what was read does not grow: the detector's rows, and a condensed picture if one is wanted.
package struct SeriesScorer: Sendable {
  package struct Settings: Sendable {
    package var kinds = BaselineKind.defaults
    package var detector = DetectorSettings()
    /// The names of the columns with the instant and the value; `nil`: `timestamp` and `value`, or the first two.
    package var columns: (time: String, value: String)?
    /// The values are readings of a counter; its rate is judged.
    package var isCounter = false
    package var drawsPicture = false
    /// What ends each row, such as the file's name.
    package var suffix: String?

    package init() {}
  }

  /// What is wrong with a line.
  package enum Problem: Hashable, Sendable {
    /// There is no such column: no row can be read.
    case noColumns(String)
    case notARow
  }

  package private(set) var rows = 0
  package private(set) var breaches = 0
  /// Rows that were read but are no part of a series in order.
  package private(set) var omitted = 0
  package private(set) var picture: SeriesPicture?
  private let settings: Settings
  // Of the settings, which many files share: to take them out for each row, two threads would wait for one another.
  private let surprise: Double
  private let suffix: [UInt8]
  private var detector: CombinedDetector
  private var columns: SeriesColumns?
  private var counter: CounterRate?

  package init(_ settings: Settings) {
    self.settings = settings
    surprise = settings.detector.surprise
    detector = CombinedDetector(settings.kinds, settings.detector)
    counter = settings.isCounter ? CounterRate() : nil
    picture = settings.drawsPicture ? SeriesPicture() : nil
    suffix = settings.suffix.map { Array(("," + $0).utf8) } ?? []
  }

  /// - Parameter line: Without its break.
  /// - Parameter rows: Where the scored row is put, one for each row read, also for one that is not to be judged.
  package mutating func take(_ line: UnsafeBufferPointer<UInt8>, into rows: inout [UInt8]) -> Problem? {
    guard let columns else { return takeFirst(line, into: &rows) }
    return takeRow(line, columns, into: &rows)
  }

  /// A header, or a row already.
  private mutating func takeFirst(_ line: UnsafeBufferPointer<UInt8>, into rows: inout [UInt8]) -> Problem? {
    var line = line
    // A byte order mark is no part of a name.
    if line.count >= 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { line = .init(rebasing: line[3...]) }
    let names = SeriesLine.fields(of: line)
    let wanted = settings.columns ?? ("timestamp", "value")
    if let found = SeriesColumns(header: names, time: wanted.time, value: wanted.value) {
      columns = found
      return nil
    }
    if settings.columns != nil {
      return .noColumns(names.contains(wanted.time) ? wanted.value : wanted.time)
    }
    guard names.count >= 2 else { return .noColumns("value") }
    let columns = SeriesColumns()
    self.columns = columns
    return SeriesLine(line, columns) == nil ? nil : takeRow(line, columns, into: &rows)
  }

  private mutating func takeRow(
    _ line: UnsafeBufferPointer<UInt8>, _ columns: SeriesColumns, into rows: inout [UInt8]
  ) -> Problem? {
    guard let row = SeriesLine(line, columns) else { return .notARow }
    self.rows += 1
    var value = row.value
    var judgement = PointJudgement(score: nil, omission: .notANumber)
    if counter != nil {
      if let rate = counter?.rate(row.seconds, row.value) {
        value = rate
        judgement = detector.observe(row.seconds, rate)
      }
    } else {
      judgement = detector.observe(row.seconds, value)
    }
    let isBreached = judgement.omission == nil ? judgement.isBreach(at: surprise) : nil
    if isBreached == nil { omitted += 1 }
    if isBreached == true { breaches += 1 }
    if isBreached != nil { picture?.take(row.seconds, value, judgement, isBreached: isBreached ?? false) }
    ScoredRow.append(
      time: row.timeText, value: row.valueText, judgement, isBreached: isBreached, suffix: suffix, to: &rows)
    return nil
  }
}
