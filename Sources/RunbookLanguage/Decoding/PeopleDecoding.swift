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
    if addresses.isEmpty { reader.findings.add(.contactWithoutAddress(id.value, at: id.location)) }
    return Contact(id: id.value, name: name, addresses: addresses)
  }

  func decodeEscalation(_ id: Placed<String>, _ node: YAMLNode) -> DraftEscalation? {
    let steps = reader.elements(node, "the escalation '\(id.value)'").compactMap { step in
      reader.mapping(step, .step).map { mapping in
        let people = (mapping["notify"].map { reader.elements($0, "'notify'", orOne: true) } ?? [])
          .compactMap { reader.reference($0, "a contact") }
        return (notify: people, acknowledgeWithin: mapping["acknowledge_within"].flatMap {
          reader.duration($0, "'acknowledge_within'")
        })
      }
    }
    return DraftEscalation(id: id, steps: steps)
  }

  func decodeExport(_ id: Placed<String>, _ node: YAMLNode) -> DraftExport? {
    guard let mapping = reader.mapping(node, .export), let data = mapping["data"].flatMap({ reader.reference($0, "'data'") })
    else { return nil }
    var export = DraftExport(id: id, data: data)
    export.format = mapping["format"].flatMap { reader.reference($0, "'format'") }
    if let script = mapping["script"], reader.mapping(script, .script) != nil { export.script = reader.location(script) }
    return export
  }
}
