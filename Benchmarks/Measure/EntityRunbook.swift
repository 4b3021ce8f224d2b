import Diagnostics
import Investigation
import RunbookLanguage
import RunbookPorts
import Values

/// A runbook of forty questions that are all asked of every entity, and what its sources answer. Fixed seed.
struct EntityRunbook {
  let checked: CheckedRunbook
  let start: RunStart
  private let tables: [String: Table]

  init(entities: Int) throws {
    let result = RunbookChecker(files: NoFiles()).check(SourceText(name: "forty.runbook.yaml", text: Self.text))
    guard let checked = result.runbook else {
      let messages = result.diagnostics.map { "\($0.location.map { "\($0.start)" } ?? "") \($0.message)" }
      throw MeasurementError(messages.joined(separator: "\n"))
    }
    self.checked = checked
    start = RunStart(
      run: "run-1", fields: [:], alert: nil, at: Timestamp(seconds: 1_800_000_000),
      now: Timestamp(seconds: 1_800_003_600), waits: false, isBoundedByNow: false,
      sources: ["access": SourcePolicy(binding: .bound(adapter: "memory"))])
    var dice = Dice(state: 7)
    tables = try Self.tables(entities, &dice, of: checked.runbook)
  }

  func answer(to request: FetchRequest) -> FetchOutcome {
    guard let table = tables[request.id.query] else { return .failed("there is no such table") }
    return .answered(QueryResult(payload: .table(table)))
  }

  // MARK: The data

  /// Three requests of most, some hundreds of a few; one in twenty is known to the firewall, one in three signs in.
  private static func tables(_ entities: Int, _ dice: inout Dice, of runbook: Runbook) throws -> [String: Table] {
    let names = (0..<entities).map { Value.string("10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)") }
    var rows: [String: [[Value]]] = [:]
    rows["talkers"] = names.map { [$0] }
    rows["requests"] = []
    rows["firewall"] = []
    rows["logins"] = []
    for name in names {
      let count = dice.roll(400) == 0 ? 100 + dice.roll(200) : 1 + dice.roll(5)
      for _ in 0..<count { rows["requests"]?.append(request(of: name, &dice)) }
      if dice.roll(20) == 0 {
        for _ in 0..<(1 + dice.roll(4)) {
          let attack = ["sqli", "xss", "protocol", ""][dice.roll(4)]
          rows["firewall"]?.append([name, .string(attack), .bool(dice.roll(3) > 0)])
        }
      }
      if dice.roll(3) == 0 { rows["logins"]?.append([name, .int(Int64(dice.roll(8)))]) }
    }
    var tables: [String: Table] = [:]
    for query in runbook.queries {
      var builder = TableBuilder(columns: query.columns)
      for row in rows[query.id] ?? [] {
        if let wrong = builder.append(row) { throw MeasurementError("'\(query.id)' has a wrong '\(wrong.name)'") }
      }
      tables[query.id] = builder.build(name: query.id)
    }
    return tables
  }

  private static func request(of name: Value, _ dice: inout Dice) -> [Value] {
    let status = [200, 200, 200, 200, 302, 404, 403, 500][dice.roll(8)]
    let method = ["GET", "GET", "GET", "POST", "HEAD", "PROPFIND"][dice.roll(6)]
    let agent = ["Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (Windows NT 10.0)", "curl/8.5.0", ""][dice.roll(4)]
    return [
      name, .string(method), .string("/app/page-\(dice.roll(300)).cgi"), .int(Int64(status)), .string(agent),
    ]
  }

  // MARK: The runbook

  /// Eight questions that everybody goes through, each with signs of its own.
  private static var text: String {
    let stages = 8
    var questions = ""
    for stage in 0..<stages {
      let next = stage + 1 < stages ? "stage_\(stage + 1)" : "benign"
      questions += self.stage(stage, then: next)
    }
    let known = (0..<200).map { "10.0.7.\($0)" }.joined(separator: ", ")
    return """
      tocsin: 1
      runbook: forty
      alert: {fields: {}}
      questions:
      \(questions)
      verdicts:
        attack: {severity: medium, means: Somebody tried.}
      entities:
        source: {from: talkers.source, at_most: 100000}
      thresholds:
        many: 40
      lists:
        known_sources: [\(known)]
      definitions:
        missing: requests.filter(r, r.status == 404)
      sources:
        access: {about: requests}
      queries:
        talkers: {from: access, window: none, sql: SELECT source FROM t, rows: {source: string}, at_most: 100000}
        requests: {from: access, each: source, window: none, sql: "SELECT * FROM t", rows: {source: string, method: string, path: string, status: int, agent: string}, at_most: 500000}
        firewall: {from: access, each: source, window: none, sql: "SELECT * FROM f", rows: {source: string, attack: string, stopped: bool}, at_most: 500000}
        logins: {from: access, each: source, window: none, sql: "SELECT * FROM l", rows: {source: string, refused: int}, at_most: 500000}
      """
  }

  private static func stage(_ number: Int, then next: String) -> String {
    let attacked = next == "benign" ? "attack" : "[attack, \(next)]"
    let following = "then: {yes: \(attacked), no: \(next), unknown: \(next)}"
    let decision =
      switch number % 4 {
      case 0:
        "weigh: {heavy_\(number): 2, flagged_\(number): 3, probing_\(number): 1, odd_\(number): 1}\n    at_least: 3"
      case 1: "answer: heavy_\(number) && !(flagged_\(number) || probing_\(number)) || odd_\(number)"
      case 2:
        "answer: source in known_sources && !(heavy_\(number) || flagged_\(number) || probing_\(number) || odd_\(number))"
      default:
        """
        answer:
              attack: flagged_\(number) && !firewall.all(f, f.stopped)
              probe: probing_\(number) || odd_\(number)
              crowd: heavy_\(number)
        """
      }
    let labels =
      number % 4 == 3
      ? "then: {attack: \(attacked), probe: \(next), crowd: \(next), none: \(next), unknown: \(next)}" : following
    return """
        stage_\(number):
          each: source
          ask: Is ${source} one of those that matter at stage \(number)?
          \(decision)
          \(labels)
        heavy_\(number):
          each: source
          ask: Does ${source} ask for more than a visitor?
          answer: requests.size() >= many
        flagged_\(number):
          each: source
          ask: Did the firewall name an attack of ${source}?
          answer: firewall.exists(f, !(f.attack in ["", "protocol"]))
        probing_\(number):
          each: source
          ask: Does ${source} look for what is not there?
          answer: missing.size() * 3 >= requests.size() || logins.exists(l, l.refused > \(5 + number))
        odd_\(number):
          each: source
          ask: Does ${source} use other methods than a browser?
          answer: requests.exists(r, !(r.method in ["GET", "HEAD", "POST"]) && r.agent.startsWith("curl"))

      """
  }
}

/// Numbers that are the same on every machine (Steele, Lea and Flood's SplitMix64).
struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
  }
}

private struct NoFiles: RunbookFiles {
  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    .failure(FileProblem("there are no files"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { false }
}
