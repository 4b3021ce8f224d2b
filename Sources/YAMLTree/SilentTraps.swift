import Diagnostics

/// What is legal YAML and almost surely not what its author means.
enum SilentTraps {
  /// Whether a tag is rather the beginning of a negated expression: `!(a` or `!known`, but not `!!str` or `!<…>`.
  static func isLikelyNegation(_ tag: SourceRange, in bytes: [UInt8]) -> Bool {
    guard tag.length > 1 else { return false }
    let next = bytes[tag.start + 1]
    return next != UInt8(ascii: "!") && next != UInt8(ascii: "<")
  }

  /// The expression that begins with a `!` which YAML took for a tag.
  ///
  /// - Returns: `nil` if it is an ordinary tag, or the value does not follow on its line.
  static func negation(taggedBy tag: SourceRange, before value: SourceRange, in bytes: [UInt8]) -> SourceRange? {
    guard isLikelyNegation(tag, in: bytes) else { return nil }
    let whole = SourceRange(tag.start, max(tag.end, value.end))
    return bytes[whole.start..<whole.end].contains(where: { $0 == 0x0A || $0 == 0x0D }) ? nil : whole
  }

  /// The place of the ` #` that cuts a plain scalar in the middle of a quotation, a bracket or an operation.
  static func cutAtComment(_ text: String, range: SourceRange, in bytes: [UInt8]) -> SourceRange? {
    guard let comment = comment(behind: range, in: bytes), ExpressionShape(Array(text.utf8)).isUnfinished else {
      return nil
    }
    return comment
  }

  /// What is taken for a comment behind a sentence, or in place of a value, and looks like a part of it: a word right
  /// behind the `#`, or a `${…}` in it.
  static func wordsTakenForComment(behind text: String, range: SourceRange, in bytes: [UInt8]) -> SourceRange? {
    guard let comment = comment(behind: range, in: bytes) else { return nil }
    let words = bytes[(comment.start + 1)..<comment.end]
    let isNeeded = text.utf8.contains { $0 == 0x20 || $0 == 0x0A } || text.utf8.first.map(isCapital) == true
    let isWord = words.first.map { isLetterOrDigit($0) || "\"'$".utf8.contains($0) } ?? false
    let holdsValue = !text.isEmpty && String(decoding: words, as: UTF8.self).contains("${")
    guard text.isEmpty || isNeeded, isWord || holdsValue, !words.starts(with: "tocsin:".utf8) else { return nil }
    var end = comment.end
    while bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return SourceRange(comment.start, end)
  }

  /// The comment on the line in which something ends.
  private static func comment(behind range: SourceRange, in bytes: [UInt8]) -> SourceRange? {
    var index = range.end
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    guard index > range.end, index < bytes.count, bytes[index] == UInt8(ascii: "#") else { return nil }
    var end = index
    while end < bytes.count, lineBreakLength(in: bytes, at: end) == 0 { end += 1 }
    return SourceRange(index, end)
  }

  /// As the first letter of a sentence may be; what is no ASCII counts too.
  static func isCapital(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// The value as it looks, when a comment sign cut it; `nil` if it began on an earlier line or stands in brackets,
  /// where the comment hides the closing one.
  static func wholeValue(cutAfter range: SourceRange, in source: SourceText, isInFlow: Bool) -> SourceRange? {
    guard !isInFlow, source.contents(ofLine: source.position(at: range.start).line).upperBound >= range.end,
      let whole = WrittenValue(from: range.start, in: source, isInFlow: false)?.range, whole.end > range.end
    else { return nil }
    return whole
  }
}
