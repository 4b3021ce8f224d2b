/// Places the nodes of an acyclic graph in rows, so that ways lead downwards and cross little.
///
/// The method is that of Sugiyama, Tagawa and Toda (1981): rows by the longest way from a node without predecessor,
/// stand-ins where a way passes a row, and sweeps that put each node to the middle of its neighbours.
struct LayeredLayout {
  /// A node's place in the drawing: its row and its place in it; or that of a stand-in on a long way.
  struct Slot: Hashable {
    let row: Int
    let column: Int
  }

  /// Sweeps down and up; more change little.
  private static let sweepCount = 12

  /// Most stand-ins: where ways pass more rows together, they are drawn straight from end to end.
  private static let passageLimit = 20_000

  /// The slot of each node.
  private(set) var slots: [Slot]
  /// For each edge the slots that it passes, its ends included.
  private(set) var routes: [[Slot]] = []
  /// How many slots each row has.
  private(set) var widths: [Int] = []

  /// - Parameters:
  ///   - count: How many nodes there are.
  ///   - edges: From node to node, by place; edges that lead back are drawn as they are and move nothing.
  init(count: Int, edges: [(from: Int, to: Int)]) {
    let rows = Self.rows(count: count, edges: edges)
    var members: [[Int]] = Array(repeating: [], count: (rows.max() ?? 0) + 1)
    for node in 0..<count { members[rows[node]].append(node) }
    var neighbours: [(above: [Int], below: [Int])] = Array(repeating: ([], []), count: count)
    var chains: [[Int]] = []
    let passages = edges.reduce(0) { $0 + max(0, rows[$1.to] - rows[$1.from] - 1) }
    for (from, to) in edges {
      var chain = [from]
      if rows[to] > rows[from], passages <= Self.passageLimit {
        for row in (rows[from] + 1)..<max(rows[to], rows[from] + 1) {
          neighbours.append(([], []))
          members[row].append(neighbours.count - 1)
          chain.append(neighbours.count - 1)
        }
      }
      chain.append(to)
      chains.append(chain)
      guard rows[to] > rows[from] else { continue }
      for (upper, lower) in zip(chain, chain.dropFirst()) {
        neighbours[upper].below.append(lower)
        neighbours[lower].above.append(upper)
      }
    }
    for sweep in 0..<Self.sweepCount { Self.sweep(&members, neighbours, downwards: sweep.isMultiple(of: 2)) }
    var places: [Slot] = Array(repeating: Slot(row: 0, column: 0), count: neighbours.count)
    for (row, nodes) in members.enumerated() {
      for (column, node) in nodes.enumerated() { places[node] = Slot(row: row, column: column) }
    }
    slots = Array(places.prefix(count))
    routes = chains.map { chain in chain.map { places[$0] } }
    widths = members.map(\.count)
  }

  /// The length of the longest way to each node. Where ways form a circle, a node is as deep as there are nodes.
  private static func rows(count: Int, edges: [(from: Int, to: Int)]) -> [Int] {
    var rows = [Int](repeating: 0, count: count)
    for _ in 0..<count {
      var hasMoved = false
      for (from, to) in edges where from != to && rows[to] <= rows[from] && rows[from] + 1 < count {
        rows[to] = rows[from] + 1
        hasMoved = true
      }
      if !hasMoved { break }
    }
    return rows
  }

  private static func sweep(
    _ members: inout [[Int]], _ neighbours: [(above: [Int], below: [Int])], downwards: Bool
  ) {
    let order = downwards ? Array(members.indices.dropFirst()) : members.indices.dropLast().reversed()
    for row in order {
      let other = members[downwards ? row - 1 : row + 1]
      var place: [Int: Double] = [:]
      for (column, node) in other.enumerated() { place[node] = (Double(column) + 0.5) / Double(other.count) }
      let keyed = members[row].enumerated().map { column, node -> (key: Double, column: Int, node: Int) in
        let near = (downwards ? neighbours[node].above : neighbours[node].below).compactMap { place[$0] }
        let own = (Double(column) + 0.5) / Double(members[row].count)
        return (near.isEmpty ? own : near.reduce(0, +) / Double(near.count), column, node)
      }
      members[row] = keyed.sorted { ($0.key, $0.column) < ($1.key, $1.column) }.map(\.node)
    }
  }
}
