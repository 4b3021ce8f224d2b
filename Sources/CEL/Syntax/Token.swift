/// A word of the language, with the bytes it was read from.
struct Token {
  enum Kind: Equatable {
    case identifier, quotedIdentifier
    case int, uint, double, string, bytes
    case trueWord, falseWord, nullWord, inWord
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case comma, dot, colon, question
    case or, and, not, equal, notEqual, less, lessEqual, greater, greaterEqual
    case plus, minus, times, divide, remainder
    /// A sign of another language: `=`, `&`, `|`, `===`, `<>`, `;`.
    case foreign
    /// Something that is no token and has been reported.
    case invalid
    case end
  }

  let kind: Kind
  let place: Place
}

/// Words that may not name a variable.
let reservedWords: Set<String> = [
  "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
  "return", "var", "void", "while",
]
