import Values

/// How many steps an evaluation may take, and which part of the expression most of them come from.
public struct WorstCase: Hashable, Sendable {
  /// No evaluation takes more, with lists and texts no longer than was declared or presumed. `Int.max` stands for
  /// more than can be counted.
  public let cost: Int
  /// The part that takes most of it: a macro or a call that goes over many elements, without those inside it; the
  /// whole expression if none does. Bytes of the expression's UTF-8 text.
  public let range: Range<Int>
}

extension CheckedExpression {
  /// The most steps that an evaluation may take, found without evaluating anything.
  ///
  /// - Parameter rowLimits: Most elements of the lists and tables with these names. Others, and lists inside of
  ///   elements, are presumed to have `CELLimits.presumedElements`; texts, `CELLimits.presumedTextBytes`.
  public func worstCaseCost(rowLimits: [String: Int]) -> WorstCase {
    var estimate = Estimate(references: references, rowLimits: rowLimits, layout: layout, whole: root.place)
    _ = estimate.extent(of: root, times: 1, in: root.place)
    return estimate.worstCase
  }
}

/// Goes over nodes and sums up what each may cost, however often it is evaluated.
struct Estimate {
  private let references: [Reference]
  private let rowLimits: [String: Int]
  private let whole: Place
  private var locals: [Extent]
  private var bound: [Extent]
  /// Steps of each part that goes over many elements, and of the whole.
  private var steps: [Place: Int] = [:]

  init(references: [Reference], rowLimits: [String: Int], layout: Run.Layout, whole: Place) {
    self.references = references
    self.rowLimits = rowLimits
    self.whole = whole
    locals = Array(repeating: .anything, count: layout.locals)
    bound = Array(repeating: .anything, count: layout.bound)
  }

  var worstCase: WorstCase {
    let most = steps.max { ($0.value, $1.key.lowerBound) < ($1.value, $0.key.lowerBound) }
    return WorstCase(cost: steps.values.reduce(0, plus), range: most?.key ?? whole)
  }

  mutating func spend(_ cost: Int, times count: Int, in owner: Place) {
    steps[owner, default: 0] = plus(steps[owner, default: 0], CEL.times(cost, count))
  }

  /// The extent of what a node gives.
  ///
  /// - Parameters:
  ///   - count: How often it is evaluated.
  ///   - owner: The part that its steps belong to.
  mutating func extent(of node: any Node, times count: Int, in owner: Place) -> Extent {
    switch node {
    case let node as ConstantNode: return Extent(node.value)
    case let node as NameNode:
      let limit = rowLimits[references[node.index].name] ?? CELLimits.presumedElements
      if case .dyn = node.type { return .many(max(0, limit), .anything) }
      return Extent(node.type, elements: max(0, limit))
    case let node as LocalNode: return locals[node.slot]
    case let node as BoundNode: return bound[node.index]
    case let node as OnceNode:
      spend(1, times: count, in: owner)
      return extent(of: node.part, times: 1, in: owner)
    case let node as BindNode:
      spend(1, times: count, in: owner)
      bound[node.index] = extent(of: node.value, times: count, in: owner)
      return extent(of: node.body, times: count, in: owner)
    case let node as QuantifierNode:
      return loop(node.loop, [node.test], 1 + absorbedFailureSteps, node.place, count, owner).0
    case let node as ExistsOneNode: return loop(node.loop, [node.test], 1, node.place, count, owner).0
    case let node as TransformNode:
      var inner = [node.test].compactMap { $0 }
      var cost = 1
      if case .entries(let keys) = node.output {
        inner.append(keys)
        cost += 1 + CELLimits.presumedTextBytes / 16
      }
      let (result, elements) = loop(node.loop, inner + [node.result], cost, node.place, count, owner)
      return .many(elements.count, result)
    case let node as OptionalMapNode:
      spend(1, times: count, in: owner)
      locals[node.slot] = extent(of: node.optional, times: count, in: owner)
      return extent(of: node.result, times: count, in: owner)
    default:
      let extents = parts(of: node).map { extent(of: $0, times: count, in: owner) }
      return simple(node, extents, count, owner)
    }
  }

  /// - Returns: The extent of what the last inner node gives, and of the elements.
  private mutating func loop(
    _ loop: Loop, _ inner: [any Node], _ cost: Int, _ place: Place, _ count: Int, _ owner: Place
  ) -> (Extent, elements: (count: Int, element: Extent)) {
    let elements = extent(of: loop.range, times: count, in: owner).elements
    if let key = loop.keySlot { locals[key] = elements.element.joined(.single(bytes: 0)) }
    locals[loop.slot] = elements.element
    let rounds = CEL.times(count, elements.count)
    spend(cost, times: rounds, in: place)
    var result = Extent.single(bytes: 0)
    for node in inner { result = extent(of: node, times: rounds, in: place) }
    return (result, elements)
  }
}
