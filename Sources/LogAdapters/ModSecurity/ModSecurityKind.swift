import RunbookPorts
import Values

/// Audit logs of ModSecurity 2 in JSON (`SecAuditLogFormat JSON`, `SecAuditLogType Serial`).
struct ModSecurityKind: AdapterKind {
  let name = "modsecurity-audit"
  let about = "audit logs of the ModSecurity 2 web application firewall, JSON form, one line for each request"
  let options = [AdapterOption("path", .paths, required: true, "the log files; rotated and packed ones too")]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits,
      clock: { _ in AuditTransactionReader.time })
    return LogAdapter(
      tables: [AuditTransactionTable(limits: limits), MatchedRuleTable(limits: limits)], files: files,
      resolution: .microseconds(1))
  }
}
