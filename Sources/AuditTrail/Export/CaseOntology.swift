internal import Values

/// A case in the words of CASE and UCO (case.jsonld): an investigation, the action that the run was, and the files.
enum CaseOntology {
  private static let names: [JSON.Member] = [
    .init("case-investigation", .string("https://ontology.caseontology.org/case/investigation/")),
    .init("kb", .string("urn:tocsin:")),
    .init("uco-action", .string("https://ontology.unifiedcyberontology.org/uco/action/")),
    .init("uco-core", .string("https://ontology.unifiedcyberontology.org/uco/core/")),
    .init("uco-observable", .string("https://ontology.unifiedcyberontology.org/uco/observable/")),
    .init("uco-tool", .string("https://ontology.unifiedcyberontology.org/uco/tool/")),
    .init("uco-types", .string("https://ontology.unifiedcyberontology.org/uco/types/")),
    .init("xsd", .string("http://www.w3.org/2001/XMLSchema#")),
  ]

  static func graph(of exported: ExportedCase) -> JSON {
    let records = exported.recordBytes
    var files = [file(exported, "records.jsonl", Digest(of: records).hexadecimal, records.count)]
    for piece in exported.pieces {
      let size = piece.salt.count + piece.bytes.count
      files.append(file(exported, "evidence/\(piece.digits)", piece.digits, size))
    }
    return .object(["@context": .object(names), "@graph": .array(nodes(exported, files))])
  }

  /// The same name for the same thing each time that the case is exported: made of the run, not of chance.
  private static func id(_ exported: ExportedCase, _ kind: String, _ name: String) -> String {
    let digits = Digest(of: Array("\(exported.checkpoint.origin)\n\(exported.run)\n\(kind)\n\(name)".utf8)).hexadecimal
    let parts = [digits.prefix(8), digits.dropFirst(8).prefix(4)].map(String.init)
    let version = "5" + digits.dropFirst(13).prefix(3)
    let variant = "a" + digits.dropFirst(17).prefix(3)
    return "kb:\(kind)-\(parts[0])-\(parts[1])-\(version)-\(variant)-\(digits.dropFirst(20).prefix(12))"
  }

  private static func reference(_ id: String) -> JSON { .object(["@id": .string(id)]) }

  private static func typed(_ type: String, _ value: String) -> JSON {
    .object(["@type": .string(type), "@value": .string(value)])
  }

  private static func nodes(_ exported: ExportedCase, _ files: [JSON]) -> [JSON] {
    let opened = exported.first?.body
    let closed = exported.last(TrailLog.closingType)
    let runbook = opened?["runbook"]?.text ?? "runbook"
    let tool = id(exported, "Tool", "tocsin")
    let action = id(exported, "InvestigativeAction", exported.run)
    let fileIDs = files.compactMap { $0["@id"]?.text }
    return [
      .object([
        "@id": .string(id(exported, "Investigation", exported.run)),
        "@type": .string("case-investigation:Investigation"), "uco-core:name": .string(exported.run),
        "uco-core:description": closed.map { record in
          .string("\(runbook): \(record.body["verdict"]?.text ?? ""), \(record.body["severity"]?.text ?? "")")
        },
        "case-investigation:focus": .string(runbook),
        "uco-core:object": .array(([action, tool] + fileIDs).map(reference)),
      ]),
      .object([
        "@id": .string(tool), "@type": .string("uco-tool:Tool"), "uco-core:name": .string("tocsin"),
        "uco-tool:version": exported.first.map { .string($0.engine.version) },
      ]),
      .object([
        "@id": .string(action), "@type": .string("case-investigation:InvestigativeAction"),
        "uco-core:name": .string("run of \(runbook)"),
        "uco-action:startTime": exported.first.map { typed("xsd:dateTime", $0.wall.description) },
        "uco-action:endTime": closed.map { typed("xsd:dateTime", $0.wall.description) },
        "uco-action:instrument": reference(tool), "uco-action:result": .array(fileIDs.map(reference)),
      ]),
    ] + files
  }

  private static func file(_ exported: ExportedCase, _ name: String, _ digits: String, _ size: Int) -> JSON {
    .object([
      "@id": .string(id(exported, "File", name)), "@type": .string("uco-observable:File"),
      "uco-core:hasFacet": .array([
        .object([
          "@id": .string(id(exported, "FileFacet", name)), "@type": .string("uco-observable:FileFacet"),
          "uco-observable:fileName": .string(name.split(separator: "/").last.map(String.init) ?? name),
          "uco-observable:filePath": .string(name), "uco-observable:sizeInBytes": .integer(Int64(size)),
        ]),
        .object([
          "@id": .string(id(exported, "ContentDataFacet", name)),
          "@type": .string("uco-observable:ContentDataFacet"),
          "uco-observable:hash": .object([
            "@id": .string(id(exported, "Hash", name)), "@type": .string("uco-types:Hash"),
            "uco-types:hashMethod": .string("SHA256"),
            "uco-types:hashValue": typed("xsd:hexBinary", digits),
          ]),
        ]),
      ]),
    ])
  }
}
