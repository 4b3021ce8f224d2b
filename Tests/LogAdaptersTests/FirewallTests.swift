import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("ModSecurity audit logs")
struct ModSecurityTests {
  private func source(_ path: String, in folder: Folder? = nil) throws -> Asking {
    try Asking(FirewallKind.any, ["path": .text(path)], folder: folder?.path ?? Asking.fixtures)
  }

  // Counted with Python's json over the same file.
  @Test func `transactions and rules of a capture are those that Python counts`() async throws {
    let log = try source("waf/modsec_json_cut.log")
    let result = try await log.fetch("SELECT count(*) AS n FROM log", [("n", .int)])
    #expect(result.table?.cells[0][0].displayText == "17")
    #expect(result.statistics.malformedRecords == 0)
    #expect(result.statistics.repairedRecords == 1)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE stopped") == 16)
    #expect(try await log.count("SELECT count(*) AS n FROM log_rules") == 74)
    #expect(try await log.count("SELECT count(*) AS n FROM log_rules WHERE rule = 942100") == 5)
    #expect(try await log.count("SELECT sum(rules) AS n FROM log") == 74 - 32)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE attack = '' AND rules > 0") == 0)
    #expect(
      try await log.count("SELECT count(*) AS n FROM log_rules WHERE class = '' AND rule / 1000 NOT IN (949, 980)") == 0
    )
  }

  @Test func `a transaction says who asked what and what became of it`() async throws {
    let rows = try await source("waf/modsec_json_cut.log").rows(
      """
      SELECT time, id, client, client_port, host, method, path, query, status, stopped, phase, engine_mode, attack, rules,
        anomaly_score FROM log LIMIT 1
      """,
      [
        ("time", .timestamp), ("id", .string), ("client", .ip), ("client_port", .int), ("host", .string),
        ("method", .string), ("path", .string), ("query", .string), ("status", .int), ("stopped", .bool),
        ("phase", .int), ("engine_mode", .string), ("attack", .string), ("rules", .int), ("anomaly_score", .int),
      ])
    #expect(
      rows == [
        #"["2026-11-23T03:34:05.684912Z","awO0LcGiYsZ28yFAMsAZAwAAABM","127.0.0.77",37596,"shop.example.test","GET","#
          + #""/cgi-bin/item","id=1%27%20OR%20%271%27%3D%271",403,true,2,"ENABLED","sqli",1,5]"#
      ])
  }

  @Test func `a log with part K names no attack where no rule but the rule set's own machinery matched`() async throws {
    let log = try source("waf/apache2_modsec_audit_json_partK_1event.log")
    let rows = try await log.rows(
      "SELECT attack, rules, stopped FROM log", [("attack", .string), ("rules", .int), ("stopped", .bool)])
    #expect(rows == [#"["",0,false]"#])
  }

  @Test func `a rule's parts are found by their keys, whatever the client wrote into them`() {
    let rule = MatchedRule(
      message:
        #"Warning. Pattern match "a\"] [id \"1\"]" at ARGS:x. [file "/etc/crs/942.conf"] [line "66"] [id "942100"] "#
        + #"[rev "1"] [msg "SQL \"x\" found"] [data "found "] [severity "NOTICE"] [tag "forged"] within"] "#
        + #"[severity "CRITICAL"] [ver "OWASP_CRS/3.3.4"] [tag "attack-sqli"] [tag "paranoia-level/1"]"#)
    #expect(rule.rule == 942_100)
    #expect(rule.message == #"SQL \"x\" found"#)
    #expect(rule.data == #"found "] [severity "NOTICE"] [tag "forged"] within"#)
    #expect(rule.severity == "CRITICAL")
    #expect(rule.version == "OWASP_CRS/3.3.4")
    #expect(rule.tags == ["attack-sqli", "paranoia-level/1"])
    #expect(rule.file == "/etc/crs/942.conf")
    #expect(rule.line == 66)
    #expect(rule.text == #"Warning. Pattern match "a\"] [id \"1\"]" at ARGS:x."#)
  }

  @Test(arguments: [
    "", "Error reading request body: Partial results are valid", #" [file "x"] [line "y"] [id "z"]"#, #"[id "942100"]"#,
    #" [file "x"] [line "1"] [id "5"] [data ""#, #" [file ""#, #" [file "x"] [line "1"] [id "99999999999999999999"]"#,
  ])
  func `a message that is none has no rule or only what is sure`(text: String) {
    let rule = MatchedRule(message: text)
    #expect(rule.severity == nil && rule.message == nil)
    #expect(rule.rule == (text.contains(#"[id "5"]"#) ? 5 : nil))
  }

  @Test(
    arguments: [
      (Int64(942_100), [], "sqli"), (941_100, [], "xss"), (932_105, [], "rce"), (949_110, ["attack-generic"], nil),
      (980_130, ["attack-sqli"], nil), (1_001, ["attack-lfi"], "lfi"), (1_001, [], nil), (955_100, [], "web-shell"),
      (200_002, [], nil), (913_100, ["attack-reputation-scanner"], "scanner"),
    ] as [(Int64, [String], String?)])
  func `rules are classed by thousands, others by their tags`(rule: Int64, tags: [String], expected: String?) {
    #expect(AttackClass.of(rule: rule, tags: tags) == expected)
  }

  @Test func `lines that are torn or foreign keep what can be known of them`() async throws {
    let folder = try Folder()
    let start =
      #"{"transaction":{"time":"23/Nov/2026:03:34:05.684912 +0000","transaction_id":"abc","remote_address":"192.0.2.1"}"#
    try folder.write(
      "a.json",
      """
      \(start),"request":{"request_line":"GET / HTTP/1.1","headers":{"Host":"x","Ho
      \(start),"request":{"headers":{"A":"1","A":"2"}}}
      {"other":1}
      not json
      \(start),"request":{"request_line":"\u{1b}[2J","headers":{}},"audit_data":{"messages":["x"]}}

      """)
    let result = try await source("a.json", in: folder).fetch(
      "SELECT line, id, client, problem IS NOT NULL AS bad FROM log",
      [("line", .int), ("id", .string), ("client", .ip), ("bad", .bool)])
    let table = try #require(result.table)
    #expect(
      (0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText } == [
        #"[1,"abc","192.0.2.1",true]"#, #"[2,"abc","192.0.2.1",false]"#, "[3,null,null,true]", "[4,null,null,true]",
        #"[5,"abc","192.0.2.1",true]"#,
      ])
    #expect(result.statistics.malformedRecords == 4)
    let window = try await source("a.json", in: folder).count("SELECT count(*) AS n FROM log WHERE time > '2026-11-23'")
    #expect(window == 3)
  }

  @Test func `an empty log is a firewall that wrote nothing down`() async throws {
    let folder = try Folder()
    try folder.write("a.json", "")
    let result = try await source("a.json", in: folder).fetch("SELECT id FROM log", [("id", .string)])
    #expect(result.table?.count == 0)
    #expect(result.completeness == .complete)
  }
}
