public import Values

/// The names that expressions may use, beside the standard library.
public struct CELEnvironment: Sendable {
  /// Where unqualified names are looked up first, as in `container.name`; empty for nowhere.
  package var container = ""
  private(set) var variables: [String: ValueType] = [:]
  /// In the order of declaration.
  private(set) var variableNames: [String] = []
  /// Whether a declared name has dots, so that selections may name it.
  private(set) var hasQualifiedNames = false
  private(set) var declaredFunctions: [String: Function] = [:]

  /// The standard library, and nothing declared.
  public init() {}

  /// Declares a name, or changes its type. A name with dots is found by expressions that select it so.
  public mutating func declare(_ name: String, _ type: ValueType) {
    if name.utf8.contains(UInt8(ascii: ".")) { hasQualifiedNames = true }
    if variables.updateValue(type, forKey: name) == nil { variableNames.append(name) }
  }

  /// Declares a function that expressions can be checked with, but not evaluated.
  package mutating func declareSignature(
    _ name: String, parameters: [ValueType], result: ValueType, isMember: Bool = false
  ) {
    let overload = Overload(parameters, result, isMember: isMember)
    let known = declaredFunctions[name]?.overloads ?? []
    declaredFunctions[name] = Function(name, known + [overload], .undefined)
  }

  func function(_ name: String) -> Function? { declaredFunctions[name] ?? Library.functions[name] }

  /// Reads an expression and finds the types of all its parts.
  ///
  /// - Returns: The expression, or everything that is wrong with it, in the order of places.
  public func check(_ source: String) -> CheckResult {
    check(source, isLenient: false)
  }

  /// Reads an expression; mistakes that its grammar does not show are left to be found by evaluation.
  package func parse(_ source: String) -> CheckResult {
    check(source, isLenient: true)
  }

  private func check(_ source: String, isLenient: Bool) -> CheckResult {
    let bytes = Array(source.utf8)
    // No text has more code points than bytes, so most need not be counted.
    if bytes.count > CELLimits.sourceCodePoints {
      let codePoints = source.unicodeScalars.count
      if codePoints > CELLimits.sourceCodePoints {
        return CheckResult(problems: [.sourceTooLong(codePoints: codePoints)])
      }
    }
    var parser = Parser(bytes)
    let syntax = parser.parse()
    if parser.hasGivenUp { return CheckResult(problems: Self.inOrder(parser.problems)) }
    var checker = Checker(self, bytes, isLenient: isLenient)
    let typed = checker.check(syntax)
    let found = parser.problems + checker.problems
    guard found.isEmpty else {
      return CheckResult(problems: Array(Self.inOrder(found).prefix(CELLimits.problems)))
    }
    let expression = CheckedExpression(
      source: source, type: checker.inference.final(typed.type), references: checker.references,
      patterns: checker.patterns.sorted().map { checker.references[$0].name }, root: typed.node, layout: checker.layout)
    return CheckResult(expression: expression, warnings: Self.inOrder(checker.warnings))
  }

  private static func inOrder(_ problems: [CELProblem]) -> [CELProblem] {
    guard problems.count > 1 else { return problems }
    let sorted = problems.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    return sorted.map(\.element)
  }
}

/// A checked expression, or what is wrong with it.
public struct CheckResult: Sendable {
  /// `nil` exactly when there are problems.
  public let expression: CheckedExpression?
  /// All errors, in the order of places; at most `CELLimits.problems`.
  public let problems: [CELProblem]
  /// What is hardly meant in an expression without errors, in the order of places; at most `CELLimits.problems`.
  public let warnings: [CELProblem]

  init(expression: CheckedExpression, warnings: [CELProblem]) {
    self.expression = expression
    problems = []
    self.warnings = warnings
  }

  init(problems: [CELProblem]) {
    expression = nil
    self.problems = problems
    warnings = []
  }
}
