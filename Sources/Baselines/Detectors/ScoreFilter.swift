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
  /// From `head` to before `end`: surprises of the last rows that no later one reached, descending. The first is the
  /// greatest of all.
  private var standing: [(row: Int, surprise: Double)] = []
  private var head = 0
  private var end = 0
  private var survivors: RememberedBag

  init(cooldownRows: Int, memory: Int) {
    rows = cooldownRows
    survivors = RememberedBag(memory: memory)
  }

  mutating func score(_ surprise: Double) -> Double {
    guard isCool(surprise), surprise > Self.least else { return 0 }
    let asGreat = survivors.count - survivors.bag.count(below: surprise)
    survivors.insert(surprise)
    return max(0.01, surprise - 0.5 * log10(1 + Double(asGreat)))
  }

  /// Whether it is greater than all that stand, among which it stands from now on.
  private mutating func isCool(_ surprise: Double) -> Bool {
    guard rows > 0 else { return true }
    if end == standing.count { makeRoom() }
    var (head, end) = (head, end)
    let isCool = standing.withUnsafeMutableBufferPointer { standing in
      while head < end, standing[head].row < row - rows { head += 1 }
      let isCool = head == end || surprise > standing[head].surprise
      while head < end, standing[end - 1].surprise <= surprise { end -= 1 }
      standing[end] = (row, surprise)
      return isCool
    }
    (self.head, self.end) = (head, end + 1)
    row += 1
    return isCool
  }

  /// For one more at the end: where half is left behind, the rest moves down.
  private mutating func makeRoom() {
    if head > end / 2 {
      standing.replaceSubrange(0..<end - head, with: standing[head..<end])
      (head, end) = (0, end - head)
    } else {
      standing.append(contentsOf: repeatElement((row: row, surprise: 0.0), count: max(16, standing.count)))
    }
  }
}
