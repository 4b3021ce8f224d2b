public import Values

/// What became of a part of an expression, and the parts that decided it.
public struct Explanation: Sendable {
  /// Bytes of the expression's UTF-8 text.
  public let range: Range<Int>
  /// The expression as it is written.
  let source: String
  public let outcome: Evaluation
  /// The parts that decided the outcome, in the order of the text: of `&&` and `||` the operand that did, or all if
  /// none did alone; of `?:` the condition and the side taken. Constants are not among them.
  public let reasons: [Explanation]
  /// For macros that ask something of each element: which elements it was so for.
  public let elements: ElementFindings?

  /// The part as it is written.
  public var text: String {
    String(decoding: source.utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
  }
}

/// What a macro found among the elements that it went over.
public struct ElementFindings: Sendable {
  public struct Finding: Sendable {
    /// Counted from 0.
    public let index: Int
    /// The element, a row for tables; the value for macros with two variables.
    public let element: Value
    /// What decided about this element; told of the first one of each kind only.
    public let reason: Explanation?
  }

  /// The first elements for which the answer was true, at most `CELLimits.findings`.
  public internal(set) var matched: [Finding] = []
  /// The first elements for which it was false, at most as many.
  public internal(set) var rejected: [Finding] = []
  /// The first elements for which there was no answer, at most as many.
  public internal(set) var undecided: [Finding] = []
  public internal(set) var matchedCount = 0
  public internal(set) var rejectedCount = 0
  public internal(set) var undecidedCount = 0
  /// Whether all elements were looked at. Otherwise the budget ended before them, or some are missing.
  public internal(set) var isComplete = true
  /// The answer that the macro looks for: false for `all`, true for the others.
  public let decisive: Bool

  init(of loop: Loop) { decisive = loop.macro != .all }
}

extension CheckedExpression {
  /// Evaluates the expression, and says what decided the result. The outcome is that of `evaluate`; telling why takes
  /// at most ten times the budget, and each name is asked for at most once.
  public func explain(_ bindings: some Bindings, budget: Int = CELLimits.budget) -> Explanation {
    explain(Run(names: references, bindings: bindings, layout: layout, budget: budget))
  }

  /// - Parameter slots: One for each of `references`, in their order. A missing one is unknown.
  public func explain(slots: [Evaluation], budget: Int = CELLimits.budget) -> Explanation {
    explain(Run(names: references, slots: slots, layout: layout, budget: budget))
  }

  private func explain(_ run: consuming Run) -> Explanation {
    var run = run
    return Explainer(source: source).explain(root, &run)
  }

  /// What macros found, of those that an explanation tells of: those around others before them. It is told of the first
  /// element of each kind alone.
  package func macroFindings(slots: [Evaluation]) -> [MacroFindings] {
    var run = Run(names: references, slots: slots, layout: layout, budget: CELLimits.budget)
    let explanation = Explainer(source: source, findingLimit: 1, isAboutElements: true).explain(root, &run)
    var found: [MacroFindings] = []
    explanation.collect(to: &found)
    return found
  }
}

/// What one macro found in what it goes over.
package struct MacroFindings: Sendable {
  /// What it goes over, in bytes of the expression's UTF-8 text; `nil` for a constant.
  package let range: Range<Int>?
  package let findings: ElementFindings
}

extension Explanation {
  fileprivate func collect(to found: inout [MacroFindings]) {
    for reason in reasons { reason.collect(to: &found) }
    guard let elements else { return }
    found.append(MacroFindings(range: reasons.first?.range, findings: elements))
    for known in [elements.matched, elements.rejected, elements.undecided] {
      known.first?.reason?.collect(to: &found)
    }
  }
}

/// Evaluates nodes again, part by part.
private struct Explainer {
  let source: String
  /// Most elements of each kind that are told of a macro.
  var findingLimit = CELLimits.findings
  /// What parts come to is told of those only that are evaluated about an element.
  var isAboutElements = false

  /// - Parameter known: What the node has come to already.
  func explain(_ node: any Node, _ run: inout Run, known: Evaluation? = nil) -> Explanation {
    if let node = node as? OnceNode { return explain(node.part, &run, known: known) }
    let outcome = known ?? (isAboutElements ? .value(.null) : outcome(of: node, &run))
    let findings = findings(of: node, &run)
    return Explanation(
      range: node.place, source: source, outcome: outcome, reasons: reasons(for: node, &run), elements: findings)
  }

  private func outcome(of node: any Node, _ run: inout Run) -> Evaluation {
    run.renew()
    do throws(EvaluationFailure) {
      return .value(try node.evaluate(&run))
    } catch {
      return .failure(error)
    }
  }

  private func reasons(for node: any Node, _ run: inout Run) -> [Explanation] {
    switch node {
    case let node as LogicNode: return reasons(for: node, &run)
    case let node as ConditionalNode:
      let test = outcome(of: node.test, &run)
      let told = explain([node.test], &run, known: [test])
      guard case .value(.bool(let holds)) = test else { return told }
      return told + explain([holds ? node.then : node.otherwise], &run)
    case let node as OptionalMapNode:
      let found = outcome(of: node.optional, &run)
      let optional = explain([node.optional], &run, known: [found])
      guard case .value(.optional(let box?)) = found else { return optional }
      run.set(local: node.slot, to: box.value)
      return optional + explain([node.result], &run)
    case let node as FallbackNode:
      let found = outcome(of: node.optional, &run)
      let optional = explain([node.optional], &run, known: [found])
      guard case .value(.optional(nil)) = found else { return optional }
      return optional + explain([node.other], &run)
    case is QuantifierNode, is ExistsOneNode, is TransformNode:
      // What is asked of each element is told with the elements.
      return explain(Array(parts(of: node).prefix(1)), &run)
    default: return explain(parts(of: node), &run)
    }
  }

  /// The operand that decides; all if none does alone.
  private func reasons(for node: LogicNode, _ run: inout Run) -> [Explanation] {
    var outcomes: [Evaluation] = []
    for operand in node.operands {
      let outcome = outcome(of: operand, &run)
      if case .value(.bool(node.decisive)) = outcome { return explain([operand], &run, known: [outcome]) }
      outcomes.append(outcome)
    }
    return explain(Array(node.operands), &run, known: outcomes)
  }

  /// - Parameter known: What the first of the nodes have come to already.
  private func explain(_ nodes: [any Node], _ run: inout Run, known: [Evaluation] = []) -> [Explanation] {
    var result: [Explanation] = []
    for (place, node) in nodes.enumerated() where !(node is ConstantNode) {
      result.append(explain(node, &run, known: place < known.count ? known[place] : nil))
    }
    return result
  }

  // MARK: Elements

  private func findings(of node: any Node, _ run: inout Run) -> ElementFindings? {
    switch node {
    case let node as QuantifierNode: return findings(node.loop, node.test, &run)
    case let node as ExistsOneNode: return findings(node.loop, node.test, &run)
    case let node as TransformNode: return node.test.flatMap { findings(node.loop, $0, &run) }
    default: return nil
    }
  }

  private func findings(_ loop: Loop, _ test: any Node, _ run: inout Run) -> ElementFindings? {
    guard case .value(var value) = outcome(of: loop.range, &run) else { return nil }
    var findings = ElementFindings(of: loop)
    if case .partial(let partial) = value {
      findings.isComplete = false
      value = partial.known
    }
    guard let elements = Elements(value) else { return nil }
    loop.begin(elements, &run)
    run.renew()
    for index in 0..<elements.count {
      loop.enter(index, of: elements, &run)
      var answer: Bool?
      do throws(EvaluationFailure) {
        let holds = try test.condition(&run)
        try run.charge(1, test.place)
        answer = holds
      } catch {
        guard !error.isLimit else {
          findings.isComplete = false
          return findings
        }
      }
      guard findings.count(answer) <= findingLimit else { continue }
      findings.add(finding(index, loop, test, isFirst: findings.told(answer).isEmpty, &run), answer)
    }
    return findings
  }

  /// - Parameter isFirst: It is the first of its kind, and the only one of which it is told why.
  private func finding(
    _ index: Int, _ loop: Loop, _ test: any Node, isFirst: Bool, _ run: inout Run
  ) -> ElementFindings.Finding {
    let element = run.local(loop.slot)
    guard isFirst else { return .init(index: index, element: element, reason: nil) }
    let reason = Explainer(source: source, findingLimit: findingLimit).explain(test, &run)
    run.renew()
    return .init(index: index, element: element, reason: reason)
  }
}

extension ElementFindings {
  /// Counts an element.
  ///
  /// - Parameter answer: `nil`: there was none.
  /// - Returns: How many of its kind there are now.
  fileprivate mutating func count(_ answer: Bool?) -> Int {
    switch answer {
    case true?:
      matchedCount += 1
      return matchedCount
    case false?:
      rejectedCount += 1
      return rejectedCount
    case nil:
      undecidedCount += 1
      return undecidedCount
    }
  }

  fileprivate func told(_ answer: Bool?) -> [Finding] {
    switch answer {
    case true?: matched
    case false?: rejected
    case nil: undecided
    }
  }

  fileprivate mutating func add(_ finding: Finding, _ answer: Bool?) {
    switch answer {
    case true?: matched.append(finding)
    case false?: rejected.append(finding)
    case nil: undecided.append(finding)
    }
  }
}
