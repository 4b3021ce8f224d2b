import Diagnostics

/// A text that begins with `|` or `>` as it is laid out: its bytes stay, only their indentation changes.
struct LayoutBlock {
  /// `|`, `>-` and the like.
  let header: [UInt8]
  /// Its whole lines.
  let lines: [UInt8]
  /// Whether blank lines behind it would belong to it.
  let keepsBreaks: Bool

  /// - Parameter indent: Columns before each of its lines.
  init(_ scalar: YAMLScalar, indent: Int, in source: SourceText) throws(YAMLLayout.Problem) {
    let text = Array(scalar.text.utf8)
    guard !text.indices.contains(where: { lineBreakLength(in: text, at: $0) > 1 }) else { throw .wouldChange }
    let breaks = text.reversed().prefix { $0 == 0x0A }.count
    let contents: [ArraySlice<UInt8>] =
      scalar.style == .literal
      ? text.dropLast(breaks).split(separator: 0x0A, omittingEmptySubsequences: false)
      : Self.writtenLines(of: scalar, in: source)
    let isEmpty = breaks == text.count
    let written = (isEmpty ? [] : contents) + repeatElement([], count: isEmpty ? breaks : max(0, breaks - 1))
    var lines: [UInt8] = []
    for line in written {
      if !line.isEmpty { lines += repeatElement(0x20, count: indent) + line }
      lines.append(0x0A)
    }
    keepsBreaks = isEmpty ? breaks > 0 : breaks > 1
    self.lines = lines
    var header: [UInt8] = [UInt8(ascii: scalar.style == .literal ? "|" : ">")]
    // Where the first line begins with white space, the indentation cannot be told from it.
    if let first = written.first(where: { !$0.isEmpty })?.first, first == 0x20 || first == 0x09 {
      header += Array(String(YAMLLayout.step).utf8)
    }
    if keepsBreaks { header.append(UInt8(ascii: "+")) } else if breaks == 0 { header.append(UInt8(ascii: "-")) }
    self.header = header
  }

  /// The lines as they are written, without their indentation and without empty ones at their end.
  private static func writtenLines(of scalar: YAMLScalar, in source: SourceText) -> [ArraySlice<UInt8>] {
    let bytes = source.bytes
    var decoder = ScalarDecoder(range: scalar.range, in: bytes)
    let contents = decoder.blockContents(of: Array(scalar.text.utf8))
    var lines: [ArraySlice<UInt8>] = []
    var index = contents.start
    while index < bytes.count {
      var end = index
      while end < bytes.count, lineBreakLength(in: bytes, at: end) == 0 { end += 1 }
      // Behind the last line that is not blank there may be some with more white space than the indentation.
      if index >= scalar.range.end, bytes[index..<end].contains(where: { $0 != 0x20 && $0 != 0x09 }) { break }
      lines.append(
        bytes[index..<end].dropFirst(bytes[index..<end].prefix(contents.indentation).prefix { $0 == 0x20 }.count))
      index = end + lineBreakLength(in: bytes, at: end)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
