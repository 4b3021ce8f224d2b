public import Values

/// An expression without mistakes, ready to be evaluated any number of times.
public struct CheckedExpression: Sendable {
  public let source: String
  public let type: ValueType
  /// The names of the environment that it uses, in the order of their first use. Variables of macros are not among them.
  public let references: [Reference]
  /// Whether it has macros that go over elements, so that an explanation tells of elements.
  public var goesOverElements: Bool { layout.loops > 0 }
  /// Names whose texts are used as regular expressions: a text, or those of a list.
  public let patterns: [String]
  let root: any Node
  let layout: Run.Layout

  /// Evaluates the expression with names looked up as they are needed.
  ///
  /// - Parameter budget: Most steps; see `CELLimits.budget`.
  public func evaluate(_ bindings: some Bindings, budget: Int = CELLimits.budget) -> Evaluation {
    evaluate(Run(names: references, bindings: bindings, layout: layout, budget: budget))
  }

  /// Evaluates the expression with all values at hand, which is the fastest way.
  ///
  /// - Parameter slots: One for each of `references`, in their order. A missing one is unknown.
  public func evaluate(slots: [Evaluation], budget: Int = CELLimits.budget) -> Evaluation {
    evaluate(Run(names: references, slots: slots, layout: layout, budget: budget))
  }

  func evaluate(_ run: consuming Run) -> Evaluation {
    do throws(EvaluationFailure) {
      return .value(try root.evaluate(&run))
    } catch {
      return .failure(error)
    }
  }
}

/// A name of the environment that an expression uses.
public struct Reference: Hashable, Sendable {
  public let name: String
  /// Every place where it stands, in bytes of the expression's UTF-8 text.
  public internal(set) var ranges: [Range<Int>]
  /// The fields selected from it, each path once, in the order of first use: `["from"]` of `burst.from`. The empty path
  /// is the value itself.
  public internal(set) var paths: [[String]]

  /// Its first place.
  public var range: Range<Int> { ranges.first ?? 0..<0 }
}
