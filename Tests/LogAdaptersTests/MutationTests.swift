import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Numbers that look random and are always the same.
private struct FixedRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

/// Text that means something to one of the formats.
private let tokens: [[UInt8]] =
  [
    "\"", "\\", "\\x", "[", "]", "] [", "{", "}", ":", ",", "=", " ", "\n", "\r\n", "-", "msg=audit(",
    "999999999999999999999", "a0[",
    "items=9223372036854775807", "99/Feb/2026:25:61:61 +9999", "\u{1b}[2J", "null", "\\u0000", "\\ud800", "é",
    "[file \"", "[id \"",
    "proctitle=", "name=", "Total Score: ", "-9223372036854775808", "NaN", "1e999", "#", "../../", "''",
  ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0x1D]]

private func mutated(_ bytes: [UInt8], _ random: inout FixedRandom) -> [UInt8] {
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...12, using: &random) where !bytes.isEmpty {
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...80, using: &random)))
    case 2: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: place)
    case 3: bytes.removeLast(bytes.count - place)
    default:
      let end = min(bytes.count, place + Int.random(in: 1...200, using: &random))
      bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
    }
  }
  return bytes
}

@Suite("Mutated captures")
struct MutationTests {
  struct Source: Sendable, CustomTestStringConvertible {
    let kind: String
    let fixture: String
    var settings: [String: AdapterOptions.Setting] = [:]
    var testDescription: String { "\(kind) \(fixture)" }
    /// Read as a whole, and refused as a whole.
    var isDocument: Bool { kind.hasSuffix("-report") || kind == "nft-ruleset" }

    static let all = [
      Source(kind: "access-log", fixture: "access/access_combined.log"),
      Source(
        kind: "access-log", fixture: "access/access_block_vhost_uid.log",
        settings: ["format": .text(#"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %{UNIQUE_ID}e %D"#)]),
      Source(kind: "linux-audit", fixture: "audit/audit_raw.log"),
      Source(kind: "linux-audit", fixture: "audit/audit_enriched.log"),
      Source(kind: "web-firewall", fixture: "waf/modsec_json_cut.log"),
      Source(kind: "web-firewall", fixture: "waf/modsec2_native_cut.log"),
      Source(kind: "web-firewall", fixture: "waf/modsec3_native_cut.log"),
      Source(kind: "web-firewall", fixture: "waf/modsec3_json_cut.log"),
      Source(kind: "aide-report", fixture: "aide/check_oddnames_json.json"),
      Source(kind: "aide-report", fixture: "aide/check_changed_plain.txt"),
      Source(kind: "tripwire-report", fixture: "tripwire/report_level4.txt"),
      Source(kind: "conntrack", fixture: "vnet/conntrack_L.txt"),
      Source(kind: "packet-log", fixture: "vnet/kernel_nft_log.txt", settings: ["boot": .text("2026-11-23T03:15:05Z")]),
      Source(kind: "nft-ruleset", fixture: "vnet/nft_ruleset.json"),
      Source(kind: "osquery", fixture: "osquery/results.log"),
      Source(
        kind: "access-log", fixture: "access/nginx_access_json.log", settings: ["format": .text("json")]),
      Source(
        kind: "pattern-log", fixture: "access/access_combined.log",
        settings: [
          "pattern": .text(
            #"(?P<client>\S+) \S+ (?P<user>.*?) \[(?P<time>[^\]]+)\] "(?P<request>.*)" (?P<status>\d+) .*"#)
        ]),
      Source(
        kind: "csv", fixture: "access/nginx_access_json.log",
        settings: ["columns": .columns([Column("time", .timestamp), Column("b", .int), Column("c", .ip)])]),
      Source(
        kind: "jsonl", fixture: "access/nginx_access_json.log",
        settings: [
          "columns": .columns([Column("time", .timestamp), Column("status", .int), Column("remote_addr", .ip)])
        ]),
    ]
  }

  @Test(arguments: Source.all)
  func `whatever stands in a file, it is read or refused with a reason`(source: Source) async throws {
    let kind = try #require(LogAdapterKinds.all.first { $0.name == source.kind })
    let whole = try Data(contentsOf: URL(fileURLWithPath: Asking.fixtures + "/" + source.fixture))
    var random = FixedRandom(state: 7)
    let folder = try Folder()
    var settings = source.settings
    settings["path"] = .text("mutated")
    let asking = try Asking(kind, settings, folder: folder.path)
    for _ in 0..<40 {
      let start = Int.random(in: 0..<max(1, whole.count - 6_000), using: &random)
      let piece = source.isDocument ? Array(whole) : Array(whole[start..<min(whole.count, start + 6_000)])
      try folder.write("mutated", mutated(piece, &random))
      for table in asking.adapter.schema.tables {
        let name = table.sqlName(in: "log")
        do {
          let result = try await asking.fetch(
            "SELECT * FROM \(name)", table.columns.map { ($0.name, $0.type) }, limits: FetchLimits(rows: 10_000))
          let bounded = try await asking.fetch(
            "SELECT count(*) AS n FROM \(name) WHERE \(table.columns[0].name) >= '2000-01-01T00:00:00.000000000Z'",
            [("n", .int)])
          let count = try #require(result.table?.count)
          guard case .int(let some)? = bounded.table?.cells[0][0] else { continue }
          #expect(Int(some) <= count)
        } catch AdapterError.unavailable {
          #expect(source.isDocument, "a log is readable whatever it holds")
        }
      }
    }
  }
}
