import RunbookPorts
import Values

/// Makes events of all kinds by chance, the same for the same seed.
struct EventDice {
  private var dice: Dice

  init(seed: UInt64) { dice = Dice(seed) }

  mutating func event() -> RunEvent {
    let id = FetchID(query: "q\(number(9))", window: chance(2) ? window() : nil)
    switch number(12) {
    case 0...3: return .fetched(id, .answered(answer()))
    case 4: return .fetched(id, .failed(text()))
    case 5: return .waited(until: instant())
    case 6: return .notified("run/verdict/\(number(99))", notice())
    case 7: return .exported("e", .failed(text()))
    case 8: return .exported("e", .written(ExportReceipt(file: text(), digest: "sha256:1", bytes: number(1 << 30))))
    case 9: return .scripted("e", script())
    default: return .interrupted(text())
    }
  }

  private mutating func script() -> ScriptOutcome {
    switch number(3) {
    case 0: return .failed(text())
    case 1: return .unknown(text())
    default:
      let size = number(1 << 20)
      let output = EvidenceReference(
        digest: "sha256:2", length: size, mediaType: "text/plain", notKept: chance(3) ? text() : nil)
      return .ended(
        ScriptReceipt(
          end: chance(4) ? .timedOut : .exited(number(256)), milliseconds: number(9_999), outputBytes: size,
          output: chance(2) ? output : nil, complaint: chance(2) ? text() : nil,
          file: chance(2) ? ExportReceipt(file: text(), digest: "sha256:3", bytes: size) : nil))
    }
  }

  private mutating func notice() -> NoticeOutcome {
    switch number(3) {
    case 0: .sent
    case 1: .failed(text())
    default: .unknown(text())
    }
  }

  mutating func answer() -> QueryResult {
    var statistics = FetchStatistics()
    statistics.recordsRead = number(1 << 40)
    statistics.malformedRecords = number(3)
    let completeness: Completeness = [.complete, .truncated(text()), .partial(text())][number(3)]
    let extent = SourceExtent(
      kind: chance(2) ? .records : .report, first: chance(2) ? instant() : nil, last: chance(2) ? instant() : nil,
      resolution: duration(), silence: chance(2) ? TimeWindow(from: instant(), to: instant()) : nil)
    return QueryResult(
      payload: chance(3) ? series() : table(), completeness: completeness, isMonotone: chance(2),
      extent: chance(2) ? extent : nil, warnings: (0..<number(14)).map { "\($0) \(text())" }, statistics: statistics)
  }

  private mutating func series() -> QueryResult.Payload {
    .series(
      (0..<number(3)).map { line in
        Series(
          labels: (0..<number(3)).map { ("l\(line)\($0)", text()) },
          points: (0..<number(6)).map { _ in Series.Point(instant(), double()) })
      })
  }

  private mutating func table() -> QueryResult.Payload {
    let types: [ColumnType] = ColumnType.named.map(\.type).filter { $0 != .calendar }
    let columns = (0..<number(5)).map { place in
      let type = types[number(types.count)]
      return Column("c\(place)", chance(4) ? .list(.list(type)) : type)
    }
    let count = number(6)
    let cells = columns.map { column in (0..<count).map { _ in cell(column.type) } }
    // The name that a query's rows bear is its id; a table without a query has another.
    return .table(Table(columns: columns, cells: cells, count: count, name: "q0"))
  }

  private mutating func cell(_ type: ColumnType) -> Value {
    if chance(8) { return .null }
    switch type {
    case .bool: return .bool(chance(2))
    case .int: return .int([0, -1, .max, .min, 1 << 53, Int64(number(1_000))][number(6)])
    case .double: return .double(double())
    case .timestamp: return .timestamp(instant())
    case .duration: return .duration(duration())
    case .ip: return address()
    case .cidr: return NetworkBlock("2001:db8::/\(number(128))").map { .network($0) } ?? .null
    case .list(let element): return .list((0..<number(3)).map { _ in cell(element) })
    case .string, .domain, .url, .hash, .path, .contact: return .string(text())
    case .calendar: return .null
    }
  }

  private mutating func address() -> Value {
    .address(
      chance(2)
        ? NetworkAddress(v4: UInt32(truncatingIfNeeded: bits()))
        : NetworkAddress(v6: bits(), bits()))
  }

  /// JSON knows one zero.
  private mutating func double() -> Double {
    let numbers: [Double] = [0, 1, -2.5, .infinity, -.infinity, .nan, 1e300, 2.3e-308, 0.1, 9_007_199_254_740_994]
    let other = Double(bitPattern: bits())
    return chance(3) ? (other.isNaN ? .nan : other) : numbers[number(numbers.count)]
  }

  private mutating func duration() -> Duration {
    [.zero, .seconds(1), .milliseconds(-1_500), .nanoseconds(1), .seconds(86_400)][number(5)]
  }

  private mutating func instant() -> Timestamp {
    let span = UInt64(Timestamp.validSeconds.upperBound - Timestamp.validSeconds.lowerBound)
    return Timestamp(
      seconds: Timestamp.validSeconds.lowerBound + Int64(bits() % span),
      nanoseconds: Int32(number(1_000_000_000)))
  }

  private mutating func window() -> TimeWindow? {
    let (one, other) = (instant(), instant())
    return TimeWindow(from: min(one, other), to: max(one, other))
  }

  private mutating func text() -> String {
    let texts = [
      "", "plain", "e\u{301} é", "\u{0}\u{1B}[31m\u{7F}\u{202E}", "\"\\\r\n", "NaN", "null", "12", "\u{10FFFF}",
      String(repeating: "long \u{1}é", count: 400), "2026-01-01T00:00:00Z", "true",
    ]
    return texts[number(texts.count)]
  }

  /// The JSON with one part of it replaced.
  mutating func mutate(_ json: JSON) -> JSON {
    let others: [JSON] = [
      .null, .bool(true), .integer(-1), .integer(.max), .double(.nan), .number("1e999"), .string(""), .array([]),
      .object([JSON.Member]()), .string("9999-12-31T23:59:59Z"), .array([.array([.null])]),
    ]
    switch json {
    case .object(let members) where !members.isEmpty && !chance(4):
      let place = number(members.count)
      return .object(
        members.enumerated().compactMap { index, member in
          index != place ? member : chance(5) ? nil : .init(member.name, mutate(member.value))
        })
    case .array(let elements) where !elements.isEmpty && !chance(4):
      let place = number(elements.count)
      return .array(elements.enumerated().map { $0 == place ? mutate($1) : $1 })
    default: return others[number(others.count)]
    }
  }

  private mutating func number(_ limit: Int) -> Int { limit <= 0 ? 0 : Int(bits() % UInt64(limit)) }
  private mutating func chance(_ of: Int) -> Bool { number(of) == 0 }
  private mutating func bits() -> UInt64 {
    UInt64(dice.roll(1 << 31)) << 33 ^ UInt64(dice.roll(1 << 31)) << 16 ^ UInt64(dice.roll(1 << 16))
  }
}
