import Baselines
import Diagnostics
import RunbookEngine
import RunbookPorts
import Values

/// What a backtest found, for people and for machines.
struct BacktestText {
  private static let shownWindows = 20

  private let test: Backtest
  private let points: [Series.Point]
  private let labels: [(name: String, value: String)]

  init(_ test: Backtest, points: [Series.Point], labels: [(name: String, value: String)]) {
    self.test = test
    self.points = points
    self.labels = labels
  }

  var title: String {
    let name = labels.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    return name.isEmpty ? "windows that would have fired" : visible(name)
  }

  private static func word(_ setting: Double) -> String {
    SurpriseArgument.words.first { $0.value == setting }.map { "\($0.word) \(setting)" } ?? "\(setting)"
  }

  private var unknown: Int { test.judged.count { $0.finding == nil } }

  func text(width: Int) -> String {
    var text =
      "\(title): \(test.judged.count) window\(test.judged.count == 1 ? "" : "s"), \(unknown) of them cannot be judged\n\n"
    if let reason = test.judged.first(where: { $0.finding == nil })?.reason { text += "  (\(visible(reason)))\n\n" }
    text += "  surprise        fired  of those judged\n"
    for (place, setting) in test.settings.enumerated() {
      let fired = test.judged.count { $0.breaches[place] }
      let share = Double(fired) / Double(max(1, test.judged.count - unknown)) * 100
      let name = test.settings == [0] ? "not asked" : Self.word(setting)
      text += "  \(name.padded(to: 15)) \("\(fired)".padded(to: 6)) \((share * 10).rounded() / 10) %\n"
    }
    text += "\n" + picture.text(title: "at the least surprise of them", width: width)
    let fired = test.judged.filter { $0.breaches.first == true }
    for judged in fired.prefix(Self.shownWindows) {
      text += "  \(judged.window.from.shortDescription)  \(Self.line(judged, test.settings))\n"
    }
    if fired.count > Self.shownWindows { text += "  … and \(fired.count - Self.shownWindows) more\n" }
    return text
  }

  private static func line(_ judged: Backtest.Judged, _ settings: [Double]) -> String {
    guard let finding = judged.finding else { return "" }
    let decimals = MeasuredNumber.decimals(telling: finding.value, from: [finding.expected].compactMap(\.self))
    func number(_ number: Double) -> String { MeasuredNumber.text(of: number, decimals: decimals) }
    var line = "value \(number(finding.value))"
    if let expected = finding.expected { line += ", expected \(number(expected))" }
    if let surprise = finding.surprise { line += ", surprise \(MeasuredNumber.text(of: surprise))" }
    if let kind = finding.kind { line += ", \(kind.rawValue)" }
    if finding.history?.isOfPopulation == true { line += " of the others" }
    let most = zip(settings, judged.breaches).reversed().first { $0.1 }?.0
    return most.map { $0 > 0 ? line + "; up to \(word($0))" : line } ?? line
  }

  /// The series over the span, with what each window was expected to be, and a mark where one that fires at the least
  /// setting breached first.
  var picture: SeriesPicture {
    var picture = SeriesPicture()
    guard let from = test.judged.first?.window.from, let to = test.judged.last?.window.to else { return picture }
    var place = 0
    var isTold = false
    for point in points where from <= point.time && point.time <= to && point.value.isFinite {
      while place + 1 < test.judged.count, test.judged[place].window.to < point.time {
        (place, isTold) = (place + 1, false)
      }
      let judged = test.judged[place]
      let start = judged.breaches.first == true ? judged.finding?.from : nil
      let isBreached = !isTold && start.map { $0 <= point.time } ?? false
      if isBreached { isTold = true }
      // What is expected of a silence are seconds, not values.
      let told = judged.finding.flatMap { $0.kind == .silence ? nil : $0 }
      picture.take(
        point.time.secondsSinceEpoch, point.value,
        PointJudgement(score: nil, expected: told?.expected, low: told?.low, high: told?.high), isBreached: isBreached)
    }
    return picture
  }

  var json: JSON {
    .object([
      "labels": .object(labels.map { JSON.Member($0.name, .string($0.value)) }),
      "windows": .integer(Int64(test.judged.count)), "unknown": .integer(Int64(unknown)),
      "settings": .array(
        test.settings.enumerated().map { place, setting in
          .object([
            "surprise": .double(setting), "fired": .integer(Int64(test.judged.count { $0.breaches[place] })),
            "at": .array(
              test.judged.filter { $0.breaches[place] }.map { .string($0.window.from.shortDescription) }),
          ])
        }),
    ])
  }
}
