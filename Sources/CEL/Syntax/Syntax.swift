import Values

/// An expression as it was written.
struct Syntax {
  indirect enum Kind {
    case literal(Value)
    /// - isAbsolute: Written with a dot in front: a name of the environment, whatever macros have named.
    case name(String, isAbsolute: Bool)
    case select(Syntax, field: String, fieldPlace: Place)
    case index(Syntax, Syntax)
    /// `operand.?field`.
    case optionalSelect(Syntax, field: String, fieldPlace: Place)
    /// `container[?index]`.
    case optionalIndex(Syntax, Syntax)
    /// An element of a list or the value of a map's key, written with `?` in front: it is left out when it is none.
    /// Stands nowhere else.
    case optionalElement(Syntax)
    case call(function: String, namePlace: Place, target: Syntax?, arguments: [Syntax], isAbsolute: Bool)
    case list([Syntax])
    case map([(key: Syntax, value: Syntax)])
    case prefix(PrefixOperator, Syntax)
    case binary(BinaryOperator, Syntax, Syntax)
    /// Two or more operands of `&&` (or `||`).
    case logic(isAnd: Bool, [Syntax])
    case conditional(Syntax, then: Syntax, otherwise: Syntax)
    /// Something that could not be read and has been reported.
    case invalid
  }

  let kind: Kind
  let place: Place
  /// Levels of expressions in this one, itself included.
  let height: Int

  var isOptionalElement: Bool { if case .optionalElement = kind { true } else { false } }

  init(_ kind: Kind, _ place: Place, over children: Int = 0) {
    self.kind = kind
    self.place = place
    height = children + 1
  }
}

enum PrefixOperator {
  case not, negate
}

enum BinaryOperator: String {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case isIn = "in"

  init?(_ kind: Token.Kind) {
    switch kind {
    case .plus: self = .add
    case .minus: self = .subtract
    case .times: self = .multiply
    case .divide: self = .divide
    case .remainder: self = .remainder
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessEqual: self = .lessEqual
    case .greater: self = .greater
    case .greaterEqual: self = .greaterEqual
    case .inWord: self = .isIn
    default: return nil
    }
  }

  /// How tightly it binds: 1 loosest. All of them associate to the left.
  var strength: Int {
    switch self {
    case .multiply, .divide, .remainder: 3
    case .add, .subtract: 2
    default: 1
    }
  }
}
