/// A text that shows a rule.
package struct RuleExample: Sendable {
  package enum Form: Sendable {
    /// Sections of a runbook; the others are those of `RuleExample.sample`.
    case sections
    /// Sections of a configuration; the others are those of `RuleExample.sampleDeployment`.
    case deployment
    /// Sections of a file of cases; the others are those of `RuleExample.sampleCases`.
    case cases
    /// Sections of a runbook that has changed.
    case change
    /// Words for a text that is too large or too strange to be shown.
    case described
  }

  package let form: Form
  /// As it is shown.
  package let text: String
  /// Files beside it.
  package let files: [(name: String, text: String)]
  /// Sections of the configuration that it is checked with; `nil`: without one.
  package let deployment: String?
  /// Sections of the runbook that cases are put to, or of the state before a change.
  package let runbook: String?

  private init(
    _ form: Form, _ text: String, files: [(name: String, text: String)] = [], deployment: String? = nil,
    runbook: String? = nil
  ) {
    self.form = form
    self.text = text
    self.files = files
    self.deployment = deployment
    self.runbook = runbook
  }

  static func sections(
    _ text: String, files: [(name: String, text: String)] = [], with deployment: String? = nil
  ) -> RuleExample {
    RuleExample(.sections, text, files: files, deployment: deployment)
  }

  static func deployment(_ text: String) -> RuleExample { RuleExample(.deployment, text) }

  static func cases(
    _ text: String, files: [(name: String, text: String)] = [], of runbook: String? = nil
  ) -> RuleExample {
    RuleExample(.cases, text, files: files, runbook: runbook)
  }

  static func change(_ text: String, from earlier: String) -> RuleExample {
    RuleExample(.change, text, runbook: earlier)
  }

  static func described(_ words: String) -> RuleExample { RuleExample(.described, words) }

  func replacing(_ part: String, by other: String) -> RuleExample {
    RuleExample(
      form, text.replacingFirst(part, by: other),
      files: files.map { ($0.name, $0.text.replacingFirst(part, by: other)) },
      deployment: deployment?.replacingFirst(part, by: other), runbook: runbook?.replacingFirst(part, by: other))
  }

  /// The whole text that the example stands for; `nil` if it is only described.
  package var whole: String? {
    switch form {
    case .sections, .change: Self.joined(Self.sample, text)
    case .deployment: Self.joined(Self.sampleDeployment, text)
    case .cases: Self.joined(Self.sampleCases, text)
    case .described: nil
    }
  }

  /// The whole runbook that cases are put to, or the state before a change.
  package var wholeRunbook: String { Self.joined(Self.sample, runbook ?? "") }

  /// The whole configuration that the example is checked with.
  package var wholeDeployment: String? { deployment.map { Self.joined(Self.sampleDeployment, $0) } }

  /// The runbook whose sections the examples leave out.
  package static let sample = """
    tocsin: 1
    runbook: sample
    alert:
      when: alert.labels.alertname == "Sample"
      fields: {site: alert.labels.site, user: alert.labels.user}
    questions:
      many:
        ask: Were there many requests to ${site}?
        answer: hits.size() > 100
        then: {yes: suspicious, no: benign}
    queries:
      hits:
        from: access
        sql: SELECT client, path FROM access WHERE host = ${site} AND time BETWEEN ${from} AND ${to}
        rows: {client: ip, path: string}

    """

  package static let sampleDeployment = """
    deployment: 1
    sources:
      access: {adapter: access-log, path: access.log, format: combined}

    """

  package static let sampleCases = """
    tests: sample
    alert: {site: shop, user: anna}
    cases:
      nobody asked:
        given: {hits: none}
        expect: {verdict: benign}

    """

  /// A text in which sections of another stand in the place of its own, or behind them.
  static func joined(_ base: String, _ text: String) -> String {
    var sections = Self.sections(of: base)
    for section in Self.sections(of: text) {
      if let index = sections.firstIndex(where: { $0.name == section.name && !section.name.isEmpty }) {
        sections[index] = section
      } else {
        sections.append(section)
      }
    }
    return sections.map { $0.lines.joined(separator: "\n") + "\n" }.joined()
  }

  /// The sections of a text, which begin where a line begins with a letter; by the word before the first colon.
  private static func sections(of text: String) -> [(name: Substring, lines: [Substring])] {
    var sections: [(name: Substring, lines: [Substring])] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isHead = line.utf8.first.map { (97...122).contains($0) } ?? false
      if isHead || sections.isEmpty {
        sections.append((isHead ? line.prefix { $0 != ":" } : "", [line]))
      } else {
        sections[sections.count - 1].lines.append(line)
      }
    }
    // A comment above a section belongs to it.
    for index in sections.indices.dropFirst() {
      while let last = sections[index - 1].lines.last, last.hasPrefix("#") {
        sections[index - 1].lines.removeLast()
        sections[index].lines.insert(last, at: 0)
      }
    }
    return sections.filter { section in section.lines.contains { !$0.isEmpty } }
      .map { ($0.name, $0.lines.last?.isEmpty == true ? $0.lines.dropLast() : $0.lines) }
  }
}

extension String {
  fileprivate func replacingFirst(_ part: String, by other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return replacingCharacters(in: range, by: other)
  }

  private func firstRange(of part: String) -> Range<Index>? { ranges(of: part).first }

  private func replacingCharacters(in range: Range<Index>, by other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
