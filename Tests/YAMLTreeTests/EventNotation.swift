import Diagnostics

@testable import YAMLTree

/// The parser's events in the notation of yaml-test-suite: one line each, with anchors, tags and flow markers.
struct EventNotation {
  private(set) var text = ""
  /// Why the parser could not read on; `text` is what it told before.
  private(set) var error: YAMLSyntaxError?

  /// All events of all documents of a text, as the parser tells them: nothing is mended and nothing diagnosed.
  init(of yaml: String) {
    let screened = ScreenedSource(SourceText(name: "suite.yaml", text: yaml))
    self = EventStream.reading(screened) { stream in
      var notation = EventNotation()
      while notation.take(stream.next()) {}
      return notation
    }
  }

  private init() {}

  /// - Returns: Whether more is to come.
  private mutating func take(_ next: Result<YAMLEvent, YAMLSyntaxError>) -> Bool {
    switch next {
    case .failure(let error):
      self.error = error
      return false
    case .success(let event):
      text += Self.line(of: event) + "\n"
      if case .streamEnd = event.kind { return false }
      return true
    }
  }

  private static func line(of event: YAMLEvent) -> String {
    let properties = (event.anchor.map { " &\($0)" } ?? "") + (event.tag.map { " <\($0)>" } ?? "")
    return switch event.kind {
    case .streamStart: "+STR"
    case .streamEnd: "-STR"
    case .documentStart(let isExplicit): isExplicit ? "+DOC ---" : "+DOC"
    case .documentEnd(let isExplicit): isExplicit ? "-DOC ..." : "-DOC"
    case .sequenceStart(let isFlow): "+SEQ" + (isFlow ? " []" : "") + properties
    case .sequenceEnd: "-SEQ"
    case .mappingStart(let isFlow): "+MAP" + (isFlow ? " {}" : "") + properties
    case .mappingEnd: "-MAP"
    case .alias(let name): "=ALI *\(name)"
    case .scalar(let text, let style): "=VAL\(properties) \(mark(of: style))\(escaped(text))"
    }
  }

  private static func mark(of style: YAMLScalar.Style) -> String {
    switch style {
    case .plain: ":"
    case .singleQuoted: "'"
    case .doubleQuoted: "\""
    case .literal: "|"
    case .folded: ">"
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\u{8}": result += "\\b"
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
