import ArgumentParser
import AuditTrail
import Diagnostics
import RunbookEngine
import Values

struct TrailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trail",
    abstract: "Read what was recorded.",
    discussion: """
      The trail is a folder: one record a line in log/trail.jsonl, larger things
      under evidence. `list` and `show` only read, also while a run is being
      written. They end with 1 if records are damaged; `show` also if one of the
      run's is missing. `reindex` writes an index of the runs beside the trail.
      `retain` removes what is too old, `erase` evidence that must go; both leave a
      record.

        tocsin trail list --trail trail
        tocsin trail show latest --trail trail
        tocsin trail key --create
        tocsin trail verify --trail trail
      """,
    subcommands: [
      TrailListCommand.self, TrailShowCommand.self, TrailVerifyCommand.self, TrailExportCommand.self,
      TrailReindexCommand.self, TrailKeyCommand.self, TrailSignCommand.self, TrailRetainCommand.self,
      TrailEraseCommand.self,
      TrailCheckpointCommand.self, TrailAnchorCommand.self,
    ])

  static func say(_ damage: [String]) {
    for text in damage.prefix(20) { Reports.remark("damaged: \(text)") }
    if damage.count > 20 { Reports.remark("… and \(damage.count - 20) more damaged records") }
  }
}

struct TrailOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text
}

struct TrailShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a recorded run as it was shown when it ran.",
    discussion: """
      A run is named by its name, the beginning of it, or 'latest'. With --format
      json: one object, as `run` prints it, with every record of the run under
      `records`. Ends with 2 if there is no such run.
      """)

  @Argument(help: ArgumentHelp("The run's name, the beginning of it, or 'latest'.", valueName: "run"))
  var name: String

  @OptionGroup var options: TrailOptions

  func run() throws {
    Signals.ignoreBrokenPipes()
    let recorded: RecordedRun
    do throws(TrailReadError) {
      recorded = try RecordedRun(name, from: TrailReader(folder: options.trail))
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    switch options.format {
    case .json: Reports.printJSON(recorded.json)
    case .text:
      var text = RunText(coloured: Terminal.Stream.output.isColoured, trail: options.trail)
      let lines = recorded.entries.flatMap { text.lines(for: $0.record.type, $0.body) } + text.rest()
      if !lines.isEmpty { Terminal.print(lines.joined(separator: "\n")) }
      if recorded.last("run.closed") == nil, recorded.last("run.interrupted") == nil {
        Reports.remark("the run's records end before its verdict: it is still on its way, or was broken off")
      }
    }
    for text in recorded.gone.prefix(20) { Reports.remark("not there any more: \(text)") }
    if recorded.gone.count > 20 { Reports.remark("… and \(recorded.gone.count - 20) more of its records") }
    TrailCommand.say(recorded.damage)
    throw ExitCode(recorded.damage.isEmpty ? Ending.done : Ending.found)
  }
}
