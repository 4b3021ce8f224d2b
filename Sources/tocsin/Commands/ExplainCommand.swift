import ArgumentParser
import Diagnostics
import Rules
import Values

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a finding means, why it is told, and what to do.",
    discussion: """
      Takes the codes or names that `check` writes. Each has an example that has the
      finding and one that does not.

        tocsin explain TOC0104
        tocsin explain missing-key
        tocsin explain --list
      """)

  @Argument(help: ArgumentHelp("Codes or names.", valueName: "code"))
  var codes: [String] = []

  @Flag(name: .long, help: "List all codes instead.")
  var list = false

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  func validate() throws {
    if codes.isEmpty != list { throw ValidationError("name the codes that are to be explained, or say --list") }
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    let rules = list ? Rule.all : try codes.flatMap(rules)
    switch format {
    case .json: Reports.printJSON(.array(rules.map(\.json)))
    case .text where list:
      for rule in rules {
        Terminal.print(
          "\(rule.id)  \(rule.severity.rawValue.padded(to: 7))  \(rule.code.slug.padded(to: 26))  \(rule.summary)")
      }
    case .text: Terminal.print(rules.map { RulePage($0).text }.joined(separator: "\n\n\n"))
    }
  }

  /// The rules that a word names: a code names one; a name may stand for a runbook's finding and a configuration's.
  private func rules(_ word: String) throws -> [Rule] {
    let wanted = word.lowercased()
    let found = Rule.all.filter { $0.id.lowercased() == wanted || $0.code.slug == wanted }
    if !found.isEmpty { return found }
    let known = Rule.all.map(\.id) + Rule.all.map(\.code.slug)
    let near = nearestName(to: word, among: known).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError("there is no finding '\(word.shortened(to: 60))'\(near); --list names all")
  }
}

extension Rule {
  fileprivate var json: JSON {
    .object([
      "code": .string(id), "name": .string(code.slug), "severity": .string(severity.rawValue),
      "summary": .string(summary), "why": .string(why), "fix": .string(fix), "bad": .string(bad.text),
      "good": .string(good.text),
    ])
  }
}
