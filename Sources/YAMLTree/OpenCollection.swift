import Diagnostics
import Values

/// A sequence or mapping whose end has not been read yet.
struct OpenCollection {
  let isMapping: Bool
  /// Whether it has brackets of its own.
  let isFlow: Bool
  /// Whether it stands in brackets, its own or others'.
  let isInFlow: Bool
  let start: Int
  var items: [YAMLNode] = []
  var pairs: [YAMLPair] = []
  var pendingKey: YAMLNode?
  /// The first place of each key.
  var keys: [ExactString: SourceRange] = [:]

  init(isMapping: Bool, isFlow: Bool, isInFlow: Bool, start: Int) {
    self.isMapping = isMapping
    self.isFlow = isFlow
    self.isInFlow = isInFlow
    self.start = start
  }

  /// - Parameter contentEnd: The end of what was read; brackets included.
  func node(endingAt contentEnd: Int) -> YAMLNode {
    let lastChild = isMapping ? pairs.last.map(\.range) : items.last?.range
    let end = max(isFlow ? contentEnd : start, lastChild?.end ?? start)
    return YAMLNode(isMapping ? .mapping(pairs) : .sequence(items), range: SourceRange(start, max(start, end)))
  }
}
