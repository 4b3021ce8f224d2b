import Values

/// A condition by its parts, as they are evaluated about many things in one go. Parts for which there is no such way are
/// evaluated about one thing after the other.
indirect enum ColumnCondition {
  case constant(Bool)
  case name(NameNode)
  /// `&&` or `||`; see `LogicNode`.
  case logic(ColumnCondition, ColumnCondition, decisive: Bool)
  case not(ColumnCondition)
  case choice(ColumnCondition, then: ColumnCondition, otherwise: ColumnCondition)
  /// `exists` or `all`; see `QuantifierNode`.
  case quantifier(ColumnRows, RowTest, decisive: Bool, alone: any Node)
  case comparison(ColumnNumber, ColumnNumber, Comparison)
  case equality(ColumnNumber, ColumnNumber, isNegated: Bool)
  case single(any Node)

  init(_ node: any Node) {
    switch node {
    case let node as ConstantNode:
      if case .bool(let holds) = node.value { self = .constant(holds) } else { self = .single(node) }
    case let node as NameNode: self = .name(node)
    case let node as LogicNode:
      self = .logic(ColumnCondition(node.first), ColumnCondition(node.second), decisive: node.decisive)
    case let node as NotNode: self = .not(ColumnCondition(node.operand))
    case let node as ConditionalNode:
      self = .choice(
        ColumnCondition(node.test), then: ColumnCondition(node.then), otherwise: ColumnCondition(node.otherwise))
    case let node as QuantifierNode: self = Self.quantifier(node) ?? .single(node)
    case let node as ComparisonNode:
      self =
        Self.numbers(node.left, node.right).map { .comparison($0, $1, node.comparison) } ?? .single(node)
    case let node as EqualityNode:
      self = Self.numbers(node.left, node.right).map { .equality($0, $1, isNegated: node.isNegated) } ?? .single(node)
    default: self = .single(node)
    }
  }

  private static func quantifier(_ node: QuantifierNode) -> ColumnCondition? {
    guard let rows = ColumnRows(node.loop.range), let test = RowTest(node.test, in: node.loop) else { return nil }
    return .quantifier(rows, test, decisive: node.decisive, alone: node)
  }

  /// Both sides, if one of them is a number of rows or made of such.
  private static func numbers(_ left: any Node, _ right: any Node) -> (ColumnNumber, ColumnNumber)? {
    guard let left = ColumnNumber(left), let right = ColumnNumber(right), left.hasRows || right.hasRows else {
      return nil
    }
    return (left, right)
  }
}

/// Rows of each thing.
indirect enum ColumnRows {
  case name(NameNode)
  case filter(ColumnRows, RowTest)

  init?(_ node: any Node) {
    switch node {
    case let node as NameNode: self = .name(node)
    case let node as TransformNode:
      guard node.loop.macro == .filter, let test = node.test, let rows = ColumnRows(node.loop.range),
        let test = RowTest(test, in: node.loop)
      else { return nil }
      self = .filter(rows, test)
    default: return nil
    }
  }
}

/// A whole number of each thing.
indirect enum ColumnNumber {
  case constant(Int64)
  case name(NameNode)
  case size(ColumnRows)
  /// Of a column of whole numbers.
  case sum(ColumnRows, field: String)
  case arithmetic(BinaryOperator, ColumnNumber, ColumnNumber)

  init?(_ node: any Node) {
    switch node {
    case let node as ConstantNode:
      guard let whole = node.whole else { return nil }
      self = .constant(whole)
    case let node as NameNode: self = .name(node)
    case let node as ArithmeticNode:
      guard let left = ColumnNumber(node.left), let right = ColumnNumber(node.right) else { return nil }
      self = .arithmetic(node.sign, left, right)
    case let node as UnaryCallNode: self.init(node)
    default: return nil
    }
  }

  private init?(_ node: UnaryCallNode) {
    switch (node.name, node.argument) {
    case ("size", let argument):
      guard let rows = ColumnRows(argument) else { return nil }
      self = .size(rows)
    case ("sum", let argument as SelectNode):
      guard let rows = ColumnRows(argument.operand) else { return nil }
      self = .sum(rows, field: argument.field)
    default: return nil
    }
  }

  var hasRows: Bool {
    switch self {
    case .constant, .name: false
    case .size, .sum: true
    case .arithmetic(_, let left, let right): left.hasRows || right.hasRows
    }
  }
}
