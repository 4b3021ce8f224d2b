import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("Logs of the Linux firewall")
struct NetfilterTests {
  private func rows(
    _ kind: any AdapterKind, _ text: String, _ columns: [(String, ColumnType)], _ settings: [String: String] = [:],
    from table: String = "log"
  ) async throws -> (rows: [String], result: QueryResult) {
    let folder = try Folder()
    try folder.write("a", text)
    let all = ["path": AdapterOptions.Setting.text("a")]
      .merging(settings.mapValues { .text($0) }) { first, _ in first }
    let result = try await Asking(kind, all, folder: folder.path).fetch(
      "SELECT \(columns.map(\.0).joined(separator: ", ")) FROM \(table)", columns)
    let found = try #require(result.table)
    return ((0..<found.count).map { row in JSON.array(found.cells.map { $0[row].json }).compactText }, result)
  }

  private static let flow: [(String, ColumnType)] = [
    ("event", .string), ("family", .string), ("protocol", .string), ("state", .string), ("src", .ip), ("dport", .int),
    ("packets", .int), ("reply_src", .ip), ("reply_bytes", .int), ("assured", .bool), ("unreplied", .bool),
  ]

  @Test(arguments: [
    (
      "ipv4     2 tcp      6 118 TIME_WAIT src=192.0.2.1 dst=192.0.2.2 sport=1 dport=5432 src=192.0.2.2 dst=192.0.2.1 sport=5432 dport=1 [ASSURED] mark=0 use=1",
      #"[null,"ipv4","tcp","TIME_WAIT","192.0.2.1",5432,null,"192.0.2.2",null,true,false]"#
    ),
    (
      "tcp      6 431999 ESTABLISHED src=192.0.2.1 dst=192.0.2.2 sport=1 dport=80 packets=5 bytes=500 src=10.0.0.2 dst=192.0.2.1 sport=80 dport=1 packets=4 bytes=900 [ASSURED] mark=0 use=1",
      #"[null,null,"tcp","ESTABLISHED","192.0.2.1",80,5,"10.0.0.2",900,true,false]"#
    ),
    (
      "udp      17 29 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=53 [UNREPLIED] src=192.0.2.2 dst=192.0.2.1 sport=53 dport=1 mark=0 use=1",
      #"[null,null,"udp",null,"192.0.2.1",53,null,"192.0.2.2",null,false,true]"#
    ),
    (
      "[1795405271.970001]\t    [NEW] ipv6     10 tcp      6 120 SYN_SENT src=2001:db8:0:0::1 dst=2001:db8::2 sport=1 dport=22 [UNREPLIED] src=2001:db8::2 dst=2001:db8::1 sport=22 dport=1",
      #"["NEW","ipv6","tcp","SYN_SENT","2001:db8::1",22,null,"2001:db8::2",null,false,true]"#
    ),
    (
      "[DESTROY] icmp     1 src=192.0.2.1 dst=192.0.2.2 type=8 code=0 id=7 src=192.0.2.2 dst=192.0.2.1 type=0 code=0 id=7",
      #"["DESTROY",null,"icmp",null,"192.0.2.1",null,null,"192.0.2.2",null,false,false]"#
    ),
  ])
  func `connections come apart in every form`(line: String, row: String) async throws {
    let (rows, result) = try await rows(ConntrackKind(), line + "\n", Self.flow)
    #expect(rows == [row])
    #expect(result.statistics.malformedRecords == 0)
    #expect((result.extent == nil) == !line.hasPrefix("[1795"))
  }

  private static let packet: [(String, ColumnType)] = [
    ("time", .timestamp), ("uptime", .double), ("host", .string), ("prefix", .string), ("src", .ip), ("dport", .int),
    ("flags", .list(.string)),
  ]
  private static let body =
    "IN=eth0 OUT= MAC=86 SRC=192.0.2.7 DST=192.0.2.1 LEN=60 DF PROTO=TCP SPT=3 DPT=22 SYN URGP=0 "

  @Test(arguments: [
    ("[ 1727.572419] DENY \(body)", [:], #"[null,1727.572419,null,"DENY","192.0.2.7",22,["DF","SYN"]]"#),
    (
      "[ 1727.572419] DENY \(body)", ["boot": "2026-11-23T03:15:05Z"],
      #"["2026-11-23T03:43:52.572419Z",1727.572419,null,"DENY","192.0.2.7",22,["DF","SYN"]]"#
    ),
    (
      "Nov 23 03:43:52 vm kernel: [ 1727.572419] \(body)", ["year": "2026", "zone": "+01:00"],
      #"["2026-11-23T02:43:52Z",1727.572419,"vm","","192.0.2.7",22,["DF","SYN"]]"#
    ),
    ("Nov  3 03:43:52 vm kernel: A B \(body)", [:], #"[null,null,"vm","A B","192.0.2.7",22,["DF","SYN"]]"#),
    (
      "2026-11-23T03:43:52.5+00:00 vm kernel: DENY \(body)", [:],
      #"["2026-11-23T03:43:52.5Z",null,"vm","DENY","192.0.2.7",22,["DF","SYN"]]"#
    ),
    (
      "[1.5] X IN=eth0 OUT= SRC=192.0.2.7 DST=192.0.2.1 PROTO=ICMP TYPE=3 [SRC=198.51.100.1 DST=192.0.2.7 DPT=9 ]", [:],
      #"[null,1.5,null,"X","192.0.2.7",null,[]]"#
    ),
  ])
  func `packets come apart behind every clock`(line: String, settings: [String: String], row: String) async throws {
    let (rows, _) = try await rows(PacketLogKind(), line + "\n", Self.packet, settings)
    #expect(rows == [row])
  }

  @Test func `other lines of the kernel are no packets, and other logs no log of the kernel`() async throws {
    let text = "[ 1.0] usb 1-1: new device\n\u{1b}[2J\nIN= OUT=\n[ 2.0] X IN=e OUT= SRC=nobody\n"
    let (rows, result) = try await rows(PacketLogKind(), text, [("line", .int), ("problem", .string)])
    #expect(
      rows == [
        #"[2,"the line is none of a kernel log"]"#, #"[3,"the line is none of a kernel log"]"#,
        #"[4,"the packet has no source"]"#,
      ])
    #expect(result.statistics.recordsRead == 4)
  }

  @Test(arguments: [
    "", "\u{1b}[2J", "tcp", "ipv4 2 tcp", "tcp 6 118 X src=nobody dst=192.0.2.2", "[NEW]", "[x] tcp 6 1 src=a",
    "tcp six 118 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2", String(repeating: "a=b ", count: 300_000),
  ])
  func `what is no connection is kept with what is wrong`(line: String) async throws {
    let (rows, result) = try await rows(ConntrackKind(), line, [("problem", .string), ("raw", .string)])
    #expect(rows.count == (line.isEmpty ? 0 : 1))
    #expect(rows.allSatisfy { !$0.hasPrefix("[null") })
    #expect(result.statistics.malformedRecords == rows.count)
  }

  @Test(arguments: ["", "{}", "[]", #"{"nftables":{}}"#, #"{"nftables":[{"rule":"#, "table inet fw {"])
  func `what is no ruleset makes the source unavailable`(text: String) async throws {
    await #expect {
      try await rows(RulesetKind(), text, [("family", .string)])
    } throws: { error in
      if case .unavailable? = error as? AdapterError { true } else { false }
    }
  }

  @Test func `rules have their verdicts and counters, named or their own`() async throws {
    let (rows, result) = try await rows(
      RulesetKind(),
      #"{"nftables":[{"counter":{"family":"ip","table":"t","name":"c","packets":7,"bytes":70}},{"rule":{"family":"ip","table":"t","chain":"in","handle":1,"expr":[{"counter":"c"},{"jump":{"target":"web"}}]}},{"rule":{"family":"ip6","table":"t","chain":"in","handle":2,"expr":[{"counter":{"packets":1,"bytes":2}},{"log":{"prefix":"X "}},{"drop":null}],"comment":"no"}},{"rule":{"handle":3}}]}"#,
      [
        ("handle", .int), ("verdict", .string), ("target", .string), ("log_prefix", .string), ("counter", .string),
        ("packets", .int), ("comment", .string),
      ])
    #expect(
      rows == [
        #"[1,"jump","web",null,"c",7,null]"#, #"[2,"drop",null,"X ",null,1,"no"]"#,
        "[3,null,null,null,null,null,null]",
      ])
    #expect(result.extent == nil)
  }
}
