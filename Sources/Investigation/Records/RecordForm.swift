import RunbookPorts
import Values

/// How the findings of a run are put into records of bounded size.
enum RecordForm {
  /// Most bytes of the parts that one record collects. A record may hold 60,000; the rest is for what surrounds them.
  static let partBytes = 36_000
  /// Most elements of a list that are only of interest by the way, such as a query's parameter.
  static let shownElements = 20

  /// Divides parts among records, in order, each at most `partBytes` long together.
  ///
  /// - Parameters:
  ///   - parts: Each is asked for when the one before has found its place.
  ///   - length: How many bytes a part takes.
  static func divide<Part>(_ parts: some Sequence<Part>, length: (Part) -> Int) -> [[Part]] {
    var groups: [[Part]] = []
    var size = 0
    for part in parts {
      let length = length(part) + 1
      if groups.isEmpty || size + length > partBytes {
        groups.append([])
        size = 0
      }
      groups[groups.count - 1].append(part)
      size += length
    }
    return groups
  }

  /// Texts as parts of records. None is longer than the rendering of texts allows.
  static func texts(_ texts: [String]) -> [String] { texts.map { Rendering.cut($0) } }

  /// Divides texts among records.
  static func divide(_ texts: [String]) -> [[String]] { divide(texts) { JSON.string($0).canonicalCount } }

  /// A value as a record shows it in passing: long texts and lists by their beginning.
  static func short(_ json: JSON) -> JSON {
    switch json {
    case .string(let text): return .string(RecordText.cut(text, to: 500))
    case .array(let elements) where elements.count > shownElements:
      return .object([
        "count": .integer(Int64(elements.count)), "first": .array(elements.prefix(shownElements).map(short)),
      ])
    case .array(let elements): return .array(elements.map(short))
    case .object:
      let size = json.canonicalCount
      return size > 2_000 ? .string("an object of \(size) bytes") : json
    default: return json
    }
  }
}
