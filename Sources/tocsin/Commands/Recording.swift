import Baselines
import Values

/// A series in a file of `timestamp,value`.
enum Recording {
  private static let lineLimit = 1 << 20
  /// Most points that are held.
  private static let pointLimit = 10_000_000

  /// - Returns: The points in order of time, the first of several for one instant.
  static func points(_ path: String) throws(Unusable) -> [Series.Point] {
    var lines = try InputLines(path, lineLimit: lineLimit)
    var columns: SeriesColumns?
    var points: [Series.Point] = []
    var number = 0
    while let line = try lines.next() {
      number += 1
      if line.isEmpty { continue }
      if columns == nil {
        let names = line.withUnsafeBufferPointer { SeriesLine.fields(of: $0) }
        columns = SeriesColumns(header: names, time: "timestamp", value: "value") ?? SeriesColumns()
        if line.withUnsafeBufferPointer({ SeriesLine($0, columns ?? SeriesColumns()) == nil }) { continue }
      }
      let found = line.withUnsafeBufferPointer { bytes in
        SeriesLine(bytes, columns ?? SeriesColumns()).map { ($0.seconds, $0.value) }
      }
      guard let (seconds, value) = found, let time = Timestamp(secondsSinceEpoch: seconds) else {
        throw Unusable("\(path):\(number): no row of an instant and a number")
      }
      guard points.count < pointLimit else { throw Unusable("'\(path)' has more than \(pointLimit) points") }
      if let last = points.last, time <= last.time {
        guard time < last.time else { continue }
        throw Unusable("\(path):\(number): earlier than the line before it")
      }
      points.append(Series.Point(time, value))
    }
    return points
  }
}
