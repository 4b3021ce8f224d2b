import Diagnostics
import YAMLTree

/// Contacts, escalations, exports: who is called, and what is given to them.
extension RunbookDecoder {
  func decodeContact(_ id: Placed<String>, _ node: YAMLNode) -> Contact? {
    let pairs = reader.pairs(node, "the contact '\(id.value)'")
    var name: String?
    var addresses: [(channel: String, address: String)] = []
    for (key, value) in pairs {
      guard let text = reader.words(value, "'\(key.value)'")?.text else { continue }
      if key.value == "name" { name = text } else { addresses.append((key.value, text)) }
    }
    if addresses.isEmpty, node.pairs?.allSatisfy({ $0.key.scalar?.text == "name" }) == true {
      reader.findings.add(.contactWithoutAddress(id.value, at: id.location))
    }
    return Contact(id: id.value, name: name, addresses: addresses)
  }

  func decodeEscalation(_ id: Placed<String>, _ node: YAMLNode) -> DraftEscalation? {
    let steps = reader.elements(node, "the escalation '\(id.value)'")
    if node.items?.isEmpty == true { reader.findings.add(.emptyEscalation(id.value, at: id.location)) }
    return DraftEscalation(id: id, steps: steps.compactMap { decodeStep($0, of: id) })
  }

  private func decodeStep(
    _ node: YAMLNode, of id: Placed<String>
  ) -> (notify: [Placed<String>], acknowledgeWithin: Duration?)? {
    guard let mapping = reader.mapping(node, .step) else { return nil }
    let people = mapping["notify"].map { reader.elements($0, "'notify'", orOne: true) } ?? []
    if let notify = mapping["notify"], notify.items?.isEmpty == true {
      reader.findings.add(.emptyEscalation(id.value, at: reader.location(notify)))
    }
    let within = mapping["acknowledge_within"].flatMap { reader.duration($0, "'acknowledge_within'") }
    return (people.compactMap { reader.reference($0, "a contact") }, within)
  }

  func decodeExport(_ id: Placed<String>, _ node: YAMLNode) -> DraftExport? {
    guard let mapping = reader.mapping(node, .export),
      let data = mapping["data"].flatMap({ reader.reference($0, "'data'") })
    else { return nil }
    var export = DraftExport(id: id, data: data)
    export.format = mapping["format"].flatMap { reader.reference($0, "'format'") }
    export.script = mapping["script"].flatMap(decodeScript)
    return export
  }

  private func decodeScript(_ node: YAMLNode) -> DraftScript? {
    guard let mapping = reader.mapping(node, .script) else { return nil }
    var script = DraftScript()
    script.run = mapping["run"].flatMap { reader.reference($0, "'run'") }
    if let digest = mapping["sha256"].flatMap({ reader.reference($0, "'sha256'") }) {
      let isDigest = digest.value.utf8.count == 64 && digest.value.utf8.allSatisfy(Self.isHexadecimal)
      if isDigest { script.digest = digest } else { reader.findings.add(.badDigest(at: digest.location)) }
    }
    script.timeout = mapping["timeout"].flatMap { reader.duration($0, "'timeout'") }
    if let returns = mapping["returns"] {
      _ = decodeColumns(returns, "'returns'")
      script.returns = reader.location(returns)
    }
    return script
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }
}
