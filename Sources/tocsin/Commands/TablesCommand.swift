import ArgumentParser
import Diagnostics
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Values

struct TablesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tables",
    abstract: "List the tables and columns that queries can ask.",
    discussion: """
      With a configuration: those of its sources, under the names that queries use.
      Without: what every kind of adapter offers, with the options that a
      configuration may give it.

        tocsin tables
        tocsin tables --config tocsin.yaml access
      """)

  @Argument(help: ArgumentHelp("Only these sources (with --config) or kinds of adapters.", valueName: "source"))
  var names: [String] = []

  @OptionGroup var deploymentOptions: DeploymentOptions

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  func run() throws {
    Signals.ignoreBrokenPipes()
    var ending = Ending.done
    let all: [TableListing]
    do throws(Unusable) {
      let (deployment, findings) = try deploymentOptions.read()
      if findings.contains(where: { $0.severity == .error }) {
        Reports.show(findings)
        throw Unusable("the configuration has errors")
      }
      all = deployment.map(TableListing.all) ?? TableListing.all(Wiring.kinds)
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    for name in names where !all.contains(where: { $0.name == name }) {
      let near = nearestName(to: name, among: all.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
      throw ValidationError("there is no '\(name)'; there are \(quotedList(all.map(\.name), limit: 20))\(near)")
    }
    let listed = names.isEmpty ? all : all.filter { names.contains($0.name) }
    for listing in listed where listing.problem != nil { ending = Ending.incomplete }
    switch format {
    case .json: Reports.printJSON(.array(listed.map(\.json)))
    case .text: Terminal.print(TablesText(coloured: Terminal.Stream.output.isColoured).text(of: listed))
    }
    throw ExitCode(ending)
  }
}

/// What one source, or one kind of adapter, offers.
struct TableListing {
  let name: String
  let kind: String
  let about: String
  let schema: SourceSchema?
  /// Why there is no schema.
  let problem: String?
  /// Of a kind.
  let options: [AdapterOption]
  /// The name that stands for the source's id in the tables' names.
  let source: String

  static func all(_ deployment: Deployment) -> [TableListing] {
    let sources = BoundSources(deployment)
    return deployment.bindings.map { binding in
      let adapter = sources[binding.id.value]?.adapter
      let problem: String? = if case .failure(let problem)? = adapter { problem.message } else { nil }
      return TableListing(
        name: binding.id.value, kind: binding.kind.name, about: binding.kind.about,
        schema: sources.schema(of: binding.id.value), problem: problem, options: [], source: binding.id.value)
    }
  }

  static func all(_ kinds: [any AdapterKind]) -> [TableListing] {
    kinds.map { kind in
      // What an adapter offers hangs on no file, except where the deployment itself declares the columns.
      let settings = kind.options.compactMap { option -> (String, AdapterOptions.Setting)? in
        switch option.form {
        case .columns: (option.name, .columns([]))
        case .path, .paths, .text, .texts, .choice: option.isRequired ? (option.name, .text("example")) : nil
        }
      }
      let adapter = try? kind.makeAdapter(
        AdapterOptions(source: "source", settings: Dictionary(settings) { first, _ in first }, folder: "."))
      return TableListing(
        name: kind.name, kind: kind.name, about: kind.about, schema: adapter?.schema, problem: nil,
        options: kind.options, source: "SOURCE")
    }
  }

  var json: JSON {
    .object([
      "name": .string(name), "adapter": .string(kind), "about": .string(about),
      "languages": .array((schema?.languages ?? []).map(JSON.string)), "problem": problem.map(JSON.string) ?? .null,
      "options": .array(options.map(\.json)),
      "tables": .array(
        (schema?.tables ?? []).map { table in
          .object([
            "name": .string(table.sqlName(in: source)), "about": .string(table.about),
            "columns": .array(
              table.columns.map {
                .object([
                  "name": .string($0.name), "type": .string($0.type.description), "about": .string($0.about),
                ])
              }),
          ])
        }),
    ])
  }
}

extension AdapterOption {
  fileprivate var json: JSON {
    .object(["name": .string(name), "required": .bool(isRequired), "about": .string(about)])
  }
}
