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
private struct Estimate {
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

  private mutating func spend(_ cost: Int, times count: Int, in owner: Place) {
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

  // MARK: Nodes without variables

  /// - Parameter extents: Of the node's parts.
  private mutating func simple(_ node: any Node, _ extents: [Extent], _ count: Int, _ owner: Place) -> Extent {
    let sizes = extents.map(\.size)
    let (cost, result) = own(node, extents, sizes)
    // What goes over many elements by itself is worth naming.
    let goesOver = cost >= 2 * CELLimits.presumedTextBytes || extents.contains { $0.elements.count > 1 }
    spend(cost, times: count, in: goesOver && cost > extents.count + 8 ? node.place : owner)
    if let node = node as? MembershipNode, node.index != nil, case .many(let elements, let element) = extents[1] {
      // The index is made once.
      let once = CEL.times(elements, 3 + element.size.bytes / 16)
      spend(once, times: 1, in: node.place)
    }
    return result
  }

  private func own(
    _ node: any Node, _ extents: [Extent], _ sizes: [(values: Int, bytes: Int)]
  ) -> (cost: Int, result: Extent) {
    let bytes = sizes.reduce(0) { plus($0, $1.bytes) }
    let values = sizes.reduce(0) { plus($0, $1.values) }
    switch node {
    case is LogicNode, is NotNode, is FailureNode: return (0, .single(bytes: 0))
    case is ConditionalNode: return (0, extents[1].joined(extents[2]))
    case is FallbackNode: return (1, extents[0].joined(extents[1]))
    case is NegateNode: return (1, extents[0])
    case is PresenceNode: return (1, .single(bytes: 0))
    case let node as SelectNode: return select(node.field, extents[0])
    case let node as OptionalSelectNode: return select(node.selection.field, extents[0])
    case is IndexNode: return (3 + sizes[1].bytes / 16, extents[0].elements.element)
    case is EqualityNode:
      return (
        2 * min(sizes[0].values, sizes[1].values) + min(sizes[0].bytes, sizes[1].bytes) / 16 + 2, .single(bytes: 0)
      )
    case is ComparisonNode: return (3 + sizes[0].bytes / 16, .single(bytes: 0))
    case is PatternNode: return (1 + bytes / 16, .single(bytes: 0))
    case let node as MembershipNode: return (membership(node, extents, sizes), .single(bytes: 0))
    case is ArithmeticNode:
      if case .many(let left, let leftElement) = extents[0], case .many(let right, let rightElement) = extents[1] {
        return (1 + plus(left, right), .many(plus(left, right), leftElement.joined(rightElement)))
      }
      return (2 + bytes / 16, .single(bytes: min(bytes, CELLimits.textBytes)))
    case is ListNode:
      return (1 + extents.count, .many(extents.count, extents.reduce(.single(bytes: 0)) { $0.joined($1) }))
    case is MapNode: return (1 + 2 * extents.count + bytes / 16, .many(extents.count, .anything))
    case let node as UnaryCallNode: return call(node.name, extents, values, bytes)
    case let node as BinaryCallNode: return call(node.name, extents, values, bytes)
    case let node as CallNode: return call(node.name, extents, values, bytes)
    default: return (plus(values, bytes / 16), .anything)
    }
  }

  private func select(_ field: String, _ operand: Extent) -> (cost: Int, result: Extent) {
    switch operand {
    case .record(let type):
      return (1, type.slot(of: field).map { Extent(type.fields[$0].type) } ?? .anything)
    case .many(let count, .record(let type)):
      return (plus(1, count), .many(count, type.slot(of: field).map { Extent(type.fields[$0].type) } ?? .anything))
    case .many(let count, let element): return (plus(1, count), element)
    default: return (1 + CELLimits.presumedElements, .anything)
    }
  }

  private func membership(_ node: MembershipNode, _ extents: [Extent], _ sizes: [(values: Int, bytes: Int)]) -> Int {
    let key = 4 + sizes[0].bytes / 16
    guard case .many(let count, let element) = extents[1] else {
      // A calendar, a block of addresses, or anything.
      return plus(60 + key, sizes[1].values > 1 ? CEL.times(sizes[1].values, 2) : 0)
    }
    if node.index != nil, case .single = element, case .single = extents[0] { return key }
    let comparison = 3 + 2 * min(element.size.values, sizes[0].values) + min(element.size.bytes, sizes[0].bytes) / 16
    return plus(key, CEL.times(count, comparison))
  }

  private func call(_ name: String, _ extents: [Extent], _ values: Int, _ bytes: Int) -> (cost: Int, result: Extent) {
    // Every function goes over its arguments at most twice, and over their text at most three times.
    let cost = plus(70, plus(CEL.times(values, 2), bytes / 16 * 3))
    let text = Extent.single(bytes: min(plus(64, bytes), CELLimits.textBytes))
    switch name {
    case "size": return (2 + (extents[0].elements.count > 1 ? 0 : bytes / 16), .single(bytes: 0))
    case "sum", "min", "max", "avg":
      let (count, element) = extents[0].elements
      return (plus(2, CEL.times(count, 2 + element.size.bytes / 16)), element)
    case "matches": return (plus(cost, Pattern.compilationSteps + bytes), .single(bytes: 0))
    case "percentile", "countBy", "top":
      let count = extents[0].elements.count
      return (plus(cost, CEL.times(count, Library.sortingSteps(count))), .many(count, .anything))
    case "distinct", "optional.unwrap", "unwrapOpt":
      return (plus(cost, CEL.times(values, CELLimits.presumedTextBytes / 16)), extents[0])
    case "optional.of", "optional.ofNonZeroValue", "value", "dyn": return (1, extents[0])
    case "parseUrl", "splitPath":
      return (plus(cost, bytes), Library.recordTypes[name].map { .record($0) } ?? .anything)
    case "split": return (plus(cost, bytes), .many(plus(bytes, 1), text))
    case "replace":
      let longest = min(CEL.times(plus(extents[0].size.bytes, 2), plus(extents[2].size.bytes, 1)), CELLimits.textBytes)
      return (plus(cost, longest / 16), .single(bytes: longest))
    case "format", "join", "strings.quote":
      let longest = min(plus(2_000, CEL.times(plus(values, bytes), 8)), CELLimits.textBytes)
      return (plus(cost, longest / 16), .single(bytes: longest))
    default: return (cost, text)
    }
  }
}
