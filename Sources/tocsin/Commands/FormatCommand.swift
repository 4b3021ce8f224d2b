import ArgumentParser
import Diagnostics
import RunbookEngine

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Put runbooks, cases, configurations and lists into one layout.",
    discussion: """
      Takes files, folders and patterns as `check` does; in folders also the YAML
      files that runbooks import or name as lists. `-` lays out standard input.
      Comments stay beside their values, texts stay as they are to the byte, and so
      do the quotes; the sections of a runbook come in the order of the grammar, and
      all else stays in its order. A document whose YAML has errors is told and not
      touched.

        tocsin fmt                        lay out what is in this folder
        tocsin fmt --check Runbooks       name what is not laid out, as a CI does
        tocsin fmt --diff web.runbook.yaml
        tocsin fmt - < draft.yaml > web.runbook.yaml

      Two columns for each level; what stands in brackets is one line of at most 120
      columns, or a block where it is longer; one blank line at most; comments
      behind values below each other.

        window: {from:   -1h,
            to: 0s}   # an hour
      becomes
        window: {from: -1h, to: 0s}  # an hour

      Ends with 1 if --check names a file or YAML has errors, and with 2 if
      something could not be read, laid out or written.
      """)

  @Argument(help: ArgumentHelp("Files, folders, patterns with *, ? and **, or -.", valueName: "path"))
  var paths: [String] = ["."]

  @Flag(name: .long, help: "Change nothing; print the names of files that are not laid out.")
  var check = false

  @Flag(name: .long, help: "Change nothing; print what would change.")
  var diff = false

  private static let standardInput = "-"

  func validate() throws {
    if paths.contains(Self.standardInput), paths.count > 1 {
      throw ValidationError("'-' is standard input, and stands alone")
    }
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    var ending = Ending.done
    if paths == [Self.standardInput] {
      ending = layInput()
    } else {
      let selection = DocumentSelection(paths)
      for problem in selection.problems {
        Reports.remark("cannot read '\(problem.path)': \(problem.reason)")
        ending = Ending.incomplete
      }
      for path in DocumentLayout.paths(of: selection, below: paths) { ending = max(ending, lay(path)) }
    }
    throw ExitCode(ending)
  }

  private func lay(_ path: String) -> Int32 {
    do throws(Unusable) {
      let source = try Documents.load(path, as: "the document")
      guard case .changed(let change) = try outcome(of: source) else { return Ending.done }
      if check || diff {
        show(change)
        return check ? Ending.found : Ending.done
      }
      if let problem = Mending.write(change) { throw Unusable("cannot lay out '\(path)': \(problem)") }
      Reports.remark("laid out '\(path)'")
      return Ending.done
    } catch {
      return tell(error)
    }
  }

  private func layInput() -> Int32 {
    do throws(Unusable) {
      let bytes = Terminal.readInput(limit: DocumentFiles.byteLimit)
      guard bytes.count <= DocumentFiles.byteLimit else {
        throw Unusable("cannot lay out standard input: at most \(DocumentFiles.byteLimit) bytes are read")
      }
      let source = SourceText(name: "standard input", bytes: bytes)
      let outcome = try outcome(of: source)
      guard check || diff else {
        let text = if case .changed(let change) = outcome { change.new } else { source.bytes }
        Terminal.write(text)
        return Ending.done
      }
      guard case .changed(let change) = outcome else { return Ending.done }
      show(change)
      return check ? Ending.found : Ending.done
    } catch {
      return tell(error)
    }
  }

  /// - Throws: if it cannot be laid out; its findings are told.
  private func outcome(of source: SourceText) throws(Unusable) -> DocumentLayout.Outcome {
    let outcome = DocumentLayout.lay(source)
    switch outcome {
    case .asItWas, .changed: return outcome
    case .faulty(let findings):
      Reports.show(findings)
      throw Unusable("'\(source.name)' is not touched: its YAML has errors", ending: Ending.found)
    case .notPossible:
      throw Unusable("'\(source.name)' is not touched: laid out it would say something else")
    }
  }

  private func show(_ change: Mending.Change) {
    if diff {
      Reports.printDifference(change)
    } else {
      Terminal.print(visible(change.path))
    }
  }

  private func tell(_ problem: Unusable) -> Int32 {
    Reports.remark(problem.message)
    return problem.ending
  }
}
