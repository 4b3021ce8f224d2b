/// Writes rows of `timestamp,value,score,expected,low,high,breached`.
package enum ScoredRow {
  package static let header = "timestamp,value,score,expected,low,high,breached"

  /// - Parameter isBreached: `nil` for a row that was not judged, whose figures are empty.
  package static func append(
    time: some Collection<UInt8>, value: some Collection<UInt8>, _ judgement: PointJudgement, isBreached: Bool?,
    suffix: [UInt8] = [], to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: time)
    bytes.append(UInt8(ascii: ","))
    bytes.append(contentsOf: value)
    for number in [judgement.score, judgement.expected, judgement.low, judgement.high] {
      bytes.append(UInt8(ascii: ","))
      if let number { append(number, to: &bytes) }
    }
    bytes.append(UInt8(ascii: ","))
    if let isBreached { (isBreached ? yes : no).withUTF8Buffer { bytes.append(contentsOf: $0) } }
    bytes.append(contentsOf: suffix)
    bytes.append(UInt8(ascii: "\n"))
  }

  private static let yes: StaticString = "true"
  private static let no: StaticString = "false"
  private static let decimals = 1e6

  /// Six decimals, without zeros at the end; very large and very small numbers in full.
  package static func append(_ number: Double, to bytes: inout [UInt8]) {
    guard abs(number) < 1e12, number == 0 || abs(number) >= 1e-4 else {
      return bytes.append(contentsOf: "\(number)".utf8)
    }
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let scaled = UInt64((abs(number) * decimals).rounded())
    append(scaled / UInt64(decimals), to: &bytes)
    var (fraction, digits) = (scaled % UInt64(decimals), 6)
    guard fraction > 0 else { return }
    while fraction % 10 == 0 { (fraction, digits) = (fraction / 10, digits - 1) }
    bytes.append(UInt8(ascii: "."))
    let start = bytes.count
    for _ in 0..<digits { bytes.append(0x30) }
    for place in stride(from: start + digits - 1, through: start, by: -1) {
      bytes[place] = 0x30 + UInt8(fraction % 10)
      fraction /= 10
    }
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    guard number >= 10 else { return bytes.append(0x30 + UInt8(number)) }
    let start = bytes.count
    var rest = number
    while rest > 0 {
      bytes.append(0x30 + UInt8(rest % 10))
      rest /= 10
    }
    bytes[start...].reverse()
  }
}
