import Diagnostics

/// List files of one record a line: `value name`, with `#` comments. The name goes on to the end of its line.
enum ListLines {
  static func records(of file: SourceText) -> [[Placed<String>]] {
    (1...file.lineCount).compactMap { number in
      var line = file.contents(ofLine: number)
      if number == 1, file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.lowerBound + 3..<line.upperBound }
      let content = trimmed(line, in: file)
      guard let first = content.first, file.bytes[first] != UInt8(ascii: "#") else { return nil }
      guard let space = content.first(where: { isSpace(file.bytes[$0]) }) else { return [cell(content, in: file)] }
      return [
        cell(content.lowerBound..<space, in: file), cell(trimmed(space..<content.upperBound, in: file), in: file),
      ]
    }
  }

  private static func trimmed(_ range: Range<Int>, in file: SourceText) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, isSpace(file.bytes[start]) { start += 1 }
    while end > start, isSpace(file.bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func cell(_ range: Range<Int>, in file: SourceText) -> Placed<String> {
    let place = SourceRange(range.lowerBound, range.upperBound)
    return Placed(file.text(in: place), at: SourceLocation(file, place))
  }
}
