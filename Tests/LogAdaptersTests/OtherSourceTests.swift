import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("File integrity reports")
struct IntegrityTests {
  private func source(_ path: String, in folder: Folder? = nil) throws -> Asking {
    try Asking(IntegrityKind(), ["path": .text(path)], folder: folder?.path ?? Asking.fixtures)
  }

  @Test func `changes say what differs and since when`() async throws {
    let columns: [(String, ColumnType)] = [
      ("path", .path), ("change", .string), ("kind", .string), ("time", .timestamp), ("size_old", .int),
      ("size_new", .int), ("attributes", .list(.string)),
    ]
    let source = try source("aide/webshell.json")
    let rows = try await source.rows(
      "SELECT path, change, kind, time, size_old, size_new, attributes FROM log ORDER BY path", columns)
    #expect(
      rows == [
        #"["/srv/shop/htdocs/js/app.js","changed","f","2026-11-23T04:36:18Z",2604,2691,["size","modify_time","change_time","sha256"]]"#,
        #"["/srv/shop/uploads","changed","d","2026-11-23T04:35:53Z",null,null,["modify_time","change_time"]]"#,
        #"["/srv/shop/uploads/avatar_7731.cgi","added","f",null,null,null,[]]"#,
      ])
    let result = try await source.fetch("SELECT path FROM log", [("path", .path)])
    let end = Timestamp(rfc3339: "2026-11-23T04:38:32Z")
    #expect(result.extent == SourceExtent(kind: .report, first: end, last: end, resolution: .seconds(1)))
    #expect(result.completeness == .complete)
  }

  // Counts: number_of_entries of each report.
  @Test(arguments: [
    ("aide/check_changed_json_added_removed_attributes.json", 2, 1, 5),
    ("aide/check_changed_json_changed_attributes.json", 2, 1, 5),
    ("aide/check_changed_json_list_entries.json", 2, 1, 5), ("aide/check_oddnames_json.json", 3, 0, 3),
    ("aide/check_clean_json.json", 0, 0, 0),
  ])
  func `reports of every level are read`(path: String, added: Int, removed: Int, changed: Int) async throws {
    let source = try source(path)
    for (change, count) in [("added", added), ("removed", removed), ("changed", changed)] {
      #expect(
        try await source.count("SELECT count(*) AS n FROM log WHERE change = ${c}", ["c": .string(change)]) == count)
      #expect(try await source.count("SELECT \(change) AS n FROM log_report") == count)
    }
  }

  @Test func `odd names stay apart and are readable`() async throws {
    let result = try await source("aide/check_oddnames_json.json").fetch(
      "SELECT path FROM log WHERE change = 'added'", [("path", .path)])
    let www = "/srv/rblab001/aide/watch/www"
    #expect(
      result.table?.cells[0].map(\.displayText)
        == ["\(www)/new\nline.txt", "\(www)/quote\"back\\slash.txt", #"\#(www)/raw\xff.txt"#])
    #expect(result.statistics.repairedRecords == 1)
    #expect(result.warnings == [#"check_oddnames_json.json is not valid UTF-8; bad bytes are shown as \xNN"#])
  }

  @Test func `a report that only counts changes is partial`() async throws {
    let source = try source("aide/check_changed_json_summary.json")
    let result = try await source.fetch("SELECT path FROM log", [("path", .path)])
    #expect(result.completeness == .partial("check_changed_json_summary.json counts 8 changes and names 0 of them"))
    let report = try await source.fetch("SELECT changed AS n FROM log_report", [("n", .int)])
    #expect(report.completeness == .complete)
  }

  @Test func `several reports are told apart`() async throws {
    let rows = try await source("aide/*_list_entries.json").rows(
      "SELECT count(*) AS n, report FROM log GROUP BY report", [("n", .int), ("report", .string)])
    #expect(rows == [#"[8,"check_changed_json_list_entries.json"]"#])
    #expect(try await source("aide/check_*.json").count("SELECT count(*) AS n FROM log_report") == 6)
  }

  @Test(arguments: [
    "aide/err_badconf.txt", "aide/err_nodb.txt", "waf/modsec_json_cut.log", "truncated", "empty", "{}", "[]",
  ])
  func `what is no report makes the source unavailable`(path: String) async throws {
    let folder = try Folder()
    var file = path
    if !path.contains("/") {
      file = folder.path + "/report"
      try folder.write(
        "report", path == "empty" ? "" : path == "truncated" ? #"{"aide_version": "0.18.3", "added": {"/x": "f+"# : path
      )
    }
    await #expect {
      try await source(file).count("SELECT count(*) AS n FROM log")
    } throws: { error in
      if case .unavailable? = error as? AdapterError { true } else { false }
    }
  }
}

@Suite("Separated values and JSON lines")
struct DelimitedTests {
  private static let columns = [
    Column("time", .timestamp), Column("who", .string), Column("hits", .int), Column("ok", .bool), Column("from", .ip),
  ]
  private static let asked: [(String, ColumnType)] = [
    ("time", .timestamp), ("who", .string), ("hits", .int), ("ok", .bool), ("from", .ip),
  ]

  private func csv(_ text: String, columns: [Column]? = Self.columns, _ settings: [String: String] = [:]) throws -> (
    Asking, Folder
  ) {
    let folder = try Folder()
    try folder.write("a.csv", text)
    var all: [String: AdapterOptions.Setting] = ["path": .text("a.csv")]
    if let columns { all["columns"] = .columns(columns) }
    for (name, value) in settings { all[name] = .text(value) }
    return (try Asking(CSVKind(), all, folder: folder.path), folder)
  }

  @Test(arguments: [
    "time,who,hits,ok,from\n2026-11-23T03:33:51Z,\"a, \"\"b\"\"\nc\",5,true,192.0.2.1\n",
    "\u{FEFF}time,who,hits,ok,from\r\n2026-11-23T03:33:51Z,\"a, \"\"b\"\"\r\nc\",5,true,192.0.2.1",
    "from,ok,hits,who,time,more\n192.0.2.1,1,5,\"a, \"\"b\"\"\nc\",1795404831,x\n",
    "2026-11-23 03:33:51 +0000,\"a, \"\"b\"\"\nc\",5,true,192.0.2.1\n\n",
  ])
  func `records are read by RFC 4180, by name or in order`(text: String) async throws {
    let (source, folder) = try csv(text)
    defer { withExtendedLifetime(folder) {} }
    let rows = try await source.rows("SELECT time, who, hits, ok, \"from\" FROM log", Self.asked)
    #expect(rows == [#"["2026-11-23T03:33:51Z","a, \"b\"\nc",5,true,"192.0.2.1"]"#])
  }

  @Test func `without declared columns the header names them`() async throws {
    let (source, folder) = try csv("name;size\na;1\n", columns: nil, ["separator": ";"])
    defer { withExtendedLifetime(folder) {} }
    #expect(source.adapter.schema.tables[0].columns.map(\.name) == ["name", "size", "file", "line", "problem", "raw"])
    #expect(
      try await source.rows("SELECT name, size FROM log", [("name", .string), ("size", .string)]) == [#"["a","1"]"#])
  }

  @Test func `records of another form are kept with what is wrong`() async throws {
    let (source, folder) = try csv("time,who,hits,ok,from\nx,a,b,c,d\n2026-11-23T03:33:51Z,a\n,,,,\n\"open,1\nnext,2\n")
    defer { withExtendedLifetime(folder) {} }
    let result = try await source.fetch("SELECT line, problem FROM log", [("line", .int), ("problem", .string)])
    let table = try #require(result.table)
    #expect(
      (0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText } == [
        #"[2,"the column `time` is no timestamp"]"#, #"[3,"the record has 2 fields instead of 5"]"#, "[4,null]",
        #"[5,"a quote has no end"]"#,
      ])
    #expect(result.statistics.malformedRecords == 3)
  }

  @Test(arguments: [
    (["time": "when"], "there is no column `when`"), (["time": "hits"], "the column `hits` is declared int"),
    (["separator": ";;"], "one character"),
  ])
  func `a binding that cannot be is a problem`(settings: [String: String], message: String) {
    #expect {
      try csv("a\n", settings)
    } throws: { error in
      (error as? BindingProblem)?.message.contains(message) ?? false
    }
  }

  private func csv(_ text: String, _ settings: [String: String]) throws -> (Asking, Folder) {
    try csv(text, columns: Self.columns, settings)
  }

  @Test func `a quote that never ends makes one record of all that the limit allows`() async throws {
    let lines = "time,who,hits,ok,from\n\"" + String(repeating: "x\n", count: 530_000) + ",,,,\n"
    let (source, folder) = try csv(lines)
    defer { withExtendedLifetime(folder) {} }
    let result = try await source.fetch("SELECT count(*) AS n FROM log WHERE problem LIKE 'a quote%'", [("n", .int)])
    #expect(result.table?.cells[0][0].displayText == "1")
  }

  // 99 lines by wc; one holds bytes that are not UTF-8, as Python's strict decoder finds.
  @Test func `nginx's own JSON is read, a line with bad bytes too`() async throws {
    let source = try Asking(
      JSONLinesKind(),
      [
        "path": .text("access/nginx_access_json.log"),
        "columns": .columns([
          Column("time", .timestamp), Column("remote_addr", .ip), Column("status", .int),
          Column("request_time", .double),
        ]),
      ])
    let result = try await source.fetch(
      "SELECT count(*) AS n FROM log WHERE time IS NOT NULL AND remote_addr IS NOT NULL AND status >= 200",
      [("n", .int)])
    #expect(result.table?.cells[0][0].displayText == "99")
    #expect(result.statistics.repairedRecords == 1)
    #expect(result.statistics.malformedRecords == 0)
  }

  @Test func `a declared column that no record has is told of where a query reads it`() async throws {
    let folder = try Folder()
    try folder.write("a.jsonl", #"{"user":"ann","host":null}"# + "\n" + #"{"user":"bob","note":"x"}"# + "\n")
    let source = try Asking(
      JSONLinesKind(),
      [
        "path": .text("a.jsonl"),
        "columns": .columns([
          Column("user", .string), Column("host", .string), Column("note", .string), Column("usre", .string),
          Column("a.b", .int), Column("rare", .int),
        ]),
        "optional": .texts(["rare"]),
      ], folder: folder.path)
    func completeness(_ columns: String) async throws -> Completeness {
      try await source.fetch("SELECT count(*) AS n, \(columns) AS x FROM log", [("n", .int), ("x", .int)]).completeness
    }
    #expect(
      try await completeness("count(usre) + count(\"a.b\") + count(user)")
        == .partial("no record that was read has `usre`, `a.b`"))
    #expect(
      try await source.fetch("SELECT user FROM log WHERE usre IS NULL", [("user", .string)]).completeness
        == .truncated("no record that was read has `usre`"))
    #expect(try await completeness("count(user) + count(host) + count(note) + count(rare)") == .complete)
    try folder.write("a.jsonl", "")
    #expect(try await completeness("count(usre)") == .complete)
  }

  @Test func `members of JSON lines are found by name or by path`() async throws {
    let folder = try Folder()
    try folder.write(
      "a.jsonl",
      """
      {"ts":1795404831.5,"user":{"name":"ann","id":7},"tags":["a","b"],"n":"12","odd.name":true}
      {"ts":"2026-11-23T03:33:52Z","user":{"name":null},"tags":[],"n":3.5}

      [1]
      {"ts":

      """)
    let source = try Asking(
      JSONLinesKind(),
      [
        "path": .text("a.jsonl"), "time": .text("ts"),
        "columns": .columns([
          Column("ts", .timestamp), Column("user.name", .string), Column("tags", .list(.string)), Column("n", .int),
          Column("odd.name", .bool),
        ]),
      ], folder: folder.path)
    let result = try await source.fetch(
      "SELECT ts, \"user.name\" AS user, tags, n, \"odd.name\" AS odd, problem FROM log",
      [
        ("ts", .timestamp), ("user", .string), ("tags", .list(.string)), ("n", .int), ("odd", .bool),
        ("problem", .string),
      ])
    let table = try #require(result.table)
    #expect(
      (0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText } == [
        #"["2026-11-23T03:33:51.5Z","ann",["a","b"],12,true,null]"#,
        #"["2026-11-23T03:33:52Z",null,[],null,null,"the column `n` is no int"]"#,
        #"[null,null,null,null,null,"the line is no JSON object"]"#,
        #"[null,null,null,null,null,"the line is not JSON: the text ends where a value is due at byte 6"]"#,
      ])
    #expect(result.extent?.last == Timestamp(rfc3339: "2026-11-23T03:33:52Z"))
    #expect(
      try await source.count(
        "SELECT count(*) AS n FROM log WHERE ts > ${t}", ["t": .string("2026-11-23T03:33:51.600000000Z")]) == 1)
  }
}

@Suite("Recorded answers of Prometheus")
struct RecordedSeriesTests {
  private func fetch(_ text: String?, window: TimeWindow? = nil, limits: FetchLimits = FetchLimits()) async throws
    -> QueryResult
  {
    let folder = try Folder()
    if let text { try folder.write("series.json", text) }
    let adapter = try RecordedSeriesKind().makeAdapter(
      AdapterOptions(
        source: "rate", settings: ["path": .text(text == nil ? "prometheus/series.json" : "series.json")],
        folder: text == nil ? Asking.fixtures : folder.path))
    return try await adapter.fetch(
      BoundQuery(
        query: "q", source: "rate", language: "promql", body: .text(template("rate(x[1m])")), parameters: [:],
        window: window, shape: .series(unit: "requests/s"), limits: limits))
  }

  private func series(_ result: QueryResult) -> [Series] {
    if case .series(let series) = result.payload { series } else { [] }
  }

  // 156 points, mean 8.16 in the window, by truth.json of the case.
  @Test func `a recorded range is a series in its window`() async throws {
    let whole = try await fetch(nil)
    #expect(series(whole).count == 1)
    #expect(series(whole)[0].points.count == 156)
    #expect(series(whole)[0].labels.map(\.name) == ["__name__", "host", "instance", "job", "service"])
    #expect(whole.extent?.first == Timestamp(rfc3339: "2026-11-23T04:25:30Z"))
    #expect(whole.extent?.resolution == .seconds(5))
    let from = try #require(Timestamp(rfc3339: "2026-11-23T04:34:40Z"))
    let to = try #require(Timestamp(rfc3339: "2026-11-23T04:36:20Z"))
    let cut = try await fetch(nil, window: TimeWindow(from: from, to: to))
    #expect(series(cut)[0].points.count == 21)
    #expect(cut.extent?.first == whole.extent?.first && cut.extent?.last == whole.extent?.last)
    #expect(cut.extent?.silence == TimeWindow(from: from, to: try #require(from.adding(.seconds(5)))))
    #expect(whole.extent?.silence == nil)
    #expect(try await fetch(nil, limits: FetchLimits(rows: 10)).completeness == .truncated("cut at 10 points"))
  }

  @Test func `values that are no numbers are values all the same`() async throws {
    let result = try await fetch(
      #"{"status":"success","warnings":["a shard is missing"],"data":{"resultType":"matrix","result":[{"metric":{},"values":[[1.5,"NaN"],[2.781,"+Inf"],[3,"-Inf"]]}]}}"#
    )
    let points = series(result)[0].points
    #expect(points[0].value.isNaN && points[1].value == .infinity && points[2].value == -.infinity)
    #expect(points[1].time == Timestamp(rfc3339: "1970-01-01T00:00:02.781Z"))
    #expect(result.completeness == .partial("a shard is missing"))
  }

  @Test(arguments: [
    (#"{"status":"error","errorType":"bad_data","error":"parse error"}"#, "Prometheus answered: parse error"),
    ("404 page not found", "it is no answer of Prometheus"), ("", "it is no answer of Prometheus"),
    (#"{"status":"success"}"#, "it has no result"),
    (
      #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[]}]}}"#,
      "native histograms"
    ),
    (#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1]]}]}}"#, "no pair"),
  ])
  func `an error that was recorded is no series`(text: String, message: String) async {
    await #expect {
      try await fetch(text)
    } throws: { error in
      guard case .unavailable(let reason)? = error as? AdapterError else { return false }
      return reason.contains(message)
    }
  }
}

@Suite("Kinds of sources")
struct KindTests {
  @Test func `every kind, option and column is described`() throws {
    let names = LogAdapterKinds.all.map(\.name)
    #expect(Set(names).count == names.count)
    for kind in LogAdapterKinds.all {
      #expect(!kind.about.isEmpty && kind.options.allSatisfy { !$0.about.isEmpty })
      let settings: [String: AdapterOptions.Setting] = [
        "path": .text("x"), "columns": .columns([Column("a", .string)]), "pattern": .text("(?P<a>.*)"),
      ]
      let adapter = try kind.makeAdapter(AdapterOptions(source: "s", settings: settings, folder: "/"))
      for table in adapter.schema.tables {
        #expect(!table.about.isEmpty)
        #expect(Set(table.columns.map { $0.name.lowercased() }).count == table.columns.count)
        #expect(table.columns.allSatisfy { !$0.about.isEmpty })
        // Every column can be named in SQL without quotes, or is a word that SQLite allows as a name.
        let text = "SELECT \(table.columns.map(\.name).joined(separator: ", ")) FROM \(table.sqlName(in: "s"))"
        #expect(
          try SQLCheck.columns(of: template(text), schema: adapter.schema, source: "s").count == table.columns.count)
      }
    }
  }
}
