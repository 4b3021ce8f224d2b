import Baselines
import Foundation
import SeriesSamples
import Values

/// Draws how many different pairs of a user and a country have signed in so far, and which sign-ins of the last two weeks
/// were the first of theirs.
struct StudyNewValues {
  private static let users = 40
  private static let countries = ["CH", "DE", "AT", "FR", "IT"]
  private static let days = 28.0
  private static let historyDays = 14.0

  func show() {
    var numbers = SeededNumbers(seed: 4)
    var known = NewValues()
    var picture = SeriesPicture()
    var seconds = GeneratedSeries.start
    let end = seconds + Self.days * 86_400
    let incident = seconds + 24.4 * 86_400
    let learned = seconds + Self.historyDays * 86_400
    while seconds < end {
      // Some users sign in all the time, most of them now and then, and nearly always from home.
      let user = Int(Double(Self.users) * pow(numbers.uniform(0..<1), 2))
      let home = user % Self.countries.count
      let away = numbers.uniform(0..<1) < 0.001
      var values = ["user\(user)", Self.countries[away ? (home + 1) % Self.countries.count : home]]
      if (incident..<incident + 2_400).contains(seconds) { values = ["user7", "SC"] }
      let isNew = known.observe(values.map { ExactString($0) })
      picture.take(
        seconds, Double(known.count), PointJudgement(score: nil), isBreached: isNew && seconds >= learned)
      seconds += numbers.uniform(600..<3_000)
    }
    print(picture.svg(title: "user and country of sign-ins · new_values"), terminator: "")
  }
}
