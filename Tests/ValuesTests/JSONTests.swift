import Testing

import Values

@Suite struct JSONTests {
  @Test(arguments: [
    (1e21, "1e+21"), (1e-7, "1e-7"), (0.000001, "0.000001"), (1e20, "100000000000000000000"), (-0.0, "0"),
    (333333333.33333329, "333333333.3333333"), (4.5, "4.5"), (5e-324, "5e-324"),
    (123456789012345680000, "123456789012345680000"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (100, "100"),
  ])
  func `doubles are written as ECMAScript writes them`(value: Double, text: String) {
    #expect(JSON.double(value).canonicalText == text)
  }

  @Test func `canonical members are in the order of UTF-16 code units`() throws {
    let json = try JSON(parsing: #"{"\ufb33":1,"\ud83d\ude00":2,"€":3,"a":[1, 2.50,null]}"#.utf8)
    #expect(json.canonicalText == "{\"a\":[1,2.5,null],\"€\":3,\"😀\":2,\"\u{fb33}\":1}")
  }

  @Test func `names that only look alike stay apart`() throws {
    let json = try JSON(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}".utf8)
    #expect(json.members?.count == 2)
    #expect(json["\u{e9}"]?.integer == 1)
    #expect(json["e\u{301}"]?.integer == 2)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "-", "1e", "nul", "\"\\x\"", "\"\u{1}\"", "1 2",
    "\"\\ud800\"", "[", "\"", "{1:2}",
  ])
  func `what is not JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSON(parsing: text.utf8) }
  }

  @Test func `bytes that are not UTF-8 are refused or repaired as asked`() throws {
    let bytes: [UInt8] = [0x22, 0x61, 0xFF, 0x22]
    #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
    #expect(try JSON(parsing: bytes, repairingUTF8: true).text == "a\u{FFFD}")
  }

  @Test func `nesting has a limit`() {
    let deep = String(repeating: "[", count: JSON.depthLimit + 1)
    #expect(throws: JSONError.self) { try JSON(parsing: deep.utf8) }
  }

  @Test func `numbers keep their digits`() throws {
    let json = try JSON(parsing: "[18446744073709551615, 9223372036854775807, 1.0]".utf8)
    #expect(json.canonicalText == "[18446744073709551615,9223372036854775807,1]")
    #expect(Value.int(9_007_199_254_740_993).json.canonicalText == "\"9007199254740993\"")
  }
}
