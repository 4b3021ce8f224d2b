import Values

/// How numbers that were measured are written for people: three digits after the point, more only where they are needed to
/// tell numbers apart.
package enum MeasuredNumber {
  private static let decimals = 3
  /// More of them say nothing: a `Double` has some 17 digits.
  private static let decimalsLimit = 15
  /// From here on numbers are written in full.
  private static let largest = 1e12

  package static func text(of number: Double, decimals: Int = decimals) -> String {
    guard abs(number) < largest, decimals < decimalsLimit else { return Value.double(number).displayText }
    return Value.double(rounded(number, decimals)).displayText
  }

  /// The fewest digits after the point, three at least, with which a number is written otherwise than others that it is
  /// not equal to.
  package static func decimals(telling number: Double, from others: [Double]) -> Int {
    (decimals..<decimalsLimit).first { decimals in
      others.allSatisfy { $0 == number || rounded($0, decimals) != rounded(number, decimals) }
    } ?? decimalsLimit
  }

  private static func rounded(_ number: Double, _ decimals: Int) -> Double {
    let unit = powersOfTen[decimals]
    return (number * unit).rounded() / unit
  }

  private static let powersOfTen: [Double] = (0...decimalsLimit).map { power in
    (0..<power).reduce(1) { product, _ in product * 10 }
  }
}
