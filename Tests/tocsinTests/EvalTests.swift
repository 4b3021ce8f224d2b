import Foundation
import Testing
import Values

/// `tocsin eval` as people and scripts see it.
struct EvalTests {
  private static let data = """
    {"rows": [{"client": "192.0.2.7", "status": 403}, {"client": "192.0.2.8", "status": 200}],
     "site": "shop", "limit": 5, "labels": {"a": "b"}}
    """
  private static let types = """
    {"rows": [{"client": "ip", "status": "int"}], "alert": {"host": "string", "at": "timestamp"}, "limit": "int",
     "word": "yes | no", "seen": "list(ip)", "some": "optional_type(map(string, int))"}
    """

  private func withFiles(_ work: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("data.json", Self.data)
    try program.write("types.json", Self.types)
    try work(program)
  }

  // MARK: For people

  @Test(arguments: [
    ("[1, 2, 3].filter(n, n > 1)", "[2, 3] : list(int)"), ("'a\\nb' + \"é\"", #""a\nbé" : string"#),
    ("type(1u)", "uint : type(uint)"), ("{'a': 1.0, 'b': 2.5}", #"{"a": 1.0, "b": 2.5} : map(string, double)"#),
    ("duration('90.5s')", #"duration("90.5s") : duration"#), ("b'a\\x00'", #"b"a\x00" : bytes"#),
    ("timestamp('2026-03-02T10:00:00Z')", #"timestamp("2026-03-02T10:00:00Z") : timestamp"#),
    ("optional.of(1u)", "optional.of(1u) : optional_type(uint)"), ("0.0 / 0.0", #"double("NaN") : double"#),
    ("ip('192.0.2.7')", #"ip("192.0.2.7") : ip"#), ("rows.size() + labels.size()", "3 : int"),
    ("rows[0]", #"{"client": "192.0.2.7", "status": 403} : map(string, dyn)"#),
    ("labels.a == site || 'a' in labels", "true : bool"), ("now.getFullYear()", "2026 : int"),
  ])
  func `A value is printed as expressions write it, with its type`(source: String, printed: String) throws {
    try withFiles { program in
      let ending = try program.run([
        "eval", source, "--data", "data.json", "--now", "2026-03-02T10:00:00Z",
      ])
      #expect(ending.output == printed + "\n")
      #expect(ending.error == "")
      #expect(ending.code == 0)
    }
  }

  @Test func `What is wrong is drawn at its place, and nothing is printed as a result`() throws {
    try withFiles { program in
      let ending = try program.run(["eval", "rows.exists(r, r.statu > limit)", "--types", "types.json"])
      #expect(ending.code == 1)
      #expect(ending.output == "")
      #expect(
        ending.error == """
          error[TOC0301]: 'rows' has no field 'statu'; it has 'client' and 'status'
           --> expression:1:18
            |
          1 | rows.exists(r, r.statu > limit)
            |                  ^^^^^
            help: did you mean 'status'?


          """)
      let failing = try program.run(["eval", "1 +\n limit / 0", "--data", "data.json"])
      #expect(failing.code == 2)
      #expect(failing.error.contains("division by zero\n --> expression:2:2"), "\(failing.error)")
    }
  }

  @Test func `An explanation names types, the parts that decided, and elements`() throws {
    try withFiles { program in
      let ending = try program.run([
        "eval", "rows.exists(r, r.status == 403) && site == 'shop'", "--data", "data.json", "--types", "types.json",
        "--explain",
      ])
      #expect(ending.code == 0)
      #expect(
        ending.output == """
          true : bool
            rows : list(rows)
            site : string
          because
            rows.exists(r, r.status == 403) is true
              rows is [{"client": ip("192.0.2.7"), "status": 403}, {"client": ip("192.0.2.8"), "statu…
              it holds for 1 element: [0] {"client": ip("192.0.2.7"), "status": 403}
                r.status == 403 is true
                  r.status is 403
              it does not hold for 1 element: [1] {"client": ip("192.0.2.8"), "status": 200}
                r.status == 403 is false
                  r.status is 200
            site == 'shop' is true
              site is "shop"

          """)
    }
  }

  @Test func `Warnings are told beside the value`() throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run(["eval", "size('abc') < 0", "--format", "json"])
    #expect(ending.output == #"{"bool":false}"# + "\n")
    #expect(ending.error.contains("warning[TOC0311]: this comparison never holds"))
    #expect(ending.code == 0)
  }

  // MARK: For machines

  @Test(
    arguments: [
      ("1", #"{"int64":"1"}"#, 0), ("[1u, 1.5, null]", #"{"list":[{"uint64":"1"},{"double":"1.5"},{"null":null}]}"#, 0),
      ("{'a': b'x'}", #"{"map":[[{"string":"a"},{"bytes":"eA=="}]]}"#, 0), ("type([])", #"{"type":"list"}"#, 0),
      (
        "[timestamp(1), duration('1.5s')]",
        #"{"list":[{"timestamp":{"seconds":"1","nanos":0}},{"duration":{"seconds":"1","nanos":500000000}}]}"#, 0
      ),
      ("[optional.none(), optional.of(1)]", #"{"list":[{"optional":null},{"optional":{"int64":"1"}}]}"#, 0),
      ("[ip('::1')]", #"{"list":[{"ip":"::1"}]}"#, 0),
      ("-9223372036854775807 - 1", #"{"int64":"-9223372036854775808"}"#, 0),
      ("1e300 * 1e10", #"{"double":"Infinity"}"#, 0),
      (
        "1 == 2 and\ntrue",
        #"{"error":{"code":"TOC0301","name":"syntax","message":"'and' is no operator; did you mean '&&'?","line":1,"column":8,"endLine":1,"endColumn":11,"replacement":"&&"#,
        1
      ),
      (
        "true &&\n 1 / 0 > 1",
        #"{"error":{"code":"TOC0390","name":"evaluation-failed","message":"division by zero","line":2,"column":2,"endLine":2,"endColumn":7}}"#,
        2
      ),
    ] as [(String, String, Int32)])
  func `JSON is the suite's notation, or an error with its place`(source: String, printed: String, code: Int32) throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run(["eval", "--format", "json", "--", source])
    #expect(ending.output.hasPrefix(printed), "\(ending.output)")
    #expect(ending.output.utf8.count { $0 == 0x0A } == 1)
    #expect(ending.code == code)
  }

  @Test func `A batch answers every line in order, and a bad line ends nothing`() throws {
    try withFiles { program in
      let deep = "{\"expr\":\"x\",\"data\":{\"x\":" + String(repeating: "[", count: 500)
      let lines: [(line: String, answer: String)] = [
        (#""1 + 1""#, #"{"int64":"2"}"#),
        (#"{"expr":"x * limit","data":{"x":21}}"#, #"{"int64":"105"}"#),
        (
          #"{"id":1,"expr":"x == y","types":{"x":"ip","y":"cidr"}}"#,
          #"{"error":{"code":"TOC0301","name":"no-overload""#
        ),
        (
          #"{"expr":"[x]","types":{"x":"map(string, list(uint))"},"check_only":true}"#,
          #"{"deduced":{"list":{"map":["string",{"list":"uint"}]}}}"#
        ),
        ("nonsense", #"{"error":{"code":"TOC0395","name":"bad-line""#), ("", ""), ("\u{0}", #"{"error""#),
        ("[1]", #"{"error":{"code":"TOC0395""#), (#"{"expression":1}"#, #"{"error":{"code":"TOC0395""#),
        (deep, #"{"error":{"code":"TOC0395""#), (#""é" "#, #"{"error":{"code":"TOC0301""#),
        (#"{"expr":"limit","data":{"limit":"x"}}"#, #"{"string":"x"}"#),
        (#"{"expr":"limit","types":{"limit":"double"}}"#, #"{"double":"5.0"}"#),
        (#"{"expr":"rows[0].client","types":{"rows":[{"client":"ip","status":"int"}]}}"#, #"{"ip":"192.0.2.7"}"#),
        (
          #"{"expr":"rows","types":{"rows":[{"client":"int","status":"int"}]}}"#,
          #"{"error":{"code":"TOC0394","name":"bad-data","message":"'rows[0].client' must be int, not \"192.0.2.7\"","line":15"#
        ),
        (
          #"{"expr":"x","types":{"x":"strin"}}"#,
          #"{"error":{"code":"TOC0393","name":"bad-types","message":"the type of 'x' is 'strin', which is none; did you mean 'string'?""#
        ),
        (#"{"expr":"1 / 0"}"#, #"{"error":{"code":"TOC0390""#),
        (#"{"expr":"now","now":"2026-01-01T00:00:00Z"}"#, #"{"timestamp":{"seconds":"1767225600","nanos":0}}"#),
        (
          #"{"expr":"x","bindings":{"x":{"value":{"uint64":"7"}}},"type_env":[{"name":"x","kind":"ident","type":"uint"}]}"#,
          #"{"uint64":"7"}"#
        ),
        (
          #"{"expr":"f(1)","type_env":[{"name":"f","overloads":[{"params":["int"],"result":"bool"}]}],"check_only":true}"#,
          #"{"deduced":"bool"}"#
        ),
      ]
      try program.write("lines.jsonl", lines.map(\.line).joined(separator: "\n"))
      let ending = try program.run(["eval", "--batch", "lines.jsonl", "--data", "data.json"])
      let answers = ending.output.split(separator: "\n").map(String.init)
      let expected = lines.filter { !$0.line.isEmpty }
      #expect(answers.count == expected.count, "\(ending.output)")
      for (answer, line) in zip(answers, expected) { #expect(answer.hasPrefix(line.answer), "\(line.line): \(answer)") }
      #expect(ending.code == 2)
      #expect(ending.error.contains("line 3") == false)
    }
  }

  @Test func `A batch ends with what the worst line calls for`() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(
      try program.run(["eval", "--batch", "-"], input: "\"1\"\n\n\"2\"\r\n").output
        == "{\"int64\":\"1\"}\n{\"int64\":\"2\"}\n")
    #expect(try program.run(["eval", "--batch", "-"], input: "\"1\"\n").code == 0)
    #expect(try program.run(["eval", "--batch", "-"], input: "\"1\"\n\"x\"").code == 1)
    #expect(try program.run(["eval", "--batch", "-"], input: "\"1/0\"\n\"x\"").code == 2)
    #expect(try program.run(["eval", "--batch", "no-such-file"]).code == 2)
    let unknown = try program.run(["eval", "--batch", "-"], input: #"{"expr":"1","dta":{}}"#)
    #expect(unknown.error == "tocsin: line 1: 'dta' says nothing here\n")
  }

  @Test func `A batch answers a line before it asks for the next`() throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.shell(
      "mkfifo in out; tocsin eval --batch - <in >out & exec 3>in 4<out; "
        + #"echo '"20 + 1"' >&3; read a <&4; echo '"40 + 2"' >&3; read b <&4; echo "$a $b""#)
    #expect(ending.output == "{\"int64\":\"21\"} {\"int64\":\"42\"}\n")
  }

  // MARK: Data and types

  @Test(arguments: [
    (#"{"x": 1, "x": 2}"#, "{}", "the name \"x\" stands twice in one object"), ("[1]", "{}", "the data is an object"),
    ("{", "{}", "this is no JSON"), (#"{"x": {"a": 1, "b": 2}}"#, #"{"x": {"a": "int"}}"#, "'x' has 'b'"),
    (#"{"x": "y"}"#, #"{"x": "timestamp"}"#, "'x' must be timestamp (as in \"2026-03-02T10:00:00Z\"), not \"y\""),
    (#"{"x": "maybe"}"#, #"{"x": "yes | no"}"#, "'x' must be yes | no"),
    (#"{"x": -1}"#, #"{"x": "uint"}"#, "must be uint"),
    (#"{"x": {"1": 1, "a": 2}}"#, #"{"x": "map(int, int)"}"#, "the key of 'x[\"a\"]' is not of type int"),
    ("{}", #"{"x": ["int", "int"]}"#, "the type of 'x' is a list, which holds the one type"),
    ("{}", #"{"x": 1}"#, "the type of 'x' is a text"), ("{}", #"{"x": "list(list(int)"}"#, "which is none"),
    ("{}", "{\"x\": \"" + String(repeating: "list(", count: 5_000) + "\"}", "which is none"),
    (
      "{}", "{\"x\": " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "}", "deeper than 16"
    ),
  ])
  func `Data and types that are wrong say where`(data: String, types: String, message: String) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("data.json", data)
    try program.write("types.json", types)
    let ending = try program.run(["eval", "1", "--data", "data.json", "--types", "types.json", "--format", "json"])
    #expect(ending.code == 2)
    #expect(ending.error.contains(message), "\(ending.error)")
    let error = try JSON(parsing: Array(ending.output.utf8))["error"]
    #expect(error?["message"]?.text?.contains(message) == true, "\(ending.output)")
  }

  @Test(arguments: [
    (#"{"x": [{"a": 1}, {"a": 2.5}]}"#, "x[1].a > 2", "true"), (#"{"x": {}}"#, "size(x) == 0 && !has(x.a)", "true"),
    (#"{"x": [1, "a", null]}"#, "x.size() == 3 && x[2] == null", "true"),
    (#"{"x": 18446744073709551615}"#, "x == 18446744073709551615u", "true"), (#"{"x": 1}"#, "type(x) == int", "true"),
    (#"{"x": 1.0}"#, "type(x) == double", "true"), (#"{"x": {"a": {"b": [1]}}}"#, "x.a.b[0] + 1 == 2", "true"),
    (#"{"a b": 1, "x": true}"#, "x", "true"), (#"{"now": 5}"#, "now", "5"),
  ])
  func `Data without types has the types of its JSON`(data: String, source: String, value: String) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("data.json", data)
    let ending = try program.run(["eval", source, "--data", "data.json"])
    #expect(ending.output.hasPrefix(value + " : "), "\(ending.output)\(ending.error)")
  }

  @Test func `Optional fields, choices and lists of records are bound as they are declared`() throws {
    try withFiles { program in
      let line =
        #"{"expr":"SOURCE","types":{"alert":{"host":"string","tags":[{"k":"string","more":{"deep":"bool"}}]},"word":"yes | no","o":"optional_type(int)","p":"optional_type(int)"},"data":{"alert":{"tags":[{"k":"a"},{"more":{"deep":true}}]},"word":"no","o":null,"p":3}}"#
      for source in [
        "!has(alert.host) && alert.tags[1].more.deep", "alert.?host.orValue('x') == 'x'", "word == 'no'",
        "!o.hasValue() && p.value() == 3", "alert.tags.filter(t, has(t.k)).size() == 1",
      ] {
        let ending = try program.run(["eval", "--batch", "-"], input: line.replacing("SOURCE", with: source))
        #expect(ending.output == "{\"bool\":true}\n", "\(source): \(ending.output)")
      }
    }
  }
}
