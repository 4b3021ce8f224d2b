import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("Logs taken apart by a pattern")
struct PatternTests {
  private func source(
    _ bytes: [UInt8], _ settings: [String: String], columns: [Column] = []
  ) throws -> (Asking, Folder) {
    let folder = try Folder()
    try folder.write("a.log", bytes)
    var all = settings.mapValues { AdapterOptions.Setting.text($0) }
    all["path"] = .text("a.log")
    if !columns.isEmpty { all["columns"] = .columns(columns) }
    return (try Asking(PatternKind(), all, folder: folder.path), folder)
  }

  @Test func `named groups are columns of the declared types`() async throws {
    let (source, folder) = try source(
      Array("2026-11-23T03:33:51Z 192.0.2.7 logged in after 3 tries\n2026-11-23T03:33:52Z ::1 left\n".utf8),
      ["pattern": #"(?P<time>\S+) (?P<from>\S+) (?P<what>logged in|left)(?: after (?P<tries>\d+) tries)?"#],
      columns: [Column("from", .ip), Column("tries", .int)])
    #expect(
      source.adapter.schema.tables[0].columns.map { "\($0.name) \($0.type)" } == [
        "time timestamp", "from ip", "what string", "tries int", "file string", "line int", "problem string",
        "raw string",
      ])
    let rows = try await source.rows(
      #"SELECT time, "from", what, tries FROM log"#,
      [("time", .timestamp), ("from", .ip), ("what", .string), ("tries", .int)])
    #expect(
      rows == [
        #"["2026-11-23T03:33:51Z","192.0.2.7","logged in",3]"#, #"["2026-11-23T03:33:52Z","::1","left",null]"#,
      ])
    withExtendedLifetime(folder) {}
  }

  @Test(
    arguments: [
      (nil, "2026-11-23T04:33:51+01:00"), (nil, "23/Nov/2026:03:33:51 +0000"), (nil, "Mon Nov 23 03:33:51 2026"),
      (nil, "Mon Nov 23 03:33:51.000000 2026"), (nil, "2026/11/23 03:33:51"), (nil, "1795404831"),
      (nil, "1795404831000"), ("clf", "23/Nov/2026:03:33:51 +0000"), ("epoch", "1795404831"),
      ("%d/%b/%Y %H:%M:%S", "23/Nov/2026 03:33:51"), ("%F %T", "2026-11-23 03:33:51"),
      ("%F %T,%f", "2026-11-23 03:33:51,000"), ("%Y%m%dT%H%M%S%z", "20261123T033351Z"),
      ("%a, %d %B %Y %I:%M:%S %p %z", "Mon, 23 November 2026 04:33:51 AM +01:00"),
      ("%b %e %T", "Nov 23 03:33:51"), ("%s.x", "1795404831.x"), ("%e.%m.%Y %k.%M.%S%%", "23.11.2026  3.33.51%"),
    ] as [(String?, String)])
  func `times are read in the declared form, or in a usual one`(format: String?, text: String) async throws {
    var settings = ["pattern": "(?P<time>.*)", "year": "2026"]
    settings["time_format"] = format
    let (source, folder) = try source(
      Array((text.replacing(".x", with: "") + "\n").utf8),
      format == "%s.x"
        ? settings.merging(["time_format": "%s"]) { $1 } : settings)
    #expect(
      try await source.rows("SELECT time, problem FROM log", [("time", .timestamp), ("problem", .string)])
        == [#"["2026-11-23T03:33:51Z",null]"#])
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [
    (["pattern": "("], "pattern", "missing"), (["pattern": "(.*)"], "pattern", "no named group"),
    (["pattern": "(?P<a>.*)", "time": "b"], "time", "no column `b`"),
    (["pattern": "(?P<a>.*)", "time_format": "%Q"], "time_format", "not known"),
    (["pattern": "(?P<a>.*)", "time_format": "%T"], "time_format", "says no date"),
    (["pattern": "(?P<a>.*)", "time_format": "%b %d"], "time_format", "says no date"),
    (["pattern": "(?P<a>.*)", "year": "soon"], "year", "no year"),
    (["pattern": "(?P<a>.*)", "zone": "here"], "zone", "no time zone"),
    (["pattern": "(?P<a>.)(?P<A>.)"], "columns", "stands twice"),
    (["pattern": "(?P<a>(((x{1000}){1000}){1000}))"], "pattern", ""),
  ])
  func `a pattern that cannot be is a problem of the binding`(
    settings: [String: String], option: String, message: String
  ) {
    #expect {
      try source([], settings)
    } throws: { error in
      guard let problem = error as? BindingProblem else { return false }
      return problem.option == option && problem.message.contains(message)
    }
  }

  @Test func `torn, foreign, huge and hostile lines are kept with what is wrong`() async throws {
    var bytes = Array("2026-11-23T03:33:51Z GET /".utf8) + [0xFF, 0x00] + Array("x\n".utf8)
    bytes += Array("forged 2026-11-23T03:33:51Z GET /\n".utf8)
    bytes += Array("tomorrow GET /\n\u{1b}[2J\n".utf8)
    bytes += Array("2026-11-23T03:33:51Z ".utf8) + [UInt8](repeating: 65, count: 2 << 20) + [10]
    bytes += Array("2026-11-23T03:33:52Z tor".utf8)
    let (source, folder) = try source(bytes, ["pattern": #"(?P<time>\S+) (?P<what>\w+) (?P<path>/.*)"#])
    let result = try await source.fetch(
      "SELECT line, problem, path FROM log", [("line", .int), ("problem", .string), ("path", .string)])
    let table = try #require(result.table)
    #expect(
      (0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText } == [
        #"[1,null,"/��x"]"#, #"[2,"the line does not fit the pattern",null]"#,
        #"[3,"the column `time` is no timestamp","/"]"#, #"[4,"the line does not fit the pattern",null]"#,
        #"[5,"the line is longer than 1048576 bytes and was cut",null]"#,
        #"[6,"the line does not fit the pattern",null]"#,
      ])
    #expect(result.statistics.repairedRecords == 1)
    withExtendedLifetime(folder) {}
  }

  @Test func `patterns of error logs come with the program`() async throws {
    let apache =
      #"[Mon Nov 23 03:33:57.670001 2026] [security2:error] [pid 7:tid 9] [client 192.0.2.7:50110] [client 192.0.2.7] ModSecurity: Warning. [id "942100"]"#
    let (first, one) = try source(Array(apache.utf8), ["pattern": "apache-error"])
    #expect(
      try await first.rows(
        "SELECT time, module, level, client, message FROM log",
        [("time", .timestamp), ("module", .string), ("level", .string), ("client", .ip), ("message", .string)])
        == [
          #"["2026-11-23T03:33:57.670001Z","security2","error","192.0.2.7","ModSecurity: Warning. [id \"942100\"]"]"#
        ])
    let nginx =
      #"2026/11/23 03:36:28 [error] 4625#4625: *3 open() "/x, client: 10.0.0.1" failed (2: No such file), client: 192.0.2.7, server: shop.example.test, request: "GET /x HTTP/1.1", host: "shop.example.test""#
    let (second, two) = try source(Array(nginx.utf8), ["pattern": "nginx-error"])
    #expect(
      try await second.rows(
        "SELECT time, client, request FROM log", [("time", .timestamp), ("client", .ip), ("request", .string)])
        == [#"["2026-11-23T03:36:28Z","192.0.2.7","GET /x HTTP/1.1"]"#])
    withExtendedLifetime((one, two)) {}
  }
}
