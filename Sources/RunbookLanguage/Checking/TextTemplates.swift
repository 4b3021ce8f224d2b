import Diagnostics
import RunbookPorts
import Values

/// A text split at its holes, `${…}`.
struct HoledText {
  enum Piece: Equatable {
    /// UTF-8 offsets of text between holes.
    case text(Range<Int>)
    /// UTF-8 offsets of what stands inside the braces.
    case hole(Range<Int>)
    /// A `${` without its `}`.
    case unclosed(Range<Int>)
  }

  let placed: PlacedText
  let bytes: [UInt8]
  let pieces: [Piece]
  /// Where parts of the text were written.
  let places: (Range<Int>) -> SourceLocation

  init(_ text: PlacedText) {
    placed = text
    bytes = Array(text.text.utf8)
    pieces = Self.pieces(of: bytes)
    places = text.places()
  }

  func string(_ range: Range<Int>) -> String {
    range.count == bytes.count ? placed.text : String(decoding: bytes[range], as: UTF8.self)
  }

  /// The holes, `${` and `}` included; `nil` if one of them is not closed.
  var holes: [Range<Int>]? { Self.holes(of: pieces) }

  static func holes(in bytes: [UInt8]) -> [Range<Int>]? { holes(of: pieces(of: bytes)) }

  private static func holes(of pieces: [Piece]) -> [Range<Int>]? {
    var holes: [Range<Int>] = []
    for piece in pieces {
      switch piece {
      case .text: break
      case .hole(let range): holes.append(range.lowerBound - 2..<range.upperBound + 1)
      case .unclosed: return nil
      }
    }
    return holes
  }

  /// What stands inside the braces of a hole.
  func name(of hole: Range<Int>) -> String { string(hole.lowerBound + 2..<hole.upperBound - 1) }

  /// Braces and quotation marks inside a hole belong to its expression.
  private static func pieces(of bytes: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    while let opening = opening(in: bytes, from: start) {
      if start < opening { pieces.append(.text(start..<opening)) }
      guard let end = endOfHole(bytes, from: opening + 2) else {
        pieces.append(.unclosed(opening..<bytes.count))
        return pieces
      }
      pieces.append(.hole(opening + 2..<end))
      start = end + 1
    }
    if start < bytes.count { pieces.append(.text(start..<bytes.count)) }
    return pieces
  }

  /// Where the next `${` stands.
  private static func opening(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index + 1 < bytes.count {
        if bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") { return index }
        index += 1
      }
      return nil
    }
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
    let holed = HoledText(text)
    let segments = holed.pieces.compactMap { piece -> TextTemplate.Segment? in
      switch piece {
      case .text(let range): return .text(holed.string(range))
      case .hole(let range):
        return scope.expression(part(of: holed, range), in: view).map(TextTemplate.Segment.expression)
      case .unclosed(let range):
        findings.add(.unclosedHole(at: holed.places(range)))
        return nil
      }
    }
    return TextTemplate(segments, source: text.text)
  }

  /// A query's text. Each parameter that is not among `parameters` yet is added to them.
  func query(_ text: HoledText, parameters: inout QueryParameters) -> QueryTemplate {
    var segments: [QueryTemplate.Segment] = []
    for piece in text.pieces {
      switch piece {
      case .text(let range): segments.append(.text(text.string(range)))
      case .unclosed(let range): findings.add(.unclosedHole(at: text.places(range)))
      case .hole(let range):
        let part = part(of: text, range)
        if bind(part, &parameters) { segments.append(.parameter(part.source)) }
      }
    }
    return QueryTemplate(segments)
  }

  private func part(of text: HoledText, _ range: Range<Int>) -> Scope.Part {
    Scope.Part(text.string(range), at: range, locate: text.places)
  }

  private func bind(_ part: Scope.Part, _ parameters: inout QueryParameters) -> Bool {
    let path = part.source
    if path == "from" || path == "to" || parameters.contains(path) { return true }
    let words = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let root = words.first ?? ""
    guard scope.names.places[root] != nil || NodeReader.isIdentifier(root),
      words.dropFirst().allSatisfy({ NodeReader.isIdentifier($0) })
    else {
      findings.add(.computedParameter(path, at: part.location))
      return false
    }
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

  /// The paths of those that are bound as lists.
  var lists: Set<String> { Set(all.filter { $0.expression.type.isList }.map(\.path)) }

  func type(of path: String) -> ValueType? { all.first { $0.path == path }?.expression.type }

  mutating func add(_ path: String, _ expression: Expression) {
    guard paths.insert(path).inserted else { return }
    all.append((path, expression))
  }
}
