import CEL
import Testing
import Values

/// An expression with the places marked, `«` and `»` around each, where problems are expected.
struct Marked {
  let source: String
  let ranges: [Range<Int>]

  init(_ text: String) {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    var start = 0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "«": start = bytes.count
      case "»": ranges.append(start..<bytes.count)
      default: bytes += String(scalar).utf8
      }
    }
    source = String(decoding: bytes, as: UTF8.self)
    self.ranges = ranges
  }
}

/// Names of many types, and values for them.
enum Sample {
  static let columns = [
    Column("source", .ip), Column("path", .path), Column("hits", .int), Column("share", .double),
    Column("owner", .string), Column("at", .timestamp),
  ]
  static let rowType = Table.rowType(of: columns, named: "talkers")
  static let alertType = RecordType("alert", [.init("site", .string), .init("host", .string), .init("at", .timestamp)])
  static let assetType = RecordType("asset", [.init("critical", .bool), .init("owner", .string)])

  static let environment: CELEnvironment = {
    var environment = CELEnvironment()
    environment.declare("talkers", .list(.record(rowType)))
    environment.declare("alert", .record(alertType))
    environment.declare("assets", .map(.string, .record(assetType)))
    environment.declare("known_sources", .list(.network))
    environment.declare("home", .network)
    environment.declare("source", .address)
    environment.declare("office", .calendar)
    environment.declare("verdict", .choice(["stacked", "union", "none"]))
    environment.declare("words", .list(.string))
    environment.declare("at", .timestamp)
    environment.declare("from", .timestamp)
    environment.declare("n", .int)
    environment.declare("u", .uint)
    environment.declare("x", .double)
    environment.declare("s", .string)
    environment.declare("ok", .bool)
    environment.declare("bad", .bool)
    environment.declare("worse", .bool)
    environment.declare("any", .dyn)
    environment.declare("numbers", .list(.int))
    environment.declare("count", .int)
    return environment
  }()

  static let talkers: Table = {
    let at = Value.timestamp(Timestamp(seconds: 1_772_445_600))
    var builder = TableBuilder(columns: columns)
    _ = builder.append([.string("203.0.113.9"), .string("/login"), .int(5_200), .double(0.8), .null, at])
    _ = builder.append([.string("192.0.2.7"), .string("/"), .int(40), .double(0.1), .string("ann"), at])
    _ = builder.append([.string("192.0.2.8"), .string("/"), .null, .double(0.1), .string("bob"), at])
    return builder.build(name: "talkers")
  }()

  struct OfficeHours: CalendarValue {
    let name = "office"
    func contains(_ instant: Timestamp) -> Bool { (25_200..<68_400).contains(instant.seconds % 86_400) }
  }

  static let values: [String: Value] = {
    let asset = Record(assetType, [.bool(true), nil])
    let blocks = [NetworkBlock("192.0.2.0/24"), NetworkBlock("2001:db8::/32")].compactMap { $0 }
    return [
      "talkers": .table(talkers),
      "alert": .record(Record(alertType, [.string("shop"), nil, .timestamp(Timestamp(seconds: 0))])),
      "assets": .map(ValueMap([(.string("web1"), .record(asset))]) ?? .empty),
      "known_sources": .list(blocks.map { .network($0) }),
      "home": .network(blocks[0]),
      "source": NetworkAddress("192.0.2.77").map { .address($0) } ?? .null,
      "office": .calendar(AnyCalendar(OfficeHours())),
      "verdict": .string("union"),
      "words": .list([.string("a"), .string("b")]),
      "at": .timestamp(Timestamp(seconds: 1_772_445_600)), "from": .timestamp(Timestamp(seconds: 1_772_442_000)),
      "n": .int(7), "u": .uint(7), "x": .double(2.5), "s": .string("text"), "ok": .bool(true), "any": .null,
      "numbers": .list([.int(1), .int(2), .int(2)]), "count": .int(3),
    ]
  }()

  /// What an expression gives; `bad` and `worse` fail as unknown, each with its reason.
  static func evaluate(_ source: String, _ changed: [String: Value] = [:], budget: Int = CELLimits.budget) throws
    -> Evaluation
  {
    let result = environment.check(source)
    let expression = try #require(result.expression, "\(source): \(result.problems.map(\.message))")
    return expression.evaluate(SampleBindings(values: values.merging(changed) { $1 }), budget: budget)
  }
}

struct SampleBindings: Bindings {
  let values: [String: Value]

  func value(of name: String) -> Evaluation {
    values[name].map { .value($0) } ?? .failure(EvaluationFailure(.unknown, "\(name) was not asked"))
  }
}

extension Evaluation {
  /// The value as JSON, or the failure as `kind: reason`.
  var text: String {
    switch self {
    case .value(let value): value.json.compactText
    case .failure(let failure): "\(failure.kind.rawValue): \(failure)"
    }
  }
}
