extension JSON {
  /// Writes a number in its canonical form behind what stands there.
  static func write(_ value: Double, to output: inout [UInt8]) {
    if let decimal = ShortDecimal(value) {
      decimal.write(to: &output)
    } else {
      copy(ecmaScriptText(of: value), to: &output)
    }
  }

  /// A number as ECMAScript's `Number::toString` prints it (ECMA-262, 6.1.6.1.20). JSON has no word for what is not a
  /// finite number; such values become `null`.
  static func ecmaScriptText(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    guard value != 0 else { return "0" }
    // Swift prints the same digits; without an exponent it differs in the `.0` of whole numbers alone.
    let printed = value.description
    if !printed.utf8.contains(UInt8(ascii: "e")) {
      let isWhole = printed.utf8.suffix(2).elementsEqual(".0".utf8)
      return isWhole ? String(Substring(printed.utf8.dropLast(2))) : printed
    }
    let (digits, exponent) = shortestDigits(of: value.magnitude)
    let sign = value < 0 ? "-" : ""
    let count = digits.count
    // The decimal point stands behind the first `exponent` digits.
    if exponent >= count, exponent <= 21 {
      return sign + digits + String(repeating: "0", count: exponent - count)
    }
    if exponent > 0, exponent <= 21 {
      return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    }
    if exponent > -6, exponent <= 0 {
      return sign + "0." + String(repeating: "0", count: -exponent) + digits
    }
    let power = exponent - 1
    let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
    return "\(sign)\(mantissa)e\(power < 0 ? "-" : "+")\(abs(power))"
  }

  /// The fewest decimal digits that read back as the value, and the position of the decimal point among them.
  private static func shortestDigits(of value: Double) -> (digits: String, exponent: Int) {
    let text = value.description
    let parts = text.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(mantissa[0])
    var fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
    if fraction == "0" { fraction = "" }
    var digits = whole + fraction
    var exponent = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (digits, exponent)
  }
}

/// A number of few digits, as most that are measured are.
///
/// Two numbers of at most fifteen digits are never the same `Double`. So one of them that is a value is the shortest text
/// for it, and no other text is canonical.
struct ShortDecimal {
  /// Most digits that a number has.
  static let digitLimit = 15
  /// By the number of zeros. All of them are exact, and so the quotient of a whole number and one of them is the nearest
  /// to what it stands for.
  private static let powersOfTen = (0...digitLimit).map { zeros in (0..<zeros).reduce(1.0) { power, _ in power * 10 } }
  private static let written: (places: Int, magnitude: Double) = (4, 1e11)

  /// The digits, as a whole number.
  let digits: Int64
  /// How many of them stand behind the point; the last is no zero.
  let places: Int

  /// - Returns: `nil` for a number with more digits, or one that is written otherwise.
  init?(_ value: Double) {
    guard value.magnitude < Self.written.magnitude else { return nil }
    for places in 0...Self.written.places {
      let power = Self.powersOfTen[places]
      let scaled = (value * power).rounded()
      guard scaled / power == value else { continue }
      (digits, self.places) = (Int64(scaled), places)
      return
    }
    return nil
  }

  /// - Parameters:
  ///   - digits: At most fifteen.
  ///   - places: At least one, and the last digit is no zero.
  /// - Returns: `nil` for a number that is canonical with an exponent only.
  static func value(digits: Int64, places: Int) -> Double? {
    let value = Double(digits) / powersOfTen[places]
    return value >= 1e-6 ? value : nil
  }

  func write(to output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.digitLimit + 3) { buffer in
      var (rest, start) = (digits.magnitude, buffer.count)
      func put(_ byte: UInt8) {
        start -= 1
        buffer[start] = byte
      }
      while rest > 0 || buffer.count - start <= places {
        if places > 0, buffer.count - start == places { put(UInt8(ascii: ".")) }
        put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
      }
      if digits < 0 { put(UInt8(ascii: "-")) }
      output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start...]))
    }
  }
}
