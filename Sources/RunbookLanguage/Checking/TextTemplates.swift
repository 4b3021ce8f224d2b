import Diagnostics
import RunbookPorts
import Values

/// Splits text at its holes, `${…}`.
struct HoleScanner {
  enum Piece: Equatable {
    /// UTF-8 offsets of text between holes.
    case text(Range<Int>)
    /// UTF-8 offsets of what stands inside the braces.
    case hole(Range<Int>)
    /// A `${` without its `}`.
    case unclosed(Range<Int>)
  }

  /// Braces and quotation marks inside a hole belong to its expression.
  static func pieces(of text: String) -> [Piece] {
    let bytes = Array(text.utf8)
    var pieces: [Piece] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      if start < index { pieces.append(.text(start..<index)) }
      guard let end = endOfHole(bytes, from: index + 2) else {
        pieces.append(.unclosed(index..<bytes.count))
        return pieces
      }
      pieces.append(.hole(index + 2..<end))
      index = end + 1
      start = index
    }
    if start < bytes.count { pieces.append(.text(start..<bytes.count)) }
    return pieces
  }

  /// What stands inside the braces of each hole; `nil` if one of them is not closed.
  static func contents(of text: String) -> [String]? {
    let bytes = Array(text.utf8)
    var contents: [String] = []
    for piece in pieces(of: text) {
      switch piece {
      case .text: break
      case .hole(let range): contents.append(String(decoding: bytes[range], as: UTF8.self))
      case .unclosed: return nil
      }
    }
    return contents
  }

  private static func endOfHole(_ bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var quote: UInt8?
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if let open = quote {
        if byte == UInt8(ascii: "\\") { index += 1 } else if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "{") {
        depth += 1
      } else if byte == UInt8(ascii: "}") {
        if depth == 0 { return index }
        depth -= 1
      }
      index += 1
    }
    return nil
  }
}

/// Texts for people and texts of queries: the former hold expressions, the latter names.
struct TemplateCompiler {
  let scope: Scope
  let findings: Findings

  func template(_ text: PlacedText, in view: View) -> TextTemplate {
    let bytes = Array(text.text.utf8)
    let places = text.places()
    let segments = HoleScanner.pieces(of: text.text).compactMap { piece -> TextTemplate.Segment? in
      switch piece {
      case .text(let range): return .text(String(decoding: bytes[range], as: UTF8.self))
      case .hole(let range):
        let part = Scope.Part(String(decoding: bytes[range], as: UTF8.self), at: range, locate: places)
        return scope.expression(part, in: view).map(TextTemplate.Segment.expression)
      case .unclosed(let range):
        findings.add(.unclosedHole(at: places(range)))
        return nil
      }
    }
    return TextTemplate(segments, source: text.text)
  }

  /// A query's text. Each parameter that is not among `parameters` yet is added to them.
  func query(_ text: PlacedText, parameters: inout QueryParameters) -> QueryTemplate {
    let bytes = Array(text.text.utf8)
    let places = text.places()
    var segments: [QueryTemplate.Segment] = []
    for piece in HoleScanner.pieces(of: text.text) {
      switch piece {
      case .text(let range): segments.append(.text(String(decoding: bytes[range], as: UTF8.self)))
      case .unclosed(let range): findings.add(.unclosedHole(at: places(range)))
      case .hole(let range):
        let part = Scope.Part(String(decoding: bytes[range], as: UTF8.self), at: range, locate: places)
        if bind(part, &parameters) { segments.append(.parameter(part.source)) }
      }
    }
    return QueryTemplate(segments)
  }

  private func bind(_ part: Scope.Part, _ parameters: inout QueryParameters) -> Bool {
    let path = part.source
    let words = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let root = words.first ?? ""
    guard scope.names.kinds[root] != nil || NodeReader.isIdentifier(root),
      words.dropFirst().allSatisfy({ NodeReader.isIdentifier($0) })
    else {
      findings.add(.computedParameter(path, at: part.location))
      return false
    }
    if path == "from" || path == "to" || parameters.contains(path) { return true }
    guard let expression = scope.expression(part, in: .run) else { return false }
    guard expression.type.elementOrSelf.isSingleValue || expression.type.elementOrSelf == .dyn else {
      findings.add(.parameterType(path, found: expression.type, at: part.location))
      return false
    }
    parameters.add(path, expression)
    return true
  }
}

/// The parameters of a query, each once, in the order of first use.
struct QueryParameters {
  private(set) var all: [(path: String, expression: Expression)] = []
  private var paths: Set<String> = []

  func contains(_ path: String) -> Bool { paths.contains(path) }

  mutating func add(_ path: String, _ expression: Expression) {
    guard paths.insert(path).inserted else { return }
    all.append((path, expression))
  }
}
