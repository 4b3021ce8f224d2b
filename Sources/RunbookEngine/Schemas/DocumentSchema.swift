import RunbookLanguage
package import RunbookPorts
package import Values

/// The JSON Schemas of everything that Tocsin reads and writes.
package enum DocumentSchema: String, CaseIterable, Sendable {
  case runbook, tests, config, list
  case imported = "import"
  case trailRecord = "trail-record"

  /// Where it lies in this repository, and the version of the form it describes.
  package var path: String { "Schemas/\(rawValue)/v1.json" }

  /// Names of files for which editors should use it.
  package var filePattern: String? {
    switch self {
    case .runbook: "*.runbook.yaml"
    case .tests: "*.tests.yaml"
    case .config: "*tocsin.yaml"
    case .list, .imported, .trailRecord: nil
    }
  }

  /// - Parameter kinds: What sources can be bound to.
  package func json(_ kinds: [any AdapterKind]) -> JSON {
    switch self {
    case .runbook: JSONSchema(.runbook, about: "A runbook of Tocsin: the questions that are asked of an alert.").json()
    case .imported:
      JSONSchema(.imported, about: "Sections that several runbooks of Tocsin share.").json()
    case .tests:
      JSONSchema(.tests, about: "Cases of a runbook of Tocsin: what is given, and expected.").json()
    case .config:
      JSONSchema(
        DeploymentReader.shape(kinds), about: "A deployment of Tocsin: where a team's data lies and whom to tell."
      ).json()
    case .list:
      JSONSchema(
        .list(.any([.text, .keyed(.anything)])), title: "a list",
        about: "A list file of Tocsin: values, or records with a value for each column."
      ).json()
    case .trailRecord:
      JSONSchema(
        .trailRecord, about: "A line of a trail of Tocsin, in trail format version 1.", variants: Shape.trailBodies
      ).json()
    }
  }

  /// The text as it lies in `Schemas`.
  package func text(_ kinds: [any AdapterKind]) -> String { json(kinds).indentedText + "\n" }
}
