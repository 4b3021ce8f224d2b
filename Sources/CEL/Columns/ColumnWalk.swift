import Values

/// One evaluation about many things, part by part.
struct ColumnWalk {
  let names: any ColumnBindings
  let memory: ColumnMemory
  let run: UnsafeMutablePointer<Run>
  /// Parts that an evaluation about one thing finds once, whose cost some row of it bears.
  let onceCount: Int
  /// What the parts take so far about the thing that each takes most about.
  private var spent = Run.Cost()

  init(
    _ names: any ColumnBindings, _ memory: ColumnMemory, _ run: UnsafeMutablePointer<Run>, _ layout: Run.Layout
  ) {
    self.names = names
    self.memory = memory
    self.run = run
    onceCount = layout.kept + layout.indices
  }

  /// An evaluation about one thing might not have come so far.
  var isExhausted: Bool { spent.steps > run.pointee.budget || spent.bytes > CELLimits.createdBytes }

  mutating func spend(_ cost: Run.Cost) { spent.add(cost) }

  // MARK: Conditions

  mutating func answers(_ condition: ColumnCondition, _ things: [Int]) -> [ColumnAnswer] {
    guard !things.isEmpty, !isExhausted else { return open(things) }
    switch condition {
    case .constant(let holds): return Array(repeating: ColumnAnswer(holds), count: things.count)
    case .name(let node): return names.answers(at: node.index, about: things) ?? single(node, things)
    case .logic(let first, let second, let decisive):
      let answers = answers(first, things)
      return complete(answers, things, where: { $0.isOpposed(to: decisive) }) { $0.answers(second, $1) }
    case .not(let operand): return answers(operand, things).map(\.opposite)
    case .choice(let test, let then, let otherwise): return choose(answers(test, things), then, otherwise, things)
    case .quantifier(let rows, let test, let decisive, let node):
      return quantify(rows, test, decisive, things) ?? single(node, things)
    case .comparison(let left, let right, let comparison):
      return pairs(left, right, things).map { ColumnAnswer($0.map { comparison.holds(Order($0, $1)) }) }
    case .equality(let left, let right, let isNegated):
      return pairs(left, right, things).map { ColumnAnswer($0.map { ($0 == $1) != isNegated }) }
    case .single(let node): return single(node, things)
    }
  }

  private func open(_ things: [Int]) -> [ColumnAnswer] { Array(repeating: .open, count: things.count) }

  /// Takes the answer of a second part for those things for which a first one has not decided.
  private mutating func complete(
    _ answers: [ColumnAnswer], _ things: [Int], where needsMore: (ColumnAnswer) -> Bool,
    _ more: (inout ColumnWalk, [Int]) -> [ColumnAnswer]
  ) -> [ColumnAnswer] {
    let places = answers.indices.filter { needsMore(answers[$0]) }
    guard !places.isEmpty else { return answers }
    let second = more(&self, places.map { things[$0] })
    var answers = answers
    for (place, answer) in zip(places, second) { answers[place] = answer }
    return answers
  }

  private mutating func choose(
    _ tests: [ColumnAnswer], _ then: ColumnCondition, _ otherwise: ColumnCondition, _ things: [Int]
  ) -> [ColumnAnswer] {
    let chosen = complete(tests, things, where: { $0 == .yes }) { $0.answers(then, $1) }
    let others = complete(tests, things, where: { $0 == .no }) { $0.answers(otherwise, $1) }
    return tests.indices.map { tests[$0] == .yes ? chosen[$0] : others[$0] }
  }

  /// Asks about one thing after the other.
  private mutating func single(_ node: any Node, _ things: [Int]) -> [ColumnAnswer] {
    var most = Run.Cost()
    let before = spent
    let answers = things.map { thing -> ColumnAnswer in
      names.move(to: thing)
      run.pointee.begin(after: before)
      defer { most.reach(run.pointee.cost, above: before) }
      do throws(EvaluationFailure) {
        return ColumnAnswer(try node.condition(&run.pointee))
      } catch {
        return .open
      }
    }
    spend(most)
    return answers
  }

  private mutating func quantify(
    _ rows: ColumnRows, _ test: RowTest, _ decisive: Bool, _ things: [Int]
  ) -> [ColumnAnswer]? {
    guard let grouped = self.rows(rows, of: things) else { return nil }
    let (places, counts) = grouped.places(of: things)
    guard let answers = self.answers(test, places, of: grouped.table, most: counts) else { return nil }
    var row = 0
    return counts.map { count -> ColumnAnswer in
      guard let count else { return .open }
      let end = row + count
      defer { row = end }
      while row < end, answers[row].isOpposed(to: decisive) { row += 1 }
      return row < end ? answers[row] : ColumnAnswer(!decisive)
    }
  }

  // MARK: Rows

  mutating func rows(_ rows: ColumnRows, of things: [Int]) -> GroupedRows? {
    switch rows {
    case .name(let node): return names.rows(at: node.index, of: things)
    case .filter(let base, let test):
      guard let grouped = self.rows(base, of: things) else { return nil }
      let (places, counts) = grouped.places(of: things)
      guard let answers = answers(test, places, of: grouped.table, most: counts) else { return nil }
      // Of the rows of all other things nothing was asked.
      var chosen = Array(repeating: ColumnAnswer.open, count: grouped.table.count)
      for thing in things { for row in grouped.range(of: thing) where grouped.isLeft(row) == .no { chosen[row] = .no } }
      for (row, answer) in zip(places, answers) { chosen[row] = answer }
      spend(Run.Cost(elements: counts.lazy.compactMap { $0 }.max() ?? 0))
      return grouped.choosing(chosen)
    }
  }

  /// What is asked of each row comes to.
  ///
  /// - Parameter counts: How many rows there are of each thing.
  /// - Returns: `nil` if it does not hang on the row alone.
  private mutating func answers(
    _ test: RowTest, _ rows: [Int], of table: Table, most counts: [Int?]
  ) -> [ColumnAnswer]? {
    guard test.references.allSatisfy(names.isShared) else { return nil }
    var walk = RowWalk(table, memory, run)
    let answers = walk.answers(test, rows)
    let most = counts.lazy.compactMap { $0 }.max() ?? 0
    spend(walk.most.times(most + onceCount + 1))
    spend(Run.Cost(steps: most))
    return answers
  }

  // MARK: Numbers

  /// Two numbers of each thing; `nil` where one of them is open. The second is asked for only where the first is not.
  private mutating func pairs(
    _ left: ColumnNumber, _ right: ColumnNumber, _ things: [Int]
  ) -> [(Int64, Int64)?] {
    spend(Run.Cost(steps: 1))
    let first = numbers(left, things)
    let places = first.indices.filter { first[$0] != nil }
    let second = numbers(right, places.map { things[$0] })
    var pairs = [(Int64, Int64)?](repeating: nil, count: things.count)
    for (place, second) in zip(places, second) {
      if let first = first[place], let second { pairs[place] = (first, second) }
    }
    return pairs
  }

  private mutating func numbers(_ number: ColumnNumber, _ things: [Int]) -> [Int64?] {
    guard !isExhausted else { return Array(repeating: nil, count: things.count) }
    switch number {
    case .constant(let whole): return Array(repeating: whole, count: things.count)
    case .name(let node): return values(node, things)
    case .size(let rows):
      guard let grouped = self.rows(rows, of: things) else { return Array(repeating: nil, count: things.count) }
      return things.map { grouped.count(of: $0).map(Int64.init) }
    case .sum(let rows, let field): return sums(rows, field, things)
    case .arithmetic(let sign, let left, let right):
      return pairs(left, right, things).map { pair in
        pair.flatMap { try? Arithmetic.compute(sign, $0, $1, "int", 0..<0) }
      }
    }
  }

  private func values(_ node: NameNode, _ things: [Int]) -> [Int64?] {
    func whole(_ thing: Int) -> Int64? {
      names.move(to: thing)
      guard case .value(.int(let whole)) = names.value(at: node.index) else { return nil }
      return whole
    }
    guard names.isShared(node.index), let first = things.first else { return things.map(whole) }
    return Array(repeating: whole(first), count: things.count)
  }

  private mutating func sums(_ rows: ColumnRows, _ field: String, _ things: [Int]) -> [Int64?] {
    let nothing = [Int64?](repeating: nil, count: things.count)
    guard let grouped = self.rows(rows, of: things), let column = grouped.table.index(ofColumn: field),
      grouped.table.columns[column].type.valueType == .int
    else { return nothing }
    let cells = grouped.table.storage.columns[column]
    let (places, counts) = grouped.places(of: things)
    let most = counts.lazy.compactMap { $0 }.max() ?? 0
    // The column is taken from the rows, gone over for what is empty, and added up.
    spend(Run.Cost(steps: 2 + 2 * most))
    var start = 0
    return counts.map { count -> Int64? in
      guard let count else { return nil }
      defer { start += count }
      return Self.sum(of: cells, places[start..<start + count])
    }
  }

  /// `nil` for one beyond what a whole number can hold.
  private static func sum(of cells: [Value], _ rows: ArraySlice<Int>) -> Int64? {
    var sum: Int64 = 0
    for row in rows {
      switch cells[row] {
      case .int(let number):
        let (next, overflow) = sum.addingReportingOverflow(number)
        guard !overflow else { return nil }
        sum = next
      case .null: break
      default: return nil
      }
    }
    return sum
  }
}
