/// The line in which a range begins, as a terminal can show it, and where the marks under it stand. What looks like a
/// secret is concealed.
struct SourceSnippet {
  /// What is shown of the line: tabs as spaces, everything a terminal could act on made visible.
  let text: String
  /// Terminal cells before the marked part.
  let indent: Int
  /// Terminal cells of the marked part, at least one.
  let width: Int

  /// Code points that stay in sight before the marked part of a line that is cut.
  private static let contextBefore = 40
  /// Code points on both sides of the shown part that are looked at for secrets.
  private static let secretReach = 500

  /// - Parameter limit: Longest part of the line that is shown, in code points.
  init(of location: SourceLocation, limit: Int) {
    let start = location.start
    let end = location.end
    let line = location.source.contents(ofLine: start.line)
    var scalars = Array(location.source.text(in: SourceRange(line.lowerBound, line.upperBound)).unicodeScalars)
    // A long line is cut so that the marked part stays in sight.
    let isCut = scalars.count > limit
    let first = isCut ? max(0, min(start.column - 1 - Self.contextBefore, scalars.count - limit)) : 0
    let last = min(scalars.count, first + limit)
    // A secret may begin before what is shown, and end behind it.
    let around = max(0, first - Self.secretReach)..<min(scalars.count, last + Self.secretReach)
    let concealed = SecretShape.concealed(String(String.UnicodeScalarView(scalars[around])))
    scalars.replaceSubrange(around, with: concealed.unicodeScalars)
    let markStart = min(max(start.column - 1, first), last)
    // Of a range over several lines the first is marked to its end.
    let markEnd = min(end.line == start.line ? end.column - 1 : scalars.count, last)
    let before = scalars[first..<markStart]
    let marked = scalars[markStart..<max(markStart, markEnd)]
    let after = scalars[max(markStart, markEnd)..<last]
    let lead = first > 0 ? "…" : ""
    text = lead + [before, marked, after].map(Self.shown).joined() + (last < scalars.count ? "…" : "")
    indent = lead.unicodeScalars.count + Self.cells(of: before)
    width = max(1, Self.cells(of: marked))
  }

  private static func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    visible(String(String.UnicodeScalarView(scalars.map { $0 == "\t" ? " " : $0 })))
  }

  private static func cells(of scalars: ArraySlice<Unicode.Scalar>) -> Int {
    shown(scalars).unicodeScalars.reduce(0) { $0 + cells(of: $1) }
  }

  /// Terminal cells that a code point takes, after Unicode's East Asian Width (UAX 11): two for wide ones, none for
  /// those that combine with the one before.
  private static func cells(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
