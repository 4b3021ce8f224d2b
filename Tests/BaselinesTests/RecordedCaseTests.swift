import Baselines
import Foundation
import Testing
import Values

/// A recorded series, when the spike in it began, and when the alert said so.
struct RecordedCase: CustomTestStringConvertible {
  let name: String
  let spike: Timestamp
  let alert: Timestamp

  init(_ name: String, spike: String, alert: String) {
    self.name = name
    self.spike = Timestamp(rfc3339: "2026-11-23T\(spike)Z") ?? at(0)
    self.alert = Timestamp(rfc3339: "2026-11-23T\(alert)Z") ?? at(0)
  }

  var testDescription: String { name }

  static let all = [
    RecordedCase("blind", spike: "04:34:05.469", alert: "04:34:27.88"),
    RecordedCase("blocked-scan", spike: "04:47:04", alert: "04:47:32.88"),
    RecordedCase("flash-crowd", spike: "04:35:01.452", alert: "04:35:27.88"),
    RecordedCase("known-crawler", spike: "04:34:43.485", alert: "04:35:07.88"),
    RecordedCase("webshell", spike: "04:34:39.523", alert: "04:35:02.88"),
  ]

  func points() throws -> [Series.Point] {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    let answer = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let data = try #require(answer["data"] as? [String: Any])
    let result = try #require((data["result"] as? [[String: Any]])?.first)
    return try #require(result["values"] as? [[Any]]).map { pair in
      let time = try #require((pair.first as? NSNumber).flatMap { Timestamp(secondsSinceEpoch: $0.doubleValue) })
      return Series.Point(time, try #require((pair.last as? String).flatMap { Double($0) }))
    }
  }

  /// From three minutes before the alert to three minutes after it.
  var window: (from: Timestamp, to: Timestamp) {
    (alert.adding(.seconds(-180)) ?? alert, alert.adding(.seconds(180)) ?? alert)
  }

  static let rule = BaselineRule(
    [.level],
    direction: .up, surprise: 2, atLeast: 5, persistence: .points(2, of: 3), minimumHistory: .duration(.seconds(180)))
}

@Suite struct RecordedCaseTests {
  @Test(arguments: RecordedCase.all) func `a recorded spike is found where it began`(_ recorded: RecordedCase) throws {
    let found = try finding(judge(try recorded.points(), window: recorded.window, by: RecordedCase.rule))
    #expect(found.breached)
    let delay = try #require(found.from).since(recorded.spike)
    #expect(delay >= .seconds(-15) && delay <= .seconds(15), "\(delay)")
    #expect(try #require(found.to) > recorded.alert)
    #expect(found.rank == 1)
    let (expected, high) = (try #require(found.expected), try #require(found.high))
    #expect((1.5...3).contains(expected) && found.value > high)
  }

  @Test(arguments: RecordedCase.all, [5.0, nil])
  func `ordinary time before a recorded spike never breaches`(_ recorded: RecordedCase, atLeast: Double?) throws {
    let points = try recorded.points().filter { $0.time < recorded.spike }
    var rule = RecordedCase.rule
    rule.atLeast = atLeast
    var windows = 0
    for start in 36...(points.count - 36) {
      let window = (from: points[start].time, to: points[start + 35].time)
      let found = try finding(judge(points, window: window, by: rule))
      #expect(!found.breached, "\(window.from): \(found)")
      windows += 1
    }
    #expect(windows > 30)
  }

  @Test(arguments: RecordedCase.all, RecordedCase.all)
  func `a spike of one recording stands out of the history of another`(
    _ history: RecordedCase, _ spike: RecordedCase
  ) throws {
    let before = try history.points().filter { $0.time < history.window.from }.map(\.value)
    let judged = try spike.points().filter { spike.window.from <= $0.time && $0.time <= spike.window.to }.map(\.value)
    let places = before.count...(before.count + judged.count - 1)
    let found = try finding(judge(series(before + judged), window: window(places), by: RecordedCase.rule))
    #expect(found.breached, "\(found)")
  }
}
