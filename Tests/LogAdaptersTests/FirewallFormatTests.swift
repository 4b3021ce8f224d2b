import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("Firewall logs of every format")
struct FirewallFormatTests {
  private static let asked: [(String, ColumnType)] = [
    ("time", .timestamp), ("id", .string), ("client", .ip), ("host", .string), ("method", .string), ("path", .string),
    ("query", .string), ("status", .int), ("stopped", .bool), ("attack", .string), ("rules", .int),
  ]

  private func rows(
    _ bytes: [UInt8], _ columns: [(String, ColumnType)] = Self.asked, _ settings: [String: String] = [:],
    from table: String = "log"
  ) async throws -> (rows: [String], result: QueryResult) {
    let folder = try Folder()
    try folder.write("a.log", bytes)
    let source = try Asking(
      FirewallKind.any,
      ["path": AdapterOptions.Setting.text("a.log")].merging(settings.mapValues { .text($0) }) { first, _ in first },
      folder: folder.path)
    let result = try await source.fetch(
      "SELECT \(columns.map { "\"\($0.0)\"" }.joined(separator: ", ")) FROM \(table)", columns)
    let found = try #require(result.table)
    return ((0..<found.count).map { row in JSON.array(found.cells.map { $0[row].json }).compactText }, result)
  }

  private static func native(_ key: String, body: String = "", end: Bool = true) -> String {
    """
    --\(key)-A--
    [23/Nov/2026:03:33:57.666577 +0000] id\(key) 192.0.2.7 50110 192.0.2.1 80
    --\(key)-B--
    POST /a?b=c HTTP/1.1
    HOST: shop.example.test
    Host: forged.example.test

    --\(key)-C--
    \(body)
    --\(key)-F--
    HTTP/1.1 403 Forbidden

    --\(key)-H--
    Message: Access denied with code 403 (phase 2). Pattern match "x" at ARGS:b. [file "/crs/942.conf"] [line "66"] [id "942100"] [msg "SQL"] [severity "CRITICAL"]
    Action: Intercepted (phase 2)
    Engine-Mode: "ENABLED"

    \(end ? "--\(key)-Z--\n" : "")

    """
  }

  private static func row(_ key: String) -> String {
    #"["2026-11-23T03:33:57.666577Z","id\#(key)","192.0.2.7","shop.example.test","POST","/a","b=c",403,true,"sqli",1]"#
  }

  @Test func `a body that looks like a transaction is a body`() async throws {
    let forged = Self.native("deadbeef").replacing("192.0.2.7", with: "198.51.100.1")
    let (rows, result) = try await rows(Array((Self.native("01234567", body: forged) + Self.native("89abcdef")).utf8))
    #expect(rows == [Self.row("01234567"), Self.row("89abcdef")])
    #expect(result.statistics.malformedRecords == 0)
    #expect(result.extent?.first == result.extent?.last)
  }

  @Test func `what a body forges widens no extent, even where the file's last part begins within a transaction`() {
    let lines = (Self.native("01234567", body: Self.native("deadbeef").replacing("2026", with: "2050")))
    let all = lines.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
    for start in 0..<all.count {
      let flat = all[start...].map { bytes in
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(copy)
      }
      defer { for buffer in flat { buffer.deallocate() } }
      let years = NativeBoundary.times(in: flat).map(\.shortDescription)
      #expect(years.allSatisfy { $0.hasPrefix("2026") }, "from line \(start): \(years)")
    }
  }

  @Test func `a transaction without an end is kept and does not swallow the next`() async throws {
    let torn = Self.native("01234567", end: false)
    let (rows, result) = try await rows(
      Array(("left over\n--feedf00d-H--\nMessage: x\n" + torn + Self.native("89abcdef")).utf8))
    #expect(rows.count == 3)
    #expect(rows.first == "[null,null,null,null,null,null,null,null,null,null,null]")
    #expect(rows.dropFirst().first == Self.row("01234567"))
    #expect(rows.last == Self.row("89abcdef"))
    #expect(result.statistics.malformedRecords == 2)
    #expect(result.statistics.recordsRead == 3)
  }

  @Test func `version 3 ends its messages with what the client asked for, which names no rule`() async throws {
    let text = """
      ---tTj5G31H---A--
      [23/Nov/2026:03:36:30 +0000] 179540499084.290048 192.0.2.7 47850 192.0.2.1 80
      ---tTj5G31H---B--
      GET /x HTTP/1.1

      ---tTj5G31H---F--
      HTTP/1.1 200

      ---tTj5G31H---H--
      ModSecurity: Warning. Matched. [file "/crs/942.conf"] [line "46"] [id "942100"] [rev ""] [msg "SQL"] [data "d"] [severity "2"] [ver "v"] [maturity "0"] [accuracy "0"] [tag "attack-sqli"] [hostname "h"] [uri "/a"] [severity "7"] [tag "x"] b"] [unique_id "179540499084.290048"] [ref "v21,12"]

      ---tTj5G31H---Z--

      """
    let (rules, _) = try await rows(
      Array(text.utf8),
      [("rule", .int), ("severity", .string), ("data", .string), ("tags", .list(.string)), ("class", .string)],
      from: "log_rules")
    #expect(rules == [#"[942100,"CRITICAL","d",["attack-sqli"],"sqli"]"#])
  }

  @Test(arguments: [
    (
      #"{"transaction":{"client_ip":"192.0.2.7","time_stamp":"Mon Nov 23 03:36:33 2026","unique_id":"u","request":{"method":"GET","http_version":1.1,"uri":"/a?b=c","headers":{"Host":"h","Host":"forged"}},"response":{"http_code":403},"producer":{"secrules_engine":"Enabled"},"messages":[{"message":"m","details":{"ruleId":"942100","severity":"2","tags":[]}},{"message":"Inbound Anomaly Score Exceeded (Total Score: 5)","details":{"ruleId":"949110","severity":"2"}}]}}"#,
      #"["2026-11-23T03:36:33Z","u","192.0.2.7","h","GET","/a","b=c",403,true,"sqli",1]"#
    ),
    (
      #"{"transaction":{"timestamp":"2026/11/23 03:36:33","unix_timestamp":1795404993000000001,"id":"u","client_ip":"192.0.2.7","request":{"method":"GET","protocol":"HTTP/1.1","uri":"/a?b=c","headers":{"host":["h"]}},"response":{"status":403},"is_interrupted":true},"messages":[{"message":"m","error_message":"","data":{"id":941100,"severity":2,"tags":["attack-xss"]}}]}"#,
      #"["2026-11-23T03:36:33.000000001Z","u","192.0.2.7","h","GET","/a","b=c",403,true,"xss",1]"#
    ),
    (
      #"{"transaction":{"timestamp":"2026/11/23 03:36:33","id":"u","client_ip":"192.0.2.7","request":{"method":"GET","uri":"/a"},"is_interrupted":false},"messages":[{"error_message":"Coraza: Warning. m [file \"/crs/932.conf\"] [line \"6\"] [id \"932100\"] [msg \"x\"] [severity \"critical\"]","data":null}]}"#,
      #"["2026-11-23T03:36:33Z","u","192.0.2.7",null,"GET","/a",null,null,false,"rce",1]"#
    ),
    (
      #"{"timestamp":1795404993123,"formatVersion":1,"webaclId":"arn","terminatingRuleId":"STMTest_SQLi_XSS","terminatingRuleType":"REGULAR","action":"BLOCK","terminatingRuleMatchDetails":[{"conditionType":"SQL_INJECTION","location":"HEADER","matchedData":["10","AND","1"]}],"ruleGroupList":[],"rateBasedRuleList":[],"nonTerminatingMatchingRules":[],"httpRequest":{"clientIp":"192.0.2.7","country":"-","headers":[{"name":"HOST","value":"h"}],"uri":"/a","args":"b=c","httpVersion":"HTTP/1.1","httpMethod":"GET","requestId":"u"},"labels":null}"#,
      #"["2026-11-23T03:36:33.123Z","u","192.0.2.7","h","GET","/a","b=c",null,true,"sqli",1]"#
    ),
    (
      #"{"timestamp":1795404993123,"webaclId":"arn","terminatingRuleId":"Default_Action","action":"ALLOW","ruleGroupList":[{"ruleGroupId":"AWS#AWSManagedRulesCommonRuleSet","terminatingRule":null,"nonTerminatingMatchingRules":[{"ruleId":"CrossSiteScripting_BODY","action":"COUNT","ruleMatchDetails":null}]}],"httpRequest":{"clientIp":"2001:DB8::7","uri":"/a","args":"","httpMethod":"GET","requestId":null}}"#,
      #"["2026-11-23T03:36:33.123Z",null,"2001:db8::7",null,"GET","/a",null,null,false,"xss",1]"#
    ),
    (
      #"{"Action":"block","ClientIP":"192.0.2.7","ClientRequestHost":"h","ClientRequestMethod":"GET","ClientRequestPath":"/a","ClientRequestQuery":"?b=c","Datetime":"2026-11-23T03:36:33Z","EdgeResponseStatus":403,"RuleID":"sqli-981176","Source":"waf","RayID":"u"}"#,
      #"["2026-11-23T03:36:33Z","u","192.0.2.7","h","GET","/a","b=c",403,true,"sqli",1]"#
    ),
    (
      #"{"action":"log","clientIP":"192.0.2.7","clientRequestPath":"/a","clientRequestQuery":"","datetime":1795404993000000000,"rayName":"u","ruleId":"l7ddos","source":"l7ddos"}"#,
      #"["2026-11-23T03:36:33Z","u","192.0.2.7",null,null,"/a",null,null,false,"dos",1]"#
    ),
    (
      #"{"Action":"something_new","ClientIP":"192.0.2.7","Datetime":1795404993,"RayID":"u"}"#,
      #"["2026-11-23T03:36:33Z","u","192.0.2.7",null,null,null,null,null,null,"",0]"#
    ),
  ])
  func `each firewall's record says the same things in the same columns`(line: String, row: String) async throws {
    let (rows, result) = try await rows(Array((line + "\n").utf8))
    #expect(rows == [row])
    #expect(result.statistics.malformedRecords == 0)
    #expect(result.extent?.first != nil)
  }

  @Test func `times that name no zone are in the zone of the option`() async throws {
    let line = #"{"transaction":{"client_ip":"192.0.2.7","time_stamp":"Mon Nov 23 03:36:33 2026","unique_id":"u"}}"#
    for (zone, time) in [
      ("UTC", "2026-11-23T03:36:33Z"), ("+02:00", "2026-11-23T01:36:33Z"), ("-0130", "2026-11-23T05:06:33Z"),
      ("Europe/Berlin", "2026-11-23T02:36:33Z"),
    ] {
      #expect(try await rows(Array(line.utf8), [("time", .timestamp)], ["zone": zone]).rows == ["[\"\(time)\"]"])
    }
    await #expect(throws: BindingProblem("there is no time zone `Mars/Olympus`", option: "zone")) {
      try await rows([], [("time", .timestamp)], ["zone": "Mars/Olympus"])
    }
  }

  @Test(arguments: FirewallFormat.Name.allCases.map(\.rawValue))
  func `foreign, torn, huge and hostile lines are kept, counted and marked`(format: String) async throws {
    var bytes: [UInt8] = Array("not a record\n{\"a\":1}\n[]\n{\"transaction\":\n".utf8)
    bytes += Array(#"{"transaction":{"time":"x","time_stamp":"x","timestamp":"x"}}"#.utf8) + [10]
    bytes += Array("--zz-A--\n--01234567-a--\n\u{1b}[2J\u{202e}\n".utf8) + [0xFF, 0xFE, 0x00, 10]
    bytes += Array(#"{"x":""#.utf8) + [UInt8](repeating: 65, count: 3 << 20) + [10]
    let (found, result) = try await rows(
      bytes, [("problem", .string), ("raw", .string), ("time", .timestamp)], ["format": format])
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { !$0.hasPrefix("[null") && $0.hasSuffix(",null]") })
    #expect(result.statistics.malformedRecords == result.statistics.recordsRead)
    #expect(result.statistics.repairedRecords == 1)
    #expect(result.completeness == .partial("none of its records was understood"))
  }

  @Test func `a format that is named reads no other`() async throws {
    let line = #"{"Action":"block","ClientIP":"192.0.2.7","Datetime":1795404993,"RayID":"u"}"#
    let (found, _) = try await rows(Array(line.utf8), [("problem", .string)], ["format": "aws"])
    #expect(found == [#"["the line is no record of the format aws"]"#])
  }

  @Test func `one file for each transaction is a log, too`() async throws {
    let folder = try Folder()
    for (day, key) in [("20261123", "01234567"), ("20261124", "89abcdef")] {
      let path = "\(folder.path)/audit/\(day)/\(day)-0333"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try folder.write("audit/\(day)/\(day)-0333/\(day)-033357-\(key)", Self.native(key))
    }
    for pattern in ["audit/**", "audit/*/*/*", "audit/**/*-033357-*"] {
      let source = try Asking(FirewallKind.any, ["path": .text(pattern)], folder: folder.path)
      #expect(try await source.count("SELECT count(DISTINCT id) AS n FROM log") == 2, "\(pattern)")
    }
  }
}
