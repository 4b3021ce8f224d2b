import Values

// Literals.
extension Parser {
  /// A number with letters directly behind it: a duration as people write it, or digits in groups.
  mutating func numberWithUnit(_ token: Token) -> Syntax? {
    guard token.kind == .int || token.kind == .double, current.kind == .identifier,
      current.place.lowerBound == token.place.upperBound
    else { return nil }
    let place = token.place.lowerBound..<current.place.upperBound
    let written = String(decoding: bytes[place], as: UTF8.self)
    if DurationText.duration(written) != nil {
      report(.bareDuration(written, at: place))
    } else if token.kind == .int, written.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") }) {
      report(.groupedDigits(written, at: place))
    } else {
      return nil
    }
    advance()
    return Syntax(.invalid, place)
  }

  mutating func literal(_ token: Token) -> Syntax {
    switch token.kind {
    case .trueWord: return Syntax(.literal(.bool(true)), token.place)
    case .falseWord: return Syntax(.literal(.bool(false)), token.place)
    case .nullWord: return Syntax(.literal(.null), token.place)
    case .string, .bytes:
      var decoder = LiteralDecoder(token, in: bytes)
      let value = decoder.decode()
      if let problem = decoder.problem { report(problem) }
      return Syntax(.literal(value), token.place)
    case .double:
      let number = Double(text(token)) ?? .infinity
      if !number.isFinite { report(.numberTooLarge(text(token), "double", at: token.place)) }
      return Syntax(.literal(.double(number)), token.place)
    case .uint:
      guard let number = wholeNumber(text(token)[...]) else {
        report(.numberTooLarge(text(token), "uint", at: token.place))
        return Syntax(.literal(.uint(0)), token.place)
      }
      return Syntax(.literal(.uint(number)), token.place)
    default:
      guard let number = wholeNumber(text(token)[...]).flatMap(Int64.init(exactly:)) else {
        report(.numberTooLarge(text(token), "int", at: token.place))
        return Syntax(.literal(.int(0)), token.place)
      }
      return Syntax(.literal(.int(number)), token.place)
    }
  }

  /// A minus sign and the number behind it, if they stand here. The sign is part of the number: -9223372036854775808
  /// is one, its magnitude is not.
  mutating func negativeNumber() -> Syntax? {
    let token = peek(1)
    let place = current.place.lowerBound..<token.place.upperBound
    switch token.kind {
    case .int:
      guard let magnitude = wholeNumber(text(token)[...]), magnitude <= Int64.max.magnitude + 1 else { return nil }
      advance()
      advance()
      return Syntax(.literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), place)
    case .double:
      guard let number = Double(text(token)), number.isFinite else { return nil }
      advance()
      advance()
      return Syntax(.literal(.double(-number)), place)
    default: return nil
    }
  }
}
