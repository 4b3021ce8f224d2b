import Foundation
import RunbookLanguage
import Testing

@testable import RunbookEngine

/// Drawings of a runbook, and the page made of it.
struct DrawingTests {
  static func graph(signs: Bool = false, ways: Set<FlowGraph.Way> = []) throws -> FlowGraph {
    FlowGraph(of: try CaseTests.checked().runbook, signs: signs, ways: ways)
  }

  @Test func `a graph has the questions, the verdicts they lead to, and an edge for each that follows`() throws {
    let graph = try Self.graph()
    #expect(graph.nodes.map(\.id) == ["spike", "known", "caught", "stopped", "attack", "benign"])
    #expect(
      graph.edges.map { "\($0.from) \($0.labels.joined(separator: "+")) \($0.to)" } == [
        "spike yes+unknown known", "spike no benign", "known yes benign", "known no+unknown caught",
        "caught yes stopped", "caught no+unknown attack",
      ])
  }

  @Test func `ways that were taken are coloured in, and no others`() throws {
    let graph = try Self.graph(ways: [.init(question: "spike", answer: "no")])
    #expect(graph.nodes.filter(graph.isTaken).map(\.id) == ["spike", "benign"])
    #expect(graph.edges.filter(graph.isTaken).map(\.to) == ["benign"])
    #expect(MermaidDrawing.text(graph).contains("class n_spike,n_benign taken"))
    #expect(DOTDrawing.text(graph).components(separatedBy: "penwidth=3").count == 4)
    #expect(SVGDrawing.text(graph).components(separatedBy: "stroke-width=\"3\"").count == 4)
    #expect(!SVGDrawing.text(try Self.graph()).contains("stroke-width=\"3\""))
  }

  @Test func `answers that were not given are no part of an arrow that was taken`() throws {
    let graph = try Self.graph(ways: [.init(question: "spike", answer: "unknown")])
    let edges = graph.edges.map {
      "\($0.from) \($0.labels.joined(separator: "+")) \($0.to)\(graph.isTaken($0) ? " ✓" : "")"
    }
    #expect(edges.prefix(3) == ["spike unknown known ✓", "spike yes known", "spike no benign"])
    let silent = CaseTests.runbook.replacing(
      "{yes: stopped, no: attack, unknown: attack}", with: "{yes: stopped, no: attack}")
    let drawn = FlowGraph(
      of: try CaseTests.checked(silent).runbook, signs: false, ways: [.init(question: "spike", answer: "no")])
    #expect(drawn.edges.contains { $0.from == "caught" && $0.to == "undetermined" && $0.labels == ["unknown"] })
    #expect(drawn.nodes.contains { $0.id == "undetermined" })
  }

  @Test func `a picture of very many ways is drawn in time`() {
    let edges = (0..<300).flatMap { from in ((from + 1)..<300).map { (from: from, to: $0) } }
    let layout = LayeredLayout(count: 300, edges: edges)
    #expect(layout.widths == Array(repeating: 1, count: 300))
    #expect(layout.routes.allSatisfy { $0.count == 2 })
  }

  @Test func `text of others cannot leave its place`() throws {
    let hostile = CaseTests.runbook.replacing(
      "means: All of it was stopped.", with: #"means: "]--> <script>\"alert(1)\" & `x`\\""#)
    let graph = FlowGraph(of: try CaseTests.checked(hostile).runbook, signs: false)
    #expect(!MermaidDrawing.text(graph).contains("<script>"))
    #expect(MermaidDrawing.text(graph).contains("#60;script#62;#34;alert(1)#34;"))
    #expect(DOTDrawing.text(graph).contains(#"\"alert(1)\" & `x`\\"#))
    let picture = SVGDrawing.text(graph)
    #expect(!picture.contains("<script"))
    #expect(XMLShape.isWellFormed(picture))
    let page = Handbook.page(of: try CaseTests.checked(hostile))
    #expect(!page.html.contains("<script"))
    #expect(page.markdown.contains("\\<script\\>"))
  }

  @Test func `rows follow the longest way, and a long way passes the rows between`() {
    let layout = LayeredLayout(count: 4, edges: [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)])
    #expect(layout.slots.map(\.row) == [0, 1, 2, 3])
    #expect(layout.routes.map { $0.map(\.row) } == [[0, 1], [1, 2], [0, 1, 2], [2, 3], [0, 1, 2, 3]])
    #expect(layout.widths == [1, 3, 2, 1])
    #expect(Set(layout.routes.flatMap { $0 }).count == 7)
  }

  @Test func `a circle is drawn, too`() {
    let layout = LayeredLayout(count: 3, edges: [(0, 1), (1, 2), (2, 0), (1, 1)])
    #expect(layout.slots.count == 3)
    #expect(layout.routes.allSatisfy { $0.count >= 2 })
  }

  @Test func `the page tells everything that a person needs`() throws {
    let text = Handbook.page(of: try CaseTests.checked()).markdown
    for part in [
      "# web", "alert.labels.alertname == \"Burst\"", "**For each source: Is ${source} well known?**",
      "- **yes**: it is [benign](#verdict-benign)", "- **no**: go on to [caught](#caught)",
      "Call: [web-on-call](#people)",
      "```promql\nsum(rate(http_requests_total[1m]))\n```", "email web@example.org", "[rate](#query-rate) above 100 |",
      "- **source**: one of `talkers.source`, at most 1000",
      "`${from}` and `${to}` are the span from -1h to the alert", "| **known\\_sources** | the file `known.txt` |",
      "rows of source, hits, at most 1000.",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func `the page names other pages, and none that is a program`() throws {
    let see = "https://wiki.example.org/web?a=1&b=<2>"
    let text = CaseTests.runbook.replacing(
      "questions:", with: "see: [\"\(see)\", \"javascript:alert(1)\"]\nquestions:")
    #expect(text != CaseTests.runbook)
    let page = Handbook.page(of: try CaseTests.checked(text))
    #expect(page.markdown.contains("More on this:\n\n- <https://wiki.example.org/web?a=1&b=<2%3E>"))
    #expect(page.html.contains("<code>https://wiki.example.org/web?a=1&amp;b=&lt;2&gt;</code>"))
    #expect(!page.html.contains("javascript:") && !page.markdown.contains("javascript:"))
  }

  @Test func `every jump on the page has a goal`() throws {
    let page = Handbook.page(of: try CaseTests.checked()).html
    let goals = Set(page.matches(of: /id="([^"]+)"/).map { String($0.output.1) })
    let jumps = page.matches(of: /href="#([^"]+)"/).map { String($0.output.1) }
    #expect(jumps.count > 8)
    #expect(jumps.filter { !goals.contains($0) } == [])
  }
}

/// Whether each element that is opened is closed, in order.
private enum XMLShape {
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for match in text.matches(of: /<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/) {
      let (isEnd, name, isEmpty) = (!match.output.1.isEmpty, match.output.2, !match.output.3.isEmpty)
      if isEnd {
        guard open.popLast() == name else { return false }
      } else if !isEmpty {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}
