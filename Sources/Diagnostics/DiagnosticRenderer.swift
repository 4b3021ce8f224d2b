/// Turns diagnostics into text for a terminal or a log.
///
/// One finding looks like this:
///
///     error[TOC0203]: unknown source 'acess'; declared here: 'access', 'waf'
///       --> web.runbook.yaml:31:11
///        |
///     31 |     from: acess
///        |           ^^^^^
///       help: did you mean 'access'?
public struct DiagnosticRenderer: Sendable {
  /// Whether to colour the output for a terminal.
  public var coloured: Bool
  /// How the name of a document is shown.
  public var shownName: @Sendable (String) -> String
  /// Longest part of a source line that is shown, in code points; a longer one is cut around the place.
  public static let shownLineLimit = 160

  public init(coloured: Bool = false, shownName: @escaping @Sendable (String) -> String = { $0 }) {
    self.coloured = coloured
    self.shownName = shownName
  }

  public func render(_ diagnostic: Diagnostic) -> String {
    var lines: [String] = []
    let heading = "\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]"
    lines.append("\(paint(heading, as: colour(of: diagnostic.severity))): \(visible(diagnostic.message))")
    if let location = diagnostic.location { lines += snippet(at: location, marked: diagnostic.severity) }
    for note in diagnostic.notes {
      let place = note.location.map { " (\(name(of: $0)):\($0.start))" } ?? ""
      lines.append("  note: \(visible(note.message))\(place)")
    }
    for fixIt in diagnostic.fixIts { lines.append("  help: \(visible(fixIt.message))") }
    return lines.joined(separator: "\n")
  }

  private func snippet(at location: SourceLocation, marked severity: Diagnostic.Severity) -> [String] {
    guard !location.isWholeDocument else { return ["  --> \(name(of: location))"] }
    let snippet = SourceSnippet(of: location, limit: Self.shownLineLimit)
    let number = String(location.start.line)
    let margin = String(repeating: " ", count: number.count)
    let marks = paint(String(repeating: "^", count: snippet.width), as: colour(of: severity))
    let source = snippet.text.isEmpty ? "" : " " + snippet.text
    return [
      "\(margin)--> \(name(of: location)):\(location.start)",
      "\(margin) |",
      "\(number) |\(source)",
      "\(margin) | \(String(repeating: " ", count: snippet.indent))\(marks)",
    ]
  }

  private func name(of location: SourceLocation) -> String { visible(shownName(location.source.name)) }

  private func colour(of severity: Diagnostic.Severity) -> Int {
    switch severity {
    case .error: 31
    case .warning: 33
    case .note: 36
    }
  }

  private func paint(_ text: String, as colour: Int) -> String {
    coloured ? "\u{1B}[1;\(colour)m\(text)\u{1B}[0m" : text
  }
}

/// The text with everything that a terminal could act on made visible: control characters, the characters that turn the
/// direction of writing around, and those that take no room, become `\u{…}`; so do marks beyond eight on one character,
/// which would be written over other lines.
public func visible(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { isUnsafeForTerminals($0) || isMark($0) }) else { return text }
  var result = ""
  var marks = 0
  for scalar in text.unicodeScalars {
    marks = isMark(scalar) ? marks + 1 : 0
    if isUnsafeForTerminals(scalar) || marks > mostMarks {
      result += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func isUnsafeForTerminals(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0: true
  case 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0x2028, 0x2029, 0xFEFF: true
  default: false
  }
}

/// Scripts that are written with several marks on a character take four or five.
private let mostMarks = 8

/// Whether a scalar is written over the one before it.
private func isMark(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x300 else { return false }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark: return true
  default: return false
  }
}
