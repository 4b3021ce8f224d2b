import Diagnostics

/// A graph in Graphviz's notation.
package enum DOTDrawing {
  package static func text(_ graph: FlowGraph) -> String {
    var lines = [
      "digraph \(quoted(graph.title)) {", "  rankdir=TB",
      "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\", fontsize=11]",
      "  edge [fontname=\"sans-serif\", fontsize=10]",
    ]
    for node in graph.nodes {
      let whom = node.each.map { ["each \($0)"] } ?? []
      let text = ([node.id] + TextLines.wrapped(node.text, to: 32) + whom + node.remarks).joined(separator: "\n")
      var settings = ["label=\(quoted(text))", "fillcolor=\"\(DrawingColours.filling(node.kind))\""]
      switch node.kind {
      case .question: break
      case .sign: settings.append("shape=ellipse")
      case .verdict: settings.append("shape=hexagon, style=filled")
      }
      if graph.isTaken(node) { settings.append("color=\"#0969da\", penwidth=3") }
      lines.append("  \(quoted(node.id)) [\(settings.joined(separator: ", "))]")
    }
    for edge in graph.edges {
      var settings = edge.labels.isEmpty ? ["style=dashed"] : ["label=\(quoted(edge.labels.joined(separator: ", ")))"]
      if graph.isTaken(edge) { settings.append("color=\"#0969da\", penwidth=3") }
      lines.append("  \(quoted(edge.from)) -> \(quoted(edge.to)) [\(settings.joined(separator: ", "))]")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      visible(String(line)).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
    return "\"\(lines.joined(separator: "\\n"))\""
  }
}
