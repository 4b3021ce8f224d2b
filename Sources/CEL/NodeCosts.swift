import Values

// What each kind of node costs that names no variable.
extension Estimate {
  /// - Parameter extents: Of the node's parts.
  mutating func simple(_ node: any Node, _ extents: [Extent], _ count: Int, _ owner: Place) -> Extent {
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
