import Diagnostics
import RunbookPorts
import Values
import YAMLTree

/// Entities, windows, queries, lists: what questions rest on.
extension RunbookDecoder {
  /// Most values of an entity unless it says otherwise, and most that it may say.
  static let entityLimit = (standard: 1_000, most: 100_000)
  /// Most rows of a query unless it says otherwise, and most that it may say.
  static let rowLimit = (standard: 1_000, most: 1_000_000)

  func decodeEntity(_ id: Placed<String>, _ node: YAMLNode) -> DraftEntity? {
    if node.scalar != nil {
      return reader.text(node, "the entity '\(id.value)'").map {
        DraftEntity(id: id, from: $0, atMost: Self.entityLimit.standard)
      }
    }
    guard let mapping = reader.mapping(node, .entity), let from = mapping["from"].flatMap({ reader.text($0, "'from'") })
    else { return nil }
    let atMost = mapping["at_most"].flatMap { reader.integer($0, "'at_most'", in: 1...Self.entityLimit.most) }
    return DraftEntity(id: id, from: from, atMost: atMost ?? Self.entityLimit.standard)
  }

  func decodeWindow(_ node: YAMLNode) -> DraftWindow? {
    guard let mapping = reader.mapping(node, .window) else { return nil }
    return DraftWindow(
      from: mapping["from"].flatMap { decodeBound($0, "'from'") } ?? .offset(.seconds(-3_600)),
      to: mapping["to"].flatMap { decodeBound($0, "'to'") } ?? .offset(.zero),
      around: mapping["around"].flatMap { reader.text($0, "'around'") }, location: mapping.location)
  }

  /// How far a bound may lie from what it counts from: nobody has data of more than a hundred years.
  private static let farthestBound = Duration.seconds(36_500 * 86_400)

  private func decodeBound(_ node: YAMLNode, _ what: String) -> DraftWindow.Bound? {
    guard let text = reader.text(node, what) else { return nil }
    if let offset = Duration(shorthand: text.text) {
      if (.zero - Self.farthestBound...Self.farthestBound) ~= offset { return .offset(offset) }
      let most = Self.farthestBound.shorthand
      reader.findings.add(.outOfRange(what, range: "from -\(most) to +\(most)", at: text.location))
      return nil
    }
    // `-30min` is meant as a duration, and would make a strange expression.
    guard let first = text.text.utf8.first, first == 0x2B || first == 0x2D || (48...57).contains(first) else {
      return .instant(text)
    }
    reader.findings.add(.badDuration(text.text, what, signed: true, at: text.location))
    return nil
  }

  func decodeQuery(_ id: Placed<String>, _ node: YAMLNode) -> DraftQuery? {
    guard let mapping = reader.mapping(node, .query) else { return nil }
    var query = DraftQuery(id: id, atMost: Self.rowLimit.standard, fresh: .zero, location: id.location)
    query.origin = mapping["from"].flatMap(decodeOrigin)
    query.each = mapping["each"].flatMap { reader.reference($0, "'each'") }
    query.window = mapping["window"].flatMap(decodeQueryWindow)
    query.isWindowBroken = mapping["window"] != nil && query.window == nil
    query.fresh = mapping["fresh"].flatMap { reader.duration($0, "'fresh'") } ?? .zero
    query.shape = decodeShape(mapping, of: id)
    query.shapeLocation = (mapping["rows"] ?? mapping["row"] ?? mapping["series"]).map(reader.location)
    if let limit = mapping["at_most"].flatMap({ reader.integer($0, "'at_most'", in: 1...Self.rowLimit.most) }) {
      query.atMost = limit
    }
    for language in mapping.keyOrder where Shape.languages.contains(language) {
      guard let node = mapping[language], let range = mapping.keyRange(language),
        let body = decodeBody(node, language, of: id)
      else { continue }
      query.alternatives.append((Placed(language, at: SourceLocation(reader.source, range)), body))
    }
    if !mapping.keyOrder.contains(where: Shape.languages.contains) {
      reader.findings.add(.queryWithoutLanguage(id.value, languages: Shape.languages, at: id.location))
    }
    return query
  }

  private func decodeOrigin(_ node: YAMLNode) -> Placed<DraftQuery.Origin>? {
    if case .sequence(let elements) = node.content {
      let queries = elements.compactMap { reader.reference($0, "a query") }
      if elements.isEmpty { reader.findings.add(.missingValue("'from'", at: reader.location(node))) }
      return Placed(.results(queries), at: reader.location(node))
    }
    return reader.reference(node, "'from'").map { $0.map(DraftQuery.Origin.named) }
  }

  private func decodeQueryWindow(_ node: YAMLNode) -> DraftQuery.QueryWindow? {
    if case .mapping = node.content { return decodeWindow(node).map(DraftQuery.QueryWindow.custom) }
    guard let name = reader.reference(node, "'window'") else { return nil }
    return name.value == "none" ? DraftQuery.QueryWindow.none : .named(name)
  }

  private func decodeBody(_ node: YAMLNode, _ language: String, of query: Placed<String>) -> DraftBody? {
    guard case .mapping = node.content, Shape.languagesOfParts.contains(language) else {
      guard let text = reader.text(node, "'\(language)'") else { return nil }
      if text.text.utf8.contains(where: { $0 > 0x20 }) { return .text(text) }
      reader.findings.add(.emptyQuery(query.value, at: text.location))
      return nil
    }
    return .map(
      reader.pairs(node, "'\(language)'").compactMap { key, value in
        reader.text(value, "'\(key.value)'").map { (key, $0) }
      })
  }

  private func decodeShape(_ mapping: NodeReader.Mapping, of id: Placed<String>) -> DraftShape? {
    let given = ["row", "rows", "series"].filter { mapping[$0] != nil }
    guard given.count == 1, let key = given.first, let node = mapping[key] else {
      reader.findings.add(.queryShape(id.value, given: given, at: id.location))
      return nil
    }
    if key == "series" { return reader.text(node, "the unit of 'series'").map { .series(unit: $0.text) } }
    let columns = decodeColumns(node, "'\(key)'")
    if columns.isEmpty, node.pairs?.isEmpty == true {
      reader.findings.add(.missingValue("'\(key)'", at: reader.location(node)))
    }
    return columns.isEmpty ? nil : .rows(columns, isSingle: key == "row")
  }

  func decodeColumns(_ node: YAMLNode, _ what: String) -> [(name: String, type: ColumnType?)] {
    reader.declarations(node, what, of: "column").map { name, node in
      (name.value, reader.columnType(node, "the type of '\(name.value)'"))
    }
  }

  func decodeList(_ id: Placed<String>, _ node: YAMLNode) -> DraftList? {
    if case .sequence(let elements) = node.content {
      let areNumbers = elements.allSatisfy { $0.scalar?.asInteger != nil }
      let values = elements.compactMap { element in
        areNumbers
          ? reader.text(element, "a value of '\(id.value)'") : reader.words(element, "a value of '\(id.value)'")
      }
      return DraftList(id: id, form: .values(values))
    }
    if node["calendar"] != nil {
      guard let mapping = reader.mapping(node, .calendar),
        let hours = mapping["calendar"].flatMap({ reader.reference($0, "'calendar'") })
      else { return nil }
      return DraftList(
        id: id, form: .calendar(hours, except: mapping["except"].flatMap { reader.reference($0, "'except'") }))
    }
    guard let mapping = reader.mapping(node, .fileList),
      let path = mapping["file"].flatMap({ reader.reference($0, "'file'") }),
      let of = mapping["of"]
    else { return nil }
    let review = mapping["review"].flatMap { node in
      reader.duration(node, "'review'").map { Placed($0, at: reader.location(node)) }
    }
    let key = mapping["key"].flatMap { reader.reference($0, "'key'") }
    if case .mapping = of.content {
      let columns = decodeColumns(of, "'of'")
      let known = columns.compactMap { column in column.type.map { Column(column.name, $0) } }
      guard known.count == columns.count, !known.isEmpty else { return nil }
      return DraftList(id: id, form: .file(path: path, of: .several(known), key: key), review: review)
    }
    return reader.columnType(of, "'of'").map {
      DraftList(id: id, form: .file(path: path, of: .one($0), key: key), review: review)
    }
  }

  func decodeSource(_ id: Placed<String>, _ node: YAMLNode) -> DraftSource? {
    guard let mapping = reader.mapping(node, .source) else { return nil }
    let source = Source(
      id: id.value, about: mapping["about"].flatMap { reader.words($0, "'about'")?.text },
      blind: mapping["blind"].flatMap { reader.words($0, "'blind'")?.text })
    let sees = (mapping["sees"].map { reader.elements($0, "'sees'", orOne: true) } ?? [])
      .compactMap { reader.reference($0, "a component") }
    return DraftSource(id: id, source: source, sees: sees)
  }
}
