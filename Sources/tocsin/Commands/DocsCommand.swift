import ArgumentParser
import RunbookEngine
import RunbookLanguage

struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs",
    abstract: "Write a runbook as a page that a person can follow by hand.",
    discussion: """
      Questions in their order with what follows each answer, the queries to ask,
      what each verdict means and whom to call: what is needed when no machine
      answers. HTML is one file that fetches nothing, with a drawing; it prints
      well.

        tocsin docs web.runbook.yaml > web.md
        tocsin docs web.runbook.yaml --format html > web.html
      """)

  @Argument(help: ArgumentHelp("The runbook.", valueName: "runbook"))
  var runbook: String

  @Option(name: .long, help: "markdown or html.")
  var format = PageFormat.markdown

  func run() throws {
    Signals.ignoreBrokenPipes()
    do throws(Unusable) {
      let page = Handbook.page(of: try Documents.checked(runbook))
      switch format {
      case .markdown: Terminal.printWhole(page.markdown)
      case .html: Terminal.printWhole(page.html)
      }
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }
}

enum PageFormat: String, ExpressibleByArgument, CaseIterable {
  case markdown, html
}
