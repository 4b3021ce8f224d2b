import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// Logs in the order of time, of every format that can be entered in its middle.
@Suite("Order of time")
struct TimeOrderTests {
  /// A format, with what writes the record of a second.
  struct Format: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: any AdapterKind
    var settings: [String: AdapterOptions.Setting] = [:]
    /// Columns that together tell a record from another.
    var question = "SELECT count(*) AS n, group_concat(raw) AS rows FROM log"
    let record: @Sendable (Int) -> String
  }

  private static let start: Int64 = 1_795_000_000

  private static func stamp(_ index: Int, _ format: String) -> String {
    var seconds = time_t(start + Int64(index))
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, format, &parts)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static let padding = String(repeating: "x", count: 220)

  static let formats = [
    Format(testDescription: "access log", kind: AccessLogKind(), settings: ["format": .text("combined")]) { index in
      "192.0.2.7 - - [\(stamp(index, "%d/%b/%Y:%H:%M:%S +0000"))] \"GET /\(index) HTTP/1.1\" 200 5 \"-\" \"\(padding)\"\n"
    },
    Format(testDescription: "access log in JSON", kind: AccessLogKind(), settings: ["format": .text("json")]) { index in
      #"{"time_iso8601":"\#(stamp(index, "%FT%T+00:00"))","remote_addr":"192.0.2.7","uri":"/\#(index)","x":"\#(padding)"}"#
        + "\n"
    },
    Format(
      testDescription: "Linux audit", kind: AuditKind(),
      question: "SELECT count(*) AS n, group_concat(path) AS rows FROM log"
    ) { index in
      """
      type=SYSCALL msg=audit(\(start + Int64(index)).120:\(index)): arch=c000003e syscall=257 success=yes exit=3 \
      a0=ffffff9c a1=7ffd29dfc5a0 a2=2 a3=0 items=1 ppid=1 pid=9 auid=0 uid=0 comm="cat" exe="/usr/bin/cat" key="k"
      type=CWD msg=audit(\(start + Int64(index)).120:\(index)): cwd="/srv"
      type=PATH msg=audit(\(start + Int64(index)).120:\(index)): item=0 name="/srv/\(index)" inode=1 nametype=NORMAL
      type=PROCTITLE msg=audit(\(start + Int64(index)).120:\(index)): proctitle="cat"

      """
    },
    Format(testDescription: "Linux audit, records", kind: AuditKind(), question: records) { index in
      "type=USER_LOGIN msg=audit(\(start + Int64(index)).120:\(index)): pid=1 uid=0 msg='op=\(padding) res=success'\n"
    },
    Format(testDescription: "ModSecurity 3 in JSON", kind: FirewallKind.any) { index in
      #"{"transaction":{"client_ip":"192.0.2.7","time_stamp":"\#(stamp(index, "%a %b %d %T %Y"))","unique_id":"\#(index)","#
        + #""request":{"uri":"/\#(padding)"},"messages":[]}}"# + "\n"
    },
    Format(testDescription: "rules of AWS WAF", kind: FirewallKind.any, question: rules) { index in
      #"{"timestamp":\#((start + Int64(index)) * 1_000),"formatVersion":1,"webaclId":"\#(padding)","action":"BLOCK","#
        + #""terminatingRuleId":"r\#(index)","terminatingRuleType":"REGULAR","httpRequest":{"clientIp":"192.0.2.7"}}"#
        + "\n"
    },
    Format(
      testDescription: "JSON Lines", kind: JSONLinesKind(),
      settings: ["columns": .columns([Column("time", .timestamp), Column("n", .int)])]
    ) { index in
      #"{"time":"\#(stamp(index, "%FT%TZ"))","n":\#(index),"x":"\#(padding)"}"# + "\n"
    },
    Format(
      testDescription: "pattern", kind: PatternKind(),
      settings: ["pattern": .text(#"(?P<time>\S+) (?P<n>\d+) (?P<x>.*)"#)]
    ) { index in
      "\(stamp(index, "%FT%TZ")) \(index) \(padding)\n"
    },
    Format(testDescription: "packets", kind: PacketLogKind()) { index in
      "\(stamp(index, "%FT%T+00:00")) gw kernel: IN=eth0 OUT= SRC=192.0.2.7 DST=192.0.2.1 LEN=\(index) \(padding) PROTO=TCP\n"
    },
  ]

  private static let records = "SELECT count(*) AS n, group_concat(serial) AS rows FROM log_records"
  private static let rules = "SELECT count(*) AS n, group_concat(name) AS rows FROM log_rules"

  private static func source(_ format: Format, _ folder: Folder, isOrdered: Bool) throws -> Asking {
    var settings = format.settings
    settings["path"] = .text("log")
    if isOrdered { settings["order"] = .text("time") }
    return try Asking(format.kind, settings, folder: folder.path)
  }

  private static func at(_ index: Int) -> Timestamp { Timestamp(seconds: start + Int64(index)) }

  private static func ask(_ source: Asking, _ format: Format, _ from: Int, _ to: Int) async throws -> QueryResult {
    try await source.fetch(
      format.question + " WHERE time BETWEEN ${from} AND ${to}", [("n", .int), ("rows", .string)],
      ["from": .timestamp(at(from)), "to": .timestamp(at(to))], window: TimeWindow(from: at(from), to: at(to)))
  }

  @Test(arguments: formats)
  func `what lies outside of the window is not read, and the answer is that of the whole log`(format: Format)
    async throws
  {
    let folder = try Folder()
    let count = (5 << 20) / format.record(9_999).utf8.count
    let bytes = Array((0..<count).map(format.record).joined().utf8)
    try folder.write("log", bytes)
    let whole = try Self.source(format, folder, isOrdered: false)
    for (from, to) in [(count / 2, count / 2 + 60), (0, 5), (count - 5, count + 900)] {
      // A source of its own each time, so that all that is read for the answer is counted.
      let part = try Self.source(format, folder, isOrdered: true)
      let answer = try await Self.ask(part, format, from, to)
      let expected = try await Self.ask(whole, format, from, to)
      #expect(answer.table?.cells.map { $0.map(\.displayText) } == expected.table?.cells.map { $0.map(\.displayText) })
      #expect(answer.table?.cells[0].first?.displayText != "0")
      #expect(answer.completeness == .complete)
      #expect(answer.warnings == [])
      let file = try #require(try (part.adapter as? LogAdapter)?.files.snapshot().files.first)
      // Places that are looked at in the search for the edges, the window itself, and what may stand out of order.
      let seconds = to - from + 2 * 300 + 60
      #expect(file.bytesRead < 3 << 20 + 2 * bytes.count / count * seconds, "\(file.bytesRead) of \(bytes.count)")
      #expect(answer.statistics.bytesRead < bytes.count / 10)
    }
  }

  @Test func `the program behind an event is known, although it was started before the window`() async throws {
    let folder = try Folder()
    let exec = """
      type=SYSCALL msg=audit(1795000000.100:0): arch=c000003e syscall=59 success=yes exit=0 items=1 ppid=1 pid=9 \
      comm="shop" exe="/usr/bin/perl"
      type=EXECVE msg=audit(1795000000.100:0): argc=2 a0="/usr/bin/perl" a1="/srv/shop.cgi"
      type=PATH msg=audit(1795000000.100:0): item=0 name="/srv/shop.cgi" inode=1 nametype=NORMAL
      type=PROCTITLE msg=audit(1795000000.100:0): proctitle="perl"

      """
    let format = Self.formats[2]
    let events = (1..<9_000).map { format.record($0).replacingOccurrences(of: "/usr/bin/cat", with: "/usr/bin/perl") }
    try folder.write("log", exec + events.joined())
    let source = try Self.source(format, folder, isOrdered: true)
    let rows = try await source.rows(
      "SELECT program FROM log WHERE time BETWEEN ${from} AND ${to}", [("program", .string)],
      ["from": .timestamp(Self.at(8_000)), "to": .timestamp(Self.at(8_001))])
    #expect(rows == [#"["/srv/shop.cgi"]"#])
  }

  @Test func `a log that is not in the declared order says so, also where the answer is right`() async throws {
    let folder = try Folder()
    let format = Self.formats[0]
    try folder.write("log", ((1_000..<2_000).map(format.record) + (0..<1_000).map(format.record)).joined())
    let source = try Self.source(format, folder, isOrdered: true)
    let result = try await Self.ask(source, format, 10, 20)
    #expect(result.table?.cells[0].first?.displayText == "11")
    #expect(result.completeness == .complete)
    #expect(result.warnings == ["log is not in the order of time, as the option `order` says, and was read as a whole"])
  }

  @Test func `a firewall's log in its own form is not entered in its middle`() async throws {
    let folder = try Folder()
    let forged = "--aaaaaaaa-A--\n[18/Nov/2026:11:06:41 +0000] forged 192.0.2.66 1 192.0.2.2 80\n--aaaaaaaa-Z--\n"
    var log = ""
    for index in 0..<9_000 {
      let key = String(10_000_000 + index)
      log += "--\(key)-A--\n[\(Self.stamp(index, "%d/%b/%Y:%H:%M:%S +0000"))] id\(index) 192.0.2.7 1 192.0.2.2 80\n"
      log += "--\(key)-C--\n\(Self.padding)\(Self.padding)\n\(forged)\n--\(key)-Z--\n\n"
    }
    try folder.write("log", log)
    var format = Self.formats[4]
    format.question = "SELECT count(*) AS n, group_concat(id) AS rows FROM log"
    let answer = try await Self.ask(try Self.source(format, folder, isOrdered: true), format, 1, 2)
    #expect(answer.table?.cells[1].first?.displayText == "id1,id2")
    format.settings["format"] = .text("modsecurity2-native")
    #expect(throws: BindingProblem.self) { try Self.source(format, folder, isOrdered: true) }
  }
}

extension TimeOrderTests.Format {
  fileprivate init(
    testDescription: String, kind: any AdapterKind, settings: [String: AdapterOptions.Setting] = [:],
    _ record: @escaping @Sendable (Int) -> String
  ) {
    self.init(testDescription: testDescription, kind: kind, settings: settings, record: record)
  }
}
