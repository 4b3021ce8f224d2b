import Values

extension Parser {
  // MARK: Selections, indices, calls

  mutating func members(of operand: Syntax) -> Syntax {
    var result = operand
    while true {
      switch current.kind {
      case .dot: result = selection(from: result)
      case .leftBracket:
        advance()
        let isOptional = accept(.question)
        let index = expression()
        let end = current.place.upperBound
        close(.rightBracket, "']'")
        result = make(
          isOptional ? .optionalIndex(result, index) : .index(result, index), result.place.lowerBound..<end,
          [result, index])
      default: return result
      }
    }
  }

  private mutating func selection(from operand: Syntax) -> Syntax {
    advance()
    let mark = current
    let isOptional = accept(.question)
    let name = current
    switch name.kind {
    case .identifier, .inWord, .trueWord, .falseWord, .nullWord:
      advance()
      let field = text(name)
      if current.kind == .leftParenthesis {
        if isOptional { report(.optionalCall(field, at: mark.place)) }
        let (arguments, end) = arguments()
        return make(
          .call(function: field, namePlace: name.place, target: operand, arguments: arguments, isAbsolute: false),
          operand.place.lowerBound..<end, [operand] + arguments)
      }
      if name.kind != .identifier {
        report(.unexpected(describe(name), expecting: "the name of a field", at: name.place))
      }
      return make(field: field, of: operand, isOptional: isOptional, at: name.place)
    case .quotedIdentifier:
      advance()
      let field = String(text(name).dropFirst().dropLast())
      return make(field: field, of: operand, isOptional: isOptional, at: name.place)
    default:
      report(.unexpected(describe(name), expecting: "the name of a field", at: name.place))
      return Syntax(.invalid, operand.place)
    }
  }

  private mutating func make(field: String, of operand: Syntax, isOptional: Bool, at place: Place) -> Syntax {
    make(
      isOptional
        ? .optionalSelect(operand, field: field, fieldPlace: place)
        : .select(operand, field: field, fieldPlace: place), operand.place.lowerBound..<place.upperBound, [operand])
  }

  /// Arguments in parentheses, and where they end.
  private mutating func arguments() -> ([Syntax], Int) {
    advance()
    let list = elements(until: .rightParenthesis)
    let end = current.place.upperBound
    close(.rightParenthesis, "',' or ')'")
    return (list, end)
  }

  private mutating func elements(until closing: Token.Kind, allowsTrailingComma: Bool = false) -> [Syntax] {
    var list: [Syntax] = []
    while current.kind != closing, current.kind != .end {
      let start = current.place.lowerBound
      let isOptional = closing == .rightBracket && accept(.question)
      let element = expression()
      list.append(
        isOptional ? make(.optionalElement(element), start..<element.place.upperBound, [element]) : element)
      guard accept(.comma) else { break }
      if current.kind == closing, !allowsTrailingComma {
        report(.unexpected(describe(current), expecting: "another argument", at: current.place))
      }
    }
    return list
  }

  /// Takes the closing bracket; reports what stands before it, and skips that.
  mutating func close(_ kind: Token.Kind, _ wanted: String) {
    if accept(kind) { return }
    if kind == .rightBracket, current.kind == .colon {
      report(.slice(at: current.place))
    } else {
      report(habit() ?? .unexpected(describe(current), expecting: wanted, at: current.place))
    }
    var open = 0
    while current.kind != .end {
      switch current.kind {
      case .leftParenthesis, .leftBracket, .leftBrace: open += 1
      case .rightParenthesis, .rightBracket, .rightBrace:
        if open == 0 {
          if current.kind == kind { advance() }
          return
        }
        open -= 1
      default: break
      }
      advance()
    }
  }

  // MARK: Operands

  mutating func primary() -> Syntax {
    let token = current
    switch token.kind {
    case .int, .uint, .double, .string, .bytes, .trueWord, .falseWord, .nullWord:
      advance()
      return numberWithUnit(token) ?? literal(token)
    case .identifier: return name(isAbsolute: false, from: token.place.lowerBound)
    case .dot where peek(1).kind == .identifier:
      advance()
      return name(isAbsolute: true, from: token.place.lowerBound)
    case .leftParenthesis:
      advance()
      let inner = expression()
      if current.kind == .comma { return tuple(from: token, inner) }
      let end = current.place.upperBound
      close(.rightParenthesis, "')'")
      return Syntax(inner.kind, token.place.lowerBound..<max(end, inner.place.upperBound), over: inner.height - 1)
    case .leftBracket:
      advance()
      let list = elements(until: .rightBracket, allowsTrailingComma: true)
      let end = current.place.upperBound
      close(.rightBracket, "',' or ']'")
      return make(.list(list), token.place.lowerBound..<end, list)
    case .leftBrace: return map()
    case .quotedIdentifier:
      advance()
      report(.quotedName(text(token), at: token.place))
      return Syntax(.invalid, token.place)
    case .divide:
      report(.slashPattern(at: token.place))
      return Syntax(.invalid, token.place)
    case .invalid:
      var end = token.place.upperBound
      while current.kind == .invalid {
        end = current.place.upperBound
        advance()
      }
      // What follows without a blank belongs to it, such as the name in `$name`.
      return startsOperand(current.kind) && current.place.lowerBound == end ? primary() : Syntax(.invalid, token.place)
    default:
      report(.unexpected(describe(token), expecting: "a value", at: token.place))
      return Syntax(.invalid, token.place)
    }
  }

  /// A list in parentheses, as SQL has it; it is reported, and read nevertheless.
  private mutating func tuple(from start: Token, _ first: Syntax) -> Syntax {
    advance()
    let list = [first] + elements(until: .rightParenthesis)
    let place = start.place.lowerBound..<current.place.upperBound
    let isClosed = current.kind == .rightParenthesis
    close(.rightParenthesis, "')'")
    if isClosed {
      let inner = String(decoding: bytes[place.dropFirst().dropLast()], as: UTF8.self)
      report(.listInParentheses(inner, at: place))
    }
    return make(.list(list), place, list)
  }

  private mutating func name(isAbsolute: Bool, from start: Int) -> Syntax {
    let token = current
    let word = text(token)
    advance()
    if current.kind == .leftParenthesis {
      let (arguments, end) = arguments()
      return make(
        .call(function: word, namePlace: token.place, target: nil, arguments: arguments, isAbsolute: isAbsolute),
        start..<end, arguments)
    }
    if reservedWords.contains(word) {
      if let advice = ForeignHabits.advice(forReserved: word) {
        giveUp(.foreignWord(advice, at: token.place))
        return Syntax(.invalid, token.place)
      }
      report(.reservedWord(word, at: token.place))
      return Syntax(.invalid, token.place)
    }
    return Syntax(.name(word, isAbsolute: isAbsolute), start..<token.place.upperBound)
  }

  private mutating func map() -> Syntax {
    let start = current.place.lowerBound
    advance()
    var entries: [(key: Syntax, value: Syntax)] = []
    while current.kind != .rightBrace, current.kind != .end {
      let isOptional = accept(.question)
      let key = expression()
      guard expect(.colon, "':' and the value of the key") else { break }
      let value = expression()
      entries.append((key, isOptional ? make(.optionalElement(value), value.place, [value]) : value))
      guard accept(.comma) else { break }
    }
    let end = current.place.upperBound
    close(.rightBrace, "',' or '}'")
    return make(.map(entries), start..<end, entries.map(\.key) + entries.map(\.value))
  }
}
