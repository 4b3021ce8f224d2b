import Values

/// What a macro asks of each row, by its parts.
indirect enum RowTest {
  case constant(Bool)
  case logic(RowTest, RowTest, decisive: Bool)
  case not(RowTest)
  /// A part that is evaluated as a whole.
  case leaf(RowLeaf)

  /// - Returns: `nil` for what hangs on more than a row and on what is the same for all.
  init?(_ node: any Node, in loop: Loop) {
    guard loop.keySlot == nil else { return nil }
    switch node {
    case let node as LogicNode:
      guard let first = RowTest(node.first, in: loop), let second = RowTest(node.second, in: loop) else { return nil }
      self = .logic(first, second, decisive: node.decisive)
    case let node as NotNode:
      guard let operand = RowTest(node.operand, in: loop) else { return nil }
      self = .not(operand)
    case let node as ConstantNode:
      guard case .bool(let holds) = node.value else { return nil }
      self = .constant(holds)
    default:
      guard let leaf = RowLeaf(node, in: loop) else { return nil }
      self = .leaf(leaf)
    }
  }

  /// The names that it uses.
  var references: Set<Int> {
    switch self {
    case .constant: []
    case .logic(let first, let second, _): first.references.union(second.references)
    case .not(let test): test.references
    case .leaf(let leaf): leaf.references
    }
  }
}

/// A part of what a macro asks of each row.
struct RowLeaf {
  let node: any Node
  let loop: Loop
  /// The field that it reads, where that is all that it knows of the row: then it answers alike for all rows in which
  /// that is alike.
  let column: Loop.ColumnUse?
  private(set) var references: Set<Int> = []

  init?(_ node: any Node, in loop: Loop) {
    var reading = Reading(slot: loop.slot)
    reading.add(node)
    guard reading.isPlain else { return nil }
    self.node = node
    self.loop = loop
    references = reading.references
    let used = loop.columns.filter { reading.columns.contains($0.index) }
    column = used.count == 1 && !reading.readsRow ? used[0] : nil
  }

  /// What a part reads.
  private struct Reading {
    let slot: Int
    var columns: Set<Int> = []
    /// It reads the row otherwise than by the fields that the macro has at hand.
    var readsRow = false
    var references: Set<Int> = []
    /// Nothing comes in from variables of macros around the one, and what one row costs hangs on none before it.
    var isPlain = true
    /// Variables of macros within the part.
    private var own: Set<Int> = []

    init(slot: Int) { self.slot = slot }

    mutating func add(_ node: any Node) {
      switch node {
      case let node as NameNode: references.insert(node.index)
      case let node as LocalNode:
        if node.slot == slot { readsRow = true } else if !own.contains(node.slot) { isPlain = false }
      case let node as SelectNode where node.column?.variable == slot:
        if let column = node.column { columns.insert(column.index) }
        return
      case let node as BinaryCallNode where node.name == "matches": isPlain = false
      case let node as QuantifierNode: add(node.loop)
      case let node as ExistsOneNode: add(node.loop)
      case let node as TransformNode: add(node.loop)
      default: break
      }
      for part in parts(of: node) { add(part) }
    }

    private mutating func add(_ loop: Loop) {
      own.insert(loop.slot)
      if let key = loop.keySlot { own.insert(key) }
    }
  }
}
