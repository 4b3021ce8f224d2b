import RunbookPorts
import Testing
import Values

@testable import LogAdapters

@Suite("Linux audit logs")
struct LinuxAuditTests {
  private func source(_ path: String, in folder: Folder? = nil) throws -> Asking {
    try Asking(AuditKind(), ["path": .text(path)], folder: folder?.path ?? Asking.fixtures)
  }

  private static let main: [(String, ColumnType)] = [
    ("action", .string), ("success", .bool), ("path", .path), ("program", .path),
  ]

  // `aureport` counts 55 events, 11 failed calls, 4 keys (fim-watch, exec-watch and those of both runs); grep -c
  // counts 251 records, 78 of them PATH.
  @Test func `events of a capture are those that aureport counts`() async throws {
    let log = try source("audit/audit_raw.log")
    #expect(try await log.count("SELECT count(DISTINCT time || ' ' || serial) AS n FROM log") == 55)
    #expect(try await log.count("SELECT count(*) AS n FROM log_records") == 251)
    #expect(try await log.count("SELECT count(*) AS n FROM log_paths") == 78)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE success = 0") == 11)
    let result = try await log.fetch("SELECT count(*) AS n FROM log WHERE problem IS NOT NULL", [("n", .int)])
    #expect(result.table?.cells[0][0].displayText == "0")
    #expect(result.statistics.malformedRecords == 0)
    #expect(result.extent?.first == Timestamp(rfc3339: "2026-11-23T03:41:09.791Z"))
    #expect(result.extent?.last == Timestamp(rfc3339: "2026-11-23T03:41:49.895Z"))
  }

  // After ausearch_fim_text.txt, which has one line for each of these events.
  @Test func `each event says what was done to which file`() async throws {
    let rows = try await source("audit/audit_raw.log").rows(
      "SELECT serial, action, success, path, old_path FROM log WHERE key = 'fim-watch' AND path IS NOT NULL",
      [("serial", .int), ("action", .string), ("success", .bool), ("path", .path), ("old_path", .path)])
    let www = "/srv/rblab001/audit/watch/www"
    let etc = "/srv/rblab001/audit/watch/etc"
    #expect(
      rows == [
        #"[5,"read",true,"\#(etc)/passwd",null]"#, #"[6,"attributes",true,"\#(etc)/passwd",null]"#,
        #"[7,"attributes",true,"\#(etc)/passwd",null]"#, #"[8,"rename",true,"\#(etc)/pass wd","\#(etc)/passwd"]"#,
        #"[9,"link",true,"\#(www)/link","/etc/shadow"]"#, #"[10,"attributes",true,"\#(www)/x.sh",null]"#,
        #"[12,"read",true,"\#(www)/x.sh",null]"#, #"[13,"create",true,"\#(www)/café.txt",null]"#,
        #"[14,"delete",true,"\#(www)/x.sh",null]"#, #"[15,"read",true,"\#(etc)/pass wd",null]"#,
        #"[16,"read",false,"\#(etc)/pass wd",null]"#, #"[17,"create",true,"\#(www)/a\nb.txt",null]"#,
        #"[18,"rename",true,"\#(www)/c.txt","\#(www)/a\nb.txt"]"#, #"[19,"delete",true,"\#(www)/c.txt",null]"#,
        #"[20,"mkdir",true,"\#(www)/sub",null]"#, #"[23,"create",true,"\#(www)/index.php",null]"#,
        #"[24,"read",true,"\#(www)/index.php",null]"#, #"[25,"create",true,"\#(www)/shell.php",null]"#,
        #"[26,"attributes",true,"\#(www)/shell.php",null]"#, #"[27,"create",true,"\#(www)/dropper",null]"#,
        #"[29,"rename",true,"\#(www)/index old.php","\#(www)/index.php"]"#,
        #"[30,"delete",true,"\#(www)/shell.php",null]"#, #"[31,"create",true,"\#(www)/new\nline.txt",null]"#,
        #"[32,"delete",true,"\#(www)/new\nline.txt",null]"#, #"[33,"write",true,"\#(www)/index old.php",null]"#,
        #"[34,"link",false,"\#(www)","/etc/shadow"]"#, #"[35,"create",true,"\#(www)/relative.txt",null]"#,
        #"[45,"create",false,"\#(www)",null]"#, #"[46,"mkdir",true,"\#(www)/deep",null]"#,
        #"[47,"mkdir",true,"\#(www)/deep/er",null]"#, #"[48,"create",true,"\#(www)/deep/er/f.bin",null]"#,
        #"[50,"rename",true,"\#(www)/deep/g.bin","\#(www)/deep/er/f.bin"]"#,
      ])
  }

  private static func removed(_ second: Int) -> String {
    "\(second) CONFIG_CHANGE auid=0 ses=1 op=remove_rule key=\"web-fim\" list=4 res=1"
  }

  private static func added(_ second: Int) -> String {
    "\(second) CONFIG_CHANGE auid=0 ses=1 op=add_rule key=\"web-fim\" list=4 res=1"
  }

  private static let silences: [(String, [String], String?)] = [
    ("off and on in the window", ["100 DAEMON_END op=terminate", "400 DAEMON_START op=start"], "was silent from"),
    ("off by the kernel", ["100 CONFIG_CHANGE op=set audit_enabled=0 old=1"], "was silent from"),
    ("around all of it", ["-900 DAEMON_END op=terminate", "900 DAEMON_START op=start"], "was silent from"),
    ("begun anew after a crash", ["100 DAEMON_START op=start"], "began anew"),
    ("restarted", ["100 DAEMON_END op=terminate", "102 DAEMON_START op=start"], nil),
    ("before it", ["-900 DAEMON_END op=terminate", "-300 DAEMON_START op=start"], nil),
    ("behind it", ["900 DAEMON_END op=terminate"], nil),
    (
      "rules removed", [removed(100), removed(100), removed(100)],
      "rules removed at 2026-11-23T03:38:20Z, and none added since"
    ),
    ("rules removed before it", [removed(-900)], "none added since"),
    ("rules removed and added late", [removed(-900), added(300)], "none added until 2026-11-23T03:41:40Z"),
    ("rules removed, and a machine started anew", [removed(-900), "-300 DAEMON_START op=start"], nil),
    ("rules loaded anew", [removed(100), removed(100), added(100), added(101)], nil),
    ("rules removed behind it", [removed(900)], nil), ("rules added", [added(100), added(300)], nil),
    ("rules that were not removed", ["100 CONFIG_CHANGE op=remove_rule key=\"k\" list=4 res=0"], nil),
    (
      "rules removed, as old kernels say it", ["100 CONFIG_CHANGE op=\"remove rule\" key=\"k\" list=4 res=1"],
      "none added"
    ),
    (
      "on as it was",
      ["100 CONFIG_CHANGE op=set audit_enabled=1 old=1", "200 CONFIG_CHANGE op=set audit_backlog_limit=8"], nil
    ),
  ]

  @Test(arguments: silences)
  func `what the log says of its own silence is no evidence of nothing`(
    _ what: String, _ records: [String], _ reason: String?
  ) async throws {
    let folder = try Folder()
    let start = 1_795_405_000
    let all = (["-1000 USER_LOGIN op=login"] + records + ["1000 USER_LOGIN op=login"]).enumerated().map {
      serial, record in
      let parts = record.split(separator: " ", maxSplits: 2)
      return "type=\(parts[1]) msg=audit(\(start + (Int(parts[0]) ?? 0)).000:\(serial + 1)): \(parts[2])\n"
    }
    try folder.write("audit.log", all.joined())
    let from = Timestamp(seconds: Int64(start))
    let to = Timestamp(seconds: Int64(start + 600))
    let result = try await source("audit.log", in: folder).fetch(
      "SELECT path FROM log WHERE time BETWEEN ${from} AND ${to}", [("path", .path)],
      ["from": .timestamp(from), "to": .timestamp(to)], window: TimeWindow(from: from, to: to))
    switch result.completeness {
    case .complete: #expect(reason == nil)
    case .partial(let why), .truncated(let why): #expect(reason.map(why.contains) == true, "\(why)")
    }
  }

  // The truth of the case: what the web shell's commands read, listed and wrote.
  @Test func `an intrusion's commands, reads and writes stand apart from the application's`() async throws {
    let log = try source("audit/webshell_cut.log")
    let others = "program NOT LIKE '/srv/shop/htdocs/app/%' AND exe <> '/usr/bin/aide'"
    let files = try await log.rows(
      "SELECT DISTINCT action, success, path, program FROM log WHERE action <> 'exec' AND action <> 'list' AND \(others)",
      Self.main)
    #expect(
      files == [
        #"["read",true,"/srv/shop/data/customers.csv","/usr/bin/cat"]"#,
        #"["write",true,"/srv/shop/htdocs/js/app.js","/usr/bin/dash"]"#,
      ])
    let listed = try await log.rows(
      "SELECT DISTINCT path FROM log WHERE action = 'list' AND success = 0 ORDER BY path", [("path", .path)])
    #expect(
      listed == [
        #"["/srv/shop/data"]"#, #"["/srv/shop/data/customers.csv"]"#, #"["/srv/shop/data/downloads"]"#,
        #"["/srv/shop/data/orders.csv"]"#, #"["/srv/shop/data/users.csv"]"#,
      ])
    let commands = try await log.rows(
      "SELECT arguments FROM log WHERE action = 'exec' AND exe = '/usr/bin/dash' ORDER BY time",
      [("arguments", .string)])
    #expect(commands.count == 7)
    #expect(commands.first == #"["/bin/sh -c id 2>&1"]"#)
    #expect(commands.contains(#"["/bin/sh -c cat /srv/shop/data/customers.csv 2>&1"]"#))
    let upload = try await log.rows(
      "SELECT action, success, path, program FROM log WHERE path LIKE '%/uploads/%' AND action IN ('create', 'attributes')",
      Self.main)
    #expect(
      upload == [
        #"["create",true,"/srv/shop/uploads/avatar_7731.cgi","/srv/shop/htdocs/app/upload.cgi"]"#,
        #"["attributes",true,"/srv/shop/uploads/avatar_7731.cgi","/srv/shop/htdocs/app/upload.cgi"]"#,
      ])
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE exe = '/usr/bin/aide'") == 8)
    #expect(try await log.count("SELECT count(*) AS n FROM log WHERE auid IS NOT NULL AND uid = 33") == 0)
    #expect(
      try await log.count(
        "SELECT count(*) AS n FROM log WHERE program = '/srv/shop/uploads/avatar_7731.cgi' AND action = 'exec'")
        == 7)
  }

  @Test func `the enriched form gives the raw values`() async throws {
    let log = try source("audit/audit_enriched.log")
    let result = try await log.fetch(
      "SELECT node, key, action, path, syscall_name FROM log WHERE path IS NOT NULL",
      [("node", .string), ("key", .string), ("action", .string), ("path", .path), ("syscall_name", .string)])
    #expect(result.statistics.malformedRecords == 0)
    let table = try #require(result.table)
    #expect(table.cells[0].allSatisfy { $0.displayText == "vm" })
    #expect(table.cells[1].contains { $0.displayText == "fim-watch" })
    #expect(table.cells[3].allSatisfy { $0.displayText.hasPrefix("/") })
  }

  private static func event(_ serial: Int, pid: Int = 7, _ call: String, rest: [String]) -> [String] {
    let head = "msg=audit(1795405271.970:\(serial)): "
    let syscall =
      "type=SYSCALL \(head)arch=c000003e \(call) items=\(rest.count { $0.hasPrefix("PATH") }) ppid=1 pid=\(pid) auid=4294967295 uid=33"
    return [syscall]
      + rest.map { record in
        let parts = record.split(separator: " ", maxSplits: 1)
        return "type=\(parts[0]) \(head)\(parts.count > 1 ? parts[1] : "")"
      }
  }

  private func rows(_ lines: [String], _ columns: [(String, ColumnType)], end: String = "\n") async throws -> [String] {
    let folder = try Folder()
    try folder.write("audit.log", lines.joined(separator: "\n") + end)
    return try await source("audit.log", in: folder)
      .rows("SELECT \(columns.map(\.0).joined(separator: ", ")) FROM log", columns)
  }

  @Test func `records of several events may be mixed and in any order`() async throws {
    let open = #"syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=0 comm="cat" exe="/usr/bin/cat" key="k""#
    let first = Self.event(
      1, open,
      rest: [
        #"CWD cwd="/a""#, #"PATH item=0 name="x" inode=1 mode=0100644 nametype=NORMAL"#, "PROCTITLE proctitle=636174",
      ])
    let second = Self.event(
      2, open,
      rest: [
        #"CWD cwd="/b""#, #"PATH item=0 name="../y" inode=2 mode=0100644 nametype=NORMAL"#,
        "PROCTITLE proctitle=636174",
      ])
    let columns: [(String, ColumnType)] = [("serial", .int), ("path", .path), ("problem", .string)]
    let expected = [#"[1,"/a/x",null]"#, #"[2,"/y",null]"#]
    let mixed = zip(first, second).flatMap { [$0, $1] }
    #expect(try await rows(mixed, columns) == expected)
    #expect(try await rows(first.reversed() + second.reversed(), columns) == expected)
  }

  @Test(arguments: [
    ("/usr/bin/perl", ["perl", "/srv/x.cgi"], "/srv/x.cgi"), ("/usr/bin/perl", ["perl", "-w", "x.cgi"], "/w/x.cgi"),
    ("/usr/bin/perl", ["perl", "-e", "print 1"], "/usr/bin/perl"),
    ("/usr/bin/perl", ["perl", "-ne", "1", "/etc/passwd"], "/usr/bin/perl"),
    ("/usr/bin/bash", ["bash", "-c", "/bin/id"], "/usr/bin/bash"),
    ("/usr/bin/bash", ["bash", "-lc", "id"], "/usr/bin/bash"),
    ("/usr/bin/bash", ["bash", "-e", "run.sh"], "/w/run.sh"),
    ("/usr/bin/python3.11", ["python3", "-m", "http.server"], "/usr/bin/python3.11"),
    ("/usr/bin/python3.11", ["python3", "./a/../b.py"], "/w/b.py"),
    ("/usr/bin/php8.2", ["php", "-r", "1;"], "/usr/bin/php8.2"),
    ("/usr/bin/cat", ["cat", "/etc/passwd"], "/usr/bin/cat"), ("/usr/bin/bash", ["bash"], "/usr/bin/bash"),
    ("/usr/bin/bash", ["bash", "--", "s.sh"], "/w/s.sh"),
  ])
  func `the program of an interpreter is its script`(exe: String, arguments: [String], program: String) async throws {
    let list = arguments.enumerated().map { "a\($0)=\"\($1)\"" }.joined(separator: " ")
    let call = #"syscall=59 success=yes exit=0 comm="x" exe="\#(exe)" key="k""#
    let later = #"syscall=257 success=yes exit=3 a0=ffffff9c a2=0 comm="x" exe="\#(exe)" key="k""#
    let path = #"PATH item=0 name="\#(exe)" inode=1 mode=0100755 nametype=NORMAL"#
    let found = try await rows(
      Self.event(1, call, rest: ["EXECVE argc=\(arguments.count) \(list)", #"CWD cwd="/w""#, path])
        + Self.event(2, later, rest: [#"CWD cwd="/w""#, #"PATH item=0 name="f" inode=2 mode=0100644 nametype=NORMAL"#]),
      [("program", .path), ("exe", .path)])
    #expect(found == [#"["\#(program)","\#(exe)"]"#, #"["\#(program)","\#(exe)"]"#])
  }

  @Test(arguments: [
    ("0", "NORMAL", "0100644", "read"), ("1", "NORMAL", "0100644", "write"), ("2", "NORMAL", "0100644", "write"),
    ("241", "CREATE", "0100644", "create"), ("241", "NORMAL", "0100644", "write"),
    ("441", "NORMAL", "0100644", "write"),
    ("200", "NORMAL", "0100644", "write"), ("90800", "NORMAL", "040755", "list"), ("0", "NORMAL", "040755", "list"),
    ("200000", "NORMAL", "0100644", "list"),
  ])
  func `the flags of an open say what it is for`(flags: String, type: String, mode: String, action: String) async throws
  {
    let call = #"syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=\#(flags) comm="x" exe="/x" key="k""#
    let found = try await rows(
      Self.event(1, call, rest: [#"PATH item=0 name="/f" inode=2 mode=\#(mode) nametype=\#(type)"#]),
      [("action", .string)])
    #expect(found == ["[\"\(action)\"]"])
  }

  @Test func `names relative to an open folder take it from the record of the parent`() async throws {
    let call = #"syscall=257 success=yes exit=3 a0=5 a1=0 a2=241 comm="x" exe="/x" key="k""#
    let path = #"PATH item=1 name="f" inode=2 mode=0100644 nametype=CREATE"#
    let known = try await rows(
      Self.event(
        1, call, rest: [#"CWD cwd="/w""#, #"PATH item=0 name="/srv/d" inode=1 mode=040755 nametype=PARENT"#, path]),
      [("path", .path)])
    #expect(known == [#"["/srv/d/f"]"#])
    let unknown = try await rows(Self.event(1, call, rest: [#"CWD cwd="/w""#, path]), [("path", .path)])
    #expect(unknown == [#"["f"]"#])
  }

  @Test func `keys, long arguments and nothing at all are decoded`() async throws {
    let call = #"syscall=59 success=yes exit=0 tty=(none) comm=61"62 exe="/bin/x" key=6B31016B32"#
    let found = try await rows(
      Self.event(
        1, call, rest: [#"EXECVE argc=2 a0="x" a1_len=8 a1[0]=6162 a1[1]=206364"#, "PROCTITLE proctitle=7800612062"]),
      [
        ("key", .string), ("keys", .list(.string)), ("arguments", .string), ("proctitle", .string), ("tty", .string),
        ("auid", .int),
      ])
    #expect(found == [#"["k1",["k1","k2"],"x ab cd","x a b",null,null]"#])
  }

  @Test(
    arguments: [
      (#""a b""#, "a b"), ("6120622F63", "a b/c"), ("C3A9", "é"), ("FF00", "\u{FFFD}\u{FFFD}"), ("abcd", "abcd"),
      ("61C", "61C"),
      (#""""#, ""), (#""open"#, "open"), ("(null)", nil), ("(none)", nil), ("?", nil),
    ] as [(String, String?)])
  func `texts are read quoted or in hexadecimal`(field: String, text: String?) throws {
    let line = Array("type=PATH msg=audit(1795405271.970:5): item=0 name=\(field)".utf8)
    let head = try #require(line.withUnsafeBytes { AuditRecord.Head($0) })
    let record = AuditRecord(head.shape, line[...])
    #expect(record.string("name") == text)
  }

  @Test func `a clock that goes back again and again keeps little waiting`() {
    var correlator = AuditCorrelator()
    let padding = String(repeating: "x", count: 30_000)
    var (begun, given, most) = (0, 0, 0)
    for index in 0..<3_000 {
      // Without a SYSCALL record an event is never sure to be complete, and the log is never ahead of it.
      let line = Array(
        "type=USER_CMD msg=audit(\(1_795_400_000 - index * 10).000:\(index)): pid=1 cmd=\(padding)".utf8)
      line.withUnsafeBytes { line in
        guard let head = AuditRecord.Head(line) else { return }
        begun += 1
        _ = correlator.add(head, line, at: ScanPlace(name: "a", line: nil), number: index)
      }
      while correlator.next(atEnd: false) != nil { given += 1 }
      most = max(most, correlator.waitingBytes)
    }
    #expect(most < 17 << 20)
    while correlator.next(atEnd: true) != nil { given += 1 }
    #expect(begun == 3_000 && given == begun)
    #expect(correlator.waitingBytes == 0)
  }

  @Test func `what is torn, foreign or incomplete is kept with what is wrong`() async throws {
    let call = #"syscall=257 success=yes exit=3 a0=ffffff9c a2=0 comm="x" exe="/x" key="k""#
    var lines = ["not a record", "type=SYSCALL msg=audit(x:1): a=b", "----"]
    lines += Self.event(1, call, rest: [#"PATH item=0 name="/f" inode=2 nametype=NORMAL"#])
    lines[3] = lines[3].replacing("items=1", with: "items=3")
    lines += [#"type=PATH msg=audit(1795405272.000:2): item=0 name="/g" nametype=NORMAL"#]
    lines += ["type=SYSCALL msg=audit(1795405273.000:3): arch=c000003e sysc"]
    let folder = try Folder()
    try folder.write("audit.log", lines.joined(separator: "\n"))
    let result = try await source("audit.log", in: folder).fetch(
      "SELECT line, serial, path, problem FROM log",
      [("line", .int), ("serial", .int), ("path", .path), ("problem", .string)])
    let table = try #require(result.table)
    #expect(
      Set((0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText }) == [
        #"[1,null,null,"the line is no audit record"]"#, #"[2,null,null,"the line is no audit record"]"#,
        #"[4,1,"/f","1 of 3 PATH records are there"]"#, #"[6,2,"/g","the event has no SYSCALL record"]"#,
        #"[7,3,null,"the file ends within a record"]"#,
      ])
    #expect(result.statistics.malformedRecords == 5)
    #expect(result.warnings.first?.hasPrefix("5 records were not understood; the first: audit.log:1") == true)
  }
}
