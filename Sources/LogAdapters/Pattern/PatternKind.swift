import RunbookPorts
import Values

/// Logs of plain lines that a regular expression takes apart.
struct PatternKind: AdapterKind {
  let name = "pattern-log"
  let about = "logs of plain lines of any form: a regular expression with named groups makes the columns"
  let options =
    [
      AdapterOption("path", .paths, required: true, "the log files; rotated and packed ones too"),
      AdapterOption(
        "pattern", .text, required: true,
        "a regular expression (RE2) that must match the whole line; each (?P<name>…) is a column; or the name of a known "
          + "one: \(KnownPattern.all.map(\.name).joined(separator: ", "))"),
      AdapterOption("columns", .columns, "the types of columns; those that are not named here are text"),
      AdapterOption("time", .text, "the column that says when; a group `time` needs no such word"),
    ] + TimeFormat.options + [TimeOrder.option]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let text = options.text("pattern") ?? ""
    let known = KnownPattern.all.first { $0.name == text }?.pattern
    let pattern: LinePattern
    do { pattern = try LinePattern(known ?? text) } catch {
      throw BindingProblem("the pattern is wrong: \(error.message)", option: "pattern")
    }
    guard !pattern.groups.isEmpty else {
      throw BindingProblem("the pattern has no named group such as (?P<client>[0-9.]+)", option: "pattern")
    }
    let columns = try Self.columns(of: pattern, options)
    let table = PatternTable(
      pattern: pattern, columns: columns, format: try TimeFormat(options), limits: limits)
    let hasTimes = columns.timeColumn != nil
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits,
      clock: hasTimes ? .lines { _ in { table.time(of: $0) } } : nil,
      isInOrder: try TimeOrder.isDeclared(options, hasTimes: hasTimes))
    return LogAdapter(tables: [table], files: files, resolution: .seconds(1), hasTimes: hasTimes)
  }

  private static func columns(
    of pattern: LinePattern, _ options: AdapterOptions
  ) throws(BindingProblem) -> DeclaredColumns {
    let declared = options.columns("columns") ?? []
    let time = options.text("time") ?? "time"
    if let stranger = declared.first(where: { column in !pattern.groups.contains { $0.name == column.name } }) {
      throw BindingProblem("the pattern has no group `\(stranger.name)`", option: "columns")
    }
    let columns = pattern.groups.map { group in
      let type = declared.first { $0.name == group.name }?.type ?? (group.name == time ? .timestamp : .string)
      return ColumnSchema(group.name, type, "the group `\(group.name)` of the pattern")
    }
    return try DeclaredColumns(columns, time: options.text("time"))
  }
}
