import Diagnostics

/// What is said of one rule: on a terminal, and on its page in `Runbooks/rules`.
package struct RulePage: Sendable {
  private let rule: Rule

  package init(_ rule: Rule) {
    self.rule = rule
  }

  /// `TOC0104 missing-key (error)`
  package var title: String { "\(rule.id) \(rule.code.slug) (\(rule.severity.rawValue))" }

  /// For a terminal.
  package var text: String {
    """
    \(title)

    \(rule.summary)
    \(rule.why)

    \(rule.fix)

    \(part("Instead of", rule.bad))

    \(part("write", rule.good))
    """
  }

  private func part(_ lead: String, _ example: RuleExample) -> String {
    guard example.form != .described else { return "\(lead): \(example.text)" }
    return (["\(lead):"] + blocks(of: example).map { "\n" + $0.indented }).joined(separator: "\n")
  }

  /// The page, in Markdown.
  ///
  /// - Parameter told: What the check says of the bad example; `nil` for one that is only described.
  package func markdown(told: String?) -> String {
    let sample = rule.bad.form == .described ? [] : ["What is not shown is as in [the sample](README.md#the-sample)."]
    return (["# \(rule.id) `\(rule.code.slug)`"] + body(told: told) + sample).joined(separator: "\n\n") + "\n"
  }

  /// What is said in a place that shows the code already, in Markdown.
  package var help: String { body(told: nil).joined(separator: "\n\n") }

  private func body(told: String?) -> [String] {
    let reply = told.map { ["`tocsin \(rule.command)` says:", "```text\n\($0)\n```"] } ?? []
    return [
      "\(rule.severity.rawValue.capitalised) · \(rule.summary)", rule.why, "**What to do.** \(rule.fix)",
      "## Instead of",
    ] + fences(of: rule.bad) + reply + ["## Write"] + fences(of: rule.good)
  }

  private func fences(of example: RuleExample) -> [String] {
    example.form == .described ? [example.text] : blocks(of: example).map { "```yaml\n\($0)\n```" }
  }

  /// The example's text, and the files that it rests on, each under its name.
  private func blocks(of example: RuleExample) -> [String] {
    var blocks = [example.text]
    for file in example.files { blocks.append("# \(file.name)\n" + file.text.withoutLastBreak) }
    if let runbook = example.runbook {
      blocks.append((example.form == .change ? "# before\n" : "# sample.runbook.yaml\n") + runbook)
    }
    if let deployment = example.deployment, !deployment.isEmpty { blocks.append("# tocsin.yaml\n" + deployment) }
    return blocks
  }
}

extension String {
  fileprivate var indented: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
      .joined(separator: "\n")
  }

  fileprivate var withoutLastBreak: String { hasSuffix("\n") ? String(dropLast()) : self }

  fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
