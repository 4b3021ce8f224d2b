/// The parts that a node is evaluated from, in the order in which they stand in the expression.
func parts(of node: any Node) -> [any Node] {
  switch node {
  case let node as UnaryCallNode: [node.argument]
  case let node as BinaryCallNode: [node.left, node.right]
  case let node as CallNode: node.arguments
  case let node as PatternNode: [node.text]
  case let node as ListNode: node.elements.map(\.node)
  case let node as MapNode: node.entries.flatMap { [$0.key, $0.value] }
  case let node as NegateNode: [node.operand]
  case let node as NotNode: [node.operand]
  case let node as ArithmeticNode: [node.left, node.right]
  case let node as EqualityNode: [node.left, node.right]
  case let node as ComparisonNode: [node.left, node.right]
  case let node as MembershipNode: [node.element, node.container]
  case let node as LogicNode: Array(node.operands)
  case let node as ConditionalNode: [node.test, node.then, node.otherwise]
  case let node as SelectNode: [node.operand]
  case let node as OptionalSelectNode: [node.selection.operand]
  case let node as PresenceNode: [node.selection.operand]
  case let node as IndexNode: [node.container, node.index]
  case let node as FallbackNode: [node.optional, node.other]
  case let node as OptionalMapNode: [node.optional, node.result]
  case let node as BindNode: [node.value, node.body]
  case let node as OnceNode: [node.part]
  case let node as QuantifierNode: [node.loop.range, node.test]
  case let node as ExistsOneNode: [node.loop.range, node.test]
  case let node as TransformNode: [node.loop.range] + [node.test, node.result].compactMap { $0 }
  // Constants, names and variables.
  default: []
  }
}
