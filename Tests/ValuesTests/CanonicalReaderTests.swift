import Testing
import Values

/// The reading of texts that are canonical already, held against the reading of any text.
@Suite struct CanonicalReaderTests {
  private func read(_ text: [UInt8]) -> JSON? { text.withUnsafeBufferPointer { JSON(canonical: $0) } }

  /// Whether a text is looked at in the same way when nothing is made of it.
  private func isSkippedAsRead(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { JSON.isCanonical($0) } == (read(text) != nil)
  }

  /// Whether a text is JSON and would be written in the same way.
  private func isCanonical(_ text: [UInt8]) -> Bool { (try? JSON(parsing: text))?.canonicalBytes == text }

  private static let texts = [
    "null", "true", "false", "0", "-1", "12.5", "1e-7", "-0.25", "0.000001", "123456789012.345", "999999999999999",
    "\"\"", "[]", "{}", "[[],{}]",
    #"{"":0,"a":[1,2,{"b":null}],"b":"x","é":true,"😀":1,"ﬂ":2}"#, "\"\u{7f}é😀\"",
    #""\b\t\n\f\r\"\\\u0000\u000b\u001f/ plain""#, #"{"a\"b":"","a\\":{},"a~":[false]}"#,
    #"{"answers":[{"answer":"yes","because":"hits: 4 rows"}],"question":"one"}"#,
  ]

  @Test(arguments: texts)
  func `what is canonical is read as by anybody`(text: String) throws {
    let json = try #require(read(Array(text.utf8)))
    let parsed = try JSON(parsing: text.utf8)
    #expect(json.compactText == text)
    #expect(json.canonicalBytes == parsed.canonicalBytes)
    #expect(isSkippedAsRead(Array(text.utf8)))
  }

  @Test(arguments: texts)
  func `no change of a byte is taken for canonical that is not`(text: String) {
    let bytes = Array(text.utf8)
    var differing: [String] = []
    func judge(_ changed: [UInt8]) {
      let isRead = read(changed) != nil
      if isRead != isCanonical(changed) && (isRead || changed.count < 14) || !isSkippedAsRead(changed) {
        differing.append(String(decoding: changed, as: UTF8.self))
      }
    }
    for place in bytes.indices {
      judge(Array(bytes[..<place] + bytes[(place + 1)...]))
      for byte in [0x00, 0x1F] + Array("\"\\{}[],:0-19.eE+ abtnfru/A".utf8) + [0x7F, 0x80, 0xC3, 0xF0, 0xFF] {
        judge(Array(bytes[..<place] + [byte] + bytes[(place + 1)...]))
        judge(Array(bytes[..<place] + [byte] + bytes[place...]))
      }
    }
    #expect(differing.isEmpty)
  }

  @Test(arguments: [
    "", " 1", "1 ", "01", "-0", "1.0", "0.10", "00.5", "0.0000001", "1.5.5", "1.5-", "1E3", "1e3", "+1", ".5", "1.",
    "-", "--1", "1e+21", "1000000000000000",
    "18446744073709551615", "1e400", "nul", "truee", "\"", "\"\\u0041\"", "\"\\u0008\"", "\"\\u001F\"", "\"\\/\"",
    "\"\u{1}\"", "[1, 2]", "[1,]", "[,]", "[", "]", "{", "{\"a\"}", "{\"a\":1,}", "{\"b\":1,\"a\":2}",
    "{\"a\":1,\"a\":1}",
    "{\"\u{fb33}\":1,\"😀\":2}", "{a:1}", "[]]", "\"\\ud83d\\ude00\"", "\"\\",
  ])
  func `what is not canonical, or unusual, is left to others`(text: String) {
    #expect(read(Array(text.utf8)) == nil)
    #expect(isSkippedAsRead(Array(text.utf8)))
  }

  @Test func `nesting has a limit`() {
    let deep = [UInt8](repeating: 0x5B, count: 10) + [UInt8](repeating: 0x5D, count: 10)
    deep.withUnsafeBufferPointer { deep in
      #expect(JSON(canonical: deep, depthLimit: 10) != nil)
      #expect(JSON(canonical: deep, depthLimit: 9) == nil)
    }
    #expect(read([UInt8](repeating: 0x5B, count: 1_000_000)) == nil)
  }

  // MARK: Members

  private func members(of text: String) -> (names: [String], values: [String], isWhole: Bool) {
    var text = text
    return text.withUTF8 { bytes in
      var members = CanonicalMembers(bytes)
      var (names, values): ([String], [String]) = ([], [])
      while let member = members.next() {
        names.append(String(decoding: member.name, as: UTF8.self))
        values.append(String(decoding: member.value, as: UTF8.self))
      }
      return (names, values, members.isAtEnd)
    }
  }

  @Test func `members are handed out with their values as they stand`() {
    let found = members(of: #"{"a":{"x":[1,"}"]},"b\"":"\\","c":[],"d":null,"e":-1.5}"#)
    #expect(found.names == ["a", #"b\""#, "c", "d", "e"])
    #expect(found.values == [#"{"x":[1,"}"]}"#, #""\\""#, "[]", "null", "-1.5"])
    #expect(found.isWhole)
    #expect(members(of: "{}").isWhole)
  }

  @Test(arguments: [
    "", "{", "}", "[]", "1", "{}}", "{,}", "{\"a\":1", "{\"a\":1}x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a",
    "{\"a\\",
    "{\"a\":\"", "{\"a\":[1}", "{\"a\":1 \"b\":2", "{a:1}", "{\"a\":{}",
  ])
  func `what is no object is not gone over to its end`(text: String) { #expect(!members(of: text).isWhole) }
}
