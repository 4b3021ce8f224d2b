package import Diagnostics
import Investigation
package import RunbookLanguage
import Values
import YAMLTree

/// Reads the cases of a runbook (language, section 5). All findings are told in one pass, each at its place.
package struct CaseReader: Sendable {
  /// Most cases of one file.
  package static let caseLimit = 10_000

  private let files: any RunbookFiles

  package init(files: any RunbookFiles) {
    self.files = files
  }

  /// - Returns: The cases that can be run, and all findings in reading order. A case with an error in it is left out.
  package func read(_ source: SourceText, for runbook: CheckedRunbook) -> (file: CaseFile, findings: [Diagnostic]) {
    let findings = Findings()
    let document = YAMLReader.read(source)
    findings.add(document.diagnostics + SecretCheck.findings(in: source))
    let pass = Pass(
      runbook: runbook.runbook, files: files.inTree(of: source), reader: NodeReader(source: source, findings: findings))
    let cases = document.root.map(pass.cases) ?? []
    return (CaseFile(source: source, cases: cases), findings.inReadingOrder)
  }
}

/// One reading of one document.
private struct Pass {
  let runbook: Runbook
  let files: any RunbookFiles
  let reader: NodeReader
  var findings: Findings { reader.findings }

  /// What a case says itself or takes from the one it is like.
  struct Base {
    var alert: [YAMLNode] = []
    var now: YAMLNode?
    var thresholds: YAMLNode?
    var given: [(query: Placed<String>, node: YAMLNode)] = []
    var people: YAMLNode?
    /// Whether `people` is its own: what another says may have nobody to say it here.
    var saysItself = false
  }

  func cases(_ root: YAMLNode) -> [RunbookCase] {
    guard let mapping = reader.mapping(root, .tests) else { return [] }
    if let node = mapping["tests"], let name = reader.identifier(node, "'tests'", allowingHyphens: true),
      name.value != runbook.id
    {
      findings.add(.casesOfAnotherRunbook(name.value, expected: runbook.id, at: name.location))
    }
    if let now = mapping["now"] { _ = reader.text(now, "'now'") }
    guard let node = mapping["cases"] else { return [] }
    let written = reader.pairs(node, "'cases'")
    guard written.count <= CaseReader.caseLimit else {
      findings.add(.tooManyGiven("cases", limit: CaseReader.caseLimit, at: reader.location(node)))
      return []
    }
    var bases: [(name: String, base: Base)] = []
    let common = Base(alert: mapping["alert"].map { [$0] } ?? [], now: mapping["now"])
    return written.compactMap { name, node in
      guard let content = reader.mapping(node, .testCase) else { return nil }
      let told = findings.all.count
      let base = self.base(content, common: common, before: bases)
      bases.append((name.value, base))
      let found = makeCase(name, base, content["expect"])
      return findings.all[told...].contains { $0.severity == .error } ? nil : found
    }
  }

  private func base(_ content: NodeReader.Mapping, common: Base, before: [(name: String, base: Base)]) -> Base {
    var base = common
    if let node = content["like"], let like = reader.text(node, "'like'") {
      if let sibling = before.first(where: { $0.name == like.text }) {
        base = sibling.base
      } else {
        findings.add(.unknownSibling(like.text, known: before.map(\.name), at: like.location))
      }
    }
    if let alert = content["alert"] { base.alert.append(alert) }
    base.now = content["now"] ?? base.now
    base.thresholds = content["thresholds"] ?? base.thresholds
    base.people = content["people"] ?? base.people
    base.saysItself = content["people"] != nil
    if let given = content["given"] {
      for pair in reader.pairs(given, "'given'") {
        base.given.removeAll { $0.query.value == pair.key.value }
        base.given.append((pair.key, pair.value))
      }
    }
    return base
  }

  private func makeCase(_ name: Placed<String>, _ base: Base, _ expect: YAMLNode?) -> RunbookCase? {
    guard let intake = CaseIntake(runbook: runbook, files: files, reader: reader).read(base.alert, for: name) else {
      return nil
    }
    let reading = GivenReader(reader: reader, files: files, at: intake.at)
    var given: [String: Given] = [:]
    for (id, node) in base.given {
      guard let query = runbook.query(id.value) else {
        findings.add(.unknownNameInCase(id.value, "query", known: runbook.queries.map(\.id), at: id.location))
        continue
      }
      given[query.id] = reading.read(node, for: query)
    }
    guard let expect else { return nil }
    let answers = ExpectationReader(runbook: runbook, reader: reader)
    var expectation = answers.read(expect, of: name)
    let people = base.people.map(answers.people) ?? []
    if base.saysItself { expectation?.said = people }
    let now = base.now.flatMap { node in reader.text(node, "'now'") }.flatMap { text -> Timestamp? in
      let column = Column("now", .timestamp)
      let table = GivenTable(columns: [column], at: intake.at, findings: findings)
      guard case .timestamp(let now) = table.value(text.text, of: column, at: text.location) else { return nil }
      return now
    }
    return expectation.map {
      RunbookCase(
        name: name, intake: intake, now: now ?? intake.at, thresholds: base.thresholds.map(thresholds) ?? [:],
        given: given, people: ExpectationReader.said(people),
        expectation: $0)
    }
  }

  /// Plain numbers, as deployments may override them.
  private func thresholds(_ node: YAMLNode) -> [String: Threshold.Rule] {
    var rules: [String: Threshold.Rule] = [:]
    let known = runbook.thresholds.filter { if case .number = $0.rule { true } else { false } }.map(\.id)
    for (id, node) in reader.pairs(node, "'thresholds'") {
      guard known.contains(id.value) else {
        findings.add(.unknownNameInCase(id.value, "threshold that is a number", known: known, at: id.location))
        continue
      }
      rules[id.value] = reader.number(node, "the threshold '\(id.value)'").map { .number($0) }
    }
    return rules
  }
}
