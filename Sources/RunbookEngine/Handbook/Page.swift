import Diagnostics
import Values

/// A page of text, before it is decided how it is written.
package struct Page: Sendable {
  package enum Block: Sendable {
    /// - Parameter anchor: What links name; unique on the page.
    case heading(level: Int, String, anchor: String)
    case paragraph([Span])
    case list([[Span]])
    /// Rows of cells under their heads.
    case table(heads: [String], rows: [[[Span]]])
    /// Text of another language, as it stands.
    case code(String, language: String)
    /// A picture, as SVG.
    case picture(String, title: String)
  }

  package enum Span: Sendable {
    case text(String)
    case strong(String)
    case code(String)
    /// To a heading's anchor.
    case jump(String, to: String)
    case link(String)
  }

  package let title: String
  package let blocks: [Block]
}

extension [Page.Span] {
  static func text(_ text: String) -> Self { [.text(text)] }
}

// MARK: Markdown

extension Page {
  /// The page in CommonMark with tables.
  package var markdown: String {
    let parts = ["# \(Self.plain(title))"] + blocks.compactMap(\.markdown)
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// A paragraph's lines are one to its reader.
  private static func onOneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// Text in which nothing is Markdown's own.
  fileprivate static func plain(_ text: String) -> String {
    var result = ""
    for scalar in visible(onOneLine(text)).unicodeScalars {
      if "\\`*_[]<>#~".unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}

extension Page.Block {
  /// `nil`: Markdown has no way to show it.
  fileprivate var markdown: String? {
    switch self {
    case .heading(let level, let text, let anchor):
      "<a id=\"\(anchor)\"></a>\n\n\(String(repeating: "#", count: level + 1)) \(Page.plain(text))"
    case .paragraph(let spans): spans.markdown
    case .list(let items): items.map { "- \($0.markdown)" }.joined(separator: "\n")
    case .table(let heads, let rows):
      ([heads.map(Page.plain), heads.map { _ in "---" }]
        + rows.map { row in row.map { $0.markdown.replacing("|", with: "\\|") } })
        .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    case .code(let text, let language): "```\(language)\n\(Self.inFence(text))\n```"
    case .picture: nil
    }
  }

  private static func inFence(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("```") ? " \($0)" : String($0) }.joined(separator: "\n")
  }
}

extension [Page.Span] {
  fileprivate var markdown: String {
    map { span in
      switch span {
      case .text(let text): Page.plain(text)
      case .strong(let text): "**\(Page.plain(text))**"
      case .code(let text): "`\(visible(text).replacing("`", with: "'"))`"
      case .jump(let text, let anchor): "[\(Page.plain(text))](#\(anchor))"
      case .link(let address): "<\(visible(address).replacing(">", with: "%3E"))>"
      }
    }.joined()
  }
}

// MARK: HTML

extension Page {
  /// The page as one file that fetches nothing and runs nothing.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Self.escaped(title))</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328; }
    h2, h3 { margin-top: 2rem; }
    table { border-collapse: collapse; display: block; overflow-x: auto; }
    th, td { border: 1px solid #d0d7de; padding: .3rem .6rem; text-align: left; vertical-align: top; }
    pre { background: #f6f8fa; padding: .8rem; overflow-x: auto; }
    code { background: #f6f8fa; padding: .1rem .2rem; }
    svg { max-width: 100%; height: auto; }
    @media print { body { margin: 0; } h2, h3 { break-after: avoid; } pre, table, svg { break-inside: avoid; } }
    </style>
    </head>
    <body>
    <h1>\(Self.escaped(title))</h1>
    \(blocks.map(\.html).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  fileprivate static func escaped(_ text: String) -> String { markupText(visible(onOneLine(text))) }
}

extension Page.Block {
  fileprivate var html: String {
    switch self {
    case .heading(let level, let text, let anchor):
      "<h\(level + 1) id=\"\(Page.escaped(anchor))\">\(Page.escaped(text))</h\(level + 1)>"
    case .paragraph(let spans): "<p>\(spans.html)</p>"
    case .list(let items): "<ul>\(items.map { "<li>\($0.html)</li>" }.joined())</ul>"
    case .table(let heads, let rows):
      "<table><tr>\(heads.map { "<th>\(Page.escaped($0))</th>" }.joined())</tr>"
        + rows.map { "<tr>\($0.map { "<td>\($0.html)</td>" }.joined())</tr>" }.joined() + "</table>"
    case .code(let text, _):
      "<pre>\(text.split(separator: "\n", omittingEmptySubsequences: false).map { Page.escaped(String($0)) }.joined(separator: "\n"))</pre>"
    case .picture(let svg, _): "<figure>\(svg)</figure>"
    }
  }
}

extension [Page.Span] {
  fileprivate var html: String {
    map { span in
      switch span {
      case .text(let text): Page.escaped(text)
      case .strong(let text): "<strong>\(Page.escaped(text))</strong>"
      case .code(let text): "<code>\(Page.escaped(text))</code>"
      case .jump(let text, let anchor): "<a href=\"#\(Page.escaped(anchor))\">\(Page.escaped(text))</a>"
      // Somebody else's address is shown, and followed only by hand.
      case .link(let address): "<code>\(Page.escaped(address))</code>"
      }
    }.joined()
  }
}
