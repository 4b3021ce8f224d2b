import Foundation
import Testing
import Values

/// `tocsin baseline` and `tocsin backtest` as people and scripts see them.
struct BaselineCommandTests {
  private static let runbook = """
    tocsin: 1
    runbook: busy
    alert: {fields: {site: alert.labels.site}}
    questions:
      busy:
        ask: Is ${site} busier than ever?
        answer: burst.breached
        then: {yes: suspicious, no: benign}
    thresholds:
      burst: {of: rate, normal: {kind: level, history: 1h}, at_least: 20}
    window: {from: -5m, to: 0s}
    queries:
      rate: {from: metrics, promql: "sum(rate(x[1m]))", series: requests/s}
    """
  private static let deployment = """
    deployment: 1
    recorded: true
    sources:
      metrics: {adapter: prometheus-recording, path: series.json, gap: 1m}
    """
  private static let start = 1_767_571_200

  /// A value every ten seconds for two hours; in the last minutes many times as much.
  private static func value(_ row: Int) -> Int { row < 700 ? 10 + row * 7 % 5 : 90 }

  private static var csv: String {
    "timestamp,value\n" + (0..<720).map { "\(start + 10 * $0),\(value($0))\n" }.joined()
  }

  private static var recording: String {
    let values = (0..<720).map { "[\(start + 10 * $0),\"\(value($0))\"]" }.joined(separator: ",")
    return """
      {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"job":"web"},"values":[\(values)]}]}}
      """
  }

  private func withFiles(_ work: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("busy.runbook.yaml", Self.runbook)
    try program.write("tocsin.yaml", Self.deployment)
    try program.write("series.json", Self.recording)
    try program.write("series.csv", Self.csv)
    try work(program)
  }

  @Test func `score writes a row for each row`() throws {
    try withFiles { program in
      let scored = try program.run(["baseline", "score", "series.csv", "--kind", "level"])
      let rows = scored.output.split(separator: "\n")
      #expect(scored.code == 0 && rows.count == 721)
      #expect(rows.first == "timestamp,value,score,expected,low,high,breached")
      #expect(rows.filter { $0.hasSuffix(",true") }.first?.hasPrefix("\(Self.start + 7_000),90,") == true)
      #expect(scored.error.contains("series.csv: 720 rows"))
    }
  }

  @Test func `score takes several files, each a series of its own, and standard input`() throws {
    try withFiles { program in
      try program.write("other.csv", "when,what\n2026-01-05T00:00:00Z,5\n")
      let both = try program.run(["baseline", "score", "series.csv", "other.csv", "series.csv"])
      let rows = both.output.split(separator: "\n")
      #expect(both.code == 0 && rows.count == 1_442 && rows.first?.hasSuffix(",breached,file") == true)
      #expect(rows[721] == "2026-01-05T00:00:00Z,5,0,,,,false,other.csv")
      #expect(rows[1...720].map { $0.dropLast() } == rows[722...].map { $0.dropLast() })
      let input = try program.run(["baseline", "score", "-"], input: Self.csv)
      #expect(input.output.split(separator: "\n").count == 721)
    }
  }

  @Test func `score writes a row before it waits for the next`() throws {
    try withFiles { program in
      // Each row is sent only when the one before has come back.
      let talk = try program.shell(
        """
        mkfifo in out; timeout 60 sh -c '
        tocsin baseline score - --kind level <in >out & exec 3>in 4<out; read -r header <&4
        echo timestamp,value >&3
        for second in 10 20 30; do echo $second,5 >&3; read -r row <&4; echo "$row"; done
        exec 3>&-; wait'
        """)
      #expect(talk.code == 0 && talk.output.split(separator: "\n").map { $0.prefix(5) } == ["10,5,", "20,5,", "30,5,"])
    }
  }

  @Test(arguments: ["timestamp,value\r10,5\r20,6\r", "10,5\r20,6\n30,7\n"])
  func `score refuses lines that end with carriage returns alone`(text: String) throws {
    try withFiles { program in
      try program.write("old.csv", text)
      let old = try program.run(["baseline", "score", "old.csv"])
      #expect(old.code == 2 && old.error.contains("old.csv: its lines end with carriage returns alone"))
      try program.write("dos.csv", "timestamp,value\r\n10,5\r\n20,6\r\r\n")
      let dos = try program.run(["baseline", "score", "dos.csv"])
      #expect(dos.code == 0 && dos.error.contains("2 rows"))
    }
  }

  @Test func `score tells bad lines by their number and goes on`() throws {
    try withFiles { program in
      try program.write("bad.csv", "timestamp,value\n10,5\nnonsense\n20,x\n30,7\n")
      let bad = try program.run(["baseline", "score", "bad.csv"])
      #expect(bad.code == 1 && bad.output.split(separator: "\n").count == 3)
      #expect(bad.error.contains("bad.csv:3: ") && bad.error.contains("bad.csv:4: "))
      for files in [["missing.csv"], ["missing.csv", "none.csv"]] {
        let missing = try program.run(["baseline", "score"] + files)
        #expect(missing.code == 2 && missing.output.isEmpty && missing.error.contains("cannot read 'missing.csv'"))
      }
      let partly = try program.run(["baseline", "score", "missing.csv", "series.csv"])
      #expect(partly.code == 2 && partly.output.hasPrefix("timestamp,value,"))
      #expect(try program.run(["baseline", "score", "bad.csv", "--column", "t", "--column", "v"]).code == 2)
      for wrong in [
        ["--kind", "new_values"], ["--kind", "magic"], ["--surprise", "0"], ["--column", "one"],
        ["--timezone", "Mars"],
        ["--memory", "1"], ["--svg", "x.svg", "bad.csv"],
      ] {
        #expect(try program.run(["baseline", "score", "bad.csv"] + wrong).code == 64, "\(wrong)")
      }
    }
  }

  @Test func `score draws for the terminal and as a picture`() throws {
    try withFiles { program in
      let drawn = try program.run(["baseline", "score", "series.csv", "--format", "draw", "--svg", "series.svg"])
      #expect(drawn.code == 0 && drawn.output.contains("●") && drawn.output.contains("2026-01-05T00:00"))
      let svg = String(
        decoding: try #require(FileManager.default.contents(atPath: program.folder + "/series.svg")), as: UTF8.self)
      #expect(svg.hasPrefix("<svg") && svg.contains("<circle"))
    }
  }

  private static let ends = ["--from", "2026-01-05T00:00:00Z", "--to", "2026-01-05T01:50:00Z"]
  private static let asked = ["busy.runbook.yaml", "burst", "--config", "tocsin.yaml", "--field", "site=shop"]

  @Test func `what was learned is not fetched again, and the verdict is the same`() throws {
    try withFiles { program in
      let run = [
        "run", "busy.runbook.yaml", "--config", "tocsin.yaml", "--field", "site=shop", "--at", "2026-01-05T01:59:50Z",
        "--format", "json",
      ]
      let plain = try program.run(run + ["--trail", "plain"])
      let learned = try program.run(["baseline", "learn"] + Self.asked + Self.ends + ["--baselines", "kept"])
      #expect(learned.code == 0 && learned.output.hasPrefix("rate of metrics: 661 points"), "\(learned.error)")
      let with = try program.run(run + ["--trail", "with", "--baselines", "kept"])
      #expect(plain.code == 0 && with.code == 0, "\(plain.error)\(with.error)")
      let verdicts = try [plain, with].map { try JSON(parsing: Array($0.output.utf8))["verdict"]?.text }
      #expect(verdicts == ["suspicious", "suspicious"])
      let trail = try program.shell(
        "grep -h '\"query.answered\"' -r with plain | grep -c '\"baseline\":{\"digest\":\"sha256:'")
      #expect(trail.output == "1\n")
      let judged = try program.shell("grep -rh threshold.judged with plain | grep -o '\"points\":[0-9]*' | sort -u")
      #expect(judged.output.split(separator: "\n").count == 1, "\(judged.output)")
      // Learned again, it only grows; another query has another baseline.
      let more = try program.run(
        ["baseline", "learn"] + Self.asked + [
          "--from", "2026-01-05T00:10:00Z", "--to", "2026-01-05T01:55:00Z", "--baselines", "kept",
        ])
      #expect(more.output.hasPrefix("rate of metrics: 631 points"), "\(more.output)\(more.error)")
      try program.write("busy.runbook.yaml", Self.runbook.replacingOccurrences(of: "rate(x[1m])", with: "rate(x[2m])"))
      _ = try program.run(["baseline", "learn"] + Self.asked + Self.ends + ["--baselines", "kept"])
      #expect(try program.run(["baseline", "show", "--baselines", "kept"]).output.split(separator: "\n").count == 2)
      #expect(try program.run(["baseline", "show", "rate", "--baselines", "kept"]).output.contains("│"))
      #expect(try program.run(["baseline", "forget", "rate", "--baselines", "kept"]).code == 0)
      #expect(try program.run(["baseline", "forget", "rate", "--baselines", "kept"]).code == 1)
    }
  }

  @Test func `an incident that is excluded is not learned, and a damaged baseline is told and not used`() throws {
    try withFiles { program in
      let learned = try program.run(
        ["baseline", "learn"] + Self.asked + Self.ends
          + ["--baselines", "kept", "--exclude", "2026-01-05T00:10:00Z/2026-01-05T00:20:00Z"])
      #expect(learned.output.hasPrefix("rate of metrics: 600 points"), "\(learned.output)\(learned.error)")
      #expect(
        try program.run(["baseline", "learn"] + Self.asked + ["--baselines", "k", "--exclude", "now"]).code == 64)
      #expect(try program.run(["baseline", "learn", "busy.runbook.yaml", "brst", "--baselines", "k"]).code == 2)
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: program.folder + "/kept").first)
      try program.write("kept/\(name)", "{\"tocsin_baseline\": 2}")
      #expect(try program.run(["baseline", "show", "--baselines", "kept"]).error.contains("another version"))
      let run = try program.run([
        "run", "busy.runbook.yaml", "--config", "tocsin.yaml", "--field", "site=shop", "--at", "2026-01-05T01:59:50Z",
        "--trail", "trail", "--baselines", "kept", "--format", "json",
      ])
      #expect(run.code == 0 && run.output.contains("suspicious"))
      #expect(try program.shell("grep -rhc 'the stored baseline is not used' trail").output.contains("1"))
    }
  }

  @Test func `what the source has not written yet is learned later`() throws {
    try withFiles { program in
      let until = { ["--from", "2026-01-05T00:00:00Z", "--to", $0, "--baselines", "kept"] }
      let first = try program.run(["baseline", "learn"] + Self.asked + until("2026-01-05T05:00:00Z"))
      #expect(first.code == 0 && first.output.contains("720 points, 2026-01-05T00:00:00Z to 2026-01-05T01:59:50Z"))
      #expect(first.error.contains("the source ends at 2026-01-05T01:59:50Z"))
      try program.write("series.json", Self.recording.replacing("\"]]", with: "\"],[\(Self.start + 10_800),\"7\"]]"))
      let more = try program.run(["baseline", "learn"] + Self.asked + until("2026-01-05T05:00:00Z"))
      #expect(more.output.contains("721 points") && more.output.contains("03:00:00Z"), "\(more.output)\(more.error)")
      let nothing = try program.run(
        ["baseline", "learn"] + Self.asked + [
          "--from", "2025-01-05T00:00:00Z", "--to", "2025-01-06T00:00:00Z", "--baselines", "other",
        ])
      #expect(nothing.code == 2 && nothing.error.contains("there is nothing to learn"))
      #expect(
        try program.run(["baseline", "learn", "busy.runbook.yaml", "--field", "site=a", "--baselines", "k"])
          .error.contains("--config"))
    }
  }

  @Test func `a damaged baseline is forgotten, and hides no other`() throws {
    try withFiles { program in
      _ = try program.run(["baseline", "learn"] + Self.asked + Self.ends + ["--baselines", "kept"])
      let name = "other-\(String(repeating: "0", count: 24)).baseline.json"
      try program.write("kept/\(name)", "{")
      let shown = try program.run(["baseline", "show", "--baselines", "kept"])
      #expect(shown.code == 2 && shown.output.contains("rate of metrics") && shown.error.contains("damaged"))
      #expect(try program.run(["baseline", "forget", "other", "--baselines", "kept"]).code == 0)
      #expect(try program.run(["baseline", "show", "--baselines", "kept"]).code == 0)
      #expect(try program.run(["baseline", "show", "--baselines", "kpt"]).error.contains("no folder 'kpt'"))
    }
  }

  @Test func `a span in which nothing was measured is no answer of a backtest`() throws {
    try withFiles { program in
      let empty = try program.run(
        ["backtest"] + Self.asked + ["--from", "2025-01-05T01:00:00Z", "--to", "2025-01-05T02:00:00Z"])
      #expect(empty.code == 2 && empty.error.contains("nothing was measured"))
    }
  }

  @Test func `backtest says how often a threshold would have fired, at each surprise`() throws {
    try withFiles { program in
      let span = ["--from", "2026-01-05T01:00:00Z", "--to", "2026-01-05T02:00:00Z", "--window", "10m"]
      let tested = try program.run(["backtest"] + Self.asked + span)
      #expect(tested.code == 0, "\(tested.error)")
      #expect(
        tested.output.contains("6 windows, 0 of them cannot be judged") && tested.output.contains("quiet 2.5       1"))
      let recorded = try program.run(
        ["backtest", "busy.runbook.yaml", "--recording", "series.csv", "--format", "json", "--svg", "b.svg"] + span)
      let json = try JSON(parsing: Array(recorded.output.utf8))
      #expect(json["settings"]?.elements?.map { $0["fired"]?.integer } == [1, 1, 1], "\(recorded.error)")
      #expect(json["settings"]?.elements?.first?["at"]?.elements?.first?.text == "2026-01-05T01:50:00Z")
      #expect(FileManager.default.fileExists(atPath: program.folder + "/b.svg"))
      #expect(try program.run(["backtest", "busy.runbook.yaml", "other", "--recording", "series.csv"]).code == 2)
    }
  }

  /// Two sites, one of them new; a threshold that judges each by itself, and leaves the hour before the alert out.
  private static let byEntity = runbook.replacing(
    "burst: {of: rate, normal: {kind: level, history: 1h}, at_least: 20}",
    with: "burst: {of: rate, normal: {kind: level, by: job, history: 1h, minimum_history: 30m}, at_least: 20}")

  @Test func `backtest turns to the others where an entity has too little history`() throws {
    try withFiles { program in
      let series = [("old", 0), ("new", 640)].map { job, first in
        let values = (first..<720).map { "[\(Self.start + 10 * $0),\"\(Self.value($0))\"]" }.joined(separator: ",")
        return "{\"metric\":{\"job\":\"\(job)\"},\"values\":[\(values)]}"
      }
      try program.write(
        "series.json",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[\(series.joined(separator: ","))]}}")
      let span = [
        "--from", "2026-01-05T01:50:00Z", "--to", "2026-01-05T02:00:00Z", "--window", "10m", "--format", "json",
      ]
      let asked = ["backtest", "busy.runbook.yaml", "--config", "tocsin.yaml", "--field", "site=shop"] + span
      try program.write("busy.runbook.yaml", Self.byEntity)
      let answers = try program.run(asked).output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
      let fired = answers.map { $0["settings"]?.elements?.first?["fired"]?.integer }
      #expect(answers.map { $0["unknown"]?.integer } == [0, 0] && fired == [1, 1], "\(answers)")
      // Without `by` nobody stands in for it.
      try program.write("busy.runbook.yaml", Self.byEntity.replacing("by: job, ", with: ""))
      let alone = try program.run(asked)
      #expect(alone.output.contains("\"unknown\": 1") || alone.output.contains("\"unknown\":1"), "\(alone.output)")
    }
  }

  @Test func `backtest learns nothing from what is excluded`() throws {
    try withFiles { program in
      // The plateau of the last minutes, twice: the first one teaches that there are such.
      let csv = "timestamp,value\n" + (0..<1_440).map { "\(Self.start + 10 * $0),\(Self.value($0 % 720))\n" }.joined()
      try program.write("twice.csv", csv)
      try program.write("busy.runbook.yaml", Self.runbook.replacing("history: 1h", with: "history: 4h"))
      let asked = [
        "backtest", "busy.runbook.yaml", "--recording", "twice.csv", "--window", "10m", "--surprise", "quiet",
        "--format",
        "json", "--from", "2026-01-05T03:50:00Z", "--to", "2026-01-05T04:00:00Z",
      ]
      func fired(_ more: [String] = []) throws -> Int64? {
        let run = try program.run(asked + more)
        return try JSON(parsing: Array(run.output.utf8))["settings"]?.elements?.first?["fired"]?.integer
      }
      #expect(try fired() == 0)
      #expect(try fired(["--exclude", "2026-01-05T01:50:00Z/2026-01-05T02:00:00Z"]) == 1)
      #expect(try program.run(asked + ["--exclude", "yesterday"]).code == 64)
      // The runbook's own `exclude` counts from the end of each window.
      let named = Self.runbook.replacing(
        "history: 1h", with: "history: 4h, exclude: {from: -130m, to: -2h}")
      try program.write("busy.runbook.yaml", named)
      #expect(try fired() == 1)
      // What it rests on must be known.
      let resting = Self.runbook.replacing(
        "history: 1h", with: "history: 4h, exclude: {from: timestamp(site), to: 0s}")
      try program.write("busy.runbook.yaml", resting)
      #expect(try program.run(asked).output.contains("\"unknown\""))
    }
  }
}
