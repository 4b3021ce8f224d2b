/// Durations as CEL writes them: `1h30m`, `1.5s`, `-250ms`.
enum DurationText {
  private static let units: [(name: [UInt8], nanoseconds: Int64)] = [
    (Array("ns".utf8), 1), (Array("us".utf8), 1_000), (Array("\u{B5}s".utf8), 1_000), (Array("\u{3BC}s".utf8), 1_000),
    (Array("ms".utf8), 1_000_000), (Array("s".utf8), 1_000_000_000), (Array("m".utf8), 60_000_000_000),
    (Array("h".utf8), 3_600_000_000_000), (Array("d".utf8), 86_400_000_000_000),
  ]

  /// - Returns: `nil` for anything else, and beyond nanoseconds of 64 bits. Parts of a nanosecond are dropped.
  static func duration(_ text: String) -> Duration? {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    if rest.elementsEqual([UInt8(ascii: "0")]) { return .zero }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let part = takePart(&rest) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow else { return nil }
      total = sum
    }
    return .nanoseconds(isNegative ? -total : total)
  }

  /// A number with its unit, in nanoseconds.
  private static func takePart(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = rest.prefix(while: isDigit)
      rest = rest.dropFirst(fraction.count)
    }
    guard !(whole.isEmpty && fraction.isEmpty) else { return nil }
    let name = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
    guard let unit = units.first(where: { $0.name.elementsEqual(name) }) else { return nil }
    rest = rest.dropFirst(name.count)
    guard let count = whole.isEmpty ? 0 : Int64(String(decoding: whole, as: UTF8.self)) else { return nil }
    let (result, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
    guard !overflow else { return nil }
    var part: Int64 = 0
    var weight = unit.nanoseconds
    // More digits than the unit has nanoseconds for say nothing that is kept.
    for digit in fraction.prefix(15) {
      // A minute or an hour is no power of ten, so the digits' weights are not whole; the remainder is below a
      // nanosecond.
      weight /= 10
      part += Int64(digit - 48) * weight
    }
    let (sum, sumOverflow) = result.addingReportingOverflow(part)
    return sumOverflow ? nil : sum
  }

  /// Seconds, with as many digits of fraction as needed, and `s`.
  static func text(of duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
    var digits = String((attoseconds / 1_000_000_000).magnitude)
    digits = String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(sign)\(seconds.magnitude)\(digits.isEmpty ? "" : "." + digits)s"
  }
}
