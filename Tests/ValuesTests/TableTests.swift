import Testing

import Values

@Suite struct TableTests {
  @Test(arguments: [
    (ColumnType.int, Value.string("12"), "12"), (.int, .double(3), "3"), (.double, .int(2), "2"),
    (.bool, .int(1), "true"), (.bool, .string("false"), "false"), (.ip, .string("::1"), "\"::1\""),
    (.cidr, .string("10.0.0.1"), "\"10.0.0.1/32\""),
    (.timestamp, .string("2026-11-23T04:35:02Z"), "\"2026-11-23T04:35:02Z\""),
    (.duration, .string("90s"), "\"90s\""), (.path, .string("/srv"), "\"/srv\""), (.string, .null, "null"),
    (.list(.int), .list([.string("1"), .int(2)]), "[1,2]"),
  ])
  func `a column admits what can be of its type`(type: ColumnType, value: Value, written: String) {
    #expect(type.admit(value)?.json.canonicalText == written)
  }

  @Test(arguments: [
    (ColumnType.int, Value.string("12x")), (.int, .double(2.5)), (.int, .uint(.max)), (.bool, .int(2)),
    (.string, .int(1)), (.ip, .string("shop")), (.timestamp, .string("yesterday")),
    (.list(.int), .list([.string("a")])),
    (.double, .string("")),
  ])
  func `a column refuses what cannot be`(type: ColumnType, value: Value) {
    #expect(type.admit(value) == nil)
  }

  @Test func `a row that does not fit adds nothing`() {
    var builder = TableBuilder(columns: [Column("host", .string), Column("hits", .int)])
    #expect(builder.append([.string("a"), .int(1)]) == nil)
    #expect(builder.append([.string("b"), .string("many")])?.name == "hits")
    #expect(builder.append([.string("c"), .null]) == nil)
    let table = builder.build(name: "talkers")
    #expect(
      table.json.canonicalText
        == #"{"columns":[{"name":"host","type":"string"},{"name":"hits","type":"int"}],"rows":[["a",1],["c",null]]}"#)
    #expect(table.selecting([1]).row(0)["host"]?.displayText == "c")
  }

  @Test func `rows that stand together are a table without being copied`() {
    let cells = [(0..<9).map { Value.int($0) }, (0..<9).map { Value.string("\($0)") }]
    let table = Table(columns: [Column("number", .int), Column("text", .string)], cells: cells, count: 9)
    let stretch = table.selecting(2..<7)
    let inner = stretch.selecting(1..<3)
    #expect(stretch.storage === table.storage)
    #expect(inner.storage === table.storage)
    #expect(inner.json.canonicalText == table.selecting([3, 4]).json.canonicalText)
    #expect(inner.row(1)["text"]?.displayText == "4")
    #expect(inner.rows.map { $0[0].displayText } == ["3", "4"])
    #expect(inner.column(0).map(\.displayText) == ["3", "4"])
    #expect(inner.selecting([1, 0]).column(1).map(\.displayText) == ["4", "3"])
    #expect(table.selecting(9..<9).count == 0)
  }

  @Test(arguments: [
    (Value.double(.infinity), "Infinity"), (.double(2.5), "2.5"), (.list([.string("a"), .int(2)]), "a, 2"),
    (.partial(PartialValue(.int(5), because: "cut")), "at least 5"), (.duration(.seconds(90)), "90s"),
  ])
  func `values read well in a sentence`(value: Value, text: String) {
    #expect(value.displayText == text)
  }

  @Test func `a secret shows itself to nobody who does not ask`() {
    let secret = Secret("hunter2")
    #expect(!"\(secret) \(String(reflecting: secret)) \([secret])".contains("hunter2"))
    #expect(secret.reveal() == "hunter2")
  }
}
