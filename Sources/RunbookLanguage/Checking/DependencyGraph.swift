import Diagnostics

/// Which names rest on which others.
struct DependencyGraph {
  private var nodes: [(name: String, location: SourceLocation, needs: [String])] = []
  private var places: [String: Int] = [:]

  /// What a walk through the graph found.
  struct Order {
    /// All names, each behind those it rests on as far as circles allow.
    var names: [String] = []
    /// How many names stand one upon another below each of `names`, the name itself included.
    var heights: [Int] = []
    /// Names that rest on themselves, each circle from its first name round to it again.
    var circles: [[String]] = []
  }

  /// - Parameter needs: Names that it rests on; those that are not in the graph are passed over.
  mutating func add(_ name: String, at location: SourceLocation, needs: [String]) {
    guard places[name] == nil else { return }
    places[name] = nodes.count
    nodes.append((name, location, needs))
  }

  func location(of name: String) -> SourceLocation? { places[name].map { nodes[$0].location } }

  private enum State { case unseen, open, done }

  /// Walks depth first, in the order in which names were added, without recursion: the chain may be long.
  func order() -> Order {
    let needs = nodes.map { $0.needs.compactMap { places[$0] } }
    var order = Order()
    var states = Array(repeating: State.unseen, count: nodes.count)
    var heights = Array(repeating: 0, count: nodes.count)
    var inCircles: Set<Int> = []
    for root in nodes.indices where states[root] == .unseen {
      var path: [(node: Int, next: Int)] = [(root, 0)]
      states[root] = .open
      while let (node, next) = path.last {
        guard next < needs[node].count else {
          heights[node] = 1 + (needs[node].map { heights[$0] }.max() ?? 0)
          order.names.append(nodes[node].name)
          order.heights.append(heights[node])
          states[node] = .done
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let other = needs[node][next]
        switch states[other] {
        case .unseen:
          states[other] = .open
          path.append((other, 0))
        case .open where !(inCircles.contains(node) && inCircles.contains(other)):
          let circle = path.map(\.node).drop { $0 != other } + [other]
          // A name in several circles is told once.
          if inCircles.isDisjoint(with: circle) { order.circles.append(circle.map { nodes[$0].name }) }
          inCircles.formUnion(circle)
        case .open, .done: break
        }
      }
    }
    return order
  }
}
