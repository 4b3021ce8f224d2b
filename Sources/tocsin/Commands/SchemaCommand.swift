import ArgumentParser
import RunbookEngine
import Values

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a kind of document, for editors and other tools.",
    discussion: """
      Draft-07, made of the declarations that the program itself reads documents by.
      What a schema rejects, `check` rejects; the check finds much more.

        tocsin schema runbook > runbook.schema.json
        tocsin schema config

      An editor with yaml-language-server uses it for a file whose first line is
      # yaml-language-server: $schema=runbook.schema.json
      """)

  @Argument(help: "runbook, import, tests, config, list or trail-record.")
  var name: DocumentSchema

  func run() throws {
    Signals.ignoreBrokenPipes()
    Terminal.printWhole(name.text(Wiring.kinds))
  }
}

extension DocumentSchema: ExpressibleByArgument {}
