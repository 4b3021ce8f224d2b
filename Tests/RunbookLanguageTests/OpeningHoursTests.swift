import Testing
import Values

@testable import RunbookLanguage

@Suite struct OpeningHoursTests {
  static let office = "Mo-Fr 07:00-19:00 Europe/Zurich"
  static let night = "Fr 22:00-02:00; Su 00:00-24:00 UTC"

  @Test(arguments: [
    // Monday, winter: an hour ahead of UTC; the end is outside.
    (office, "2026-03-02T06:00:00Z", true), (office, "2026-03-02T05:59:59Z", false),
    (office, "2026-03-02T17:59:59Z", true), (office, "2026-03-02T18:00:00Z", false),
    // The Monday after the clocks went forward, and the one after they went back.
    (office, "2026-03-30T05:00:00Z", true), (office, "2026-03-30T17:00:00Z", false),
    (office, "2026-10-26T05:59:59Z", false), (office, "2026-10-26T06:00:00Z", true),
    (office, "2026-03-07T10:00:00Z", false),
    // A span over midnight belongs to the day on which it begins.
    (night, "2026-03-06T22:00:00Z", true), (night, "2026-03-07T01:59:59Z", true),
    (night, "2026-03-07T02:00:00Z", false),
    (night, "2026-03-06T01:00:00Z", false), (night, "2026-03-08T00:00:00Z", true),
    (night, "2026-03-08T23:59:59Z", true),
    (night, "2026-03-09T00:00:00Z", false),
    ("Sa-Mo,We 08:00-09:00 UTC", "2026-03-01T08:30:00Z", true),
    ("Sa-Mo,We 08:00-09:00 UTC", "2026-03-03T08:30:00Z", false),
    ("Mo-Su 00:00-24:00 Pacific/Kiritimati", "1969-12-31T23:59:59Z", true),
    // An hour that the change to summer time skips, and one that it repeats in autumn.
    ("Su 02:15-02:45 Europe/Zurich", "2026-03-29T01:30:00Z", false),
    ("Su 02:15-02:45 Europe/Zurich", "2026-10-25T00:30:00Z", true),
    ("Su 02:15-02:45 Europe/Zurich", "2026-10-25T01:30:00Z", true),
  ])
  func `an instant is inside or outside`(hours: String, instant: String, isInside: Bool) throws {
    let calendar = try #require(OpeningHours(hours, except: []))
    #expect(calendar.contains(try #require(Timestamp(rfc3339: instant))) == isInside)
  }

  @Test func `an exception takes away the spans that begin on its day, to their ends`() throws {
    let friday = try #require(CalendarDay("2026-03-06"))
    let calendar = try #require(OpeningHours(Self.night, except: [friday]))
    #expect(!calendar.contains(try #require(Timestamp(rfc3339: "2026-03-06T23:00:00Z"))))
    #expect(!calendar.contains(try #require(Timestamp(rfc3339: "2026-03-07T01:00:00Z"))))
    #expect(calendar.contains(try #require(Timestamp(rfc3339: "2026-03-13T23:00:00Z"))))
  }

  @Test(arguments: [
    "", "Mo-Fr", "Mo-Fr 07:00-19:00", "Mo-Fr 7:00-19:00 UTC", "Mo-Fr 07:00-25:00 UTC", "Mo-Fr 24:00-01:00 UTC",
    "Mo-Fr 07:60-19:00 UTC", "Mo-Fr +7:00-19:00 UTC", "Mx-Fr 07:00-19:00 UTC", "Mo-Fr 07:00-19:00 Europe/Zürich",
    "Mo-Fr 07:00-19:00; UTC", "Mo--Fr 07:00-19:00 UTC", "Mo-Fr 07:00-19:00 Mars/Olympus",
  ])
  func `what are no hours is refused`(text: String) {
    #expect(OpeningHours(text, except: []) == nil)
  }
}
