import ArgumentParser
import Diagnostics
import DurableFiles
import RunbookEngine

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a first runbook, with cases, a configuration and data to try it on.",
    discussion: """
      Makes a folder with a commented runbook that passes `check`, cases that pass
      `test`, a configuration, a small file of example data and an alert. Nothing
      that exists is overwritten.

        tocsin new failed-logins
        cd failed-logins
        tocsin check
        tocsin test
        tocsin run failed-logins.runbook.yaml --config tocsin.yaml \\
          --alert failed-logins.alert.json --trail trail
      """)

  @Argument(help: "The runbook's id: lower-case words joined by '-'.")
  var name: String

  @Option(name: .long, help: ArgumentHelp("Where to make the folder.", valueName: "folder"))
  var directory = "."

  func validate() throws {
    let words = name.utf8.split(omittingEmptySubsequences: false) { $0 == 45 || $0 == 95 }
    let areWords = words.allSatisfy { word in
      !word.isEmpty && word.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }
    guard (1...64).contains(name.utf8.count), (97...122).contains(name.utf8.first ?? 0), areWords else {
      throw ValidationError(
        "'\(visible(name.shortened(to: 70)))' cannot be a runbook's id: lower-case words of letters and digits joined by "
          + "'-', a letter first")
    }
    // To other tools that read YAML these are no texts.
    if ["yes", "no", "on", "off", "y", "n", "true", "false", "null"].contains(name) {
      throw ValidationError("'\(name)' would be read as a truth value, or as nothing, by other tools; take another id")
    }
  }

  func run() throws {
    let folder = DocumentFiles.resolve(name, in: directory)
    let files = FirstRunbook.files(named: name)
    do throws(FileProblem) {
      for file in files where Folder.exists("\(folder)/\(file.name)") {
        Reports.remark("'\(folder)/\(file.name)' is there already; nothing was written")
        throw FileProblem("write", "\(folder)/\(file.name)", code: 17)
      }
    } catch { throw ExitCode(Ending.incomplete) }
    do throws(FileProblem) {
      try Folder.make(folder, mode: 0o755)
      for file in files {
        try OpenFile("\(folder)/\(file.name)", for: .creating, mode: 0o644).write(Array(file.text.utf8))
      }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    for file in files { Terminal.print("\(folder)/\(file.name)  \(file.about)") }
    Terminal.print(
      """

      Now try it:
        cd \(folder)
        tocsin check --config tocsin.yaml
        tocsin test
        tocsin run \(name).runbook.yaml --config tocsin.yaml --alert \(name).alert.json --trail trail
      """)
  }
}
