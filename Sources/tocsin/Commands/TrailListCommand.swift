import ArgumentParser
import AuditTrail
import Diagnostics
import DurableFiles
import RunIndex
import RunbookEngine
import RunbookLanguage
import Values

struct TrailListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the runs of a trail, oldest first.",
    discussion: """
      Filters can be combined; all of them must hold.

        tocsin trail list --trail trail --severity high --since 2026-11-01T00:00:00Z
        tocsin trail list --trail trail --entity 203.0.113.77
        tocsin trail list --trail trail --open

      With --format json: one object for each run, a line each. Beside an index
      (see `tocsin trail reindex`) only what was added since is read of the trail.
      Nothing protects an index: `tocsin trail verify` holds it against the trail,
      and --no-index does without it.
      """)

  @Option(name: .long, help: ArgumentHelp("Only runs of the runbook with this id.", valueName: "id"))
  var runbook: String?

  @Option(name: .long, help: ArgumentHelp("Only runs with this verdict.", valueName: "verdict"))
  var verdict: String?

  @Option(name: .long, help: ArgumentHelp("Only verdicts of this severity or a higher one.", valueName: "severity"))
  var severity: Severity?

  @Option(name: .long, help: ArgumentHelp("Only runs that began at this instant or later.", valueName: "time"))
  var since: String?

  @Option(name: .long, help: ArgumentHelp("Only runs that began at this instant or earlier.", valueName: "time"))
  var until: String?

  @Flag(name: .long, help: "Only runs that are not closed.")
  var open = false

  @Option(
    name: .long, help: ArgumentHelp("Only runs in which a verdict was reached for this entity.", valueName: "value"))
  var entity: String?

  @Flag(name: .long, help: "Read the trail itself, also where there is an index.")
  var noIndex = false

  @OptionGroup var options: TrailOptions

  func validate() throws { _ = try filter() }

  private func filter() throws -> RunFilter {
    func instant(_ text: String?, _ option: String) throws -> Timestamp? {
      guard let text else { return nil }
      guard let instant = Timestamp(rfc3339: text) else {
        throw ValidationError("\(option) takes an instant such as 2026-03-02T10:00:00Z, and '\(visible(text))' is none")
      }
      return instant
    }
    var filter = RunFilter()
    filter.runbook = runbook
    filter.verdict = verdict
    filter.severities = severity.map { least in Severity.allCases.filter { $0 >= least }.map(\.rawValue) }
    filter.since = try instant(since, "--since")
    filter.until = try instant(until, "--until")
    filter.isOpen = open
    filter.entity = entity
    return filter
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    let filter = try filter()
    let reader = TrailReader(folder: options.trail)
    let listing: RunListing
    do throws(TrailReadError) {
      listing = try RunListing(
        filter, from: reader, hasIndex: !noIndex && Folder.exists(RunListing.indexFile(of: reader.layout)))
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    if let remark = listing.remark { Reports.remark("\(remark); the trail itself was read") }
    switch options.format {
    case .json: for run in listing.runs { Reports.printJSON(run.json) }
    case .text: Terminal.print(Self.table(listing.runs, Style(coloured: Terminal.Stream.output.isColoured)))
    }
    if listing.damaged > 0 {
      let count = listing.damaged
      do { TrailCommand.say(try RunListing.damage(in: reader)) } catch { Reports.remark(error.message) }
      Reports.remark(
        "\(count) line\(count == 1 ? " of the trail is no record" : "s of the trail are no records")"
          + "; look at it with `tocsin trail verify`")
    }
    throw ExitCode(listing.damaged == 0 ? Ending.done : Ending.found)
  }

  static func table(_ runs: [IndexedRun], _ style: Style) -> String {
    guard !runs.isEmpty else { return "no runs" }
    let names = runs.map(\.run.unicodeScalars.count).max() ?? 0
    let runbooks = runs.map(\.runbook.unicodeScalars.count).max() ?? 0
    return runs.map { run in
      let verdict = run.verdict ?? run.status.rawValue
      return [
        style(visible(run.run).padded(to: names), .name), visible(run.runbook).padded(to: runbooks),
        visible(verdict).padded(to: 14), style(visible(run.severity ?? "").padded(to: 8), .quiet),
        style("\(run.records) records", .quiet),
      ].joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension IndexedRun {
  fileprivate var json: JSON {
    func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
    return .object([
      .init("run", .string(run)), .init("runbook", .string(runbook)),
      .init("version", text(version.isEmpty ? nil : version)),
      .init("status", .string(status.rawValue)), .init("verdict", text(verdict)), .init("severity", text(severity)),
      .init("started", .string(started.shortDescription)), .init("finished", text(finished?.shortDescription)),
      .init("records", .integer(Int64(records))),
    ])
  }
}

struct TrailReindexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reindex", abstract: "Make the index of a trail's runs anew.",
    discussion: """
      The index, index.sqlite in the trail's folder, makes `trail list` fast on long
      trails. It holds nothing that the trail does not: deleting it loses nothing.

        tocsin trail reindex --trail trail
      """)

  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String

  func run() throws {
    do throws(IndexProblem) {
      let count = try RunListing.reindex(TrailReader(folder: trail))
      Reports.remark("\(count) run\(count == 1 ? "" : "s") indexed")
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }
}
