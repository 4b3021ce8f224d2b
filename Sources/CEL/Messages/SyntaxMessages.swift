// What the parser says, one factory for each message.

extension CELProblem {
  static func sourceTooLong(codePoints: Int) -> CELProblem {
    CELProblem(
      .tooLong, "the expression is \(codePoints) characters long; at most \(CELLimits.sourceCodePoints) are read",
      at: 0..<0)
  }

  static func tooDeep(at place: Place) -> CELProblem {
    CELProblem(.tooDeep, "brackets and signs are nested deeper than \(CELLimits.nesting) levels", at: place)
  }

  static func chainTooLong(at place: Place) -> CELProblem {
    CELProblem(.tooDeep, "more than \(CELLimits.chain) operators or selections follow each other", at: place)
  }

  static func tooManyVariables(at place: Place) -> CELProblem {
    CELProblem(.tooDeep, "more than \(CELLimits.variables) variables of macros are in scope", at: place)
  }

  static func comprehensionsTooDeep(at place: Place) -> CELProblem {
    CELProblem(
      .tooDeep,
      "all, exists, exists_one, filter, map and transforms stand in one another deeper than "
        + "\(CELLimits.comprehensionNesting) levels", at: place)
  }

  static func emptyExpression(at place: Place) -> CELProblem {
    CELProblem(.syntax, "the expression is empty", at: place)
  }

  static func unexpected(_ found: String, expecting wanted: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "found \(found) where \(wanted) is due", at: place)
  }

  static func unterminated(_ what: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "\(what) begins here and does not end", at: place)
  }

  static func strayCharacter(_ text: String, at place: Place) -> CELProblem {
    let shown = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    let code = text.unicodeScalars.first.map { "U+" + String($0.value, radix: 16, uppercase: true) } ?? ""
    let advice = ForeignHabits.advice(forSign: text).map { "; \($0)" } ?? ""
    return CELProblem(.syntax, "the character \(shown ? "'\(text)'" : code) means nothing here\(advice)", at: place)
  }

  static func badEscape(_ text: String, at place: Place) -> CELProblem {
    CELProblem(
      .syntax, "'\(text)' is no escape sequence; a backslash itself is written '\\\\', or the whole string as r\"…\"",
      at: place)
  }

  static func numberTooLarge(_ text: String, _ type: String, at place: Place) -> CELProblem {
    CELProblem(.badLiteral, "'\(text.prefix(40))' is not a number that \(type) can hold", at: place)
  }

  static func foreignOperator(_ written: String, means meant: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "'\(written)' is no operator; did you mean '\(meant)'?", at: place, suggestion: meant)
  }

  static func reservedWord(_ word: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "'\(word)' is a reserved word and names nothing", at: place)
  }

  static func nestedConditional(at place: Place) -> CELProblem {
    CELProblem(.syntax, "a '?:' between '?' and ':' needs parentheses around it", at: place)
  }

  static func optionalCall(_ function: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "'.?' selects a field; the function '\(function)' is called with '.'", at: place)
  }
}

// Habits of other languages.
extension CELProblem {
  /// A mistake of which it is plain what was meant.
  private static func offer(_ meant: String, _ message: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "\(message); did you mean '\(meant.prefix(80))'?", at: place, suggestion: meant)
  }

  static func foreignWord(_ advice: String, at place: Place) -> CELProblem { CELProblem(.syntax, advice, at: place) }

  static func foreignSign(_ sign: String, _ advice: String, at place: Place) -> CELProblem {
    CELProblem(.syntax, "'\(sign)' is no operator; \(advice)", at: place)
  }

  static func typographicQuotes(_ text: String, at place: Place) -> CELProblem {
    offer("\"\(text)\"", "a text stands in \" or ', not in typographic quotation marks", at: place)
  }

  static func adjacentTexts(at place: Place) -> CELProblem {
    CELProblem(
      .syntax, "a text follows a text; a quote inside one is written \\' or \\\", and '+' joins two", at: place)
  }

  static func quotedName(_ written: String, at place: Place) -> CELProblem {
    offer(
      "\"\(written.dropFirst().dropLast())\"",
      "\(written.prefix(40)) is a name, and such a one stands behind a '.' only", at: place)
  }

  static func listInParentheses(_ elements: String, at place: Place) -> CELProblem {
    offer("[\(elements)]", "a list stands in square brackets", at: place)
  }

  static func slice(at place: Place) -> CELProblem {
    CELProblem(.syntax, "nothing is cut with ':'; a part of a text is text.substring(from, to)", at: place)
  }

  static func slashPattern(at place: Place) -> CELProblem {
    CELProblem(.syntax, "found '/' where a value is due; a pattern is a text, as in text.matches(\"^a\")", at: place)
  }

  static func bareDuration(_ text: String, at place: Place) -> CELProblem {
    offer("duration(\"\(text)\")", "a duration is made of a text", at: place)
  }

  static func groupedDigits(_ text: String, at place: Place) -> CELProblem {
    offer(text.filter { $0 != "_" }, "the digits of a number stand together", at: place)
  }
}
