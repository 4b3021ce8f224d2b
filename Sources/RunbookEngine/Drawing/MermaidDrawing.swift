import Diagnostics

/// A graph in Mermaid's notation, which code hosts draw where they find it in Markdown.
package enum MermaidDrawing {
  package static func text(_ graph: FlowGraph) -> String {
    var lines = ["flowchart TD"]
    for node in graph.nodes { lines.append("  \(name(node.id))\(shape(node))") }
    for (index, edge) in graph.edges.enumerated() {
      let arrow = edge.labels.isEmpty ? "-.->" : "-->"
      let label = edge.labels.isEmpty ? "" : "|\(escaped(edge.labels.joined(separator: ", ")))|"
      lines.append("  \(name(edge.from)) \(arrow)\(label) \(name(edge.to))")
      if graph.isTaken(edge) { lines.append("  linkStyle \(index) stroke:#0969da,stroke-width:3px") }
    }
    for (severity, colour) in DrawingColours.severities { lines.append("  classDef \(severity) fill:\(colour)") }
    lines.append("  classDef taken stroke:#0969da,stroke-width:3px")
    let taken = graph.nodes.filter(graph.isTaken).map { name($0.id) }
    if !taken.isEmpty { lines.append("  class \(taken.joined(separator: ",")) taken") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A word that is none of Mermaid's own.
  private static func name(_ id: String) -> String { "n_\(id)" }

  private static func shape(_ node: FlowGraph.Node) -> String {
    let whom = node.each.map { ["each \($0)"] } ?? []
    let text = ([node.id] + [node.text].filter { !$0.isEmpty } + whom + node.remarks).map(escaped)
      .joined(separator: "<br>")
    return switch node.kind {
    case .question: "[\"\(text)\"]"
    case .sign: "([\"\(text)\"])"
    case .verdict(let severity): "{{\"\(text)\"}}:::\(severity)"
    }
  }

  /// Text inside of quotation marks.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in visible(text).unicodeScalars {
      switch scalar {
      case "\"", "#", "<", ">", "&", "`", "\\": result += "#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// What drawings have in common.
enum DrawingColours {
  /// Fillings of verdicts, from the mildest.
  static let severities: [(severity: String, colour: String)] = [
    ("info", "#eaeef2"), ("low", "#dafbe1"), ("medium", "#fff8c5"), ("high", "#ffd8b5"), ("critical", "#ffcecb"),
  ]

  static func filling(_ kind: FlowGraph.Node.Kind) -> String {
    guard case .verdict(let severity) = kind else { return "#ffffff" }
    return severities.first { $0.severity == severity }?.colour ?? "#eaeef2"
  }
}
