import Testing

import Values

@Suite struct TimestampTests {
  @Test(arguments: [
    ("2026-11-23T04:35:02.88Z", "2026-11-23T04:35:02.880000000Z"),
    ("2026-11-23T05:35:02+01:00", "2026-11-23T04:35:02.000000000Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000000Z"),
    ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"),
    ("2024-02-29t00:00:00z", "2024-02-29T00:00:00.000000000Z"),
    ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000000Z"),
  ])
  func `RFC 3339 is read`(text: String, written: String) {
    #expect(Timestamp(rfc3339: text)?.description == written)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T04:35:02",
    "2026-11-23T04:35:02.Z", "2026-11-23T04:35:02.1234567890Z", "0001-01-01T00:00:00+01:00", "２026-11-23T04:35:02Z",
  ])
  func `what is no instant is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func `arithmetic carries`() throws {
    let instant = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
    let before = try #require(instant.adding(.nanoseconds(-1)))
    #expect(before.description == "2025-12-31T23:59:59.999999999Z")
    #expect(instant.since(before) == .nanoseconds(1))
    #expect(instant.adding(.seconds(400_000_000_000)) == nil)
  }

  @Test(arguments: [("90s", "90s"), ("15m", "15m"), ("-30m", "-30m"), ("+24h", "1d"), ("7d", "7d"), ("0s", "0s")])
  func `durations have a shorthand`(text: String, written: String) {
    #expect(Duration(shorthand: text)?.shorthand == written)
  }

  @Test(arguments: ["", "s", "5", "5x", "1.5h", "--1s", "10000000000s", "٣s"])
  func `what is no duration is refused`(text: String) {
    #expect(Duration(shorthand: text) == nil)
  }
}
