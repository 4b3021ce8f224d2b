import ArgumentParser
import Diagnostics
import RunbookEngine
import RunbookLanguage
import Values

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say what changed in the meaning of runbooks, and which version that demands.",
    discussion: """
      Compares two files, or all runbooks below this folder with a commit of git, or
      two commits. Layout does not count. Wording is a patch; a threshold, a query
      or a new question is minor; a question or verdict that is gone, a changed
      export, or another contact is major.

        tocsin diff old.runbook.yaml new.runbook.yaml
        tocsin diff origin/main
        tocsin diff v1.2.0 v1.3.0 --format json

      Ends with 1 if a version is not raised as its changes demand, or a name is
      used again for something else; with 2 if something cannot be read or has
      errors.
      """)

  @Argument(help: ArgumentHelp("The earlier state: a runbook, or a commit.", valueName: "base"))
  var base: String

  @Argument(help: ArgumentHelp("The later state; without it, the files as they are.", valueName: "head"))
  var head: String?

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  func run() throws {
    Signals.ignoreBrokenPipes()
    var ending = Ending.done
    var reports: [VersionCheck.Report] = []
    do throws(Unusable) {
      for pair in try pairs() {
        do throws(VersionCheck.Problem) {
          reports.append(try VersionCheck.compare(pair.base, with: pair.head))
        } catch {
          guard case .hasErrors(let name, let findings) = error else { continue }
          // What was wrong before and is still the same is not this change's matter.
          if isTree, pair.base.source.bytes == pair.head.source.bytes { continue }
          let counts = Reports.counts(findings)
          Reports.remark("'\(name)' has errors (\(counts)), so that its meaning cannot be compared; see tocsin check")
          ending = Ending.incomplete
        }
      }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    switch format {
    case .json: Reports.printJSON(.array(reports.map(\.json)))
    case .text:
      // Of all runbooks of a tree those count that changed.
      let told = reports.filter { !isTree || !$0.difference.changes.isEmpty || !$0.findings.isEmpty }
      told.forEach(show)
      if isTree { Reports.remark("\(told.count) of \(reports.count) runbooks that were compared changed in meaning") }
    }
    throw ExitCode(max(ending, reports.contains { !$0.findings.isEmpty } ? Ending.found : Ending.done))
  }

  private func show(_ report: VersionCheck.Report) {
    let style = Style(coloured: Terminal.Stream.output.isColoured)
    let difference = report.difference
    let versions = "\(difference.base ?? "no version") → \(difference.version ?? "no version")"
    let needed = difference.neededVersion.map { ", the changes demand \($0)" } ?? ""
    let step = difference.neededStep.map { " (\($0.rawValue))" } ?? ": nothing changed in meaning"
    Terminal.print(style(visible(report.path), .title) + " \(visible(versions))\(needed)\(step)")
    for change in difference.changes {
      Terminal.print("  \(change.step.rawValue.padded(to: 5))  \(visible(change.words).shortened(to: 400))")
    }
    Reports.show(report.findings)
  }

  // MARK: What is compared

  /// Whether commits are compared, not two files.
  private var isTree: Bool { head.map { !DocumentFiles.isFile(base) && !DocumentFiles.isFile($0) } ?? true }

  private typealias State = (source: SourceText, files: any RunbookFiles)

  private func pairs() throws(Unusable) -> [(base: State, head: State)] {
    if let head, !isTree {
      let files = DocumentFiles()
      return [
        (
          (try Documents.load(base, as: "the runbook"), files), (try Documents.load(head, as: "the runbook"), files)
        )
      ]
    }
    do throws(GitTree.Problem) {
      let old = try GitTree(base)
      let new = try head.map { name throws(GitTree.Problem) in try GitTree(name) }
      var pairs: [(base: State, head: State)] = []
      for path in try old.paths() where path.hasSuffix(".runbook.yaml") || path.hasSuffix(".runbook.yml") {
        guard case .success(let before) = old.load(path) else { continue }
        let after = new.map { $0.load(path) } ?? DocumentFiles().load(path)
        switch after {
        case .success(let after):
          // The same text may mean something else when an import changed.
          pairs.append(((before, old), (after, new ?? DocumentFiles())))
        case .failure: Reports.remark("'\(path)' is gone")
        }
      }
      return pairs
    } catch {
      throw Unusable(error.message)
    }
  }
}
