import RunbookPorts
import Testing
import Values

@testable import RunbookEngine

struct RunReportTests {
  @Test func `a run for machines is one line with these members in this order`() async throws {
    let sample = SampleRun()
    let result = try await sample.run { query, _ in .rows([[.string("shop"), .int(99)]], of: query) }
    #expect(
      result.json.compactText == """
        {"run":"20260302T100000Z-777777","runbook":"sample","version":"1.2.3","verdict":"bad","severity":"high",\
        "answers":[{"question":"many","entity":null,"ask":"Many requests to shop?","answer":"yes","finding":["shop"],\
        "because":"hits: 1 row, limit 10","assumed":false}],"open":[],"entities":{},\
        "started":"2026-03-02T10:00:00Z","finished":"2026-03-02T10:00:00Z"}
        """)
  }

  @Test func `equal runs close with equal words`() async throws {
    let answer: @Sendable (BoundQuery, Int) async throws(AdapterError) -> QueryResult = { query, _ in
      .rows([[.string("shop"), .int(99)]], of: query)
    }
    let (first, second) = (SampleRun(), SampleRun())
    _ = try await first.run(answer)
    _ = try await second.run(answer)
    let words = [first, second].map { $0.journal.entry("run.closed")?.body.canonicalText }
    #expect(words[0] == words[1])
    #expect(words[0]?.contains("\"outcome\":\"sha256:") == true)
  }
}
