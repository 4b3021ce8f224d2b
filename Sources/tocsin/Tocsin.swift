import ArgumentParser

/// The command line: arguments, output, exit codes. Everything else is the engine's.
@main
struct Tocsin: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tocsin",
    abstract: "Ask the same questions of every alert, and be able to prove the answers.",
    discussion: """
      A runbook is a file of questions. `check` says what is wrong with it before an
      alert does; `run` asks the questions of your own data and keeps a trail of
      every answer.

        tocsin new web-traffic                   write a first runbook
        tocsin check web-traffic/web-traffic.runbook.yaml
        tocsin run RUNBOOK --config tocsin.yaml --alert FILE --trail trail
        tocsin trail show latest --trail trail   read the last run again

      Exit codes:
        0   done: any verdict (but see --fail-on), or the alert was not for
            this runbook
        1   check found errors; a verdict reached --fail-on; a trail is damaged
        2   a run could not be completed: its files cannot be read, the runbook
            has errors, it was interrupted, or its trail cannot be written. A
            source that is missing is an answer `unknown`, not a 2.
        64  the command line is wrong
        70  a fault of Tocsin itself
      Of several runs the highest counts.

      Standard output holds results, standard error everything said to people by the
      way. Colour is used on terminals, unless the environment has NO_COLOR.
      """,
    version: "tocsin \(Program.version) (runbook language 1, trail format 1)",
    subcommands: [
      CheckCommand.self,
      ExplainCommand.self,
      FormatCommand.self,
      TestCommand.self,
      DiffCommand.self,
      GraphCommand.self,
      DocsCommand.self,
      RunCommand.self,
      ResumeCommand.self,
      AnswerCommand.self,
      ReplayCommand.self,
      ReportCommand.self,
      EvalCommand.self,
      BaselineCommand.self,
      BacktestCommand.self,
      NewCommand.self,
      SchemaCommand.self,
      TablesCommand.self,
      TrailCommand.self,
    ])

  static func main() async {
    Terminal.holdClosedStreams()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      throw ExitCode(Ending.done)
    } catch let code as ExitCode where Terminal.hasLostResults {
      Reports.remark("standard output cannot be written to: what was found is not whole there")
      exit(withError: ExitCode(max(code.rawValue, Ending.incomplete)))
    } catch let problem as ValidationError {
      // Arguments that only the files they name show to be wrong. Those that the parser refuses bear their usage.
      Reports.remark(problem.message)
      exit(withError: ExitCode(Ending.usage))
    } catch {
      // What no command expected is our fault; what the parser says of arguments is not.
      guard !(error is ExitCode), exitCode(for: error) == .failure else { exit(withError: error) }
      Reports.remark("a fault of Tocsin itself: \(error)")
      exit(withError: ExitCode(Ending.fault))
    }
  }
}

enum Program {
  static let version = "0.1.0"
  /// The version of the language's meaning: a recorded run is replayed under the one it was made with.
  ///
  /// It rises when a runbook that stays as it is would, of the same recorded results and answers, come to another answer,
  /// value of a threshold, verdict or record: by a change in CEL, in the judgements of `Baselines`, in how signs are weighed
  /// or in how a run goes on. It does not rise for what a run fetches, for wording, for what was refused and now is allowed,
  /// nor for figures of `tocsin baseline score`, which are in no run. From then on the old meaning stays beside the new one, or
  /// its runs are refused by name; before the first release there is only one.
  static let semantics = "1"
}

/// Exit codes beside those of the argument parser.
enum Ending {
  static let done: Int32 = 0
  static let found: Int32 = 1
  static let incomplete: Int32 = 2
  static let usage: Int32 = 64
  static let fault: Int32 = 70
}

/// How results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
