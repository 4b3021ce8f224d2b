import RunbookPorts
import Values

/// Logs of web application firewalls: ModSecurity 2 and 3, Coraza, AWS WAF, Cloudflare.
struct FirewallKind: AdapterKind {
  let name: String
  let about: String

  static let any = FirewallKind(
    name: "web-firewall",
    about: "what a web application firewall wrote down: ModSecurity 2 and 3 (own form or JSON), Coraza, AWS WAF, "
      + "Cloudflare; one row for each request, and one for each rule that matched")

  /// The name from the time when there was one format.
  static let modSecurity = FirewallKind(
    name: "modsecurity-audit", about: "audit logs of ModSecurity; the same as web-firewall")

  let options = [
    AdapterOption(
      "path", .paths, required: true,
      "the log files; rotated and packed ones too; `audit/**` for a log with one file for each request"),
    AdapterOption(
      "format", .choice(FirewallFormat.Name.allCases.map(\.rawValue)),
      "how the log is written; without it each file and line tells itself"),
    LocalZone.option, TimeOrder.option,
  ]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let name = options.text("format").flatMap(FirewallFormat.Name.init)
    if let text = options.text("format"), name == nil {
      throw BindingProblem(
        "there is no format \(text); there are \(FirewallFormat.Name.allCases.map(\.rawValue).joined(separator: ", "))",
        option: "format")
    }
    let format = FirewallFormat(name: name, zone: try LocalZone(options))
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits,
      // What a client sent may look like the beginning of a record of ModSecurity's own form.
      clock: FileClock(canBeEntered: { !FirewallReader.isNative($0, format) }) { _, bytes, isStart in
        format.times(in: bytes, isStart: isStart)
      },
      isInOrder: try Self.isInOrder(options, format))
    return LogAdapter(
      tables: [FirewallTable(format: format, limits: limits), FirewallRuleTable(format: format, limits: limits)],
      files: files, resolution: .microseconds(1))
  }

  private static func isInOrder(_ options: AdapterOptions, _ format: FirewallFormat) throws(BindingProblem) -> Bool {
    let isDeclared = try TimeOrder.isDeclared(options)
    if isDeclared, format.isNative {
      throw BindingProblem(
        "a log in ModSecurity's own form is always read from its beginning: in its middle what a client sent could pass "
          + "for a record", option: "order")
    }
    return isDeclared
  }
}
