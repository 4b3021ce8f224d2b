import Values

/// An expression written in one way, whatever its quotation marks, redundant parentheses and spaces.
public enum ExpressionForm {
  /// - Parameter keepsNames: Whether variables of macros keep the names that the author gave them; otherwise they are
  ///   numbered, and two expressions with the same form mean the same.
  /// - Returns: `nil` for what is no expression.
  public static func of(_ source: String, keepsNames: Bool) -> String? {
    let bytes = Array(source.utf8)
    var parser = Parser(bytes)
    let syntax = parser.parse()
    guard parser.problems.isEmpty else { return nil }
    return Writer(keepsNames: keepsNames).text(syntax, least: .conditional)
  }

  /// How tightly something binds, loosest first.
  private enum Strength: Int {
    case conditional, or, and, relation, sum, product, prefix, primary
  }

  private struct Writer {
    let keepsNames: Bool
    /// Variables of the macros around, outermost first.
    var variables: [String] = []

    func text(_ syntax: Syntax, least: Strength) -> String {
      let (text, strength) = written(syntax)
      return strength.rawValue < least.rawValue ? "(\(text))" : text
    }

    private func written(_ syntax: Syntax) -> (String, Strength) {
      switch syntax.kind {
      case .literal(let value): return (literal(value), .primary)
      case .name(let name, let isAbsolute): return (isAbsolute ? ".\(name)" : variable(name), .primary)
      case .select(let operand, let field, _): return ("\(primary(operand)).\(field)", .primary)
      case .optionalSelect(let operand, let field, _): return ("\(primary(operand)).?\(field)", .primary)
      case .index(let container, let index): return ("\(primary(container))[\(whole(index))]", .primary)
      case .optionalIndex(let container, let index): return ("\(primary(container))[?\(whole(index))]", .primary)
      case .optionalElement(let element): return ("?\(whole(element))", .conditional)
      case .list(let elements): return ("[\(list(elements))]", .primary)
      case .map(let entries):
        let pairs = entries.map { "\(whole($0.key)): \(whole($0.value))" }
        return ("{\(pairs.joined(separator: ", "))}", .primary)
      case .call(let function, _, let target, let arguments, let isAbsolute):
        return (call(function, target, arguments, isAbsolute), .primary)
      case .prefix(let sign, let operand):
        return ((sign == .not ? "!" : "-") + text(operand, least: .prefix), .prefix)
      case .binary(let sign, let left, let right):
        let strength: Strength = sign.strength == 3 ? .product : sign.strength == 2 ? .sum : .relation
        let next = Strength(rawValue: strength.rawValue + 1) ?? .primary
        return ("\(text(left, least: strength)) \(sign.rawValue) \(text(right, least: next))", strength)
      case .logic(let isAnd, let operands):
        let parts = operands.map { text($0, least: isAnd ? .and : .or) }
        return (parts.joined(separator: isAnd ? " && " : " || "), isAnd ? .and : .or)
      case .conditional(let condition, let then, let otherwise):
        return ("\(text(condition, least: .or)) ? \(text(then, least: .or)) : \(whole(otherwise))", .conditional)
      case .invalid: return ("", .primary)
      }
    }

    private func primary(_ syntax: Syntax) -> String { text(syntax, least: .primary) }
    private func whole(_ syntax: Syntax) -> String { text(syntax, least: .conditional) }
    private func list(_ elements: [Syntax]) -> String { elements.map(whole).joined(separator: ", ") }

    private func call(_ function: String, _ target: Syntax?, _ arguments: [Syntax], _ isAbsolute: Bool) -> String {
      let head = target.map { primary($0) + "." } ?? (isAbsolute ? "." : "")
      var named: [String] = []
      if let macro = Macro(function, target: target, arguments: arguments.count), macro != .has {
        let count = macro.hasTwoVariables(of: arguments.count) ? 2 : 1
        for argument in arguments.prefix(count) {
          if case .name(let name, _) = argument.kind { named.append(name) }
        }
        if named.count < count { named = [] }
      }
      guard !named.isEmpty else { return "\(head)\(function)(\(list(arguments)))" }
      var inner = self
      inner.variables += named
      let parts = named.map(inner.variable) + arguments.dropFirst(named.count).map(inner.whole)
      return "\(head)\(function)(\(parts.joined(separator: ", ")))"
    }

    /// What a name is called: one of a macro by its depth.
    private func variable(_ name: String) -> String {
      guard !keepsNames, let depth = variables.lastIndex(of: name) else { return name }
      return "#\(depth)"
    }

    private func literal(_ value: Value) -> String {
      switch value {
      case .string(let text): JSON.string(text).canonicalText
      case .uint(let number): "\(number)u"
      case .double(let number): "\(number)"
      case .bytes: "b\(value.displayText)"
      default: value.displayText
      }
    }
  }
}
