public import Values

/// What became of a part of an expression, and the parts that decided it.
public struct Explanation: Sendable {
  /// Bytes of the expression's UTF-8 text.
  public let range: Range<Int>
  /// The part as it is written.
  public let text: String
  public let outcome: Evaluation
  /// The parts that decided the outcome, in the order of the text: of `&&` and `||` the operand that did, or all if
  /// none did alone; of `?:` the condition and the side taken. Constants are not among them.
  public let reasons: [Explanation]
  /// For macros that ask something of each element: which elements it was so for.
  public let elements: ElementFindings?
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
    let explainer = Explainer(source: Array(source.utf8))
    var run = run
    return explainer.explain(root, &run)
  }
}

/// Evaluates nodes again, part by part.
private struct Explainer {
  let source: [UInt8]

  func explain(_ node: any Node, _ run: inout Run) -> Explanation {
    if let node = node as? OnceNode { return explain(node.part, &run) }
    let outcome = outcome(of: node, &run)
    let findings = findings(of: node, &run)
    return Explanation(
      range: node.place, text: String(decoding: source[node.place], as: UTF8.self), outcome: outcome,
      reasons: reasons(for: node, &run), elements: findings)
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
    case let node as LogicNode:
      for operand in node.operands {
        if answer(of: operand, &run) == node.decisive { return explain([operand], &run) }
      }
      return explain(Array(node.operands), &run)
    case let node as ConditionalNode:
      let answer = answer(of: node.test, &run)
      let taken = answer.map { $0 ? node.then : node.otherwise }
      return explain([node.test] + [taken].compactMap { $0 }, &run)
    case let node as OptionalMapNode:
      let optional = explain([node.optional], &run)
      guard case .value(.optional(let box?)) = outcome(of: node.optional, &run) else { return optional }
      run.set(local: node.slot, to: box.value)
      return optional + explain([node.result], &run)
    case let node as FallbackNode:
      guard case .value(.optional(nil)) = outcome(of: node.optional, &run) else {
        return explain([node.optional], &run)
      }
      return explain([node.optional, node.other], &run)
    case is QuantifierNode, is ExistsOneNode, is TransformNode:
      // What is asked of each element is told with the elements.
      return explain(Array(parts(of: node).prefix(1)), &run)
    default: return explain(parts(of: node), &run)
    }
  }

  private func explain(_ nodes: [any Node], _ run: inout Run) -> [Explanation] {
    var result: [Explanation] = []
    for node in nodes where !(node is ConstantNode) { result.append(explain(node, &run)) }
    return result
  }

  private func answer(of node: any Node, _ run: inout Run) -> Bool? {
    guard case .value(.bool(let answer)) = outcome(of: node, &run) else { return nil }
    return answer
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
      let element = run.local(loop.slot)
      do throws(EvaluationFailure) {
        let answer = try test.condition(&run)
        try run.charge(1, test.place)
        note(index, element, test, answer, &findings, &run)
      } catch {
        if error.isLimit {
          findings.isComplete = false
          return findings
        }
        note(index, element, test, nil, &findings, &run)
      }
    }
    return findings
  }

  private func note(
    _ index: Int, _ element: Value, _ test: any Node, _ answer: Bool?, _ findings: inout ElementFindings,
    _ run: inout Run
  ) {
    let known: WritableKeyPath<ElementFindings, [ElementFindings.Finding]>
    switch answer {
    case true?:
      findings.matchedCount += 1
      known = \.matched
    case false?:
      findings.rejectedCount += 1
      known = \.rejected
    case nil:
      findings.undecidedCount += 1
      known = \.undecided
    }
    guard findings[keyPath: known].count < CELLimits.findings else { return }
    var reason: Explanation?
    if findings[keyPath: known].isEmpty {
      reason = explain(test, &run)
      run.renew()
    }
    findings[keyPath: known].append(.init(index: index, element: element, reason: reason))
  }
}
