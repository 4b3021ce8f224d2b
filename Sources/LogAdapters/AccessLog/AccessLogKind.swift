import RunbookPorts
import Values

/// Access logs of Apache httpd, nginx, and whatever writes the same formats.
struct AccessLogKind: AdapterKind {
  let name = "access-log"
  let about = "access logs of Apache, nginx and servers that write the same formats, asked in SQL"
  let options = [
    AdapterOption("path", .paths, required: true, "the log files; rotated and packed ones too"),
    AdapterOption(
      "format", .text,
      "common, combined (the default), vhost_combined, json (one object in each line), or the text of Apache's "
        + "LogFormat or nginx's log_format"),
    AdapterOption(
      "client", .text,
      "the field of the format that holds the client's address, where the server stands behind a proxy: "
        + "%{X-Forwarded-For}i; of several addresses the last counts; for the format json write client=… under fields"),
    AccessJSONFields.option, TimeOrder.option,
  ]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    if options.text("format") == "json" { return try jsonAdapter(options) }
    guard options.texts(AccessJSONFields.optionName).isEmpty else {
      throw BindingProblem("`fields` is for the format json alone", option: AccessJSONFields.optionName)
    }
    var format: AccessLogFormat
    do { format = try AccessLogFormat(options.text("format") ?? "combined") } catch {
      throw BindingProblem(error.message, option: "format")
    }
    if let client = options.text("client") {
      guard let changed = format.takingClient(from: client) else {
        throw BindingProblem(
          "the format has no field \(client); it has \(format.fields.map(\.name).joined(separator: ", "))",
          option: "client")
      }
      format = changed
    }
    let limits = FileLimits()
    let splitter = AccessLogLine(format: format)
    let clock: LineClock = { _ in
      { line in
        var splitter = splitter
        // The line is split first: what is split belongs to the value that reads the time.
        let found = splitter.split(line)
        return splitter.time(of: line, found: found)
      }
    }
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits, clock: .lines(clock),
      isInOrder: try TimeOrder.isDeclared(options, hasTimes: splitter.hasTime))
    return LogAdapter(
      tables: [AccessLogTable(format: format, limits: limits)], files: files, resolution: splitter.resolution,
      hasTimes: splitter.hasTime)
  }

  private func jsonAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    guard options.text("client") == nil else {
      throw BindingProblem("for the format json the client's member is named by client=… in `fields`", option: "client")
    }
    let limits = FileLimits()
    let fields = try AccessJSONFields(options.texts(AccessJSONFields.optionName))
    let table = AccessJSONTable(fields: fields, limits: limits)
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits, clock: .lines { _ in table.time },
      isInOrder: try TimeOrder.isDeclared(options))
    return LogAdapter(tables: [table], files: files, resolution: .seconds(1))
  }
}
