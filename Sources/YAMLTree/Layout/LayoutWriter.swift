import Diagnostics

/// Goes through a document in reading order and writes its lines, each comment where it stood.
struct LayoutWriter {
  private(set) var lines = LayoutLines()
  private var comments: LayoutComments
  private let source: SourceText

  /// Where an entry or a value is written.
  private struct Place {
    /// Columns before it.
    var indent: Int
    /// In the source, the column of the collection it stands in, from 1; 0: in none.
    var outerColumn: Int
    /// In the source, where what follows it begins.
    var next: Int
  }

  /// What stands before a value: a key with its colon, the dash of a list, or nothing.
  private struct Lead {
    var text: [UInt8]
    /// Where it ends in the source.
    var end: Int
    var isDash = false
  }

  init(_ document: YAMLDocument) {
    source = document.source
    comments = LayoutComments(document)
  }

  mutating func write(_ root: YAMLNode) throws(YAMLLayout.Problem) {
    let place = Place(indent: 0, outerColumn: 0, next: source.bytes.count + 1)
    writePrologue(before: root)
    writeComments(before: root.range.start, indent: 0)
    try writeValue(root, behind: Lead(text: [], end: root.range.start), at: place)
    writeComments(before: place.next, indent: 0)
  }

  /// Directives and `---`, if they are written.
  private mutating func writePrologue(before root: YAMLNode) {
    var offset = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while true {
      offset = NodeProperties.endOfGap(from: offset, in: source.bytes)
      let rest = source.bytes[min(offset, root.range.start)..<root.range.start]
      guard rest.first == UInt8(ascii: "%") || rest.starts(with: "---".utf8) else { return }
      let mark =
        rest.first == UInt8(ascii: "%")
        ? YAMLLayout.trimmedEnd(rest.prefix { $0 != 0x0A && $0 != 0x0D && $0 != UInt8(ascii: "#") }) : rest.prefix(3)
      writeComments(before: offset, indent: 0)
      lines.add(Array(mark), indent: 0, isBehindBlank: isBehindBlank(offset))
      offset += mark.count
      lines.addBehind(comments.takeBehind(offset, before: root.range.start, in: source))
    }
  }

  // MARK: Collections

  /// An entry of a collection, or a key and its value.
  private struct Entry {
    var key: YAMLNode?
    var value: YAMLNode

    var start: Int { key?.range.start ?? value.range.start }
  }

  private func entries(of node: YAMLNode) -> [Entry] {
    switch node.content {
    case .scalar: []
    case .sequence(let items): items.map { Entry(key: nil, value: $0) }
    case .mapping(let pairs): pairs.map { Entry(key: $0.key, value: $0.value) }
    }
  }

  private mutating func writeEntries(of node: YAMLNode, at place: Place) throws(YAMLLayout.Problem) {
    let isBracketed = isBracketed(node)
    let column = isBracketed ? place.outerColumn : source.position(at: node.range.start).column
    let entries = entries(of: node)
    for (index, entry) in entries.enumerated() {
      let next = index + 1 < entries.count ? entries[index + 1].start : place.next
      writeComments(before: headEnd(of: entry), indent: place.indent)
      let lead = try lead(of: entry)
      let isBehindBlank = isBehindBlank(entry.start) && !(isBracketed && index == 0)
      let inner = Place(indent: place.indent, outerColumn: column, next: next)
      try writeValue(entry.value, behind: lead, at: inner, isBehindBlank: isBehindBlank)
    }
    // What stands behind the last entry and as far to the right belongs to the collection still.
    while let comment = comments.take(
      before: place.next,
      {
        isBracketed
          ? $0.start < node.range.end : $0.position.column >= column && $0.position.column > place.outerColumn
      })
    {
      lines.addComment(comment.text, indent: place.indent, isBehindBlank: comment.isBehindBlank)
    }
  }

  private func lead(of entry: Entry) throws(YAMLLayout.Problem) -> Lead {
    guard let node = entry.key else {
      return Lead(text: [UInt8(ascii: "-")], end: entry.value.range.start, isDash: true)
    }
    return Lead(text: try key(node), end: node.range.end)
  }

  /// A key and its colon.
  private func key(_ node: YAMLNode) throws(YAMLLayout.Problem) -> [UInt8] {
    guard let scalar = node.scalar, scalar.style != .literal, scalar.style != .folded,
      let text = try LayoutScalar(scalar, in: source).oneLine
    else { throw .wouldChange }
    return text + [UInt8(ascii: ":")]
  }

  // MARK: Values

  private mutating func writeValue(
    _ node: YAMLNode, behind lead: Lead, at place: Place, isBehindBlank: Bool = false
  ) throws(YAMLLayout.Problem) {
    guard let scalar = node.scalar else {
      try writeCollection(node, behind: lead, at: place, isBehindBlank: isBehindBlank)
      return
    }
    let gap: [UInt8] = lead.text.isEmpty ? [] : [0x20]
    if scalar.style == .literal || scalar.style == .folded {
      let block = try LayoutBlock(scalar, indent: place.indent + YAMLLayout.step, in: source)
      lines.add(lead.text + gap + block.header, indent: place.indent, isBehindBlank: isBehindBlank)
      lines.addBehind(comments.takeBehind(node.range.start, before: place.next, in: source))
      lines.addBlock(block.lines, keepsBreaks: block.keepsBreaks)
      return
    }
    let text = try LayoutScalar(scalar, in: source)
    if let line = text.oneLine, text.lines.count == 1 || fits(line, behind: lead, at: place) {
      lines.add(lead.text + (line.isEmpty ? [] : gap) + line, indent: place.indent, isBehindBlank: isBehindBlank)
    } else {
      lines.add(lead.text + gap + text.lines[0], indent: place.indent, isBehindBlank: isBehindBlank)
      for line in text.lines.dropFirst() { lines.addContinuation(line, indent: place.indent + YAMLLayout.step) }
    }
    lines.addBehind(comments.takeBehind(node.range.end, before: place.next, in: source))
  }

  private mutating func writeCollection(
    _ node: YAMLNode, behind lead: Lead, at place: Place, isBehindBlank: Bool
  ) throws(YAMLLayout.Problem) {
    if entries(of: node).isEmpty { writeComments(before: node.range.end, indent: place.indent) }
    if isBracketed(node), !comments.hasAny(in: node.range), let line = try LayoutBrackets(source).text(of: node),
      fits(line, behind: lead, at: place) || entries(of: node).isEmpty
    {
      let gap: [UInt8] = lead.text.isEmpty ? [] : [0x20]
      lines.add(lead.text + gap + line, indent: place.indent, isBehindBlank: isBehindBlank)
      lines.addBehind(comments.takeBehind(node.range.end, before: place.next, in: source))
      return
    }
    var inner = place
    let behindEnd = isBracketed(node) ? comments.takeBehind(node.range.end, before: place.next, in: source) : []
    if lead.text.isEmpty || lead.isDash {
      for comment in behindEnd { lines.addComment(comment, indent: place.indent, isBehindBlank: false) }
    }
    if lead.isDash {
      inner.indent += YAMLLayout.step
      lines.begin(lead.text + [0x20], indent: place.indent, isBehindBlank: isBehindBlank)
    } else if !lead.text.isEmpty {
      inner.indent += YAMLLayout.step
      lines.add(lead.text, indent: place.indent, isBehindBlank: isBehindBlank)
      let behindLead = comments.takeBehind(
        isBracketed(node) ? node.range.start : lead.end, before: endOfHead(of: node, behind: lead), in: source)
      lines.addBehind(behindLead + behindEnd)
    }
    try writeEntries(of: node, at: inner)
  }

  /// Up to where a comment stands behind the key of a collection: in brackets that begin on the key's line, behind the
  /// first entries too, as it is the key that a comment beside it is about.
  private func endOfHead(of node: YAMLNode, behind lead: Lead) -> Int {
    let isBeside = source.position(at: lead.end).line == source.position(at: node.range.start).line
    if isBracketed(node), isBeside { return node.range.end }
    return entries(of: node).first?.start ?? node.range.start
  }

  private func fits(_ line: [UInt8], behind lead: Lead, at place: Place) -> Bool {
    let width = lines.leadWidth(indent: place.indent) + YAMLLayout.width(of: lead.text) + 1
    return width + YAMLLayout.width(of: line) <= YAMLLayout.lineWidth
  }

  // MARK: Comments

  /// Comments that stand alone, each on its line.
  private mutating func writeComments(before offset: Int, indent: Int) {
    while let comment = comments.take(before: offset) {
      lines.addComment(comment.text, indent: indent, isBehindBlank: comment.isBehindBlank)
    }
  }

  /// Up to where comments stand above an entry: up to its value, if that begins on the entry's line.
  private func headEnd(of entry: Entry) -> Int {
    let isBlock = entry.value.scalar == nil && !isBracketed(entry.value)
    return isBlock && entry.key != nil || entry.value.range.isEmpty ? entry.start : entry.value.range.start
  }

  private func isBehindBlank(_ offset: Int) -> Bool {
    let line = source.position(at: offset).line
    let before = source.bytes[source.contents(ofLine: line).lowerBound..<offset]
    return source.isBlank(line: line - 1) && before.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "-") }
  }

  private func isBracketed(_ node: YAMLNode) -> Bool { node.isBracketed(in: source) }
}
