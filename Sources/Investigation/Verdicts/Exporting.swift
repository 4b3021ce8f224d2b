import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// Makes the tables that verdicts export.
extension Turn {
  /// - Returns: Whether the export has been asked for or dropped; `false`: its data is still to come.
  func export(_ id: String) -> Bool {
    guard let export = plan.runbook.export(id) else { return true }
    switch export.data {
    case .query(let query): return exportQuery(export, query)
    case .entity(let entity):
      guard let kind = plan.entities[entity], let table = entityTable(kind) else {
        return drop(export, "the list of '\(entity)' is not known")
      }
      request(export, table, incomplete: facts.entities[kind].list?.incomplete)
      return true
    }
  }

  private func exportQuery(_ export: Export, _ query: String) -> Bool {
    guard let place = plan.queries[query] else { return drop(export, "there is no query '\(query)'") }
    guard prepare(place) else { return false }
    switch facts.queries[place].fact {
    case .rows(let rows):
      request(export, rows.table, incomplete: rows.incomplete ?? rows.unlisted)
      return true
    case .failed(let failure): return drop(export, failure.reason)
    case .series, nil: return drop(export, "'\(query)' is not a table")
    }
  }

  private func request(_ export: Export, _ table: Table, incomplete: String?) {
    state.openExports.insert(export.id)
    effects.append(
      .export(ExportRequest(export: export.id, table: table, format: export.format, incomplete: incomplete)))
  }

  private func drop(_ export: Export, _ reason: String) -> Bool {
    decide(.exportDropped(export: export.id, reason: reason))
    return true
  }

  /// Has the export's script run, if it has one, now that its file is there.
  func runScript(of id: String, on file: ExportReceipt) {
    guard let script = plan.runbook.export(id)?.script, let digest = start.scripts[id] else { return }
    state.openScripts.insert(id)
    effects.append(
      .script(
        ScriptRequest(export: id, path: script.path, digest: digest, file: file, timeout: script.timeLimit)))
  }

  /// One row for each entity: its value, the answers about it, its verdict.
  private func entityTable(_ kind: Int) -> Table? {
    guard let list = facts.entities[kind].list else { return nil }
    let entity = plan.runbook.entities[kind]
    let questions = plan.runbook.questions.indices.filter {
      plan.each[$0] == kind && !facts.questions[$0].members.isEmpty
    }
    var names = [entity.id] + questions.map { plan.question($0).id }
    var last = "verdict"
    while names.contains(last) { last += "_reached" }
    names.append(last)
    let ends = state.ends[kind] ?? Ends.Kind()
    let overflow = ends.hasOverflow ? list.overflow : []
    let type = entity.type.columnType
    var cells: [[Value]] = []
    cells.append(
      (ends.listed.map { list.values[$0.place] } + overflow).map { type.admit($0) ?? .string($0.displayText) })
    for question in questions {
      let answers = ends.listed.map { end in
        facts.questions[question].members[end.place].map { given in
          Value.string(given.failure == nil ? runbook.questions[question].labels[given.code] : Answer.unknown)
        } ?? .null
      }
      cells.append(answers + overflow.map { _ in .null })
    }
    cells.append(
      ends.listed.map { .string(plan.runbook.verdicts[$0.standing.verdict].id) }
        + overflow.map { _ in .string(Verdict.undetermined) })
    let types = [type] + questions.map { _ in ColumnType.string } + [.string]
    return Table(
      columns: zip(names, types).map { Column($0, $1) }, cells: cells, count: ends.listed.count + overflow.count,
      name: entity.id)
  }
}

extension ValueType {
  /// The column type for values of an entity.
  fileprivate var columnType: ColumnType {
    switch self {
    case .bool: .bool
    case .int: .int
    case .double: .double
    case .timestamp: .timestamp
    case .duration: .duration
    case .address: .ip
    case .network: .cidr
    default: .string
    }
  }
}
