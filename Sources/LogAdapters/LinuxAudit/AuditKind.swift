import RunbookPorts
import Values

/// Logs of the Linux kernel's audit system, as auditd writes them, raw or enriched.
struct AuditKind: AdapterKind {
  let name = "linux-audit"
  let about =
    "Linux audit logs as auditd writes them, raw or enriched: which program did what to which file; for the column program "
    + "a log in `order`, too, is read from its beginning, where the program was started"
  let options = [
    AdapterOption("path", .paths, required: true, "the log files; rotated and packed ones too"), TimeOrder.option,
  ]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits,
      clock: .lines { _ in AuditRecord.time }, isInOrder: try TimeOrder.isDeclared(options))
    return LogAdapter(
      tables: [AuditTable(limits: limits), AuditPathTable(limits: limits), AuditRecordTable(limits: limits)],
      files: files, resolution: .milliseconds(1))
  }
}
