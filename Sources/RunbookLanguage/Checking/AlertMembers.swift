import CEL
import Diagnostics

/// What an expression reads of the alert. Whoever sends alerts may send what they like, so only what is written almost
/// like a member that Alertmanager's alerts have is doubted.
enum AlertMembers {
  /// Of an alert in the payload that Alertmanager posts, version 4.
  static let known = ["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"]

  static func findings(on alert: Reference, in part: Scope.Part) -> [Diagnostic] {
    let bytes = Array(part.source.utf8)
    return alert.ranges.compactMap { range in
      guard let member = member(behind: range.upperBound, in: bytes) else { return nil }
      let name = String(decoding: bytes[member], as: UTF8.self)
      guard !known.contains(name), let meant = nearestName(to: name, among: known) else { return nil }
      return .alertMember(name, meant: meant, at: part.location(of: member))
    }
  }

  /// The name behind the full stop that follows.
  static func member(behind end: Int, in bytes: [UInt8]) -> Range<Int>? {
    var start = bytes[end...].firstIndex { $0 > 0x20 } ?? bytes.count
    guard start < bytes.count, bytes[start] == UInt8(ascii: ".") else { return nil }
    start += 1
    if start < bytes.count, bytes[start] == UInt8(ascii: "?") { start += 1 }
    start = bytes[start...].firstIndex { $0 > 0x20 } ?? bytes.count
    let stop = bytes[start...].firstIndex { !isOfName($0) } ?? bytes.count
    // What is called is no member.
    guard start < stop, stop == bytes.count || bytes[stop] != UInt8(ascii: "(") else { return nil }
    return start..<stop
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (48...57).contains(byte) || (97...122).contains(byte | 0x20)
  }
}
