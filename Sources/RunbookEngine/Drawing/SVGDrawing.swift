import Diagnostics
import Values

/// A graph as a picture that needs nothing else: no script, no font, no network.
package struct SVGDrawing {
  private static let boxWidth = 190.0
  private static let lineHeight = 14.0
  private static let padding = 8.0
  private static let passageWidth = 26.0
  private static let columnGap = 30.0
  private static let rowGap = 64.0
  private static let margin = 24.0
  private static let lineWidth = 30
  private static let takenColour = "#0969da"
  private static let plainColour = "#57606a"

  private let graph: FlowGraph
  private let layout: LayeredLayout
  private let texts: [[String]]
  private let nodeAt: [LayeredLayout.Slot: Int]
  private let rowHeights: [Double]
  private let rowWidths: [Double]
  /// Where each edge leaves its node.
  private var exits: [(shift: Double, isLower: Bool)] = []

  package static func text(_ graph: FlowGraph) -> String { SVGDrawing(graph).picture }

  private init(_ graph: FlowGraph) {
    self.graph = graph
    let places = Dictionary(
      graph.nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let edges = graph.edges.map { (from: places[$0.from] ?? 0, to: places[$0.to] ?? 0) }
    layout = LayeredLayout(count: graph.nodes.count, edges: edges)
    texts = graph.nodes.map { node in
      TextLines.wrapped(node.text, to: Self.lineWidth) + (node.each.map { ["each \($0)"] } ?? []) + node.remarks
    }
    var heights = [Double](repeating: 0, count: layout.widths.count)
    for (node, slot) in layout.slots.enumerated() {
      heights[slot.row] = max(heights[slot.row], Self.height(of: texts[node]))
    }
    rowHeights = heights
    let nodeAt = Dictionary(
      layout.slots.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    self.nodeAt = nodeAt
    rowWidths = layout.widths.enumerated().map { row, count in
      let nodes = (0..<count).count { nodeAt[.init(row: row, column: $0)] != nil }
      return Double(nodes) * Self.boxWidth + Double(count - nodes) * Self.passageWidth
        + Double(max(0, count - 1)) * Self.columnGap
    }
    exits = findExits()
  }

  private static func height(of lines: [String]) -> Double {
    Double(lines.count + 1) * lineHeight + 2 * padding
  }

  // MARK: Places

  private var width: Double { (rowWidths.max() ?? 0) + 2 * Self.margin }

  private var height: Double {
    rowHeights.reduce(0, +) + Double(max(0, rowHeights.count - 1)) * Self.rowGap + 2 * Self.margin
  }

  /// The middle of a slot's upper edge. Rows stand in the middle of the picture.
  private func top(of slot: LayeredLayout.Slot) -> (x: Double, y: Double) {
    let left = (width - rowWidths[slot.row]) / 2
    let before = (0..<slot.column).reduce(0) { $0 + slotWidth(slot.row, $1) + Self.columnGap }
    let y = Self.margin + rowHeights[..<slot.row].reduce(0, +) + Double(slot.row) * Self.rowGap
    return (left + before + slotWidth(slot.row, slot.column) / 2, y)
  }

  /// A way that only passes a row needs little room.
  private func slotWidth(_ row: Int, _ column: Int) -> Double {
    nodeAt[.init(row: row, column: column)] == nil ? Self.passageWidth : Self.boxWidth
  }

  // MARK: The picture

  private var picture: String {
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(width)) \(number(height))\" "
        + "width=\"\(number(width))\" height=\"\(number(height))\" font-family=\"sans-serif\" font-size=\"11\">",
      "<title>\(escaped(graph.title))</title>",
      "<defs>\(tip("tip", Self.plainColour, size: "7"))\(tip("taken-tip", Self.takenColour, size: "3.5"))</defs>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    ]
    lines += graph.edges.indices.flatMap(edge)
    lines += graph.nodes.indices.flatMap(node)
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private func tip(_ name: String, _ colour: String, size: String) -> String {
    "<marker id=\"\(name)\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"\(size)\" markerHeight=\"\(size)\" "
      + "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"\(colour)\"/></marker>"
  }

  private func node(_ index: Int) -> [String] {
    let (node, lines) = (graph.nodes[index], texts[index])
    let (x, y) = top(of: layout.slots[index])
    let isTaken = graph.isTaken(node)
    let stroke = isTaken ? "stroke=\"\(Self.takenColour)\" stroke-width=\"3\"" : "stroke=\"#57606a\""
    let corner = if case .verdict = node.kind { 2.0 } else { 8.0 }
    let dashes = node.kind == .sign ? " stroke-dasharray=\"4 3\"" : ""
    var result = [
      "<rect x=\"\(number(x - Self.boxWidth / 2))\" y=\"\(number(y))\" width=\"\(number(Self.boxWidth))\" "
        + "height=\"\(number(Self.height(of: lines)))\" rx=\"\(number(corner))\" "
        + "fill=\"\(DrawingColours.filling(node.kind))\" \(stroke)\(dashes)/>",
      text(node.id, x: x, y: y + Self.padding + Self.lineHeight - 3, "font-weight=\"bold\""),
    ]
    for (place, line) in lines.enumerated() {
      let down = y + Self.padding + Double(place + 2) * Self.lineHeight - 3
      result.append(text(line, x: x, y: down, "fill=\"#24292f\""))
    }
    return result
  }

  private func edge(_ place: Int) -> [String] {
    let (edge, route) = (graph.edges[place], layout.routes[place])
    let isTaken = graph.isTaken(edge)
    let colour = isTaken ? Self.takenColour : Self.plainColour
    let exit = exits[place]
    var path = ""
    var label: (x: Double, y: Double)?
    for (upper, lower) in zip(route, route.dropFirst()) {
      var start = top(of: upper)
      let end = top(of: lower)
      start.x += label == nil ? exit.shift : 0
      start.y += label == nil ? heightOfNode(at: upper) : rowHeights[upper.row]
      path += "\(label == nil ? "M" : "L")\(number(start.x)) \(number(start.y))"
      let middle = (start.y + end.y) / 2
      path +=
        "C\(number(start.x)) \(number(middle)) \(number(end.x)) \(number(middle)) \(number(end.x)) \(number(end.y))"
      label = label ?? (start.x * 0.9 + end.x * 0.1, start.y + Self.lineHeight * (exit.isLower ? 2 : 1))
    }
    let dashes = edge.labels.isEmpty ? " stroke-dasharray=\"4 3\"" : ""
    var result = [
      "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(isTaken ? "3" : "1.2")\"\(dashes) "
        + "marker-end=\"url(#\(isTaken ? "taken-tip" : "tip"))\"/>"
    ]
    if let label, !edge.labels.isEmpty {
      // The light around the words is a text of its own: not all programs can draw it below them otherwise.
      let words = edge.labels.joined(separator: ", ")
      let light = "fill=\"#ffffff\" stroke=\"#ffffff\" stroke-width=\"4\" aria-hidden=\"true\""
      result.append(text(words, x: label.x, y: label.y, light))
      result.append(text(words, x: label.x, y: label.y, "fill=\"\(colour)\""))
    }
    return result
  }

  /// Where edges leave their nodes: how far beside the middle, and whether the label stands a line lower, so that
  /// neighbours' labels do not meet. Edges leave in the order in which they go on.
  private func findExits() -> [(shift: Double, isLower: Bool)] {
    var exits = [(shift: Double, isLower: Bool)](repeating: (0, false), count: graph.edges.count)
    for siblings in Dictionary(grouping: graph.edges.indices, by: { graph.edges[$0].from }).values {
      let goals = siblings.map { (place: $0, goal: goal(of: $0)) }.sorted { ($0.goal, $0.place) < ($1.goal, $1.place) }
      let step = min(56, (Self.boxWidth - 30) / Double(siblings.count))
      for (rank, sibling) in goals.enumerated() {
        exits[sibling.place] = ((Double(rank) - Double(siblings.count - 1) / 2) * step, !rank.isMultiple(of: 2))
      }
    }
    return exits
  }

  private func goal(of place: Int) -> Double {
    layout.routes[place].dropFirst().first.map { top(of: $0).x } ?? 0
  }

  private func heightOfNode(at slot: LayeredLayout.Slot) -> Double {
    nodeAt[slot].map { Self.height(of: texts[$0]) } ?? rowHeights[slot.row]
  }

  private func text(_ words: String, x: Double, y: Double, _ settings: String) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"middle\" \(settings)>\(escaped(words))</text>"
  }

  /// With one digit behind the point at most.
  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths.isMultiple(of: 10)
      ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  private func escaped(_ text: String) -> String { markupText(visible(text)) }
}
