package import Diagnostics
import RunbookLanguage
package import RunbookPorts
import Values
import YAMLTree

/// Reads a deployment's configuration. All findings are told in one pass.
package struct DeploymentReader: Sendable {
  /// The version of the configuration's form that is understood.
  package static let version = 1
  static let evidenceMegabytes = 1...1_000_000_000
  static let recordsWritten = ["gathered", "at_once"]

  private let kinds: [any AdapterKind]

  /// - Parameter kinds: What sources can be bound to.
  package init(kinds: [any AdapterKind]) {
    self.kinds = kinds
  }

  /// - Parameter folder: What relative paths count from; `nil`: the document's own folder.
  /// - Returns: The deployment, unless there is an error; and all findings in reading order.
  package func read(_ source: SourceText, folder: String? = nil) -> (deployment: Deployment?, findings: [Diagnostic]) {
    let findings = Findings()
    let document = YAMLReader.read(source)
    findings.add(document.diagnostics + SecretCheck.findings(in: source))
    let pass = Pass(
      kinds: kinds, folder: folder ?? DocumentFiles.folder(of: source.name),
      reader: NodeReader(source: source, findings: findings))
    let deployment = document.root.flatMap(pass.deployment)
    let all = findings.all.map(\.ofDeployment).sorted(by: Diagnostic.readingOrder)
    return (findings.hasErrors ? nil : deployment, all)
  }
}

/// One reading of one document.
private struct Pass {
  static let nodeLengthLimitBytes = 255

  let kinds: [any AdapterKind]
  let folder: String
  let reader: NodeReader
  var findings: Findings { reader.findings }

  func deployment(_ root: YAMLNode) -> Deployment? {
    guard let mapping = reader.mapping(root, DeploymentReader.shape([])) else { return nil }
    if let node = mapping["deployment"], let version = reader.integer(node, "'deployment'", in: 0...Int(Int32.max)),
      version != DeploymentReader.version
    {
      findings.add(.unknownDeploymentVersion(version, at: reader.location(node)))
    }
    return Deployment(
      source: reader.source, folder: folder, node: mapping["node"].flatMap(nodeName),
      trail: mapping["trail"].flatMap(trail) ?? TrailKeeping(),
      isRecorded: mapping["recorded"].flatMap { reader.bool($0, "'recorded'") } ?? false,
      bindings: mapping["sources"].map(bindings) ?? [],
      lists: mapping["lists"].map(lists) ?? [], thresholds: mapping["thresholds"].map(thresholds) ?? [],
      channel: mapping["notify"].flatMap(channel))
  }

  private func nodeName(_ node: YAMLNode) -> String? {
    guard let text = reader.text(node, "'node'")?.text else { return nil }
    let isName =
      (1...Self.nodeLengthLimitBytes).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    if !isName { findings.add(.badNodeName(at: reader.location(node))) }
    return isName ? text : nil
  }

  private func trail(_ node: YAMLNode) -> TrailKeeping? {
    guard let mapping = reader.mapping(node, .trail) else { return nil }
    var trail = TrailKeeping()
    trail.evidenceLimitBytes = mapping["evidence_megabytes"].flatMap {
      reader.integer($0, "'evidence_megabytes'", in: DeploymentReader.evidenceMegabytes)
    }.map { $0 << 20 }
    let records = mapping["records"].flatMap { choice($0, "'records'", DeploymentReader.recordsWritten) }
    trail.gathersRecords = records != "at_once"
    return trail
  }

  private func choice(_ node: YAMLNode, _ what: String, _ choices: [String]) -> String? {
    guard let text = reader.text(node, what)?.text else { return nil }
    if choices.contains(text) { return text }
    findings.add(.notAChoice(text, what, choices, at: reader.location(node)))
    return nil
  }

  // MARK: Sources

  private func bindings(_ node: YAMLNode) -> [SourceBinding] {
    reader.declarations(node, "'sources'", of: "source").compactMap(binding)
  }

  private func binding(_ id: Placed<String>, _ node: YAMLNode) -> SourceBinding? {
    let kind = node["adapter"].flatMap(kind)
    // Without its kind, a source's options cannot be known; then none is told to be unknown.
    let written = kind == nil ? node.pairs?.compactMap { $0.key.scalar?.text } ?? [] : []
    let keys = DeploymentReader.sourceKeys(kind)
    let further = written.filter { name in !keys.contains { $0.name == name } }
    let shape = Shape("the source '\(id.value)'", keys + further.map { .init($0, .anything, "") })
    guard let mapping = reader.mapping(node, shape) else { return nil }
    let lag = mapping["lag"].flatMap { reader.duration($0, "'lag'") } ?? .zero
    let gap = mapping["gap"].flatMap { reader.duration($0, "'gap'") } ?? .zero
    let isSilenceNormal = mapping["silence"].flatMap { choice($0, "'silence'", ["normal"]) } != nil
    guard let kind else { return nil }
    var settings: [String: AdapterOptions.Setting] = [:]
    var places: [String: SourceLocation] = [:]
    for option in kind.options {
      guard let node = mapping[option.name] else { continue }
      places[option.name] = reader.location(node)
      settings[option.name] = setting(option, node)
    }
    return SourceBinding(
      id: id, kind: kind, options: AdapterOptions(source: id.value, settings: settings, folder: folder),
      optionPlaces: places, lag: lag, gap: gap, isSilenceNormal: isSilenceNormal)
  }

  private func kind(_ node: YAMLNode) -> (any AdapterKind)? {
    guard let name = reader.text(node, "'adapter'")?.text else { return nil }
    if let kind = kinds.first(where: { $0.name == name }) { return kind }
    findings.add(.unknownAdapter(name, known: kinds.map(\.name), at: reader.location(node)))
    return nil
  }

  private func setting(_ option: AdapterOption, _ node: YAMLNode) -> AdapterOptions.Setting? {
    let what = "'\(option.name)'"
    switch option.form {
    case .text, .path: return reader.text(node, what).map { .text($0.text) }
    case .texts, .paths:
      let texts = reader.elements(node, what, orOne: true).compactMap { reader.text($0, "an element of \(what)")?.text }
      return texts.isEmpty ? nil : .texts(texts)
    case .choice(let choices): return choice(node, what, choices).map { .text($0) }
    case .columns:
      return .columns(
        reader.pairs(node, what).compactMap { name, type in
          reader.columnType(type, "the type of '\(name.value)'").map { Column(name.value, $0) }
        })
    }
  }

  // MARK: The rest

  private func lists(_ node: YAMLNode) -> [(id: Placed<String>, path: String)] {
    reader.declarations(node, "'lists'", of: "list").compactMap { id, node in
      reader.text(node, "the file of '\(id.value)'").map { (id, $0.text) }
    }
  }

  private func thresholds(_ node: YAMLNode) -> [(id: Placed<String>, value: Placed<Value>)] {
    reader.declarations(node, "'thresholds'", of: "threshold").compactMap { id, node in
      guard node.scalar != nil else {
        findings.add(.thresholdIsNoNumber(id.value, at: reader.location(node)))
        return nil
      }
      return reader.number(node, "the threshold '\(id.value)'").map { (id, Placed($0, at: reader.location(node))) }
    }
  }

  private func channel(_ node: YAMLNode) -> NoticeChannel? {
    guard let mapping = reader.mapping(node, .notify) else { return nil }
    if mapping["outbox"] != nil, let command = mapping["command"] {
      findings.add(.twoChannels(at: reader.location(command)))
      return nil
    }
    if let node = mapping["outbox"] {
      return reader.text(node, "'outbox'").map { .outbox(path: DocumentFiles.resolve($0.text, in: folder)) }
    }
    guard let node = mapping["command"] else {
      findings.add(.noChannel(at: mapping.location))
      return nil
    }
    let words = reader.elements(node, "'command'", orOne: true).compactMap { reader.text($0, "a word of 'command'") }
    guard let program = words.first, !program.text.isEmpty else {
      if words.first != nil || node.items?.isEmpty == true { findings.add(.noCommand(at: reader.location(node))) }
      return nil
    }
    if words.count == 1, node.items == nil, program.text.contains(" ") {
      findings.add(.commandIsOneText(at: program.location))
    }
    // A program without a folder is looked for as a shell does.
    let path = program.text.contains("/") ? DocumentFiles.resolve(program.text, in: folder) : program.text
    return .command([path] + words.dropFirst().map(\.text))
  }
}
