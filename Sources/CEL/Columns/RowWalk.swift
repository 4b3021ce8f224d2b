import Values

/// What a macro asks of each row, for many rows of one table.
struct RowWalk {
  /// For fewer rows it is not worth finding out which of their cells are alike.
  private static let leastRows = 32

  private let table: Table
  private let memory: ColumnMemory
  private let run: UnsafeMutablePointer<Run>
  /// What the test takes at most for one row.
  private(set) var most = Run.Cost()

  init(_ table: Table, _ memory: ColumnMemory, _ run: UnsafeMutablePointer<Run>) {
    self.table = table
    self.memory = memory
    self.run = run
    run.pointee.begin()
  }

  mutating func answers(_ test: RowTest, _ rows: [Int]) -> [ColumnAnswer] {
    switch test {
    case .constant(let holds): return Array(repeating: ColumnAnswer(holds), count: rows.count)
    case .not(let operand): return answers(operand, rows).map(\.opposite)
    case .logic(let first, let second, let decisive):
      var answers = answers(first, rows)
      let places = answers.indices.filter { answers[$0].isOpposed(to: decisive) }
      let others = self.answers(second, places.map { rows[$0] })
      for (place, answer) in zip(places, others) { answers[place] = answer }
      return answers
    case .leaf(let leaf): return answers(leaf, rows)
    }
  }

  private mutating func answers(_ leaf: RowLeaf, _ rows: [Int]) -> [ColumnAnswer] {
    guard !rows.isEmpty else { return [] }
    leaf.loop.begin(.rows(table), &run.pointee)
    var cost = Run.Cost()
    defer { most.add(cost) }
    guard let codes = codes(for: leaf, rows.count) else { return rows.map { answer(leaf, $0, &cost) } }
    var known = [ColumnAnswer?](repeating: nil, count: codes.samples.count)
    return rows.map { row in
      let code = Int(codes.codes[row])
      if let known = known[code] { return known }
      let found = answer(leaf, codes.samples[code], &cost)
      known[code] = found
      return found
    }
  }

  /// The codes of the one column that a part reads.
  private func codes(for leaf: RowLeaf, _ count: Int) -> CellCodes? {
    guard count >= Self.leastRows, let use = leaf.column,
      let column = table.index(ofColumn: use.field, expectedAt: use.slot)
    else { return nil }
    return memory.codes(of: table, column: column)
  }

  private func answer(_ leaf: RowLeaf, _ row: Int, _ cost: inout Run.Cost) -> ColumnAnswer {
    run.pointee.locals[leaf.loop.slot].row = row
    run.pointee.refill()
    defer { cost.reach(run.pointee.cost) }
    do throws(EvaluationFailure) {
      return ColumnAnswer(try leaf.node.condition(&run.pointee))
    } catch {
      return .open
    }
  }
}
