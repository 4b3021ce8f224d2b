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
      Compares two files, or all runbooks below this folder with a commit of git,
      or two commits. With a branch that has gone on since, it is the commit that
      this branch began with. Layout does not count. Wording is a patch; a
      threshold, a query or a new question is minor; a question or verdict that is
      gone, a changed export, or another contact is major. So is a runbook that is
      gone; one whose file has another name is known by its id. What stands in the
      files of lists is data, and does not count.

        tocsin diff old.runbook.yaml new.runbook.yaml
        tocsin diff origin/main
        tocsin diff v1.2.0 v1.3.0 --format json

      Ends with 1 if a version is not raised as its changes demand, if a name is
      used again for something else, or if a runbook is gone that was not
      deprecated before; with 2 if something cannot be read or has errors.
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
    var removals: [VersionCheck.Removal] = []
    do throws(Unusable) {
      let compared = try compared()
      removals = compared.removals
      for pair in compared.pairs {
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
    case .json: Reports.printJSON(.array(reports.map(\.json) + removals.map(\.json)))
    case .text:
      // Of all runbooks of a tree those count that changed.
      let told = reports.filter { !isTree || !$0.difference.changes.isEmpty || !$0.findings.isEmpty }
      told.forEach(show)
      removals.forEach(show)
      if isTree { Reports.remark("\(told.count) of \(reports.count) runbooks that were compared changed in meaning") }
    }
    let isFound = reports.contains { !$0.findings.isEmpty } || !removals.allSatisfy(\.isExpected)
    throw ExitCode(max(ending, isFound ? Ending.found : Ending.done))
  }

  private func show(_ removal: VersionCheck.Removal) {
    let style = Style(coloured: Terminal.Stream.output.isColoured)
    let ending = removal.isExpected ? "; it was deprecated" : ""
    Terminal.print(style(visible(removal.path), .title) + " \(visible(removal.version ?? "no version")) → gone (major)")
    Terminal.print("  major  runbook '\(visible(removal.id))' is gone\(ending)")
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

  private func compared() throws(Unusable) -> (pairs: [(base: State, head: State)], removals: [VersionCheck.Removal]) {
    if let head, !isTree {
      let files = DocumentFiles()
      let base: State = (try Documents.load(base, as: "the runbook"), files)
      return ([(base, (try Documents.load(head, as: "the runbook"), files))], [])
    }
    do throws(GitTree.Problem) {
      // What others have done since is not this change's matter.
      let named = try GitTree(base)
      let old = head == nil ? (try? named.mergeBase()) ?? named : named
      let new = try head.map { name throws(GitTree.Problem) in try GitTree(name) }
      return trees(old, new)
    } catch {
      throw Unusable(error.message)
    }
  }

  /// - Parameter new: `nil`: the files as they are.
  private func trees(
    _ old: GitTree, _ new: GitTree?
  ) -> (pairs: [(base: State, head: State)], removals: [VersionCheck.Removal]) {
    let files: any RunbookFiles = new ?? DocumentFiles()
    func load(_ path: String) -> SourceText? { try? (new.map { $0.load(path) } ?? DocumentFiles().load(path)).get() }
    let oldPaths = old.runbooks()
    // Runbooks that were not there before, by their ids: one of them may be an old one under another name.
    var added: [String: SourceText]?
    var pairs: [(base: State, head: State)] = []
    var removals: [VersionCheck.Removal] = []
    for path in oldPaths {
      guard case .success(let before) = old.load(path) else { continue }
      if let after = load(path) {
        // The same text may mean something else when an import changed.
        pairs.append(((before, old), (after, files)))
        continue
      }
      if added == nil { added = self.added(in: new, without: Set(oldPaths), load) }
      let removal = VersionCheck.Removal(of: before)
      if let after = added?[removal.id] {
        Reports.remark("'\(path)' is '\(after.name)' now")
        pairs.append(((before, old), (after, files)))
      } else {
        removals.append(removal)
      }
    }
    return (pairs, removals)
  }

  private func added(
    in new: GitTree?, without old: Set<String>, _ load: (String) -> SourceText?
  ) -> [String: SourceText] {
    let here = DocumentSelection(["."]).documents.filter { $0.kind == .runbook }.map { PathName.plain($0.path) }
    let sources = (new?.runbooks() ?? here).filter { !old.contains($0) }.compactMap(load)
    return Dictionary(sources.compactMap { source in VersionCheck.id(of: source).map { ($0, source) } }) { first, _ in
      first
    }
  }
}
