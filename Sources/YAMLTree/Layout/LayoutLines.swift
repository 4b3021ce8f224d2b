/// The lines of a document that is laid out.
struct LayoutLines {
  private struct Line {
    var isBehindBlank: Bool
    var indent: Int
    var text: [UInt8]
    /// Behind the text; a line without text goes on with the comment above it.
    var comment: [UInt8]?
    /// Whole lines of a text that keeps its breaks, which follow this line.
    var block: [UInt8] = []

    var width: Int { indent + YAMLLayout.width(of: text) }
  }

  /// Lines that are longer have their comment for themselves; shorter neighbours share a column.
  private static let alignedWidth = 72
  /// Columns between a text and its comment.
  private static let commentGap = 2

  private var lines: [Line] = []
  /// What the next line begins with: the dashes of lists that begin with it.
  private var lead: (text: [UInt8], indent: Int, isBehindBlank: Bool)?
  /// Whether blank lines behind the last line would be a part of its text.
  private var keepsBreaks = false

  /// Has the next line begin with a dash.
  mutating func begin(_ dash: [UInt8], indent: Int, isBehindBlank: Bool) {
    let before = lead ?? ([], indent, isBehindBlank)
    lead = (before.text + dash, before.indent, before.isBehindBlank)
  }

  mutating func add(_ text: [UInt8], indent: Int, isBehindBlank: Bool = false) {
    let first = lead ?? ([], indent, isBehindBlank)
    lead = nil
    let isBlankLeftOut = keepsBreaks || lines.isEmpty
    keepsBreaks = false
    lines.append(
      Line(isBehindBlank: first.isBehindBlank && !isBlankLeftOut, indent: first.indent, text: first.text + text))
  }

  /// A comment on a line of its own; above the next line if that has begun.
  mutating func addComment(_ text: [UInt8], indent: Int, isBehindBlank: Bool) {
    guard let begun = lead else {
      add(text, indent: indent, isBehindBlank: isBehindBlank)
      return
    }
    lead = nil
    add(text, indent: begun.indent, isBehindBlank: begun.isBehindBlank || isBehindBlank)
    lead = (begun.text, begun.indent, false)
  }

  /// A further line of a text.
  mutating func addContinuation(_ text: ArraySlice<UInt8>, indent: Int) {
    lines.append(Line(isBehindBlank: false, indent: indent, text: Array(text)))
  }

  /// Columns before what is added next.
  func leadWidth(indent: Int) -> Int { lead.map { $0.indent + $0.text.count } ?? indent }

  /// Puts comments behind the last line, the second and all others below the first.
  mutating func addBehind(_ comments: [[UInt8]]) {
    guard let first = comments.first, !lines.isEmpty else { return }
    lines[lines.count - 1].comment = first
    lines += comments.dropFirst().map { Line(isBehindBlank: false, indent: 0, text: [], comment: $0) }
  }

  /// Puts whole lines behind the last line and its comments.
  ///
  /// - Parameter keepsBreaks: Whether blank lines behind them would be a part of the text.
  mutating func addBlock(_ bytes: [UInt8], keepsBreaks: Bool) {
    guard !lines.isEmpty else { return }
    lines[lines.count - 1].block = bytes
    self.keepsBreaks = keepsBreaks
  }

  var text: [UInt8] {
    var result: [UInt8] = []
    for (line, column) in zip(lines, commentColumns) {
      if line.isBehindBlank { result.append(0x0A) }
      let start = result.count
      if !line.text.isEmpty {
        result += repeatElement(0x20, count: line.indent)
        result += line.text
      }
      if let comment = line.comment {
        let width = YAMLLayout.width(of: result[start...])
        result += repeatElement(0x20, count: max(0, column - width))
        result += comment
      }
      result.append(0x0A)
      result += line.block
    }
    return result
  }

  /// For each line the column of its comment.
  private var commentColumns: [Int] {
    var columns = Array(repeating: 0, count: lines.count)
    var index = 0
    while index < lines.count {
      var end = index + 1
      if lines[index].comment != nil {
        while end < lines.count, lines[end].comment != nil, !lines[end].isBehindBlank, lines[end - 1].block.isEmpty {
          end += 1
        }
      }
      let shared = lines[index..<end].lazy.map(\.width).filter { $0 <= Self.alignedWidth }.max() ?? 0
      var own = 0
      for line in index..<end {
        if !lines[line].text.isEmpty { own = lines[line].width <= Self.alignedWidth ? shared : lines[line].width }
        columns[line] = own + Self.commentGap
      }
      index = end
    }
    return columns
  }
}
