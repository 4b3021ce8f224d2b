import RunbookPorts
import Values

/// Files of comma-separated values.
struct CSVKind: AdapterKind {
  let name = "csv"
  let about = "files of comma-separated values, with a header or with declared columns"
  let options = [
    AdapterOption("path", .paths, required: true, "the files"),
    AdapterOption(
      "columns", .columns, "the columns and their types; without them the file's first record names them, all as text"),
    AdapterOption(
      "separator", .text, "what stands between fields, a comma unless said otherwise; `tab` for a tabulator"),
    DeclaredColumns.timeOption,
  ]

  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter {
    let limits = FileLimits()
    let separator = options.text("separator") ?? ","
    guard let byte = separator == "tab" ? 9 : separator.utf8.first, separator == "tab" || separator.utf8.count == 1,
      byte != UInt8(ascii: "\"")
    else { throw BindingProblem("a separator is one character", option: "separator") }
    let splitter = CSVRecord(separator: byte)
    let declared =
      if let columns = options.columns("columns") {
        columns.map { ColumnSchema($0.name, $0.type, "declared by the deployment") }
      } else {
        try header(options, splitter, limits).map { ColumnSchema($0, .string, "named by the file's header") }
      }
    let columns = try DeclaredColumns(declared, time: options.text("time"))
    let table = CSVTable(columns: columns, splitter: splitter, limits: limits)
    let files = FileSet(
      patterns: options.texts("path"), folder: options.folder, limits: limits,
      clock: columns.timeColumn == nil ? nil : .lines(Self.clock(of: table)))
    return LogAdapter(
      tables: [table], files: files, resolution: .seconds(1), hasTimes: columns.timeColumn != nil)
  }

  /// The names in the first record of the first file.
  private func header(
    _ options: AdapterOptions, _ splitter: CSVRecord, _ limits: FileLimits
  ) throws(BindingProblem) -> [String] {
    do throws(FileProblem) {
      let files = try FileSet(patterns: options.texts("path"), folder: options.folder, limits: limits).snapshot().files
      let names = try files.first.map { file throws(FileProblem) in try Self.firstRecord(of: file, splitter) } ?? []
      guard names.contains(where: { !$0.isEmpty }) else {
        throw FileProblem(path: files.first?.path ?? "", reason: "it has no header; declare its `columns`")
      }
      return names.map { TextRepair.text($0) }
    } catch {
      throw BindingProblem(error.message, option: "path")
    }
  }

  private static func firstRecord(of file: LogFile, _ splitter: CSVRecord) throws(FileProblem) -> [[UInt8]] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    let count = try file.read(at: 0, into: buffer)
    let bytes = CSVTable.withoutByteOrderMark(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    var line = bytes.prefix { $0 != 10 }
    if line.last == 13 { line.removeLast() }
    return splitter.split(line)
  }

  private static func clock(of table: CSVTable) -> LineClock {
    { file in
      let first = (try? firstRecord(of: file, table.splitter)) ?? []
      guard let column = table.columns.timeColumn else { return { _ in nil } }
      let place = table.places(in: first).places[column]
      return { line in
        let fields = table.splitter.split(line)
        guard fields.indices.contains(place),
          case .timestamp(let time)? = DeclaredCell.value(TextRepair.text(fields[place]), as: .timestamp)
        else { return nil }
        return time
      }
    }
  }
}
