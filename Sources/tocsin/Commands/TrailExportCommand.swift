import ArgumentParser
import AuditTrail
import RunbookPorts
import Values

struct TrailExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Copy a run out of a trail, to be verified without it.",
    discussion: """
      Writes a folder with the run's records as they stand in the log, a proof for
      each that it is in the signed tree, the checkpoint, all evidence, the verdict
      as a signed statement (in-toto, DSSE) and in CASE/UCO, and a page that says
      how to verify all of it with Tocsin, openssl and others.

        tocsin trail export latest --trail trail
        tocsin trail verify --case 20261123T043502Z-k3f9q2.case

      A run that is not closed can be exported; it is VERIFIED-PREFIX then. Ends
      with 2 if there is no such run, or the trail is damaged.
      """)

  @Argument(help: ArgumentHelp("The run's name, the beginning of it, or 'latest'.", valueName: "run"))
  var name: String

  @OptionGroup var options: TrailOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to write, which must not be there yet; RUN.case.", valueName: "folder"))
  var output: String?

  func run() throws {
    Signals.ignoreBrokenPipes()
    let (summary, folder): (CaseExport.Summary, String)
    do throws(Unusable) { (summary, folder) = try export() } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    for digest in summary.gone { Reports.remark("evidence is not there any more and was left out: \(digest)") }
    for text in summary.missingDocuments { Reports.remark(text) }
    if summary.uncovered > 0 {
      Reports.remark(
        "\(counted(summary.uncovered, "record")) \(summary.uncovered == 1 ? "is" : "are") under no checkpoint yet")
    }
    if !summary.isSigned {
      Reports.remark("the trail's key is not here: the case has no signed statement, and is VERIFIED-PREFIX at best")
    }
    switch options.format {
    case .json:
      Reports.printJSON(
        .object([
          "run": .string(summary.run), "folder": .string(folder), "records": .integer(Int64(summary.records)),
          "evidence": .integer(Int64(summary.pieces)), "gone": .array(summary.gone.map(JSON.string)),
          "missing_documents": .array(summary.missingDocuments.map(JSON.string)),
          "uncovered": .integer(Int64(summary.uncovered)), "closed": .bool(summary.isClosed),
        ]))
    case .text:
      Terminal.print(
        "\(folder): \(counted(summary.records, "record")), \(counted(summary.pieces, "piece")) of evidence")
    }
  }

  private func export() throws(Unusable) -> (CaseExport.Summary, String) {
    let key: SigningKey?
    do throws(JournalError) { key = try Wiring.signingKey() } catch { throw Unusable(error.message) }
    let reader = TrailReader(folder: options.trail)
    let runs: [RunSummary]
    do throws(TrailReadError) { runs = try reader.runs().runs } catch { throw Unusable(error.message) }
    let run = name == "latest" ? runs.last?.run ?? name : name
    let folder = output ?? "\(runs.first { $0.run.hasPrefix(run) }?.run ?? run).case"
    do throws(CaseExportError) { return (try CaseExport(reader, key: key).write(run: run, to: folder), folder) } catch {
      throw Unusable(error.message)
    }
  }
}
