import ArgumentParser
import Baselines
import Diagnostics
import DurableFiles
import Foundation

struct BaselineScoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Judge the points of series in files, each by those before it.",
    discussion: """
      Reads `timestamp,value` (an instant as in RFC 3339, or seconds or milliseconds
      since 1970) and writes a row for each row read:

        timestamp,value,score,expected,low,high,breached

      A score is a surprise, -log10 of a probability, after cool-down; `breached`
      says whether it reaches --surprise, and a value outside of `low` and `high`
      would. Each file is a series of its own; of several files, a last column says
      which. Rows that are not judged (no number, earlier than the one before, a
      second value for one instant) are written with empty figures. A line that is
      no row at all is told with its number, and left out. Of a pipe, a row is
      written before the next is waited for.

        tocsin baseline score requests.csv --kind novelty > scored.csv
        tocsin baseline score requests.csv --format draw
        tocsin baseline score requests.csv --svg requests.svg --format none

      Exit code 1 if a line was no row, 2 if a file could not be read.
      """)

  @Argument(help: ArgumentHelp("Files of series; '-' is standard input.", valueName: "file"))
  var files: [String]

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "novelty, jump, seasonal, level or silence; several times for several. Default: \(Self.standardKinds)."))
  var kind: [BaselineKind] = []

  @Option(
    name: .long, parsing: .singleValue,
    help:
      "The column of the instant, and again the column of the value. Default: timestamp and value, or the first two.")
  var column: [String] = []

  @Option(name: .long, help: "quiet, normal, sensitive, or a number up to 15.")
  var surprise = SurpriseArgument.normal

  @Option(name: .long, help: "up, down or both.")
  var direction = Direction.both

  @Option(name: .long, help: "none, hour-of-day or hour-of-week.")
  var season = Season.hourOfDay

  @Option(name: .customLong("timezone"), help: "The time zone whose clocks the season goes by.")
  var timeZone = "UTC"

  @Option(name: .long, help: "How many rows are remembered.")
  var memory = 20_000

  @Option(name: .long, help: "So many rows after a surprise no lesser one scores.")
  var cooldown = 50

  @Flag(name: .long, help: "The values are readings of a counter: judge its rate, but not across its restarts.")
  var counter = false

  @Option(name: .long, help: "csv; draw, for a picture in the terminal; or none.")
  var format = ScoreFormat.csv

  @Option(name: .long, help: ArgumentHelp("Write a picture of the series, of one file.", valueName: "file"))
  var svg: String?

  static let standardKinds = BaselineKind.defaults.map(\.rawValue).joined(separator: ", ")

  func validate() throws {
    if kind.contains(.newValues) {
      throw ValidationError("new_values looks at rows of words, not at a series: write a threshold for it")
    }
    if !column.isEmpty, column.count != 2 {
      throw ValidationError("give --column twice: for the instant, and for the value")
    }
    if SeasonClock(.none, zone: timeZone) == nil { throw ValidationError("there is no time zone '\(timeZone)'") }
    if !(100...10_000_000).contains(memory) { throw ValidationError("--memory lies between 100 and 10000000 rows") }
    if !(0...1_000_000).contains(cooldown) { throw ValidationError("--cooldown lies between 0 and 1000000 rows") }
    if svg != nil, files.count != 1 { throw ValidationError("--svg draws one file; there are \(files.count)") }
  }

  private func settings(for file: String) -> SeriesScorer.Settings {
    var settings = SeriesScorer.Settings()
    if !kind.isEmpty { settings.kinds = kind }
    settings.detector.memory = memory
    settings.detector.cooldownRows = cooldown
    settings.detector.direction = direction
    settings.detector.season = season
    settings.detector.timeZone = timeZone
    settings.detector.surprise = surprise.value
    if column.count == 2 { settings.columns = (column[0], column[1]) }
    settings.isCounter = counter
    settings.drawsPicture = svg != nil || format == .draw
    if files.count > 1 { settings.suffix = Self.quoted(file) }
    return settings
  }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    let header = ScoredRow.header + (files.count > 1 ? ",file" : "")
    let whole = ScoreFiles(files: files, settings: files.map(settings), header: format == .csv ? header : nil)
    var ending = Ending.done
    await whole.perform { file, scored in
      for problem in scored.problems { Reports.remark("\(file):\(problem.line): \(problem.text)") }
      if scored.problemCount > scored.problems.count {
        Reports.remark("\(file): and \(scored.problemCount - scored.problems.count) more lines that are no rows")
      }
      if scored.problemCount > 0 { ending = max(ending, Ending.found) }
      if let failure = scored.failure {
        Reports.remark(failure)
        ending = Ending.incomplete
        return
      }
      Reports.remark("\(file): \(scored.summary)")
      if format == .draw, let picture = scored.picture {
        Terminal.printWhole(visibleLines(picture.text(title: file, width: Terminal.width)))
      }
      if let svg, let picture = scored.picture, let failure = Self.write(picture.svg(title: title(of: file)), to: svg) {
        Reports.remark(failure)
        ending = Ending.incomplete
      }
    }
    throw ExitCode(ending)
  }

  private func title(of file: String) -> String {
    let kinds = (kind.isEmpty ? BaselineKind.defaults : kind).map(\.rawValue).joined(separator: " + ")
    return "\((file as NSString).lastPathComponent) · \(kinds)"
  }

  private func visibleLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }.joined(separator: "\n")
  }

  /// As a field of comma-separated values.
  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return needsQuotes
      ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : text
  }

  /// - Returns: Why it could not be written.
  static func write(_ text: String, to path: String) -> String? {
    do throws(FileProblem) {
      try WholeFile.deliver(Array(text.utf8), to: path, mode: 0o644)
      return nil
    } catch { return error.message }
  }
}

/// What the command writes to standard output.
enum ScoreFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, draw, none
}
