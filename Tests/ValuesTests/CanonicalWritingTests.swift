import Testing

@testable import Values

/// What is written without a tree, held against the tree's text.
@Suite struct CanonicalWritingTests {
  @Test func `an object is written member by member as its tree would be`() throws {
    let instant = try #require(Timestamp(rfc3339: "2026-11-23T05:00:00.25Z"))
    let nothing: String? = nil
    let bytes = CanonicalObject.bytes { object in
      object.add("a", "x\n\"é")
      object.add("b", nothing)
      object.add("c", true)
      object.add("d", 7)
      object.add("e", ["one", "two"])
      object.add("f", instant)
      object.add("g") { $0.add("h", .array([.null, .integer(1)])) }
      object.add("i", written: Array("[1]".utf8))
      object.add("j", listOf: 2) { place, output in output += "\(place)".utf8 }
      object.add("k") { _ in }
      object.addNull("l")
    }
    let tree = JSON.object([
      "a": .string("x\n\"é"), "b": .null, "c": .bool(true), "d": .integer(7),
      "e": .array([.string("one"), .string("two")]),
      "f": .string("2026-11-23T05:00:00.25Z"), "g": .object(["h": .array([.null, .integer(1)])]),
      "i": .array([.integer(1)]), "j": .array([.integer(0), .integer(1)]), "k": .object([JSON.Member]()), "l": .null,
    ])
    #expect(String(decoding: bytes, as: UTF8.self) == tree.canonicalText)
  }

  @Test(arguments: [
    ("{}", "{}"), (#"{"b":1}"#, "{}"), ("{}", #"{"b":1}"#), (#"{"a":[1,2],"c":{"x":"}"}}"#, #"{"b":1,"d":2}"#),
  ])
  func `two objects become one`(one: String, other: String) throws {
    let joined = CanonicalObject.joined(Array(one.utf8), Array(other.utf8))
    let members = (try JSON(parsing: one.utf8).members ?? []) + (try JSON(parsing: other.utf8).members ?? [])
    #expect(String(decoding: joined, as: UTF8.self) == JSON.object(members).canonicalText)
  }

  @Test func `numbers that not every reader holds are written as texts`() {
    let bytes = CanonicalObject.bytes { object in
      object.add("a", .integer(.max))
      object.add("b", .double(.nan))
      object.add("c", .double(1e300))
      object.add("d", Int.min)
    }
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"a":"9223372036854775807","b":"NaN","c":"1e+300","d":"-9223372036854775808"}"#)
  }

  @Test func `numbers of few digits are written as all others`() {
    var state: UInt64 = 7
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 11
    }
    var values = [
      0, -0.0, 0.1, 0.3, 1e11, 99_999_999_999.9999, 1e-4, 1e-5, 2.5e-5, 0.30000000000000004, .infinity, .nan,
    ]
    for _ in 0..<20_000 {
      let power = [1.0, 10, 100, 1_000, 10_000, 100_000][Int(random() % 6)]
      values.append(Double(Int64(random() % 2_000_000_000) - 1_000_000_000) / power)
      values.append(Double(bitPattern: random() << 11 | random() & 2_047))
    }
    var differing: [Double] = []
    for value in values {
      var output: [UInt8] = []
      JSON.write(value, to: &output)
      if output != Array(JSON.ecmaScriptText(of: value).utf8) { differing.append(value) }
    }
    #expect(differing.isEmpty)
  }

  @Test func `tables and series are written as their trees are`() throws {
    let instant = try #require(Timestamp(rfc3339: "2026-11-23T05:00:00Z"))
    let columns = [Column("a", .string), Column("b", .double), Column("c", .timestamp), Column("d", .int)]
    let cells: [[Value]] = [
      [.string("é\""), .null], [.double(1.5), .double(.infinity)], [.timestamp(instant), .null],
      [.int(.max), .int(-3)],
    ]
    let table = Table(columns: columns, cells: cells, count: 2)
    #expect(table.canonicalBytes == table.json.recordable.canonicalBytes)
    #expect(table.selecting(1..<2).canonicalBytes == table.selecting(1..<2).json.recordable.canonicalBytes)
    let points = [1.25, .nan, -0.0, 1e18, 0.1].enumerated().compactMap { place, value in
      instant.adding(.milliseconds(place * 250)).map { Series.Point($0, value) }
    }
    let series = Series(labels: [("host", "a"), ("é", "b")], points: points)
    #expect(series.canonicalBytes == series.json.recordable.canonicalBytes)
  }
}
