#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What becomes of a surprise before it is a score: cool-down and fatigue.
///
/// *Cool-down*: a surprise scores only if it is above 0.5 and strictly greater than all of the rows before, as many as
/// `rows`. *Fatigue*: what is left, x, scores max(0.01, x − ½·log10(1 + n)), n being how many before it were at least as
/// great, so that a series that surprises all the time must surprise more. Cost: O(1) a row, on the average; memory: at
/// most 16 bytes for each row of the cool-down, and 16 for each surprise left of the rows remembered.
struct ScoreFilter: Sendable {
  private static let least = 0.5

  private let rows: Int
  private var row = 0
  /// Surprises of the last rows that no later one reached, descending; the first is the greatest of all.
  private var standing: [(row: Int, surprise: Double)] = []
  private var head = 0
  private var survivors: RememberedBag

  init(cooldownRows: Int, memory: Int) {
    rows = cooldownRows
    survivors = RememberedBag(memory: memory)
  }

  mutating func score(_ surprise: Double) -> Double {
    while head < standing.count, standing[head].row < row - rows { head += 1 }
    let isCool = head == standing.count || surprise > standing[head].surprise
    while standing.count > head, let last = standing.last, last.surprise <= surprise { standing.removeLast() }
    if head > rows || head == standing.count {
      standing.removeFirst(head)
      head = 0
    }
    if rows > 0 { standing.append((row, surprise)) }
    row += 1
    guard isCool, surprise > Self.least else { return 0 }
    let asGreat = survivors.count - survivors.bag.count(below: surprise)
    survivors.insert(surprise)
    return max(0.01, surprise - 0.5 * log10(1 + Double(asGreat)))
  }
}
