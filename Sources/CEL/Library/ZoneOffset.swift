import Foundation
import Values

/// Differences between local time and UTC, from the system's time zone database.
enum ZoneOffset {
  /// What a look-up costs.
  static let steps = 50
  private static let longestName = 64

  /// - Parameter zone: A name such as `Europe/Zurich`, or an offset such as `+02:00` or `02:00`.
  /// - Returns: `nil` if there is no such zone.
  static func seconds(in zone: String, at instant: Timestamp) -> Int64? {
    if let fixed = fixedOffset(zone) { return fixed }
    guard (1...longestName).contains(zone.utf8.count), zone.utf8.allSatisfy(isNamePart),
      let found = TimeZone(identifier: zone)
    else { return nil }
    return Int64(found.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.seconds))))
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    isDigit(byte) || (97...122).contains(byte | 0x20) || "_-+/".utf8.contains(byte)
  }

  private static func fixedOffset(_ text: String) -> Int64? {
    var bytes = Array(text.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(isDigit) }),
      let hours = Int64(String(decoding: parts[0], as: UTF8.self)), hours < 24,
      let minutes = Int64(String(decoding: parts[1], as: UTF8.self)), minutes < 60
    else { return nil }
    return (isNegative ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }
}
