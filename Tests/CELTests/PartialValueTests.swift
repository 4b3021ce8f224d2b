import CEL
import Testing
import Values

/// What is said of a list known in part must hold for every list that it may turn out to be.
struct PartialValueTests {
  static let expressions = [
    "numbers.exists(e, e > 1)", "numbers.all(e, e > 0)", "numbers.exists_one(e, e == 2)", "2 in numbers",
    "3 in numbers",
    "!(2 in numbers)", "numbers.size() > 1", "numbers.size() >= 2", "numbers.size() < 2", "numbers.size() <= 1",
    "numbers.size() == 1", "numbers.size() != 1", "1 < numbers.size()", "1 == numbers.size()", "size(numbers) > 0",
    "numbers.sum() > 2", "numbers.sum() <= 2", "3 > numbers.sum()", "numbers.max() > 1", "numbers.max() < 2",
    "numbers.min() < 2", "numbers.avg() > 1.0", "numbers.filter(e, e > 1).size() > 0",
    "numbers.filter(e, e > 1).size() == 0", "numbers.map(e, e * 2).sum() > 4", "numbers.map(e, e - 2).sum() > 0",
    "numbers.filter(e, e != 0).exists(e, e == 2)", "(numbers + [2]).exists_one(e, e == 2)",
    "(numbers + numbers).size() > 2",
    "([1] + numbers).size() > 1", "numbers.distinct().size() > 1", "numbers.distinct().size() < 2",
    "numbers.size() + 1 > 2", "2 + numbers.size() < 3", "numbers.size() * 2 > 2", "numbers.size() * 0 == 0",
    "numbers.size() + numbers.sum() > 3", "double(numbers.size()) / 2.0 > 0.5", "double(numbers.size()) > 1.5",
    "numbers.size() - 1 > 0", "2 - numbers.size() > 0", "numbers.size() % 2 == 0", "numbers.size() / 2 > 0",
    "-numbers.size() < 0", "numbers[0] == 1", "numbers == [1, 2]", "numbers != []", "numbers.size() == 2.0",
    "numbers.size() > 1 || numbers.exists(e, e > 1)", "numbers.size() < 1 && numbers.all(e, e > 1)",
    "numbers.size() > 1 ? true : numbers.size() <= 1", "[numbers.size()].exists(c, c > 1)",
    "numbers.exists(e, 2 / e == 1)", "numbers.all(e, 2 / e == 1)", "{'a': numbers}.a.size() > 1",
    "numbers.percentile(50) >= 1", "numbers.percentile(0) == 0", "numbers.top(1)[0].count > 1", "numbers.top(3) != []",
    "numbers.countBy().exists(c, c.count > 1)", "numbers.countBy().all(c, c.count < 2)",
    "numbers.countBy().exists_one(c, c.value == 2)", "numbers.countBy().filter(c, c.count > 1).size() > 0",
    "numbers.countBy().count.sum() > 2", "numbers.countBy().count.max() > 1", "numbers.countBy().count.min() < 2",
    "numbers.countBy().value.sum() >= 2", "numbers.countBy().map(c, c.count * 2).exists(n, n > 2)",
    "numbers.countBy().count.avg() > 1.0", "numbers.countBy().count.percentile(50) > 1", "numbers.distinct().sum() > 2",
    "numbers.distinct().max() == 2", "numbers.filter(e, e > 0).min() == 1", "numbers.map(e, e * e).max() > 3",
    "numbers.max() == 2", "numbers.max() != 0", "numbers.sum() == 3", "numbers.sum() + numbers.max() > 3",
    "numbers.map(e, 2 - e).max() >= 1", "numbers.exists(e, e in numbers.map(f, f + 1))",
    "numbers.all(e, e in numbers.filter(f, f > 0))", "numbers.exists(e, numbers.size() > e)",
    "cel.bind(n, numbers, n.size() > n.max())", "numbers.exists(i, v, i == v)",
    "numbers.transformList(i, v, v).size() > 1",
    "optional.of(numbers).optMap(n, n.size() > 1).orValue(false)", "numbers.map(e, string(e)).distinct().size() > 1",
  ]

  /// All lists of 0, 1 and 2 with at most `length` elements.
  static func lists(upTo length: Int) -> [[Int64]] {
    guard length > 0 else { return [[]] }
    let shorter = lists(upTo: length - 1)
    return [[]] + shorter.flatMap { list in (0...2).map { [$0] + list } }
  }

  @Test(arguments: expressions)
  func `A partial answer holds for every completion`(source: String) throws {
    let expression = try #require(Sample.environment.check(source).expression)
    for known in Self.lists(upTo: 2) {
      let partial = Value.partial(PartialValue(.list(known.map { .int($0) }), because: "cut at \(known.count) rows"))
      guard case .value(let answer) = expression.evaluate(slots: [.value(partial)]) else { continue }
      guard case .bool(let said) = answer else {
        Issue.record("\(source) gave \(answer.json.compactText)")
        continue
      }
      for more in Self.lists(upTo: 2) {
        // The missing ones may lie anywhere among the known.
        for whole in [known + more, more + known, known.prefix(1) + more + known.dropFirst()] {
          let outcome = expression.evaluate(slots: [.value(.list(whole.map { .int($0) }))])
          guard case .value(.bool(let real)) = outcome else { continue }
          #expect(real == said, "\(source) of \(known)… is \(said), of \(whole) it is \(real)")
        }
      }
    }
  }

  @Test(arguments: [
    ("numbers.exists(e, e == 2)", "true"), ("numbers.exists(e, e == 3)", "unknown: cut"),
    ("numbers.all(e, e == 1)", "false"),
    ("numbers.all(e, e > 0)", "unknown: cut"), ("numbers.exists_one(e, e == 2)", "false"),
    ("numbers.exists_one(e, e == 1)", "unknown: cut"), ("2 in numbers", "true"), ("3 in numbers", "unknown: cut"),
    ("numbers.size()", #"{"at_least":3,"because":"cut"}"#), ("numbers.size() > 2", "true"),
    ("numbers.size() > 3", "unknown: cut"), ("numbers.size() < 3", "false"), ("numbers.size() <= 3", "unknown: cut"),
    ("numbers.size() == 2", "false"), ("numbers.size() == 3", "unknown: cut"), ("2 < numbers.size()", "true"),
    ("numbers.sum()", #"{"at_least":5,"because":"cut"}"#), ("numbers.map(e, e - 2).sum()", "unknown: cut"),
    ("numbers.filter(e, e > 1)", #"{"at_least":[2,2],"because":"cut"}"#), ("numbers.max() >= 2", "true"),
    ("numbers + [9]", #"{"at_least":[1,2,2,9],"because":"cut"}"#), ("numbers.min()", "unknown: cut"),
    ("numbers.avg()", "unknown: cut"), ("numbers[0]", "unknown: cut"), ("numbers == [1]", "unknown: cut"),
    ("numbers.distinct()", #"{"at_least":[1,2],"because":"cut"}"#), ("numbers.size() * 2 + 1 > 6", "true"),
    ("numbers.size() - 4 > 0", "unknown: cut"), ("-numbers.size()", "unknown: cut"),
    ("numbers.size() * -1 < 5", "unknown: cut"), ("numbers.size() == 3 || ok", "true"),
    ("double(numbers.size()) / 2.0 >= 1.5", "true"),
    // A failure among the known comes first, and both are named.
    ("numbers.exists(e, e / 0 == 1)", "error: division by zero; cut"),
  ])
  func `A list known in part proves what more rows cannot undo`(source: String, expected: String) throws {
    let partial = Value.partial(PartialValue(.list([.int(1), .int(2), .int(2)]), because: "cut"))
    #expect(try Sample.evaluate(source, ["numbers": partial]).text == expected)
  }

  @Test(arguments: [
    ("talkers.exists(t, t.path == '/login')", "true"), ("talkers.all(t, t.share < 0.5)", "false"),
    ("talkers.hits.sum() > 5000", "true"), ("talkers.hits.sum() < 5000", "false"),
    ("'/x' in talkers.path", "unknown: cut"),
    ("talkers.filter(t, t.path == '/').source", #"{"at_least":["192.0.2.7","192.0.2.8"],"because":"cut"}"#),
    ("talkers.source.exists(a, a in known_sources)", "true"), ("source in talkers.source", "unknown: cut"),
    ("talkers.at.max() > from", "unknown: cut"), ("talkers[0].path", "unknown: cut"),
    // Nothing missing makes a sum smaller where nothing known is negative; what it is on average, or in the middle, it may.
    ("talkers.share.sum() >= 1.0", "true"), ("talkers.share.sum() <= 1.0", "unknown: cut"),
    ("talkers.hits.max() > 5000", "true"), ("talkers.hits.max() < 5000", "false"),
    ("talkers.hits.max() < 6000", "unknown: cut"), ("talkers.hits.min() > 1", "unknown: cut"),
    ("talkers.hits.avg() > 1.0", "unknown: cut"), ("talkers.hits.percentile(95) > 1", "unknown: cut"),
    ("talkers.path.top(1)", "unknown: cut"), ("talkers.path.countBy().size() == 1", "false"),
    ("talkers.path.countBy().exists(c, c.value == '/' && c.count >= 2)", "true"),
    ("talkers.path.countBy().all(c, c.count == 1)", "false"), ("talkers.path.distinct().size() > 2", "unknown: cut"),
    ("talkers.filter(t, t.path == '/none').hits.sum() > 0", "unknown: cut"),
    ("talkers.filter(t, t.path == '/none').hits.sum() >= 0", "true"),
    ("talkers.map(t, t.share - 0.5).sum() > 0.0", "unknown: cut"),
    ("talkers.filter(t, t.path == '/none').hits.max() > 0", "unknown: cut"),
    ("talkers.map(t, splitPath(t.path).name).distinct().size() >= 2", "true"),
  ])
  func `A table known in part proves what more rows cannot undo`(source: String, expected: String) throws {
    let partial = Value.partial(PartialValue(.table(Sample.talkers), because: "cut"))
    #expect(try Sample.evaluate(source, ["talkers": partial]).text == expected)
  }

  @Test(arguments: [
    ("assets['web1'].critical", "true"), ("assets['web2'].critical", "unknown: cut"), ("'web1' in assets", "true"),
    ("'web2' in assets", "unknown: cut"), ("has(assets.web1)", "true"), ("has(assets.web2)", "unknown: cut"),
    ("assets.web1.critical", "true"), ("assets.web2.critical", "unknown: cut"),
    ("assets.exists(a, a == 'x')", "unknown: cut"),
  ])
  func `A map known in part knows its keys, and not which it lacks`(source: String, expected: String) throws {
    let partial = Value.partial(PartialValue(try #require(Sample.values["assets"]), because: "cut"))
    #expect(try Sample.evaluate(source, ["assets": partial]).text == expected)
  }

  @Test(arguments: [
    ("count > 2", "true"), ("count > 3", "unknown: lost"), ("count != 2", "true"), ("!(count < 3)", "true"),
    ("count == count", "unknown: lost"), ("s.matches(string(count))", "unknown: lost"),
    ("[1][count] == 1", "unknown: lost"),
    ("count in [1, 2]", "false"), ("count in [1, 3]", "unknown: lost"), ("count > 2.5", "true"),
    ("count in {1: true}", "unknown: lost"), ("[count, 1] == [3, 2]", "false"), ("count < s.size()", "unknown: lost"),
  ])
  func `A number known from below decides when its bound does`(source: String, expected: String) throws {
    let partial = Value.partial(PartialValue(.int(3), because: "lost"))
    #expect(try Sample.evaluate(source, ["count": partial]).text == expected)
  }
}
