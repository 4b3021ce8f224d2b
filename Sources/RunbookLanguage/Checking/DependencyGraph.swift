import Diagnostics

/// Which names rest on which others.
struct DependencyGraph {
  private var nodes: [(name: String, location: SourceLocation)] = []
  private var needs: [String: [String]] = [:]

  /// What a walk through the graph found.
  struct Order {
    /// All names, each behind those it rests on as far as circles allow.
    var names: [String] = []
    /// Names that rest on themselves, each circle from its first name round to it again.
    var circles: [[String]] = []
    /// How many names stand one upon another, the name itself included.
    var height: [String: Int] = [:]
  }

  /// - Parameter needs: Names that it rests on; those that are not in the graph are passed over.
  mutating func add(_ name: String, at location: SourceLocation, needs others: [String]) {
    guard needs.updateValue(others, forKey: name) == nil else { return }
    nodes.append((name, location))
  }

  func location(of name: String) -> SourceLocation? { nodes.first { $0.name == name }?.location }

  /// Walks depth first, in the order in which names were added, without recursion: the chain may be long.
  func order() -> Order {
    var order = Order()
    var isDone: [String: Bool] = [:]
    var inCircles: Set<String> = []
    for (root, _) in nodes where isDone[root] == nil {
      var path: [(name: String, next: Int)] = [(root, 0)]
      isDone[root] = false
      while let (name, next) = path.last {
        let others = needs[name] ?? []
        guard next < others.count else {
          order.names.append(name)
          order.height[name] = 1 + (others.compactMap { order.height[$0] }.max() ?? 0)
          isDone[name] = true
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let other = others[next]
        switch isDone[other] {
        case nil where needs[other] != nil:
          isDone[other] = false
          path.append((other, 0))
        case false? where inCircles.contains(name) && inCircles.contains(other): break
        case false?:
          let circle = path.map(\.name).drop { $0 != other } + [other]
          // A name in several circles is told once.
          if inCircles.isDisjoint(with: circle) { order.circles.append(Array(circle)) }
          inCircles.formUnion(circle)
        default: break
        }
      }
    }
    return order
  }
}
