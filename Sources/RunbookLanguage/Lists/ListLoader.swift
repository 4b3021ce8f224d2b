import Diagnostics
import Values
import YAMLTree

/// Loads the lists of a runbook: the values it holds itself, and the files it names.
struct ListLoader {
  let files: any RunbookFiles
  let findings: Findings
  /// Paths that the deployment gives instead, by list id.
  let overrides: [String: (path: String, base: SourceText)]
  /// The files that were read, in order.
  private(set) var documents: [SourceText] = []

  init(
    files: any RunbookFiles, findings: Findings, overrides: [String: (path: String, base: SourceText)]
  ) {
    self.files = files
    self.findings = findings
    self.overrides = overrides
  }

  mutating func load(_ list: DraftList) -> NamedList? {
    switch list.form {
    case .values(let values): return inline(list.id.value, values)
    case .calendar(let hours, let except): return calendar(list.id.value, hours, except: except)
    case .file(let path, let columns, let key):
      guard let file = read(path, of: list.id.value) else { return nil }
      return table(list.id.value, file, columns, key: key)
    }
  }

  private mutating func read(_ path: Placed<String>, of list: String) -> SourceText? {
    let wanted = overrides[list] ?? (path.value, path.location.source)
    switch files.read(wanted.path, from: wanted.base) {
    case .success(let file):
      documents.append(file)
      return file
    case .failure(let problem):
      findings.add(.cannotRead(wanted.path, because: problem.reason, at: path.location))
      return nil
    }
  }

  /// Values written in the runbook: numbers if all of them are, text otherwise.
  private func inline(_ id: String, _ values: [PlacedText]) -> NamedList {
    let numbers = values.compactMap { Int64($0.text).map(Value.int) }
    if !values.isEmpty, numbers.count == values.count {
      return NamedList(id: id, value: .list(numbers), type: .list(.int), file: nil)
    }
    return NamedList(id: id, value: .list(values.map { .string($0.text) }), type: .list(.string), file: nil)
  }

  // MARK: Calendars

  private mutating func calendar(
    _ id: String, _ hours: Placed<String>, except: Placed<String>?
  ) -> NamedList? {
    if hours.value.hasSuffix(".ics") {
      findings.add(
        .listShape("calendars in '.ics' files are not supported yet; write the hours out", at: hours.location))
      return nil
    }
    var exceptions: Set<CalendarDay> = []
    if let except, let file = read(except, of: id) {
      for line in ListLines.lines(of: file) {
        guard let day = CalendarDay(line.text) else {
          findings.add(.badListValue(line.text, type: "day such as '2026-12-25'", at: line.location))
          continue
        }
        exceptions.insert(day)
      }
    }
    guard let calendar = OpeningHours(hours.value, except: exceptions) else {
      findings.add(.badCalendar(hours.value, at: hours.location))
      return nil
    }
    return NamedList(id: id, value: .calendar(AnyCalendar(calendar)), type: .calendar, file: except?.value)
  }

  // MARK: Tables

  private func table(
    _ id: String, _ file: SourceText, _ columns: DraftList.Columns, key: Placed<String>?
  ) -> NamedList? {
    let rows = ListRows(file, findings)
    switch columns {
    case .one(let type):
      let values = rows.records.compactMap { record in record.first.flatMap { admit($0, as: type) } }
      if let key { findings.add(.uselessKey("key", because: "the list has one column", at: key.location)) }
      return NamedList(id: id, value: .list(values), type: .list(type.valueType), file: file.name)
    case .several(let declared):
      return lookup(id, file, rows, declared.map { Column($0.name.value, $0.type) }, key: key)
    }
  }

  private func lookup(
    _ id: String, _ file: SourceText, _ rows: ListRows, _ columns: [Column], key: Placed<String>?
  ) -> NamedList? {
    let keyColumn = key.map { key in columns.first { $0.name == key.value } ?? Column(key.value, .string) }
    let all = (keyColumn.map { key in columns.contains(key) ? [] : [key] } ?? []) + columns
    guard let places = rows.places(of: all.map(\.name), in: file, findings) else { return nil }
    let type = Table.rowType(of: columns, named: id)
    var entries: [(key: Value, value: Value)] = []
    var records: [Value] = []
    for record in rows.records {
      let cells = all.indices.map { column in
        places[column] < record.count ? admit(record[places[column]], as: all[column].type) : .some(.null)
      }
      let fields = cells.suffix(columns.count).map { $0 == nil || $0?.isNull == true ? nil : $0 }
      let value = Value.record(Record(type, Array(fields)))
      records.append(value)
      if let keyColumn, let index = all.firstIndex(of: keyColumn), let cell = cells[index], MapKey(cell) != nil {
        entries.append((cell, value))
      }
    }
    guard let keyColumn, let key else {
      return NamedList(id: id, value: .list(records), type: .list(.record(type)), file: file.name)
    }
    guard [.string, .int, .bool].contains(keyColumn.type.valueType) else {
      findings.add(.listShape("a list cannot be looked up by a key of type \(keyColumn.type)", at: key.location))
      return nil
    }
    return NamedList(
      id: id, value: .map(firstOfEachKey(entries)), type: .map(keyColumn.type.valueType, .record(type)), file: file.name)
  }

  /// The first match wins.
  private func firstOfEachKey(_ entries: [(key: Value, value: Value)]) -> ValueMap {
    var seen: Set<MapKey> = []
    return ValueMap(entries.filter { MapKey($0.key).map { seen.insert($0).inserted } ?? false }) ?? .empty
  }

  private func admit(_ cell: ListRows.Cell, as type: ColumnType) -> Value? {
    if cell.text.isEmpty, type != .string { return .null }
    if type == .calendar {
      if let calendar = OpeningHours(cell.text, except: []) { return .calendar(AnyCalendar(calendar)) }
    } else if let value = type.admit(.string(cell.text)) {
      return value
    }
    findings.add(.badListValue(cell.text, type: type.description, at: cell.location))
    return nil
  }
}

extension Value {
  var isNull: Bool { if case .null = self { true } else { false } }
}
