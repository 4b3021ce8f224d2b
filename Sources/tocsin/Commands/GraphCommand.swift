import ArgumentParser
import AuditTrail
import Diagnostics
import RunbookEngine
import RunbookLanguage
import Values

struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw a runbook: its questions, the ways between them, the verdicts.",
    discussion: """
      Writes the drawing to standard output. Mermaid is drawn by code hosts, DOT by
      Graphviz; SVG needs nothing else. With --trail and --run the way of a recorded
      run is coloured in; with --coverage, every way that a case beside the runbook
      takes, so that those without colour are the ways that nobody has tried.

        tocsin graph web.runbook.yaml > web.mmd
        tocsin graph web.runbook.yaml --format svg > web.svg
        tocsin graph web.runbook.yaml --format svg --trail trail --run latest >r.svg
        tocsin graph web.runbook.yaml --format svg --coverage > covered.svg
      """)

  @Argument(help: ArgumentHelp("The runbook.", valueName: "runbook"))
  var runbook: String

  @Option(name: .long, help: "mermaid, dot or svg.")
  var format = GraphFormat.mermaid

  @Flag(name: .long, help: "Draw the signs, too, and which question weighs them.")
  var signs = false

  @Option(name: .long, help: ArgumentHelp("The trail that --run is in.", valueName: "folder"))
  var trail: String?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("Colour in the way of this run: its name or 'latest'.", valueName: "run"))
  var recordedRun: String?

  @Flag(name: .long, help: "Colour in the ways that the cases beside the runbook take.")
  var coverage = false

  func validate() throws {
    if coverage, recordedRun != nil { throw ValidationError("--coverage and --run colour in different ways") }
    if (trail == nil) != (recordedRun == nil) { throw ValidationError("--trail and --run go together") }
  }

  func run() async throws {
    Signals.ignoreBrokenPipes()
    do throws(Unusable) {
      let content = try Documents.checked(runbook)
      let graph = FlowGraph(
        of: content.runbook, signs: signs, ways: coverage ? try await covered() : try ways(of: content.runbook.id))
      switch format {
      case .mermaid: Terminal.printWhole(MermaidDrawing.text(graph))
      case .dot: Terminal.printWhole(DOTDrawing.text(graph))
      case .svg: Terminal.printWhole(SVGDrawing.text(graph))
      }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }

  private func covered() async throws(Unusable) -> Set<FlowGraph.Way> {
    guard let folder = CaseFolder(runbook), folder.hasTests else {
      throw Unusable("there are no cases beside '\(runbook)'")
    }
    let tested = try await TestedRunbook(folder, named: nil, wantedCoverage: nil)
    guard let coverage = tested.coverage else {
      throw Unusable("the cases of '\(runbook)' have errors; see tocsin test")
    }
    let (met, all) = coverage.count("answers")
    Reports.remark("\(met) of \(all) answers are covered by cases")
    return coverage.ways
  }

  /// - Parameter id: The runbook's.
  private func ways(of id: String) throws(Unusable) -> Set<FlowGraph.Way> {
    guard let trail, let recordedRun else { return [] }
    let recorded: RecordedRun
    do throws(TrailReadError) { recorded = try RecordedRun(recordedRun, from: TrailReader(folder: trail)) } catch {
      throw Unusable("cannot read the run: \(error.message)")
    }
    if let other = recorded.json["runbook"]?.text, !other.utf8.elementsEqual(id.utf8) {
      throw Unusable("run \(recorded.run) is one of the runbook '\(visible(other))', and this is '\(id)'")
    }
    return Set(
      (recorded.json["answers"]?.elements ?? []).compactMap { answer in
        guard let question = answer["question"]?.text, let label = answer["answer"]?.text else { return nil }
        return FlowGraph.Way(question: question, answer: label)
      })
  }
}

enum GraphFormat: String, ExpressibleByArgument, CaseIterable {
  case mermaid, dot, svg
}
