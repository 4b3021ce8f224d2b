package import RunbookLanguage
package import RunbookPorts

/// The mappings of a deployment's configuration.
extension DeploymentReader {
  /// - Parameter kinds: What sources can be bound to; without any, what stands in a source is left open.
  package static func shape(_ kinds: [any AdapterKind]) -> Shape {
    let source = Form.any(
      kinds.map { .mapping(Shape("a source of the kind \($0.name)", sourceKeys($0))) })
    return Shape(
      "a deployment",
      [
        .init("deployment", .integer(version...version), required: true, "The version of the configuration's form."),
        .init("node", .text, "The name of this machine in trails.", standard: "its host name"),
        .init("trail", .mapping(.trail), "How the trail is kept."),
        .init(
          "recorded", .bool, "Whether the sources hold a recording, so that nothing is waited for.", standard: "false"),
        .init(
          "sources", .keyed(kinds.isEmpty ? .anything : source, by: .identifier(allowingHyphens: false)),
          "Which adapter reads each source of a runbook, and where.",
          snippet: "${1:source}: {adapter: ${2:access-log}, path: ${3:access.log}}"),
        .init(
          "lists", .keyed(.text, by: .identifier(allowingHyphens: false)), "Files for the runbooks' lists, by list id."),
        .init(
          "thresholds", .keyed(.number(above: nil, upTo: nil), by: .identifier(allowingHyphens: false)),
          "Numbers instead of the runbooks', by threshold id."),
        .init("notify", .mapping(.notify), "How people are told.", standard: "the outbox in the trail's folder"),
      ])
  }

  /// - Parameter kind: `nil`: it is not known.
  static func sourceKeys(_ kind: (any AdapterKind)?) -> [Shape.Key] {
    let adapter = Form.choice(kind.map { [$0.name] } ?? [])
    return [
      .init("adapter", kind == nil ? .text : adapter, required: true, kind?.about ?? "What reads the source."),
      .init(
        "lag", .duration(signed: false), "How long after its time a record may still arrive.", standard: "0s"),
      .init("gap", .duration(signed: false), "The longest silence that is normal.", standard: "0s"),
      .init(
        "silence", .choice(["normal"]), "`normal`: the source speaks only when something happens."),
    ] + (kind?.options.map(key) ?? [])
  }

  private static func key(of option: AdapterOption) -> Shape.Key {
    let form: Form =
      switch option.form {
      case .text, .path: .text
      case .texts, .paths: .list(.text, orOne: true)
      case .choice(let choices): .choice(choices)
      case .columns: .keyed(.columnType)
      }
    return .init(option.name, form, required: option.isRequired, option.about)
  }
}

extension Shape {
  static let trail = Shape(
    "'trail'",
    [
      Key(
        "evidence_megabytes", .integer(DeploymentReader.evidenceMegabytes),
        "How many megabytes of evidence the trail holds; what comes beyond is used, not kept, and its record says so.",
        standard: "no limit"),
      Key(
        "records", .choice(DeploymentReader.recordsWritten),
        "`at_once`: each record is written as it arises, so that a process that is killed loses none; `gathered`: one that "
          + "nobody waits for may stay in memory for some milliseconds.",
        standard: "gathered"),
    ])

  static let notify = Shape(
    "'notify'",
    [
      Key("outbox", .text, "A JSON Lines file that notices are written to."),
      Key(
        "command", .list(.text, orOne: true, atLeast: 1), "A program and its arguments; the notice comes to its input."),
    ], rules: [.exactlyOne(["outbox", "command"])])
}
