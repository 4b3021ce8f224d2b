import ArgumentParser
import AuditTrail
import RunbookEngine
import Values

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Take up runs that were broken off, where their records end.",
    discussion: """
      What is recorded is not asked again. A query whose answer is not recorded is
      put again; a notice whose outcome is not recorded is sent again if its channel
      knows notices by their key, and is told to be unknown otherwise; a script
      that had been started is not started again, and is told to be unknown.

        tocsin resume --trail trail                     every run that is open
        tocsin resume 20261123T0435 --trail trail       one of them

      The sources are those of the configuration that a run was started with, as
      long as it has not changed; --config names another. Runs that a living process
      is writing are left alone. `tocsin run` takes up by itself what a crash has
      broken off, and leaves alone what was interrupted on purpose.

      With --format json: one object for each run, as `run` prints it. Ends with 2
      if a run could not be completed.
      """)

  @Argument(help: ArgumentHelp("The run's name, or the beginning of it.", valueName: "run"))
  var name: String?

  @OptionGroup var deploymentOptions: DeploymentOptions

  @Option(
    name: .long,
    help: ArgumentHelp("The folder of what 'baseline learn' has learned: it is not fetched again.", valueName: "folder")
  )
  var baselines: String?

  @OptionGroup var options: TrailOptions

  func run() async throws {
    Signals.ignoreBrokenPipes()
    do {
      throw ExitCode(
        try await ResumeSession(
          trail: options.trail, format: options.format, deployment: deploymentOptions, baselines: baselines
        ).resume(name))
    } catch let problem as Unusable {
      Reports.remark(problem.message)
      throw ExitCode(Ending.incomplete)
    }
  }
}
