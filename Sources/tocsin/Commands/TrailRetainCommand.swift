import ArgumentParser
import AuditTrail
import Diagnostics
import DurableFiles
import RunIndex
import RunbookEngine
import RunbookPorts
import Values

struct TrailRetainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retain", abstract: "Remove records whose time is over, and leave proof of them.",
    discussion: """
      Removes whole files from the beginning of the log in which every record is
      older than --keep and every run is closed for as long, with the evidence that
      only they name. What stays is a signed record that says what was removed, with
      the hashes that stand for it in the log's tree: `trail verify` goes on to
      prove everything that is there, and says what is not.

        tocsin trail retain --trail trail --keep 400d --dry-run
        tocsin trail retain --trail trail --keep 400d

      A run that is not closed keeps its files: take it up with `tocsin resume`. A
      long log lies in several files, and a file that is older than a twelfth of
      --keep is followed by another, so call this regularly. Exported files, the
      outbox and the runbooks under documents/ stay. Ends with 2 if nothing could be
      removed that should have been.
      """)

  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String

  @Option(name: .long, help: ArgumentHelp("How long records are kept, such as 400d.", valueName: "time"))
  var keep: String

  @Flag(name: .long, help: "Say what would be removed, and remove nothing.")
  var dryRun = false

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  private func time() throws -> Duration {
    guard let time = Duration(shorthand: keep), time > .zero else {
      throw ValidationError("--keep takes a time such as 400d or 12h, and '\(visible(keep))' is none")
    }
    return time
  }

  func validate() throws { _ = try time() }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    let time = try time()
    let retained: TrailWriter.Retained
    do throws(Unusable) { retained = try await retain(time) } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    for run in retained.blocking.prefix(20) {
      Reports.remark("run \(run) is not closed, or not for so long: what began with it stays")
    }
    if retained.blocking.count > 20 { Reports.remark("… and \(retained.blocking.count - 20) more runs") }
    switch format {
    case .json: Reports.printJSON(retained.json(isDryRun: dryRun))
    case .text: Terminal.print(retained.line(isDryRun: dryRun))
    }
    throw ExitCode(retained.blocking.isEmpty ? Ending.done : Ending.incomplete)
  }

  private func retain(_ time: Duration) async throws(Unusable) -> TrailWriter.Retained {
    let reader = TrailReader(folder: trail)
    guard Folder.exists(reader.layout.logFolder) else { throw Unusable(TrailReadError.noTrail(trail).message) }
    do throws(JournalError) {
      let writer = try Wiring.trail(trail, node: nil)
      if dryRun { return try writer.retention(keeping: time) }
      let retained = try await writer.retain(time, as: keep, actor: Wiring.userName)
      if Folder.exists(RunListing.indexFile(of: reader.layout)) {
        do throws(IndexProblem) { _ = try RunListing.reindex(reader) } catch {
          Reports.remark("the index is not up to date: \(error.message)")
        }
      }
      return retained
    } catch { throw Unusable(error.message) }
  }
}

extension TrailWriter.Retained {
  fileprivate func json(isDryRun: Bool) -> JSON {
    .object([
      "dry_run": .bool(isDryRun), "before": .integer(plan.before), "records": .integer(plan.records),
      "runs": .integer(Int64(plan.runs)), "cut_runs": .array(plan.cut.map { .string($0.run) }),
      "evidence": .integer(Int64(evidence)), "files": .integer(Int64(plan.files.count)),
      "bytes": .integer(Int64(plan.files.reduce(0) { $0 + $1.bytes })),
      "first": plan.span.map { .string($0.first.description) } ?? .null,
      "last": plan.span.map { .string($0.last.description) } ?? .null,
      "blocking": .array(blocking.map(JSON.string)),
    ])
  }

  fileprivate func line(isDryRun: Bool) -> String {
    guard !plan.isEmpty, let span = plan.span else { return "nothing is old enough to be removed" }
    let cut = plan.cut.isEmpty ? "" : ", the beginning of \(plan.cut.count) more"
    let evidence = evidence > 0 ? ", \(counted(evidence, "piece")) of evidence" : ""
    return
      "\(isDryRun ? "would remove" : "removed") \(counted(Int(plan.records), "record")) of \(counted(plan.runs, "run"))\(cut)\(evidence), written "
      + "from \(span.first.shortDescription) to \(span.last.shortDescription)"
  }
}

extension RemovedRecords {
  /// What verification says of it.
  var sentence: String {
    var span = ""
    if let last = body["last"]?.text { span = ", the last of them written at \(last)," }
    let cut = cut.isEmpty ? "" : "; of \(cut.count) runs the first records"
    return "the records before \(before)\(span) were removed because their time was over "
      + "(kept for \(body["keep"]?.text ?? "?"))\(cut)"
  }
}
