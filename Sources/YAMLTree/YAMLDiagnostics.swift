package import Diagnostics
import Rules

/// Every message about YAML itself.
extension Diagnostic {
  private static func yaml(
    _ rule: Rule, _ message: String, at range: SourceRange, in source: SourceText, notes: [Note] = [],
    fixIts: [FixIt] = []
  ) -> Diagnostic {
    Diagnostic(rule, message, at: SourceLocation(source, range), notes: notes, fixIts: fixIts)
  }

  // MARK: Bytes

  /// The bytes are another encoding than UTF-8.
  static func wideEncoding(_ name: String, in source: SourceText) -> Diagnostic {
    yaml(.encoding, "this file is \(name); save it as UTF-8", at: SourceRange(0, 0), in: source)
  }

  /// A byte that is not UTF-8 (`value` is `nil`), or a control character.
  static func foreign(_ value: UInt32?, at range: SourceRange, in source: SourceText) -> Diagnostic {
    guard let value else {
      let byte = hexadecimal(UInt32(source.bytes[range.start]), digits: 2)
      return yaml(
        .notUTF8, "the byte 0x\(byte) is not UTF-8 text; save the file as UTF-8", at: range, in: source)
    }
    return yaml(
      .controlCharacter,
      "the control character U+\(hexadecimal(value, digits: 4)) is not allowed; write it as an escape in double quotes",
      at: range, in: source)
  }

  /// So many bytes are no text that nothing was read.
  static func binary(firstAt range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(
      .binary, "this is no text file: more than \(ScreenedSource.foreignByteLimit) bytes of it are no text",
      at: range, in: source)
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  // MARK: Limits

  static func tooLarge(limit: Int, in source: SourceText) -> Diagnostic {
    yaml(
      .tooLarge, "this file has \(source.bytes.count) bytes; at most \(limit) are read",
      at: SourceRange(0, 0), in: source)
  }

  static func tooDeep(limit: Int, at offset: Int, in source: SourceText) -> Diagnostic {
    yaml(
      .tooDeep,
      "more than \(limit) mappings and sequences inside each other; nothing from here on is read",
      at: character(at: offset, in: source), in: source)
  }

  static func tooManyNodes(limit: Int, at offset: Int, in source: SourceText) -> Diagnostic {
    yaml(
      .tooManyNodes,
      "more than \(limit) values and comments in one file; nothing from here on is read",
      at: character(at: offset, in: source), in: source)
  }

  static func scalarTooLong(limit: Int, at offset: Int, in source: SourceText) -> Diagnostic {
    yaml(
      .scalarTooLong, "this text is longer than \(limit) bytes; nothing from here on is read",
      at: character(at: offset, in: source), in: source)
  }

  static func moreFindings(_ count: Int, limit: Int, in source: SourceText) -> Diagnostic {
    let end = source.bytes.count
    return yaml(
      .moreYAMLFindings, "\(count) more findings about this file's YAML; the first \(limit) are shown",
      at: SourceRange(end, end), in: source)
  }

  private static func character(at offset: Int, in source: SourceText) -> SourceRange {
    SourceRange(offset, max(offset, min(offset + 1, source.bytes.count)))
  }

  // MARK: Documents

  static func emptyDocument(in source: SourceText) -> Diagnostic {
    yaml(
      .emptyDocument, "nothing is written here but white space and comments", at: SourceRange(0, 0),
      in: source)
  }

  static func severalDocuments(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(
      .severalDocuments, "a second document begins here; write it to a file of its own", at: range,
      in: source)
  }

  static func directive(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(.directive, "YAML directives are not used here; remove the line", at: range, in: source)
  }

  // MARK: Parts of YAML that are not used

  static func duplicateKey(
    _ key: String, at range: SourceRange, first: SourceRange, in source: SourceText
  ) -> Diagnostic {
    yaml(
      .duplicateKey, "the key '\(shortened(key))' is written twice in one mapping", at: range, in: source,
      notes: [Note("it is first written here", at: SourceLocation(source, first))])
  }

  static func anchor(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(
      .anchor,
      "anchors are not used here; remove '\(shortened(source.text(in: range)))', or put the "
        + "whole value in quotes if the '&' belongs to it", at: range, in: source)
  }

  static func alias(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(
      .alias,
      "aliases are not used here; write the value in place of "
        + "'\(shortened(source.text(in: range)))', or put it in quotes if the '*' belongs to it", at: range, in: source)
  }

  static func mergeKey(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(.mergeKey, "merge keys are not used here; write the merged keys out", at: range, in: source)
  }

  static func tag(at range: SourceRange, in source: SourceText) -> Diagnostic {
    var end = range.end
    while end < source.bytes.count, source.bytes[end] == 0x20 { end += 1 }
    return yaml(
      .tag, "tags are not used here; remove '\(shortened(source.text(in: range)))'", at: range, in: source,
      fixIts: [FixIt("remove the tag", replace: SourceRange(range.start, end), by: "", isSafe: true)])
  }

  static func complexKey(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(.complexKey, "a key must be a name, not a list or a mapping", at: range, in: source)
  }

  // MARK: Legal YAML that is not meant

  /// `answer: !(a in b)`
  static func negationReadAsTag(
    at range: SourceRange, in source: SourceText, doubt: QuotingDoubt? = nil
  ) -> Diagnostic {
    yaml(
      .negationReadAsTag, "YAML takes a '!' at the beginning for a tag; put the whole value in quotes",
      at: range, in: source, fixIts: quoting(range, in: source, doubt: doubt))
  }

  /// `answer: path.contains(" #")`
  ///
  /// - Parameters:
  ///   - canMend: Whether `range` is the whole value, with the part that YAML takes for a comment.
  ///   - isSafe: Whether no comment can stand in it.
  static func cutAtComment(
    at range: SourceRange, comment: SourceRange, in source: SourceText, canMend: Bool = false, isSafe: Bool = false
  ) -> Diagnostic {
    let note = Note("YAML takes this for a comment", at: SourceLocation(source, comment))
    return yaml(
      .cutAtComment, "YAML ends this value at ' #', in the middle of it; put the whole value in quotes",
      at: range, in: source, notes: [note],
      fixIts: canMend ? quoting(range, in: source, doubt: isSafe ? nil : .openBracket) : [])
  }

  /// `ask: Is ticket #5 of ${source} known?`, `slack: #soc`
  ///
  /// - Parameter value: What is left of it; it may be empty.
  static func wordsTakenForComment(
    behind value: SourceRange, comment: SourceRange, in source: SourceText
  ) -> Diagnostic {
    let dropped = source.text(in: comment)
    let words = shortened(dropped)
    let whole = SourceRange(value.isEmpty ? comment.start : value.start, comment.end)
    return Diagnostic(
      Rule.cutAtComment.code, .warning,
      "YAML takes '\(words)' for a comment and drops it; put the whole value in quotes, or a space behind the '#' of a "
        + "comment",
      at: SourceLocation(source, value.isEmpty ? comment : value),
      notes: value.isEmpty ? [] : [Note("YAML takes this for a comment", at: SourceLocation(source, comment))],
      fixIts: quoting(whole, in: source, doubt: .openBracket))
  }

  /// `{means: Tried, not opened}`
  ///
  /// - Parameters:
  ///   - canMend: Whether `range` is the whole value.
  ///   - doubt: Why it may be several values nevertheless.
  static func cutAtComma(
    at range: SourceRange, in source: SourceText, canMend: Bool = true, doubt: QuotingDoubt? = nil
  ) -> Diagnostic {
    yaml(
      .cutAtComma, "inside brackets YAML ends a value at a comma; put the whole value in quotes",
      at: range, in: source, fixIts: canMend ? quoting(range, in: source, doubt: doubt) : [])
  }

  static func keyWithoutValue(_ key: String, at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(
      .keyWithoutValue,
      "the key '\(shortened(key))' has no value; write '\(shortened(key)): …', or put "
        + "the text in quotes if it belongs to a value", at: range, in: source)
  }

  /// An unquoted scalar where a string is expected, that others read as something else.
  static func ambiguousScalar(
    _ text: String, _ ambiguity: ScalarAmbiguity, at range: SourceRange, in source: SourceText
  ) -> Diagnostic {
    yaml(
      .ambiguousScalar,
      "'\(shortened(text))' is a string here, and other tools read it as \(ambiguity.reading); put it in quotes",
      at: range, in: source, fixIts: quoting(range, in: source))
  }

  /// A number that others read as another.
  static func ambiguousNumber(_ text: String, at range: SourceRange, in source: SourceText) -> Diagnostic {
    let digits = text.drop { $0 == "0" }
    let plain = digits.isEmpty ? "0" : String(digits)
    return yaml(
      .ambiguousScalar,
      "'\(shortened(text))' is \(plain) here, and other tools read it as \(ScalarAmbiguity.octal.reading); leave the "
        + "zero out", at: range, in: source,
      fixIts: [FixIt("write \(shortened(plain))", replace: range, by: plain, isSafe: true)])
  }

  // MARK: Syntax errors

  /// - Parameter problem: What YAML makes of it, in words that fit behind "put … in quotes:".
  static func needsQuotes(
    _ problem: String, at range: SourceRange, in source: SourceText, doubt: QuotingDoubt? = nil
  ) -> Diagnostic {
    let advice =
      doubt == .structure
      ? "a sign is missing or one too many, or the whole value belongs in quotes" : "put the whole value in quotes"
    return yaml(
      .needsQuotes, "\(advice): \(problem)", at: range, in: source,
      fixIts: quoting(range, in: source, doubt: doubt))
  }

  static func unclosedQuote(
    at range: SourceRange, seen: SourceRange?, in source: SourceText
  ) -> Diagnostic {
    yaml(
      .unclosedQuote, "the quotation that begins here is not closed on its line", at: range, in: source,
      notes: seen.map { [Note("the text goes on to here", at: SourceLocation(source, $0))] } ?? [])
  }

  /// - Parameter comment: One in which a closing bracket stands.
  static func unclosedBracket(
    _ bracket: String, at range: SourceRange, seen: SourceRange, comment: SourceRange? = nil, in source: SourceText
  ) -> Diagnostic {
    let inComment = comment.map { [Note("YAML takes this for a comment", at: SourceLocation(source, $0))] } ?? []
    return yaml(
      .unclosedBracket,
      "the '\(bracket)' that opens here is not closed; a ',' or the closing bracket is "
        + "missing", at: range, in: source,
      notes: inComment + [Note("it must be closed before this", at: SourceLocation(source, seen))])
  }

  static func tabIndentation(at range: SourceRange, replacement: String, in source: SourceText) -> Diagnostic {
    yaml(
      .tabIndentation, "a tab cannot indent YAML; use spaces", at: range, in: source,
      fixIts: [FixIt("indent with spaces", replace: range, by: replacement, isSafe: true)])
  }

  static func indentation(
    at range: SourceRange, expected: Int?, block: SourceRange?, in source: SourceText
  ) -> Diagnostic {
    let column = source.position(at: range.start).column
    let wanted = expected.map { "; the block it stands in begins in column \($0)" } ?? ""
    return yaml(
      .indentation, "this line begins in column \(column), where nothing can continue\(wanted)",
      at: range, in: source,
      notes: block.map { [Note("the block begins here", at: SourceLocation(source, $0))] } ?? [])
  }

  /// - Parameter range: Of the key and its colon. What stands behind it may be a space that YAML does not take for one,
  ///   such as a no-break space.
  package static func missingSpace(
    after key: String, at range: SourceRange, in source: SourceText
  ) -> Diagnostic {
    guard let foreign = foreignSpace(at: range.end, in: source) else {
      // A sign that YAML gives a meaning may have come behind the colon by mistake.
      let next = range.end < source.bytes.count ? source.bytes[range.end] : 0x20
      let isSafe = !"|>&*!#%@,:-?`".utf8.contains(next)
      return yaml(
        .missingSpace, "a space is missing behind '\(shortened(key)):'", at: range, in: source,
        fixIts: [FixIt("insert a space", replace: SourceRange(range.end, range.end), by: " ", isSafe: isSafe)])
    }
    let code = String(foreign.value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    let place = SourceRange(range.end, range.end + foreign.utf8.count)
    return yaml(
      .missingSpace,
      "behind '\(shortened(key)):' stands a space of another kind (\(name)), which YAML takes for a letter",
      at: place, in: source, fixIts: [FixIt("write a plain space", replace: place, by: " ", isSafe: true)])
  }

  private static func foreignSpace(at offset: Int, in source: SourceText) -> Unicode.Scalar? {
    let bytes = source.bytes[min(offset, source.bytes.count)...].prefix(4)
    guard let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first, !scalar.isASCII,
      scalar.properties.generalCategory == .spaceSeparator
    else { return nil }
    return scalar
  }

  static func missingColon(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(
      .missingColon,
      "this line is neither 'key: value' nor part of the value above; a ':' is missing, or "
        + "the indentation is wrong", at: range, in: source)
  }

  static func valueAlreadyGiven(
    at range: SourceRange, above: SourceRange, in source: SourceText
  ) -> Diagnostic {
    yaml(
      .valueAlreadyGiven,
      "this 'key: value' is indented below a line that has a value already; align it "
        + "with the keys above, or begin the text above with '>' or a quote", at: range, in: source,
      notes: [Note("this value goes on in the next line", at: SourceLocation(source, above))])
  }

  static func apostrophe(at range: SourceRange, in source: SourceText) -> Diagnostic {
    yaml(
      .apostrophe, "inside single quotes an apostrophe is written twice: ''", at: range, in: source,
      fixIts: [FixIt("write it twice", replace: range, by: "''", isSafe: true)])
  }

  /// - Parameter isList: Whether the block is made of `- items`, not of keys.
  static func mixedBlock(
    of isList: Bool, at range: SourceRange, block: SourceRange, in source: SourceText
  ) -> Diagnostic {
    yaml(
      .mixedBlock,
      isList
        ? "this line stands among '- items' and begins with no '-'; indent it, or begin it with '- '"
        : "this line stands among keys and is no 'key: value'; indent it if it belongs to the key above",
      at: range, in: source, notes: [Note("the block begins here", at: SourceLocation(source, block))])
  }

  /// Any other error of libyaml's.
  static func syntax(
    _ problem: String, context: String, at range: SourceRange, began: SourceRange?, in source: SourceText
  ) -> Diagnostic {
    let what = context.isEmpty ? problem : "\(problem) \(context)"
    return yaml(
      .syntax, "this is not YAML: \(what)", at: range, in: source,
      notes: began.map { [Note("it began here", at: SourceLocation(source, $0))] } ?? [])
  }

  // MARK: Fix-its

  /// Most characters of the author's text that a message repeats.
  private static let shownTextLimit = 40

  private static func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= shownTextLimit
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(shownTextLimit))) + "…"
  }

  /// Longest value, in bytes, for which quotes are offered.
  private static let quotedBytesLimit = 4_000

  /// Quotes around a value; nothing if it has several lines, is longer than a person wrote, or is no value at all.
  private static func quoting(_ range: SourceRange, in source: SourceText, doubt: QuotingDoubt? = nil) -> [FixIt] {
    guard range.length <= quotedBytesLimit, doubt != .structure,
      !source.bytes[range.start..<range.end].contains(where: { $0 == 0x0A || $0 == 0x0D })
    else { return [] }
    let quoted = quotedScalar(source.text(in: range))
    return [FixIt("put it in quotes: \(shortened(quoted))", replace: range, by: quoted, isSafe: doubt == nil)]
  }
}

/// A text of one line as a quoted YAML scalar, in the quotes that need no escapes where there are such.
package func quotedScalar(_ text: String) -> String {
  text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    ? "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    : "\"" + text + "\""
}
