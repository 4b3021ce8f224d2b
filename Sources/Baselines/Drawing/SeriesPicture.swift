/// A series with its band and its breaches, condensed to as many columns as a picture can show.
///
/// Memory is bounded however long the series is: once there are `limit` columns, neighbours are put together in pairs.
package struct SeriesPicture: Sendable {
  /// What happened in a span of time.
  package struct Column: Sendable {
    package var from: Double
    package var to: Double
    package var least: Double
    package var greatest: Double
    package var expected: Double?
    package var low: Double?
    package var high: Double?
    /// The farthest out of the values that breached.
    package var breach: Double?
    /// Seconds since 1970.
    package var breachedAt: Double?
    /// Between it and the one before nothing was measured that should have been.
    package var isAfterGap = false

    mutating func take(_ other: Column) {
      to = other.to
      least = min(least, other.least)
      greatest = max(greatest, other.greatest)
      expected = other.expected ?? expected
      low = other.low ?? low
      high = other.high ?? high
      if other.breach != nil { (breach, breachedAt) = (other.breach, other.breachedAt) }
    }
  }

  private let limit: Int
  package private(set) var columns: [Column] = []
  /// How many rows each column but the last stands for.
  private var rowsPerColumn = 1
  private var rowsInLast = 0
  private var isInterrupted = false

  package init(limit: Int = 1_200) { self.limit = max(2, limit) }

  package mutating func take(_ seconds: Double, _ value: Double, _ judgement: PointJudgement, isBreached: Bool) {
    let column = Column(
      from: seconds, to: seconds, least: value, greatest: value, expected: judgement.expected, low: judgement.low,
      high: judgement.high, breach: isBreached ? value : nil, breachedAt: isBreached ? seconds : nil,
      isAfterGap: isInterrupted)
    isInterrupted = false
    if rowsInLast < rowsPerColumn, !columns.isEmpty, !column.isAfterGap || rowsPerColumn > 1 {
      columns[columns.count - 1].take(column)
      rowsInLast += 1
    } else {
      if columns.count == limit { halve() }
      columns.append(column)
      rowsInLast = 1
    }
  }

  /// What comes next is not joined with what was taken so far.
  package mutating func interrupt() { isInterrupted = !columns.isEmpty }

  private mutating func halve() {
    columns = stride(from: 0, to: columns.count, by: 2).map { place in
      var column = columns[place]
      if place + 1 < columns.count { column.take(columns[place + 1]) }
      return column
    }
    rowsPerColumn *= 2
  }

  /// The same with at most so many columns.
  func condensed(to count: Int) -> [Column] {
    guard columns.count > count, count > 0 else { return columns }
    return (0..<count).compactMap { place in
      let part = columns[place * columns.count / count..<(place + 1) * columns.count / count]
      return part.dropFirst().reduce(into: part.first) { $0?.take($1) }
    }
  }

  /// From the least to the greatest value shown; what the band alone reaches counts up to half as much again.
  var span: ClosedRange<Double>? {
    guard let first = columns.first else { return nil }
    let least = columns.reduce(first.least) { min($0, $1.least) }
    let greatest = columns.reduce(first.greatest) { max($0, $1.greatest) }
    let margin = (greatest - least) / 2
    let low = columns.lazy.compactMap(\.low).min().map { max($0, least - margin) } ?? least
    let high = columns.lazy.compactMap(\.high).max().map { min($0, greatest + margin) } ?? greatest
    // A band may reach below zero where no value can.
    let (bottom, top) = (least >= 0 ? max(0, min(least, low)) : min(least, low), max(greatest, high))
    return bottom == top ? bottom - 1...top + 1 : bottom...top
  }
}
