import Diagnostics

/// What to tell the author about a syntax error: the cause, which often lies before the place libyaml names.
struct SyntaxErrorExplanation {
  let finding: Diagnostic
  /// The value that the error is about, if the rest of the document can be read without it.
  let mend: SourceRange?

  private init(_ finding: Diagnostic, mend: SourceRange? = nil) {
    self.finding = finding
    self.mend = mend
  }

  init(of error: YAMLSyntaxError, in source: SourceText, bytes: [UInt8], builder: TreeBuilder) {
    let scene = Scene(error: error, source: source, bytes: bytes, builder: builder)
    self =
      scene.tab() ?? scene.quotation() ?? scene.bracketAbove() ?? scene.forbiddenStart() ?? scene.textBehindValue()
      ?? scene.colonInValue() ?? scene.lineWithoutColon() ?? scene.bracket() ?? scene.misplacedLine()
      ?? scene.anythingElse()
  }

  /// An error and everything known about its surroundings. Each function explains one kind of error.
  private struct Scene {
    let error: YAMLSyntaxError
    let source: SourceText
    let bytes: [UInt8]
    let builder: TreeBuilder

    private var isInFlow: Bool { builder.open.last?.isInFlow == true }
    private var problem: SourceRange { character(at: error.problemOffset) }

    // MARK: Causes

    func tab() -> SyntaxErrorExplanation? {
      if let explanation = tabBehindIndicator() { return explanation }
      let line = WrittenLine(around: error.problemOffset, in: source)
      let indentation = SourceRange(line.start, line.contentStart)
      guard error.problemOffset <= line.colon ?? line.contentStart,
        bytes[indentation.start..<indentation.end].contains(0x09)
      else {
        return nil
      }
      let columns = columnsOfSibling(above: line)
      let spaces = String(repeating: " ", count: columns)
      return SyntaxErrorExplanation(.tabIndentation(at: indentation, replacement: spaces, in: source))
    }

    /// Columns before what the line above holds, or one level more if that is a key whose value is still to come.
    private func columnsOfSibling(above line: WrittenLine) -> Int {
      guard let above = lineAbove(line.start) else { return 0 }
      let isItem = bytes[line.contentStart..<line.end].starts(with: "- ".utf8)
      let start = isItem ? above.contentStart : above.key?.start ?? above.contentStart
      return start - above.start + (above.colon != nil && above.valueStart == nil ? YAMLLayout.step : 0)
    }

    /// `-`, `?` or `:` with a tab behind it, which would indent what follows.
    private func tabBehindIndicator() -> SyntaxErrorExplanation? {
      let start = error.problemOffset
      guard error.problem.contains("cannot start any token"), start > 0, start < bytes.count, bytes[start] == 0x09,
        "-?:".utf8.contains(bytes[start - 1])
      else { return nil }
      var end = start
      while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
      return SyntaxErrorExplanation(.tabIndentation(at: SourceRange(start, end), replacement: " ", in: source))
    }

    /// A quotation that is never closed, or only by the opening mark of a later one.
    func quotation() -> SyntaxErrorExplanation? {
      if error.context.contains("quoted scalar"), let start = error.contextOffset {
        if error.problem.contains("unexpected") { return unclosedQuotation(at: start, seen: error.problemOffset) }
        return SyntaxErrorExplanation(.syntax(badEscape, context: "", at: problem, began: nil, in: source), mend: nil)
      }
      guard let node = builder.lastNode, let scalar = node.scalar, node.range.end <= error.problemOffset,
        scalar.style == .doubleQuoted || scalar.style == .singleQuoted, !isOnOneLine(node.range),
        isBlank(from: node.range.end, to: error.problemOffset)
      else { return nil }
      return unclosedQuotation(at: node.range.start, seen: node.range.end - 1)
    }

    private func unclosedQuotation(at start: Int, seen: Int) -> SyntaxErrorExplanation {
      let line = WrittenLine(around: start, in: source)
      let rest = SourceRange(start, max(start, line.end))
      let isMendable = !isInFlow && seen >= line.end
      return SyntaxErrorExplanation(
        .unclosedQuote(at: character(at: start), seen: character(at: seen), in: source), mend: isMendable ? rest : nil)
    }

    private var badEscape: String {
      let escape = source.text(in: SourceRange(error.problemOffset, min(error.problemOffset + 2, bytes.count)))
      return "'\(escape)' is no escape in double quotes; write '\\\\' for a backslash, or use single quotes"
    }

    /// A bracket that is still open where a key stands as far to the left as the line that the bracket stands in.
    func bracketAbove() -> SyntaxErrorExplanation? {
      guard let start = builder.innerBracket else { return nil }
      let opening = source.position(at: start).line
      let last = source.position(at: min(error.problemOffset, bytes.count)).line
      guard opening < last else { return nil }
      let indentation = WrittenLine(around: start, in: source).indentation
      for number in (opening + 1)...last {
        let line = WrittenLine(around: source.contents(ofLine: number).lowerBound, in: source)
        guard let key = line.key, line.indentation <= indentation, !key.isEmpty else { continue }
        return unclosedBracket(at: start, seen: key)
      }
      return nil
    }

    private func unclosedBracket(at start: Int, seen: SourceRange) -> SyntaxErrorExplanation {
      let bracket = character(at: start)
      let comment = builder.comments.comments.first {
        $0.range.start > start && $0.range.start < seen.start && $0.text.contains { $0 == "}" || $0 == "]" }
      }
      return SyntaxErrorExplanation(
        .unclosedBracket(source.text(in: bracket), at: bracket, seen: seen, comment: comment?.range, in: source))
    }

    /// `&& b`, `*x`, `!known && x`, `>= 3`, `|| x`, `@x`, `%x`, `- 1 + x`: no plain value may begin like this.
    func forbiddenStart() -> SyntaxErrorExplanation? {
      let contexts = ["an anchor", "an alias", "a tag", "a block scalar", "a directive"]
      let isIndicator = contexts.contains { error.context.hasSuffix($0) }
      let isClosing = error.problem.contains("node content") && !isInFlow
      let isForbidden =
        isClosing
        || ["cannot start any token", "sequence entries are not allowed", "mapping keys are not allowed"]
          .contains { error.problem.contains($0) }
      let offset = isIndicator ? error.contextOffset ?? error.problemOffset : error.problemOffset
      let negation = error.problem.contains("did not find expected whitespace or line break")
      guard isIndicator || isForbidden || negation, offset < bytes.count else { return nil }
      guard let value = WrittenValue(around: offset, in: source, isInFlow: isInFlow) else { return nil }
      return needsQuotes(meaningOfStart(value.range), value.range)
    }

    private func meaningOfStart(_ value: SourceRange) -> String {
      "YAML gives a '\(source.text(in: character(at: value.start)))' at its beginning a meaning of its own"
    }

    /// `"admin" in roles`, `[1, 2].exists(…)`: the value ended, and text goes on.
    func textBehindValue() -> SyntaxErrorExplanation? {
      guard error.problem.hasPrefix("did not find expected"), let node = builder.lastNode,
        node.range.end <= error.problemOffset, !node.range.isEmpty,
        isBlank(from: node.range.end, to: error.problemOffset),
        isOnOneLine(SourceRange(node.range.start, error.problemOffset)), error.problemOffset < bytes.count
      else { return nil }
      // In brackets the value may have begun before a comma of its own.
      let around = isInFlow ? WrittenValue(around: error.problemOffset, in: source, isInFlow: true) : nil
      let isWider = around.map { $0.range.start <= node.range.start } ?? false
      guard
        let value = isWider ? around : WrittenValue(from: node.range.start, in: source, isInFlow: isInFlow),
        value.range.end > error.problemOffset
      else { return nil }
      if let explanation = apostrophe(endingAt: node.range.end, of: value.range) { return explanation }
      let last = source.text(in: character(at: node.range.end - 1))
      if ["\"", "'", "]", "}"].contains(last) {
        return needsQuotes("YAML ends it at the '\(last)', and more text follows", value.range)
      }
      return isInFlow
        ? needsQuotes("inside brackets YAML ends it before its end", value.range)
        : needsQuotes(meaningOfStart(value.range), value.range)
    }

    /// `'it's'`
    private func apostrophe(endingAt end: Int, of value: SourceRange) -> SyntaxErrorExplanation? {
      guard end < bytes.count, end - 2 > value.start, bytes[value.start] == UInt8(ascii: "'"),
        bytes[value.end - 1] == UInt8(ascii: "'"), isLetter(bytes[end - 2]), isLetter(bytes[end])
      else { return nil }
      return SyntaxErrorExplanation(.apostrophe(at: SourceRange(end - 1, end), in: source), mend: value)
    }

    /// `a ? b : c`, `Is it ours: yes?`: a colon and a space in a value, or a key below a value.
    func colonInValue() -> SyntaxErrorExplanation? {
      guard error.problem.contains("mapping values are not allowed") else { return nil }
      let line = WrittenLine(around: error.problemOffset, in: source)
      if line.key != nil, line.colon != error.problemOffset {
        guard let value = WrittenValue(around: error.problemOffset, in: source, isInFlow: isInFlow) else { return nil }
        return needsQuotes("YAML takes the ': ' in it for the end of a key", value.range)
      }
      guard let above = lineAbove(line.start) else { return nil }
      if let explanation = missingSpace(in: above) { return explanation }
      let key = line.key ?? SourceRange(line.contentStart, line.end)
      var holder: WrittenLine? = above
      while let next = holder, next.colon == nil || next.indentation >= line.indentation {
        holder = lineAbove(next.start)
      }
      guard let holder, let value = holder.valueStart else { return nil }
      return SyntaxErrorExplanation(
        .valueAlreadyGiven(at: key, above: SourceRange(value, holder.end), in: source))
    }

    /// A line in a mapping that has no colon: `key:value`, text cut from the value above, or a forgotten colon.
    func lineWithoutColon() -> SyntaxErrorExplanation? {
      guard error.problem.contains("could not find expected ':'"), let start = error.contextOffset else { return nil }
      let line = WrittenLine(around: start, in: source)
      if let explanation = missingSpace(in: line) { return explanation }
      if let cut = textAfterComment() { return cut }
      return SyntaxErrorExplanation(.missingColon(at: SourceRange(line.contentStart, line.end), in: source))
    }

    func bracket() -> SyntaxErrorExplanation? {
      let isInCollection = error.context.contains("flow mapping") || error.context.contains("flow sequence")
      guard isInCollection, let start = error.contextOffset, start < bytes.count else { return nil }
      return unclosedBracket(at: start, seen: problem)
    }

    /// A line whose indentation fits no block.
    func misplacedLine() -> SyntaxErrorExplanation? {
      let line = WrittenLine(around: error.problemOffset, in: source)
      guard error.problemOffset == line.contentStart, line.contentStart < line.end,
        error.problem.hasPrefix("did not find expected")
      else { return nil }
      if let cut = textAfterComment() { return cut }
      let block = error.contextOffset.map { character(at: $0) }
      if let block, source.position(at: block.start).column == source.position(at: line.contentStart).column {
        let isItem = bytes[block.start] == UInt8(ascii: "-")
        return SyntaxErrorExplanation(
          .mixedBlock(of: isItem, at: SourceRange(line.contentStart, line.end), block: block, in: source))
      }
      return SyntaxErrorExplanation(
        .indentation(
          at: SourceRange(line.contentStart, line.end), expected: block.map { source.position(at: $0.start).column },
          block: block, in: source))
    }

    func anythingElse() -> SyntaxErrorExplanation {
      SyntaxErrorExplanation(
        .syntax(
          error.problem, context: error.context, at: problem, began: error.contextOffset.map { character(at: $0) },
          in: source))
    }

    // MARK: Parts of explanations

    private func needsQuotes(_ reason: String, _ range: SourceRange) -> SyntaxErrorExplanation {
      let doubt = QuotingDoubt.about(range, outerBracket: builder.outerBracket, in: source)
      return SyntaxErrorExplanation(.needsQuotes(reason, at: range, in: source, doubt: doubt), mend: range)
    }

    private func missingSpace(in line: WrittenLine) -> SyntaxErrorExplanation? {
      guard line.colon == nil else { return nil }
      let text = bytes[line.contentStart..<line.end]
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > line.contentStart,
        !text[..<colon].contains(where: { $0 == 0x20 || $0 == UInt8(ascii: "\"") })
      else { return nil }
      let key = source.text(in: SourceRange(line.contentStart, colon))
      return SyntaxErrorExplanation(
        .missingSpace(after: key, at: SourceRange(line.contentStart, colon + 1), in: source))
    }

    /// The ` #` in a text of several lines, which ends it before its next line.
    private func textAfterComment() -> SyntaxErrorExplanation? {
      guard let value = builder.lastNode, value.scalar?.style == .plain, !value.range.isEmpty else { return nil }
      var start = value.range.end
      while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
      guard start < bytes.count, bytes[start] == UInt8(ascii: "#") else { return nil }
      let comment = SourceRange(start, max(start, WrittenLine(around: start, in: source).end))
      return SyntaxErrorExplanation(.cutAtComment(at: value.range, comment: comment, in: source))
    }

    // MARK: Places

    /// The last line above that holds more than white space and a comment.
    private func lineAbove(_ start: Int) -> WrittenLine? {
      var offset = start
      while offset > 0 {
        if [0x0A, 0x0D, 0x20].contains(bytes[offset - 1]) {
          offset -= 1
          continue
        }
        let line = WrittenLine(around: offset, in: source)
        if line.contentStart < line.end, bytes[line.contentStart] != UInt8(ascii: "#") { return line }
        offset = line.start
      }
      return nil
    }

    private func character(at offset: Int) -> SourceRange {
      let start = min(offset, bytes.count)
      var end = min(start + 1, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      if end > start, bytes[start] == 0x0A || bytes[start] == 0x0D { end = start }
      return SourceRange(start, end)
    }

    private func isLetter(_ byte: UInt8) -> Bool {
      byte >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private func isOnOneLine(_ range: SourceRange) -> Bool {
      !bytes[range.start..<range.end].contains { $0 == 0x0A || $0 == 0x0D }
    }

    private func isBlank(from start: Int, to end: Int) -> Bool {
      start <= end && bytes[start..<end].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
  }
}
