import Diagnostics
import Values

/// A sequence or mapping whose end has not been read yet.
struct OpenCollection {
  /// Most mappings have no more; their pairs then need not be moved as they come.
  static let usualPairs = 6

  let isMapping: Bool
  /// Whether it has brackets of its own.
  let isFlow: Bool
  /// Whether it stands in brackets, its own or others'.
  let isInFlow: Bool
  let start: Int
  var items: [YAMLNode] = []
  var pairs: [YAMLPair] = []
  var pendingKey: YAMLNode?
  /// How many keys of the collections around it are remembered.
  let keysBefore: Int
  /// The first place of each key; empty while there are few.
  var keyIndex: [ExactString: Int] = [:]

  init(isMapping: Bool, isFlow: Bool, isInFlow: Bool, start: Int, keysBefore: Int) {
    self.isMapping = isMapping
    self.isFlow = isFlow
    self.isInFlow = isInFlow
    self.start = start
    self.keysBefore = keysBefore
  }

  /// The value that was read last in it; `nil` if there is none.
  var lastNode: YAMLNode? { pendingKey ?? (isMapping ? pairs.last?.value : items.last) }

  /// - Parameter contentEnd: The end of what was read; brackets included.
  consuming func node(endingAt contentEnd: Int) -> YAMLNode {
    let lastChild = isMapping ? pairs.last.map(\.range) : items.last?.range
    let end = max(isFlow ? contentEnd : start, lastChild?.end ?? start)
    return YAMLNode(isMapping ? .mapping(pairs) : .sequence(items), range: SourceRange(start, max(start, end)))
  }
}
