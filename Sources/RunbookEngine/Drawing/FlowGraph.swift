import Investigation
package import RunbookLanguage

/// The questions of a runbook and the ways between them, as something to draw.
package struct FlowGraph: Sendable {
  package struct Node: Sendable {
    package enum Kind: Hashable, Sendable {
      case question
      /// Asked because another question rests on it.
      case sign
      case verdict(severity: String)
    }

    /// The id in the runbook; questions and verdicts share one namespace.
    package let id: String
    package let kind: Kind
    /// What is asked, or what the verdict means.
    package let text: String
    /// What it is asked of, one by one; `nil`: once.
    package let each: String?
    /// Short remarks below the text, such as `weighs 12 signs, 3 are enough`.
    package let remarks: [String]
  }

  package struct Edge: Sendable {
    package let from: String
    package let to: String
    /// The answers that lead there, in the order of the question's labels; empty: a sign is weighed.
    package let labels: [String]
  }

  /// The ways that were taken, to be coloured in.
  package struct Way: Hashable, Sendable {
    package let question: String
    package let answer: String

    package init(question: String, answer: String) {
      self.question = question
      self.answer = answer
    }
  }

  fileprivate static let unknown = Answer.unknown

  package let title: String
  /// In reading order, verdicts last.
  package let nodes: [Node]
  package let edges: [Edge]
  package let ways: Set<Way>

  /// - Parameters:
  ///   - signs: Whether signs are drawn, too.
  ///   - ways: Taken ways; empty: nothing is coloured.
  package init(of runbook: Runbook, signs: Bool, ways: Set<Way> = []) {
    let questions = runbook.questions.filter { signs || !$0.isSign }
    var edges = questions.flatMap(\.edges)
    if !ways.isEmpty {
      // Whoever looks for what was not tried has to see all that there is, apart from what was.
      edges = edges.flatMap { $0.divided(by: ways) } + runbook.silentWays(of: questions)
    }
    if signs { edges += questions.flatMap(\.weighed) }
    let reached = Set(edges.map(\.to))
    title = runbook.title
    nodes =
      questions.map(\.node) + runbook.verdicts.filter { reached.contains($0.id) }.map(\.node)
    self.edges = edges
    self.ways = ways
  }

  /// Whether somebody went along the edge.
  package func isTaken(_ edge: Edge) -> Bool {
    edge.labels.contains { ways.contains(Way(question: edge.from, answer: $0)) }
  }

  /// Whether somebody came to the node.
  package func isTaken(_ node: Node) -> Bool {
    ways.contains { $0.question == node.id } || edges.contains { $0.to == node.id && isTaken($0) }
  }
}

extension FlowGraph.Edge {
  /// One edge for the answers that were given, and one for the others.
  fileprivate func divided(by ways: Set<FlowGraph.Way>) -> [FlowGraph.Edge] {
    let taken = labels.filter { ways.contains(.init(question: from, answer: $0)) }
    guard !taken.isEmpty, taken.count < labels.count else { return [self] }
    return [taken, labels.filter { !taken.contains($0) }].map { .init(from: from, to: to, labels: $0) }
  }
}

extension Runbook {
  /// The verdict that a run reaches which has none.
  private static let openEnd = "undetermined"

  /// Ways that nobody writes: where nothing follows an unknown, the run ends undetermined.
  fileprivate func silentWays(of questions: [Question]) -> [FlowGraph.Edge] {
    questions.filter { !$0.isSign && $0.nextIfUnknown.isEmpty && mayStayOpen($0) }.map {
      .init(from: $0.id, to: Self.openEnd, labels: [FlowGraph.unknown])
    }
  }
}

extension Question {
  fileprivate var node: FlowGraph.Node {
    var remarks: [String] = []
    if let weighing {
      remarks.append("weighs \(weighing.signs.count) signs, \(weighing.atLeast) is enough")
    }
    if person != nil { remarks.append("a person is asked") }
    if isOptional { remarks.append("may stay open") }
    return .init(id: id, kind: isSign ? .sign : .question, text: ask.source, each: each, remarks: remarks)
  }

  /// An edge for each that follows, with the answers that lead there.
  fileprivate var edges: [FlowGraph.Edge] {
    var found: [(to: String, labels: [String])] = []
    for label in labels + [FlowGraph.unknown] where !isSign {
      for target in label == FlowGraph.unknown ? nextIfUnknown : next[label] ?? [] {
        if let place = found.firstIndex(where: { $0.to == target.id }) {
          found[place].labels.append(label)
        } else {
          found.append((target.id, [label]))
        }
      }
    }
    return found.map { FlowGraph.Edge(from: id, to: $0.to, labels: $0.labels) }
  }

  fileprivate var weighed: [FlowGraph.Edge] {
    (weighing?.signs ?? []).map { FlowGraph.Edge(from: $0.question, to: id, labels: []) }
  }
}

extension Target {
  fileprivate var id: String {
    switch self {
    case .question(let id), .verdict(let id): id
    }
  }
}

extension Verdict {
  fileprivate var node: FlowGraph.Node {
    let severity =
      switch self.severity {
      case .fixed(let severity): severity
      case .cases(let cases): cases.map(\.severity).max() ?? .high
      }
    return .init(
      id: id, kind: .verdict(severity: severity.rawValue), text: means?.source ?? "", each: nil,
      remarks: escalation.map { ["calls \($0)"] } ?? [])
  }
}
