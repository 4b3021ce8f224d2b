import Values

/// How a firewall writes its log. The records of all formats make the same tables.
struct FirewallFormat: Sendable {
  enum Name: String, CaseIterable {
    case modsecurity2Native = "modsecurity2-native"
    case modsecurity2JSON = "modsecurity2-json"
    case modsecurity3Native = "modsecurity3-native"
    case modsecurity3JSON = "modsecurity3-json"
    case coraza
    case aws
    case cloudflare
  }

  /// `nil`: each record's own first bytes and members tell.
  let name: Name?
  /// Of times that name no zone.
  let zone: LocalZone

  var isNative: Bool { name == .modsecurity2Native || name == .modsecurity3Native }
  private func allows(_ other: Name) -> Bool { name == nil || name == other }

  /// A record in JSON.
  ///
  /// - Returns: `nil` if it is none of the formats.
  func transaction(_ json: JSON) -> (any FirewallTransaction)? {
    if allows(.modsecurity2JSON), let found = ModSecurity2JSON(json) { return found }
    if allows(.modsecurity3JSON), let found = ModSecurity3JSON(json, zone: zone) { return found }
    if allows(.coraza), let found = CorazaJSON(json, zone: zone) { return found }
    if allows(.aws), let found = AWSFirewallLog(json) { return found }
    if allows(.cloudflare), let found = CloudflareFirewallEvent(json) { return found }
    return nil
  }

  /// Whether a line begins a record in ModSecurity's own form.
  func boundary(_ line: UnsafeRawBufferPointer) -> NativeBoundary? {
    guard let boundary = NativeBoundary(line),
      allows(boundary.isVersion3 ? .modsecurity3Native : .modsecurity2Native)
    else { return nil }
    return boundary
  }

  /// The time of a line in JSON, for the order of files. ModSecurity 2 writes it first.
  func time(of line: UnsafeRawBufferPointer) -> Timestamp? {
    let start = Array(#"{"transaction":{"time":""#.utf8)
    if line.starts(with: start), let end = line[start.count...].prefix(64).firstIndex(of: UInt8(ascii: "\"")) {
      return LogTime.commonLog(UnsafeRawBufferPointer(rebasing: line[start.count..<end]))
    }
    guard line.first == UInt8(ascii: "{"), let json = try? JSON(parsing: line, repairingUTF8: true) else { return nil }
    return transaction(json)?.time
  }

  /// The times of the records that begin in a part of a file.
  ///
  /// - Parameter isStart: Whether the part begins where the file does.
  func times(in bytes: UnsafeRawBufferPointer, isStart: Bool) -> [Timestamp] {
    let lines = bytes.split(separator: 10).map { UnsafeRawBufferPointer(rebasing: $0) }
    if isNative || name == nil && lines.contains(where: { boundary($0) != nil }) {
      return NativeBoundary.times(in: lines)
    }
    return lines.compactMap(time)
  }
}
