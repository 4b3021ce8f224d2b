package import Values

/// First appearances of values, or of combinations of up to three.
///
/// Memory: for each of the last `limit` different combinations its text, some 100 bytes; the one not seen for longest
/// leaves, and would be new again. Cost: a look into a table. Source: the `new terms` rule of Elastic's detection engine.
package struct NewValues: Sendable {
  package static let fieldLimit = 3

  private let limit: Int
  private var seen: [[ExactString]: Int] = [:]
  /// What was seen, oldest first; an entry counts if it is the last of its combination.
  private var order: [(values: [ExactString], turn: Int)] = []
  private var head = 0
  private var turn = 0

  /// - Parameter limit: Most different combinations that are remembered.
  package init(limit: Int = 1_000_000) { self.limit = max(1, limit) }

  package var count: Int { seen.count }

  /// Whether these values were never seen together before. They are remembered.
  package mutating func observe(_ values: [ExactString]) -> Bool {
    turn += 1
    let isNew = seen.updateValue(turn, forKey: values) == nil
    order.append((values, turn))
    while seen.count > limit { forgetOldest() }
    if head > 1_024, head > order.count / 2 { compact() }
    if order.count > 2 * limit + 1_024 { compact() }
    return isNew
  }

  private mutating func forgetOldest() {
    while head < order.count {
      let entry = order[head]
      head += 1
      if seen[entry.values] == entry.turn {
        seen[entry.values] = nil
        return
      }
    }
  }

  private mutating func compact() {
    order = order[head...].filter { seen[$0.values] == $0.turn }
    head = 0
  }
}
