import Exporters
import Foundation
import RunbookPorts
import Testing
import Values

private func table(_ columns: [Column], _ rows: [[Value]]) -> Table {
  var builder = TableBuilder(columns: columns)
  for row in rows { #expect(builder.append(row) == nil) }
  return builder.build()
}

private func cell(_ value: Value, _ type: ColumnType = .string) -> String {
  let bytes = CSVExporter().encode(table([Column("a", type), Column("b", .string)], [[value, .string("b")]]))
  let text = String(decoding: bytes, as: UTF8.self)
  return String(text.unicodeScalars.dropFirst("a,b\r\n".unicodeScalars.count).dropLast(",b\r\n".unicodeScalars.count))
}

@Suite struct CSVExporterTests {
  @Test func `lines end in CR and LF, under a header`() {
    let columns = [Column("path", .path), Column("hits", .int)]
    let full = CSVExporter().encode(table(columns, [[.string("/a"), .int(3)], [.string("/b"), .int(-1)]]))
    #expect(Array(full) == Array("path,hits\r\n/a,3\r\n/b,-1\r\n".utf8))
    #expect(CSVExporter().encode(table(columns, [])) == Array("path,hits\r\n".utf8))
  }

  @Test(arguments: [
    ("plain", "plain"), ("", "\"\""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""),
    ("two\r\nlines", "\"two\r\nlines\""), ("two\nlines", "\"two\nlines\""), (" space ", "\" space \""),
    ("é", "é"), ("e\u{301}", "e\u{301}"), ("\u{1b}[31m", "\u{1b}[31m"),
  ])
  func `text is quoted where it must be`(text: String, written: String) {
    #expect(cell(.string(text)).utf8.elementsEqual(written.utf8))
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "\"'\t=1\""),
    ("\r=1", "\"'\r=1\""), ("\n=1", "\"'\n=1\""), ("＝1", "'＝1"), ("=a,b", "\"'=a,b\""), ("=\"x\"", "\"'=\"\"x\"\"\""),
    ("'=1", "''=1"), ("''-", "'''-"), ("'quoted'", "'quoted'"), ("'", "'"), ("a=1", "a=1"),
  ])
  func `text that spreadsheets take for a formula is guarded`(text: String, written: String) {
    #expect(cell(.string(text)).utf8.elementsEqual(written.utf8))
  }

  @Test(arguments: ["", "=", "'=", "''=", "'''", "x", "'x", "\r\n", "'\r\n", "+'", "'+'"])
  func `what is guarded can be had back`(text: String) {
    var read = cell(.string(text)).unicodeScalars.map { $0 }
    if read.first == "\"" { read = Array(read.dropFirst().dropLast()) }
    let marks: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n"]
    if read.first == "'", let mark = read.first(where: { $0 != "'" }), marks.contains(mark) { read.removeFirst() }
    #expect(read.elementsEqual(text.unicodeScalars))
  }

  @Test func `values that are no text stand as they are`() throws {
    #expect(cell(.null) == "")
    #expect(cell(.int(-5), .int) == "-5")
    #expect(cell(.double(-0.5), .double) == "-0.5")
    #expect(cell(.double(.infinity), .double) == "Infinity")
    #expect(cell(.bool(false), .bool) == "false")
    #expect(cell(.string("2001:db8::1"), .ip) == "2001:db8::1")
    #expect(cell(.string("-30m"), .duration) == "-30m")
    #expect(cell(.string("2026-11-23T04:35:02Z"), .timestamp) == "2026-11-23T04:35:02Z")
  }

  @Test func `lists are joined by a space and guarded as a whole`() {
    #expect(cell(.list([.string("a"), .string("b,c")]), .list(.string)) == "\"a b,c\"")
    #expect(cell(.list([.int(-1), .int(2)]), .list(.int)) == "'-1 2")
    #expect(cell(.list([]), .list(.string)) == "\"\"")
  }

  @Test func `a row of one missing value is a line that readers see`() {
    let bytes = CSVExporter().encode(table([Column("a", .string)], [[.null], [.string("x")]]))
    #expect(String(decoding: bytes, as: UTF8.self) == "a\r\n\"\"\r\nx\r\n")
  }

  @Test func `JSON Lines keep every value as the trail would`() throws {
    let columns = [Column("b", .string), Column("a", .int), Column("when", .timestamp), Column("list", .list(.string))]
    let bytes = JSONLinesExporter().encode(
      table(
        columns,
        [
          [.string("=1\n\"é\""), .int(.max), .string("2026-11-23T04:35:02Z"), .list([.string("x")])],
          [.null, .int(1), .null, .null],
        ]))
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        {"b":"=1\\n\\"é\\"","a":"9223372036854775807","when":"2026-11-23T04:35:02Z","list":["x"]}
        {"b":null,"a":1,"when":null,"list":null}

        """)
    #expect(JSONLinesExporter().encode(table(columns, [])).isEmpty)
  }
}
