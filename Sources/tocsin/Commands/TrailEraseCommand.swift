import ArgumentParser
import AuditTrail
import Diagnostics
import RunbookPorts
import Values

struct TrailEraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Erase evidence for good, and record that it was.",
    discussion: """
      Erases all evidence of a run, or one piece. The records stay, and with them
      the proof that nothing else was changed: they hold only salted digests of what
      is gone. A signed record says what was erased, when, by whom and why; `trail
      verify` counts it, and `replay` and `report` say that it is missing and why.

        tocsin trail erase 20261123T043502Z-k3f9q2 --trail trail --reason 'case 4711'
        tocsin trail erase --evidence sha256:ab12… --trail trail --reason 'order 12'

      Small answers stand in the records themselves, not in evidence: those can only
      be removed with their records, see `tocsin trail retain`. Exported files and
      the outbox are not touched. Ends with 2 if there is no such run or piece, or
      if the run is not closed.
      """)

  @Argument(help: ArgumentHelp("The run's name, or the beginning of it.", valueName: "run"))
  var name: String?

  @Option(name: .long, help: ArgumentHelp("Instead of a run: one piece of evidence.", valueName: "digest"))
  var evidence: String?

  @Option(name: .long, help: ArgumentHelp("Why; it is recorded.", valueName: "text"))
  var reason: String

  @OptionGroup var options: TrailOptions

  /// Most bytes of a reason.
  private static let reasonLimitBytes = 2_000

  func validate() throws {
    if (name == nil) == (evidence == nil) { throw ValidationError("say what to erase: a run, or --evidence DIGEST") }
    guard (1...Self.reasonLimitBytes).contains(reason.utf8.count) else {
      throw ValidationError("--reason takes 1 to \(Self.reasonLimitBytes) bytes")
    }
  }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    let (run, erased): (TrailReader.RunEvidence, [String])
    do throws(Unusable) { (run, erased) = try await erase() } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    if evidence == nil {
      Reports.remark(
        "what stands in the run's \(run.records) records themselves stays; `tocsin trail retain` removes those")
    }
    switch options.format {
    case .json:
      Reports.printJSON(
        .object([
          "run": .string(run.run), "erased": .array(erased.map(JSON.string)), "gone_before": .integer(Int64(run.gone)),
        ]))
    case .text:
      let before = run.gone > 0 ? ", \(run.gone) had gone before" : ""
      Terminal.print("\(counted(erased.count, "piece")) of evidence of run \(run.run) erased\(before)")
    }
  }

  private func runName(in reader: TrailReader) throws(TrailReadError) -> String {
    if let name { return name }
    let digest = evidence ?? ""
    guard let run = try reader.run(naming: digest) else { throw .noRunNames(digest) }
    return run
  }

  private func erase() async throws(Unusable) -> (TrailReader.RunEvidence, [String]) {
    let reader = TrailReader(folder: options.trail)
    let run: TrailReader.RunEvidence
    do throws(TrailReadError) { run = try reader.evidence(ofRun: runName(in: reader)) } catch {
      throw Unusable(error.message)
    }
    guard run.isClosed else {
      throw Unusable("run \(run.run) is not closed, and needs its evidence to go on: see `tocsin resume`")
    }
    let digests = evidence.map { [$0] } ?? run.digests
    do throws(JournalError) {
      let writer = try Wiring.trail(options.trail, node: nil)
      try await writer.erase(digests, reason: reason, actor: Wiring.userName)
    } catch { throw Unusable(error.message) }
    return (run, digests)
  }
}
