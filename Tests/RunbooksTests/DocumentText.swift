import Diagnostics
import RunbookLanguage

/// The examples in a page: its fenced blocks.
struct DocumentText {
  struct Block: Sendable, CustomStringConvertible {
    let page: String
    let line: Int
    let language: String
    let text: String

    var description: String { "\(page):\(line)" }
  }

  /// Reads a page of this repository.
  static func blocks(of page: String) throws -> [Block] {
    var blocks: [Block] = []
    var open: (line: Int, language: String, lines: [Substring])?
    let text = try Places.text("\(Places.package)/\(page)")
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("```") else {
        open?.lines.append(line)
        continue
      }
      if let block = open {
        blocks.append(
          Block(
            page: page, line: block.line, language: block.language, text: block.lines.joined(separator: "\n") + "\n"))
        open = nil
      } else {
        open = (index + 2, String(line.dropFirst(3)), [])
      }
    }
    return blocks
  }

  static func blocks(_ language: String, of pages: String...) throws -> [Block] {
    try pages.flatMap(blocks).filter { $0.language == language }
  }
}

extension DocumentText.Block {
  var source: SourceText { SourceText(name: "example.runbook.yaml", text: text) }

  /// The commands of a console block: lines after a prompt, continued by backslashes, without their comments. Words are
  /// divided at spaces; single quotes hold a word together.
  var commands: [[String]] {
    text.replacing("\\\n", with: " ").split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { line in
      let quoted = line.dropFirst(2).split(separator: "'", omittingEmptySubsequences: false)
      return quoted.enumerated().flatMap { index, part in
        index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
      }.prefix { $0 != "#" }.map { $0 }
    }
  }
}

/// Files that an example names and does not bring along.
struct ExampleFiles: RunbookFiles {
  static let texts = [
    "our-networks.txt": "192.0.2.0/24 office\n", "people.csv": "user,manager\ncleo,ana\ndan,ben\n",
  ]

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    Self.texts[path].map { .success(SourceText(name: path, text: $0)) }
      ?? .failure(FileProblem("there is no such file"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { Self.texts[path] != nil }
}
