import Diagnostics
import Values
import YAMLTree

/// Loads the lists of a runbook: the values it holds itself, and the files it names.
struct ListLoader {
  /// In which the files lie that the runbook names.
  let tree: any RunbookFiles
  /// In which those lie that the deployment names.
  let deploymentFiles: any RunbookFiles
  let findings: Findings
  let names: NameTable
  /// Paths that the deployment gives instead, by list id.
  let overrides: [String: (path: String, base: SourceText)]
  /// The files that were read, in order.
  private(set) var documents: [SourceText] = []
  /// The same by the ids of the lists.
  private(set) var files: [String: SourceText] = [:]
  /// The contacts that lists name.
  private(set) var contacts: Set<String> = []

  init(
    tree: any RunbookFiles, deploymentFiles: any RunbookFiles, findings: Findings, names: NameTable,
    overrides: [String: (path: String, base: SourceText)]
  ) {
    self.tree = tree
    self.deploymentFiles = deploymentFiles
    self.findings = findings
    self.names = names
    self.overrides = overrides
  }

  mutating func load(_ list: DraftList) -> NamedList? {
    switch list.form {
    case .values(let values): return inline(list.id.value, values)
    case .calendar(let hours, let except): return calendar(list.id.value, hours, except: except)
    case .file(let path, let columns, let key):
      guard let file = read(path, of: list.id.value) else { return nil }
      var loaded = table(list.id.value, file, columns, key: key)
      loaded?.path = path.value
      loaded?.key = key?.value
      loaded?.review = list.review.flatMap { every in
        changed(path, of: list.id.value).map { NamedList.Review(every: every, changed: $0) }
      }
      return loaded
    }
  }

  private mutating func read(_ path: Placed<String>, of list: String) -> SourceText? {
    let other = overrides[list]
    let read =
      other.map { deploymentFiles.read($0.path, from: $0.base) } ?? tree.read(path.value, from: path.location.source)
    switch read {
    case .success(let file):
      documents.append(file)
      files[list] = file
      findings.add(SecretCheck.findings(in: file))
      guard let bad = file.firstInvalidByte else { return file }
      findings.add(.listShape("a list file is UTF-8 text; this byte is not", at: bad))
      return nil
    case .failure(let problem):
      findings.add(.cannotRead(Placed(other?.path ?? path.value, at: path.location), because: problem))
      return nil
    }
  }

  /// When the file was last changed that the list is read from.
  private func changed(_ path: Placed<String>, of list: String) -> Timestamp? {
    overrides[list].map { deploymentFiles.changed($0.path, from: $0.base) }
      ?? tree.changed(path.value, from: path.location.source)
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
      for line in ListLines.records(of: file) {
        guard let cell = line.first else { continue }
        if let day = CalendarDay(cell.value) {
          exceptions.insert(day)
        } else {
          findings.add(.badListValue(cell.value, type: "day such as '2026-12-25'", at: cell.location))
        }
      }
    }
    guard let calendar = OpeningHours(hours.value, except: exceptions) else {
      findings.add(.badCalendar(hours.value, at: hours.location))
      return nil
    }
    var loaded = NamedList(id: id, value: .calendar(AnyCalendar(calendar)), type: .calendar, file: except?.value)
    loaded.path = except?.value
    return loaded
  }

  // MARK: Tables

  private mutating func table(
    _ id: String, _ file: SourceText, _ columns: DraftList.Columns, key: Placed<String>?
  ) -> NamedList? {
    switch columns {
    case .one(let type):
      if let key { findings.add(.uselessKey("key", because: "the list has one column", at: key.location)) }
      guard let rows = ListRows(file, columns: nil, findings) else { return nil }
      let values = rows.records.compactMap { record in record.first.flatMap { admit($0, as: type) } }
      return NamedList(id: id, value: .list(values), type: .list(type.valueType), file: file.name)
    case .several(let columns):
      return lookup(id, file, columns, key: key)
    }
  }

  private mutating func lookup(_ id: String, _ file: SourceText, _ columns: [Column], key: Placed<String>?)
    -> NamedList?
  {
    let type = Table.rowType(of: columns, named: id)
    guard let key else {
      guard let rows = ListRows(file, columns: columns.map(\.name), findings) else { return nil }
      let records = rows.records.map { record(of: $0, columns, type) }
      return NamedList(id: id, value: .list(records), type: .list(.record(type)), file: file.name)
    }
    let keyColumn = columns.first { $0.name == key.value } ?? Column(key.value, .string)
    guard [.string, .int, .bool].contains(keyColumn.type.valueType) else {
      findings.add(.listShape("a list cannot be looked up by a key of type \(keyColumn.type)", at: key.location))
      return nil
    }
    guard let rows = ListRows(file, columns: [key.value] + columns.map(\.name), findings) else { return nil }
    var entries: [(key: Value, value: Value)] = []
    var places: [MapKey: SourceLocation] = [:]
    for cells in rows.records {
      guard let cell = cells.first, let value = admit(cell, as: keyColumn.type) else { continue }
      guard let mapKey = MapKey(value), !cell.value.isEmpty else {
        findings.add(.listShape("this record has no '\(key.value)', by which the list is looked up", at: cell.location))
        continue
      }
      if let first = places[mapKey] {
        findings.add(.repeatedKey(cell.value, first: first, at: cell.location))
      } else {
        places[mapKey] = cell.location
        entries.append((value, record(of: Array(cells.dropFirst()), columns, type)))
      }
    }
    return NamedList(
      id: id, value: .map(ValueMap(entries) ?? .empty), type: .map(keyColumn.type.valueType, .record(type)),
      file: file.name)
  }

  /// - Parameter cells: Those of the columns, in their order; missing ones at the end have no value.
  private mutating func record(of cells: [Placed<String>], _ columns: [Column], _ type: RecordType) -> Value {
    let fields = columns.indices.map { index -> Value? in
      guard index < cells.count, let value = admit(cells[index], as: columns[index].type), !value.isNull else {
        return nil
      }
      return value
    }
    return .record(Record(type, fields))
  }

  private mutating func admit(_ cell: Placed<String>, as type: ColumnType) -> Value? {
    if cell.value.isEmpty, type.valueType != .string { return .null }
    if type == .calendar {
      if let calendar = OpeningHours(cell.value, except: []) { return .calendar(AnyCalendar(calendar)) }
      findings.add(.badCalendar(cell.value, at: cell.location))
      return nil
    } else if let value = type.admit(.string(cell.value)) {
      if case .network(let box) = value { checkBlock(box.block, cell) }
      if type == .contact, !cell.value.isEmpty { checkContact(cell) }
      return value
    }
    findings.add(.badListValue(cell.value, type: type.description, at: cell.location))
    return nil
  }
}

extension ListLoader {
  /// Whoever may be asked is known before any alert.
  private mutating func checkContact(_ cell: Placed<String>) {
    contacts.insert(cell.value)
    if !names.isDeclared(cell.value, as: .contact) { names.tellUnknown(cell, "contact", .contact, to: findings) }
  }

  /// A block that holds more addresses than it seems to.
  private func checkBlock(_ block: NetworkBlock, _ cell: Placed<String>) {
    guard let slash = cell.value.firstIndex(of: "/") else { return }
    if block.prefixLength == 0 {
      findings.add(.everyAddress(cell.value, at: cell.location))
    } else if NetworkAddress(cell.value[..<slash]) != block.address {
      findings.add(.hostBits(cell.value, means: block, at: cell.location))
    }
  }
}

extension Value {
  var isNull: Bool { if case .null = self { true } else { false } }
}

extension SourceText {
  /// Where the text stops being UTF-8.
  fileprivate var firstInvalidByte: SourceLocation? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    for line in 1...lineCount {
      let range = contents(ofLine: line)
      var valid = range
      // The longest beginning of the first bad line that is text.
      while !valid.isEmpty, String(validating: bytes[valid], as: UTF8.self) == nil { valid = valid.dropLast() }
      if valid.count < range.count {
        return SourceLocation(self, SourceRange(valid.upperBound, valid.upperBound + 1))
      }
    }
    return nil
  }
}
