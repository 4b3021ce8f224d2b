package import Diagnostics
package import YAMLTree

/// Lists and mappings.
extension NodeReader {
  /// The elements of a sequence; a single scalar counts as a sequence of one where `orOne` allows it.
  package func elements(_ node: YAMLNode, _ what: @autoclosure () -> String, orOne: Bool = false) -> [YAMLNode] {
    if case .sequence(let elements) = node.content { return elements }
    if orOne, case .scalar(let scalar) = node.content, !scalar.isNull { return [node] }
    let expected = orOne ? "text, or a list of texts" : "a list"
    findings.add(.wrongKind(what(), expected: expected, found: node, at: location(node)))
    return []
  }

  /// A key of a mapping and what stands under it.
  package typealias Entry = (key: Placed<String>, value: YAMLNode)

  /// The pairs of a mapping whose keys are the author's own ids. A bad id is told, and names its declaration all the
  /// same.
  package func declarations(
    _ node: YAMLNode, _ what: @autoclosure () -> String, of thing: String, allowingHyphens: Bool = false
  ) -> [Entry] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(
        .wrongKind(what(), expected: "a mapping with an id for each \(thing)", found: node, at: location(node)))
      return []
    }
    var declarations: [Entry] = []
    declarations.reserveCapacity(pairs.count)
    for pair in pairs {
      // A key that is no scalar has been told by the YAML reader.
      guard case .scalar(let key) = pair.key.content else { continue }
      declarations.append((Placed(key.text, at: location(pair.key)), pair.value))
    }
    declarations = firstOfEach(declarations)
    for (id, _) in declarations where !Self.isIdentifier(id.value, allowingHyphens: allowingHyphens) {
      findings.add(
        .badIdentifier(id.value, "the id of a \(thing)", allowingHyphens: allowingHyphens, at: id.location))
    }
    return declarations
  }

  /// Most names that are compared each with each, which is faster for few.
  private static let comparedLimit = 12

  /// A key that stands twice has been told by the YAML reader; the first counts.
  private func firstOfEach(_ pairs: [Entry]) -> [Entry] {
    guard pairs.count > Self.comparedLimit else {
      guard pairs.indices.contains(where: { isRepeated($0, in: pairs) }) else { return pairs }
      return pairs.indices.filter { !isRepeated($0, in: pairs) }.map { pairs[$0] }
    }
    var seen: Set<String> = []
    return pairs.filter { seen.insert($0.key.value).inserted }
  }

  private func isRepeated(_ index: Int, in pairs: [Entry]) -> Bool {
    for earlier in 0..<index where pairs[earlier].key.value == pairs[index].key.value { return true }
    return false
  }

  /// The pairs of a mapping as text and node, whatever the keys.
  package func pairs(_ node: YAMLNode, _ what: @autoclosure () -> String) -> [Entry] {
    guard case .mapping(let pairs) = node.content else {
      findings.add(.wrongKind(what(), expected: "a mapping", found: node, at: location(node)))
      return []
    }
    var read: [Entry] = []
    read.reserveCapacity(pairs.count)
    for pair in pairs {
      // A key that is no scalar has been told by the YAML reader.
      guard case .scalar = pair.key.content, let key = reference(pair.key, "a key of \(what())") else { continue }
      read.append((key, pair.value))
    }
    return firstOfEach(read)
  }

  /// A mapping with declared keys. Unknown and missing ones are told; a misspelt one is told and then taken for the one
  /// it probably stands for, so that what is written under it is looked at too.
  package func mapping(_ node: YAMLNode, _ shape: Shape, alsoAllowing extra: [String] = []) -> Mapping? {
    guard case .mapping(let pairs) = node.content else {
      findings.add(
        missingSpace(in: node, keys: shape.names)
          ?? .wrongKind(shape.title, expected: "a mapping", found: node, at: location(node)))
      return nil
    }
    let known = extra.isEmpty ? shape.names : shape.names + extra
    var mapping = Mapping(pairs, location: location(node))
    var misspelt: [(meant: String, place: Int)] = []
    for place in pairs.indices {
      guard case .scalar(let scalar) = pairs[place].key.content else { continue }
      if let name = known.first(where: { $0 == scalar.text }) {
        mapping.take(place, as: name)
        continue
      }
      guard let key = text(pairs[place].key, "a key of \(shape.title)") else { continue }
      if !findings.isFull, !findings.isTold(at: key.location) {
        findings.add(.unknownKey(key.text, in: shape, known: known, at: key.location))
        if let meant = nearestName(to: key.text, among: known) { misspelt.append((meant, place)) }
      }
    }
    for (meant, place) in misspelt { mapping.take(place, as: meant) }
    let mayGoOn = brokenOff.map { node.range.end >= $0 } ?? false
    for key in shape.required where !mapping.has(key) && !mayGoOn {
      findings.add(.missingKey(key, in: shape, at: headOf(node)))
    }
    return mapping
  }

  /// What stands where a mapping is due and reads `key:value`: a pair whose space is missing.
  private func missingSpace(in node: YAMLNode, keys: [String]) -> Diagnostic? {
    guard case .scalar(let scalar) = node.content, scalar.style == .plain, !scalar.isMended else { return nil }
    guard let key = keys.first(where: { scalar.text.utf8.starts(with: "\($0):".utf8) }) else { return nil }
    let start = node.range.start
    return .missingSpace(after: key, at: SourceRange(start, start + key.utf8.count + 1), in: source)
  }

  package struct Mapping {
    private let pairs: [YAMLPair]
    /// As many as there are declared keys at most, so that looking through them is faster than hashing.
    private var places: [(key: String, place: Int)] = []
    package let location: SourceLocation
    /// The declared keys that are there, as they stand in the document; misspelt ones last.
    package var keyOrder: [String] { places.map(\.key) }

    fileprivate init(_ pairs: [YAMLPair], location: SourceLocation) {
      self.pairs = pairs
      self.location = location
      places.reserveCapacity(pairs.count)
    }

    /// A key that stands twice has been told by the YAML reader; the first counts.
    fileprivate mutating func take(_ place: Int, as key: String) {
      if self.place(of: key) == nil { places.append((key, place)) }
    }

    package subscript(key: String) -> YAMLNode? { place(of: key).map { pairs[$0].value } }
    package func keyRange(_ key: String) -> SourceRange? { place(of: key).map { pairs[$0].key.range } }
    fileprivate func has(_ key: String) -> Bool { place(of: key) != nil }

    private func place(of key: String) -> Int? {
      for index in places.indices where places[index].key == key { return places[index].place }
      return nil
    }
  }

  /// The first line of a node: what to mark when something is missing in it.
  private func headOf(_ node: YAMLNode) -> SourceLocation {
    let line = source.contents(ofLine: source.position(at: node.range.start).line)
    let end = max(node.range.start, min(node.range.end, line.upperBound))
    return SourceLocation(source, SourceRange(node.range.start, end))
  }
}
