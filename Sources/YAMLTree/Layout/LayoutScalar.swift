import Diagnostics

/// A plain or quoted text as it is laid out: on one line if it can be, and on the lines of its author.
struct LayoutScalar {
  /// `nil`: its line breaks mean something.
  let oneLine: [UInt8]?
  /// Without the white space around line breaks; empty ones are blank.
  let lines: [ArraySlice<UInt8>]

  init(_ scalar: YAMLScalar, in source: SourceText) throws(YAMLLayout.Problem) {
    lines = try Self.lines(of: scalar, in: source.bytes)
    oneLine = Self.joined(lines, scalar)
  }

  private static func lines(
    of scalar: YAMLScalar, in bytes: [UInt8]
  ) throws(YAMLLayout.Problem) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = scalar.range.start
    var index = start
    while index < scalar.range.end {
      let length = lineBreakLength(in: bytes, at: index)
      if length == 0 {
        index += 1
        continue
      }
      guard bytes[index] == 0x0A || bytes[index] == 0x0D else { throw .wouldChange }
      lines.append(trimmed(bytes[start..<index], isFirst: lines.isEmpty, style: scalar.style))
      index += length
      start = index
    }
    let last = bytes[start..<scalar.range.end]
    return lines + [lines.isEmpty ? last : last.drop { $0 == 0x20 || $0 == 0x09 }]
  }

  /// A line without the white space around it that means nothing.
  private static func trimmed(
    _ line: ArraySlice<UInt8>, isFirst: Bool, style: YAMLScalar.Style
  ) -> ArraySlice<UInt8> {
    let start = isFirst ? line : line.drop { $0 == 0x20 || $0 == 0x09 }
    let end = YAMLLayout.trimmedEnd(start)
    // An escaped space belongs to the text.
    let isEscape = style == .doubleQuoted && end.endIndex < start.endIndex && endsInEscape(end)
    return isEscape ? start[..<(end.endIndex + 1)] : end
  }

  private static func endsInEscape(_ line: ArraySlice<UInt8>) -> Bool {
    !line.reversed().prefix { $0 == UInt8(ascii: "\\") }.count.isMultiple(of: 2)
  }

  private static func joined(_ lines: [ArraySlice<UInt8>], _ scalar: YAMLScalar) -> [UInt8]? {
    guard lines.count > 1 else { return lines.first.map(Array.init) }
    guard !lines.contains(where: \.isEmpty) else { return nil }
    var joined: [UInt8] = []
    for (index, line) in lines.enumerated() {
      if index + 1 == lines.count {
        joined += line
      } else if scalar.style == .doubleQuoted, endsInEscape(line) {
        joined += line.dropLast()
      } else {
        joined += line
        joined.append(0x20)
      }
    }
    let map = ScalarMap(of: scalar.text, style: scalar.style, range: SourceRange(0, joined.count), in: joined)
    return map.isExact ? joined : nil
  }
}
