import Baselines
import Foundation
import SeriesSamples
import Values

/// Judges made series with every kind of detector, and prints what each of them found and what it cried for nothing.
///
///     baseline-study table               the table of Benchmarks/baselines/README.md
///     baseline-study windows             the same of thresholds, which judge windows
///     baseline-study calibration         what a surprise comes to where nothing happens
///     baseline-study new_values          a picture of first appearances, as SVG
///     baseline-study series weekly 1 spike    one of the series, as `timestamp,value`
///     baseline-study digest              a digest of all that is told, for comparing two builds
///     baseline-study speed [KIND] [ROWS] points a second of each kind, on one core, with so many rows of memory (20,000)
@main
struct Study {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "table": StudyTable().show()
    case "windows": StudyWindows().show()
    case "calibration": StudyCalibration().show()
    case "new_values": StudyNewValues().show()
    case "digest": StudyDigest().show()
    case "series": printSeries(Array(arguments.dropFirst()))
    case "speed": StudySpeed(Array(arguments.dropFirst())).show()
    default:
      FileHandle.standardError.write(
        Data(
          "usage: baseline-study table | windows | calibration | new_values | digest | series CHARACTER SEED [INCIDENT] | speed [KIND] [ROWS]\n"
            .utf8))
    }
  }

  private static func printSeries(_ arguments: [String]) {
    guard arguments.count >= 2, let character = GeneratedSeries.Character(rawValue: arguments[0]),
      let seed = UInt64(arguments[1])
    else {
      let known = GeneratedSeries.Character.allCases.map(\.rawValue).joined(separator: ", ")
      FileHandle.standardError.write(Data("which series? a character (\(known)) and a seed\n".utf8))
      return
    }
    var text = "timestamp,value\n"
    for (seconds, value) in GeneratedSeries(
      character, seed: seed, incident: arguments.dropFirst(2).first.flatMap(GeneratedSeries.Incident.init)
    ).points {
      text += "\(Int(seconds)),\(Int(value))\n"
    }
    FileHandle.standardOutput.write(Data(text.utf8))
  }
}

/// What is compared.
struct Candidate: Sendable {
  let name: String
  let kinds: [BaselineKind]

  static let all: [Candidate] = [
    [.novelty], [.jump], [.seasonal], [.level], [.silence], [.novelty, .silence], [.novelty, .jump],
    [.novelty, .seasonal],
    [.jump, .seasonal], [.seasonal, .silence], [.novelty, .jump, .silence], [.novelty, .seasonal, .silence],
    [.jump, .seasonal, .silence], [.novelty, .jump, .seasonal, .silence],
  ].map { kinds in Candidate(name: kinds.map(\.rawValue).joined(separator: " + "), kinds: kinds) }
}

/// Incidents found and false alarms of one candidate.
struct Tally {
  var found: [GeneratedSeries.Incident: Int] = [:]
  var planted: [GeneratedSeries.Incident: Int] = [:]
  var falseAlarms: [GeneratedSeries.Character: Int] = [:]
  var rows: [GeneratedSeries.Character: Int] = [:]
  var foundIn: [GeneratedSeries.Character: Int] = [:]
  var plantedIn: [GeneratedSeries.Character: Int] = [:]

  /// An alarm up to an hour after an incident is its end, not a false one.
  private static let aftermath = 3_600.0

  mutating func judge(_ series: GeneratedSeries, by kinds: [BaselineKind], season: Season) {
    var settings = DetectorSettings()
    settings.season = season
    var detector = CombinedDetector(kinds, settings)
    var alarms: [Double] = []
    for (seconds, value) in series.points where detector.observe(seconds, value).isBreach(at: 2) {
      alarms.append(seconds)
    }
    let warm = GeneratedSeries.start + 7 * 86_400
    if let incident = series.planted {
      planted[incident.incident, default: 0] += 1
      plantedIn[series.character, default: 0] += 1
      if alarms.contains(where: { incident.from <= $0 && $0 <= incident.to }) {
        found[incident.incident, default: 0] += 1
        foundIn[series.character, default: 0] += 1
      }
    }
    rows[series.character, default: 0] += series.points.count { $0.seconds >= warm }
    falseAlarms[series.character, default: 0] += alarms.count { alarm in
      alarm >= warm
        && !(series.planted.map { $0.from <= alarm && alarm <= $0.to + Self.aftermath } ?? false)
    }
  }
}

struct StudyTable {
  private static let seeds: ClosedRange<UInt64> = 1...5

  func show() {
    let all = GeneratedSeries.Character.allCases.flatMap { character in
      GeneratedSeries.Incident.allCases.flatMap { incident in
        Self.seeds.map { GeneratedSeries(character, seed: $0, incident: incident) }
      }
    }
    let incidents = GeneratedSeries.Incident.allCases
    let characters = GeneratedSeries.Character.allCases
    print("Share of incidents found, by incident and in all; false alarms in a week of 2,016 points.\n")
    print("| kinds | \(incidents.map(\.rawValue).joined(separator: " | ")) | all | false alarms a week |")
    print("| --- |\(String(repeating: " --- |", count: incidents.count + 2))")
    var tallies: [(Candidate, Tally)] = []
    for candidate in Candidate.all {
      var tally = Tally()
      for series in all { tally.judge(series, by: candidate.kinds, season: .hourOfDay) }
      tallies.append((candidate, tally))
      let shares = incidents.map { percent(tally.found[$0] ?? 0, tally.planted[$0] ?? 0) }
      let found = percent(tally.found.values.reduce(0, +), tally.planted.values.reduce(0, +))
      let weekly = weekly(tally.falseAlarms.values.reduce(0, +), tally.rows.values.reduce(0, +))
      print("| \(candidate.name) | \(shares.joined(separator: " | ")) | \(found) | \(weekly) |")
    }
    print("\nBy the character of the series: incidents found, and false alarms a week.\n")
    print("| kinds | \(characters.map(\.rawValue).joined(separator: " | ")) |")
    print("| --- |\(String(repeating: " --- |", count: characters.count))")
    for (candidate, tally) in tallies {
      let cells = characters.map { character in
        "\(percent(tally.foundIn[character] ?? 0, tally.plantedIn[character] ?? 0)), "
          + weekly(tally.falseAlarms[character] ?? 0, tally.rows[character] ?? 0)
      }
      print("| \(candidate.name) | \(cells.joined(separator: " | ")) |")
    }
  }

  private func percent(_ part: Int, _ whole: Int) -> String {
    whole == 0 ? "–" : "\((100 * part + whole / 2) / whole) %"
  }

  private func weekly(_ alarms: Int, _ rows: Int) -> String {
    String(format: "%.1f", Double(alarms) / Double(max(rows, 1)) * 2_016)
  }
}

struct StudySpeed {
  private static let rows = 400_000

  private let kinds: [[BaselineKind]]
  private let memory: Int?

  /// - Parameter arguments: A kind, and how many rows are remembered.
  init(_ arguments: [String]) {
    let asked = arguments.first.flatMap(BaselineKind.init).map { [[$0]] }
    kinds = asked ?? BaselineKind.allCases.filter { $0 != .newValues }.map { [$0] } + [BaselineKind.defaults]
    memory = arguments.last.flatMap { Int($0) }.map { max(1, $0) }
  }

  /// What this process has computed, so that others on the machine do not count.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  func show() {
    var numbers = SeededNumbers(seed: 1)
    let values = (0..<Self.rows).map { row in
      100 + 50 * sin(Double(row) * 2 * .pi / 288) + 5 * numbers.normal()
    }
    var settings = DetectorSettings()
    if let memory { settings.memory = memory }
    for kinds in kinds {
      var detector = CombinedDetector(kinds, settings)
      var alarms = 0
      let start = Self.processorSeconds
      for row in values.indices where detector.observe(1.7e9 + 300 * Double(row), values[row]).isBreach(at: 2) {
        alarms += 1
      }
      let seconds = Self.processorSeconds - start
      let name = kinds.map(\.rawValue).joined(separator: " + ")
      print("\(name): \(Int(Double(Self.rows) / seconds)) points/s (\(alarms) of \(Self.rows) told)")
    }
  }
}

/// Thresholds as runbooks use them: an hour is judged by the weeks before it.
struct StudyWindows {
  private static let seeds: ClosedRange<UInt64> = 1...2
  private static let ordinaryWindows = 24

  func show() {
    let incidents = GeneratedSeries.Incident.allCases
    print("Share of incidents found in the hour in which they began, and of ordinary hours that breached.\n")
    print("| kinds | \(incidents.map(\.rawValue).joined(separator: " | ")) | ordinary hours |")
    print("| --- |\(String(repeating: " --- |", count: incidents.count + 1))")
    let kinds: [[BaselineKind]] =
      BaselineKind.allCases.filter { $0 != .newValues }.map { [$0] } + [
        [.novelty, .silence], [.level, .silence], [.seasonal, .silence], [.novelty, .seasonal, .silence],
        [.level, .jump, .silence],
      ]
    for kinds in kinds {
      let cells = incidents.map { incident in
        let all = GeneratedSeries.Character.allCases.flatMap { character in
          Self.seeds.map { Self.isFound(GeneratedSeries(character, seed: $0, incident: incident), by: kinds) }
        }
        return "\((100 * all.count { $0 } + all.count / 2) / all.count) %"
      }
      var (told, asked) = (0, 0)
      for character in GeneratedSeries.Character.allCases {
        let series = GeneratedSeries(character, seed: 9)
        for number in 0..<Self.ordinaryWindows {
          let start = GeneratedSeries.start + 21 * 86_400 + Double(number) * 6.5 * 3_600
          told += Self.breaches(series, from: start, by: kinds) ? 1 : 0
          asked += 1
        }
      }
      let share = String(format: "%.1f %%", 100 * Double(told) / Double(asked))
      print("| \(kinds.map(\.rawValue).joined(separator: " + ")) | \(cells.joined(separator: " | ")) | \(share) |")
    }
  }

  private static func isFound(_ series: GeneratedSeries, by kinds: [BaselineKind]) -> Bool {
    series.planted.map { breaches(series, from: $0.from - 300, by: kinds) } ?? false
  }

  private static func breaches(_ series: GeneratedSeries, from start: Double, by kinds: [BaselineKind]) -> Bool {
    guard let from = Timestamp(secondsSinceEpoch: start), let to = Timestamp(secondsSinceEpoch: start + 3_600) else {
      return false
    }
    let points = series.points.compactMap { point in
      Timestamp(secondsSinceEpoch: point.seconds).map { Series.Point($0, point.value) }
    }
    let rule = BaselineRule(kinds, direction: .both)
    guard case .judged(let finding) = judge(points, window: (from, to), by: rule) else { return false }
    return finding.breached
  }
}
