import RunbookPorts
import Values

/// What `nft -j list ruleset` printed.
struct RulesetKind: AdapterKind {
  let name = "nft-ruleset"
  let about =
    "the rules and counters of the Linux firewall, as nft -j list ruleset printed them; a state without a time"
  let options = [AdapterOption("path", .paths, required: true, "the files")]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    DocumentAdapter(
      tables: [Ruleset.rules, Ruleset.counters],
      files: FileSet(patterns: options.texts("path"), folder: options.folder),
      read: { bytes, name throws(DocumentProblem) in try Ruleset(bytes, name: name) }
    ) { rulesets in
      DocumentAdapter<Ruleset>.Content(
        tables: [
          RowTable(schema: Ruleset.rules, rows: rulesets.flatMap(\.ruleRows)),
          RowTable(schema: Ruleset.counters, rows: rulesets.flatMap(\.counterRows)),
        ])
    }
  }
}

/// The parts of a ruleset that are asked for (nftables, libnftables-json(5)).
struct Ruleset: Sendable {
  let ruleRows: [[Value]]
  let counterRows: [[Value]]

  static let rules = TableSchema(
    about: "one row for each rule",
    columns: [
      ColumnSchema("family", .string, "inet, ip, ip6, bridge"), ColumnSchema("table_name", .string, "the rule's table"),
      ColumnSchema("chain", .string, "the rule's chain"), ColumnSchema("handle", .int, "the rule's number"),
      ColumnSchema("verdict", .string, "accept, drop, reject, jump, goto, return, queue; null for a rule without one"),
      ColumnSchema("target", .string, "the chain that is jumped to"),
      ColumnSchema("log_prefix", .string, "the words under which it logs packets"),
      ColumnSchema("counter", .string, "the name of its counter; null for one without a name"),
      ColumnSchema("packets", .int, "packets that its counter has seen; null without a counter"),
      ColumnSchema("bytes", .int, "bytes that its counter has seen"),
      ColumnSchema("comment", .string, "the rule's comment"),
      ColumnSchema("expression", .string, "the whole rule in JSON"),
      ColumnSchema("file", .string, "the file's name"),
    ])

  static let counters = TableSchema(
    name: "counters", about: "one row for each counter with a name",
    columns: [
      ColumnSchema("family", .string, "inet, ip, ip6, bridge"),
      ColumnSchema("table_name", .string, "the counter's table"),
      ColumnSchema("name", .string, "the counter's name"), ColumnSchema("packets", .int, "packets that it has seen"),
      ColumnSchema("bytes", .int, "bytes that it has seen"), ColumnSchema("file", .string, "the file's name"),
    ])

  /// - Throws: why the bytes are no ruleset.
  init(_ bytes: [UInt8], name: String) throws(DocumentProblem) {
    let json: JSON
    do { json = try JSON(parsing: bytes, repairingUTF8: true) } catch {
      throw DocumentProblem("it is no ruleset in JSON: \(error)")
    }
    guard let objects = json["nftables"]?.elements else { throw DocumentProblem("it is no ruleset of nft in JSON") }
    let counters = objects.compactMap { $0["counter"] }
    counterRows = counters.map { counter in
      ["family", "table", "name"].map { Self.text(counter[$0]) }
        + ["packets", "bytes"].map { Self.number(counter[$0]) }
        + [.string(name)]
    }
    ruleRows = objects.compactMap { $0["rule"] }.map { Self.row($0, counters, name) }
  }

  private static let verdicts: Set<String> = [
    "accept", "drop", "reject", "jump", "goto", "return", "queue", "continue",
  ]

  private static func row(_ rule: JSON, _ counters: [JSON], _ name: String) -> [Value] {
    let expressions = rule["expr"]?.elements ?? []
    func member(_ name: String) -> JSON? { expressions.lazy.compactMap { $0[name] }.first }
    let verdict = expressions.lazy.compactMap { $0.members?.first }.first { verdicts.contains($0.name) }
    let own = member("counter")
    let counter =
      own?.text.flatMap { name in
        counters.first {
          $0["name"]?.text == name && $0["table"]?.text == rule["table"]?.text
            && $0["family"]?.text == rule["family"]?.text
        }
      } ?? own
    return [
      text(rule["family"]), text(rule["table"]), text(rule["chain"]), number(rule["handle"]),
      verdict.map { .string($0.name) } ?? .null, text(verdict?.value["target"]), text(member("log")?["prefix"]),
      text(own), number(counter?["packets"]), number(counter?["bytes"]), text(rule["comment"]),
      .string(JSON.array(expressions).compactText), .string(name),
    ]
  }

  private static func text(_ json: JSON?) -> Value { json?.text.map(Value.string) ?? .null }
  private static func number(_ json: JSON?) -> Value { json?.integer.map(Value.int) ?? .null }
}
