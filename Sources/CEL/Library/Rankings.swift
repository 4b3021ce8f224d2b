import Values

// Tocsin's additions to CEL: what stands where in a list, and how often. Null elements, such as empty cells of a column,
// are skipped.
//
//     latencies.percentile(95)        the least element that at least 95 of 100 elements do not exceed (nearest rank)
//     rows.source.countBy()           each value once with its count, as {value, count}, the most frequent first
//     rows.source.top(3)              the first three of these
//     rows.source.top(3).value        their values alone
extension Library {
  static let rankings: [Function] = [
    Function(
      "percentile",
      ([.int, .uint, .double, .timestamp, .duration] as [ValueType]).flatMap { type in
        [.member(.list(type), [.int], type), .member(.list(type), [.double], type)]
      },
      .binary(percentile)),
    Function(
      "countBy", countable.map { .member(.list($0), [], .list(.record(countType(of: $0)))) },
      .unary { (value, run, place) throws(EvaluationFailure) -> Value in
        let (values, missing) = try present(value, "countBy", &run, place)
        let counts = try counts(of: values, "countBy", &run, place)
        guard let missing else { return .list(counts.map { record($0.value, .int($0.count)) }) }
        // Of what is missing nothing makes a count smaller.
        let least = counts.map { counted in
          record(counted.value, .partial(PartialValue(.int(counted.count), because: missing.reason)))
        }
        return .partial(PartialValue(.list(least), because: missing.reason))
      }),
    Function(
      "top", countable.map { .member(.list($0), [.int], .list(.record(countType(of: $0)))) },
      .binary { (value, limit, run, place) throws(EvaluationFailure) -> Value in
        let (values, missing) = try present(value, "top", &run, place)
        if let missing { throw missing.failure(at: place) }
        guard case .int(let limit) = limit else { throw run.noOverload("top", value, limit, at: place) }
        guard limit >= 0 else { throw EvaluationFailure(.error, "there is no top \(limit)", at: place) }
        let counts = try counts(of: values, "top", &run, place)
        return .list(counts.prefix(Int(clamping: limit)).map { record($0.value, .int($0.count)) })
      }),
  ]

  private static let countable: [ValueType] = [
    .bool, .int, .uint, .double, .string, .timestamp, .duration, .address, .network,
  ]

  private static func countType(of element: ValueType) -> RecordType {
    RecordType("count", [.init("value", element), .init("count", .int)])
  }

  private static func record(_ value: Value, _ count: Value) -> Value {
    .record(Record(countType(of: runtimeType(of: value)), [value, count]))
  }

  /// The most frequent first; those that are equally frequent in the order of their first appearance.
  private static func counts(
    of values: [Value], _ name: String, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> [(value: Value, count: Int64)] {
    var places: [DistinctKey: Int] = [:]
    var counts: [(value: Value, count: Int64)] = []
    for value in values {
      try run.charge(key: value, place)
      var key = DistinctKey(value)
      if case .double(let number) = value { key = key ?? .fraction(number) }
      guard let key else { throw run.noOverload(name, value, at: place) }
      if let known = places[key] {
        counts[known].count += 1
      } else {
        places[key] = counts.count
        counts.append((value, 1))
      }
    }
    try run.charge(counts.count * sortingSteps(counts.count), place)
    try run.create(elements: 3 * counts.count, place)
    let order = counts.indices.sorted { (-counts[$0].count, $0) < (-counts[$1].count, $1) }
    return order.map { counts[$0] }
  }

  /// Steps for each of so many elements.
  static func sortingSteps(_ count: Int) -> Int { Int.bitWidth - count.leadingZeroBitCount }

  @Sendable
  private static func percentile(
    _ value: Value, _ rank: Value, _ run: inout Run, _ place: Place
  ) throws(EvaluationFailure) -> Value {
    let (values, missing) = try present(value, "percentile", &run, place)
    if let missing { throw missing.failure(at: place) }
    let percent: Double
    switch rank {
    case .int(let number): percent = Double(number)
    case .double(let number): percent = number
    default: throw run.noOverload("percentile", value, rank, at: place)
    }
    guard (0...100).contains(percent) else {
      throw EvaluationFailure(.error, "a percentile lies between 0 and 100, not at \(rank.displayText)", at: place)
    }
    guard let first = values.first else { throw EvaluationFailure(.error, "percentile of no values", at: place) }
    for value in values where runtimeType(of: value) != runtimeType(of: first) || order(value, value) != .equal {
      throw run.noOverload("percentile", first, value, at: place)
    }
    try run.charge(values.count * sortingSteps(values.count), place)
    let sorted = values.sorted { order($0, $1) == .less }
    let position = Int((percent / 100 * Double(sorted.count)).rounded(.up))
    return sorted[max(position, 1) - 1]
  }
}
