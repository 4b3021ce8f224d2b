import CEL
import Testing
import Values

struct LibraryTests {
  @Test(arguments: [
    // Rankings, which are Tocsin's own.
    ("[10, 20, 30, 40].percentile(50)", "20"), ("[10, 20, 30, 40].percentile(51)", "30"),
    ("[10, 20, 30, 40].percentile(0)", "10"), ("[10, 20, 30, 40].percentile(100)", "40"),
    ("[3.5, 1.5].percentile(99.9)", "3.5"), ("talkers.hits.percentile(95)", "5200"),
    ("[duration('2m'), duration('1m')].percentile(50) == duration('1m')", "true"),
    ("talkers.at.percentile(50) == at", "true"),
    ("[1].percentile(101)", "error: a percentile lies between 0 and 100, not at 101"),
    ("talkers.filter(t, false).hits.percentile(5)", "error: percentile of no values"),
    ("[0.0 / 0.0].percentile(5)", "error: 'percentile' does not work on double and double"),
    ("talkers.path.countBy()", #"[{"value":"/","count":2},{"value":"/login","count":1}]"#),
    ("talkers.path.countBy().value", #"["/","/login"]"#), ("talkers.path.countBy()[0].count", "2"),
    ("['b', 'a', 'c', 'a', 'c'].countBy().value", #"["a","c","b"]"#), ("talkers.hits.countBy().size()", "2"),
    ("talkers.source.countBy().exists(c, c.value in known_sources && c.count == 1)", "true"),
    ("talkers.path.top(1)", #"[{"value":"/","count":2}]"#), ("talkers.path.top(9).size()", "2"),
    ("talkers.path.top(0)", "[]"), ("talkers.path.top(-1)", "error: there is no top -1"),
    ("[1, 1.0, 1u].map(e, dyn(e)).countBy()[0].count", "3"),
    ("[dyn([1])].countBy()", "error: 'countBy' does not work on list(dyn)"),
    // Optionals.
    ("alert.?host.orValue('none')", "\"none\""), ("alert.?site.orValue('none')", "\"shop\""),
    ("assets[?'web2'].?critical.orValue(false)", "false"), ("assets[?'web1'].?critical.orValue(false)", "true"),
    ("talkers[?9].?path.orValue('-')", "\"-\""), ("talkers[0].?owner.hasValue()", "false"),
    ("optional.of(1).orValue(1 / 0)", "1"), ("optional.none().value()", "error: the optional is none"),
    ("optional.unwrap([optional.of(1), optional.none()])", "[1]"), ("[?alert.?host, ?alert.?site]", "[\"shop\"]"),
    // Bindings.
    ("cel.bind(big, talkers.filter(t, t.path == '/'), big.size() * big.size())", "4"),
    ("cel.bind(a, 1 / 0, ok || a == 1)", "true"), ("cel.bind(a, 1 / 0, a)", "error: division by zero"),
    ("cel.bind(a, bad, ok && a)", "unknown: bad was not asked"),
    ("numbers.map(e, cel.bind(d, e * 2, d + d))", "[4,8,8]"),
    ("numbers.map(e, cel.bind(d, e * 2, [1, 2].map(f, d + f)))", "[[3,4],[5,6],[5,6]]"),
    ("cel.bind(a, 1, cel.bind(b, a + 1, cel.bind(a, b + 1, [a, b])))", "[3,2]"),
    ("[1, 2].map(e, optional.of(e).optMap(o, o + 1).orValue(0))", "[2,3]"),
    // Two variables.
    ("numbers.transformList(i, v, i % 2 == 0, v * 10)", "[10,20]"), ("numbers.exists(i, v, i == 2 && v == 2)", "true"),
    ("{'a': 1}.transformMapEntry(k, v, {v: k})", #"{"1":"a"}"#),
    ("[1, 1].transformMapEntry(i, v, {v: i})", "error: a key stands twice in the map"),
    ("numbers.transformMap(i, v, v)", #"{"0":1,"1":2,"2":2}"#),
    // Texts.
    ("'aXbXc'.split('X', 2)", #"["a","bXc"]"#), ("'añb'.split('')", #"["a","ñ","b"]"#), ("''.split(',')", #"[""]"#),
    ("'ab'.replace('', '-')", "\"-a-b-\""), ("'ab'.replace('', '-', 2)", "\"-a-b\""),
    ("'ab'.replace('', '-', 1)", "\"-ab\""), ("''.replace('', '-')", "\"-\""), ("''.replace('', '-', 1)", "\"-\""),
    ("''.replace('', '-', 5)", "\"-\""), ("uint(-0.5)", "error: '-0.5' is not a value that uint can hold"),
    ("uint(-0.0)", "0"),
    ("'%s'.format([alert.?site])", "error: '%s' does not work on an optional; unwrap it with orValue(…)"),
    ("'aaaa'.replace('aa', 'b')", "\"bb\""), ("'aaa'.lastIndexOf('aa')", "1"), ("'aaa'.indexOf('aa', 1)", "1"),
    ("'%d of %s'.format([1, words])", "\"1 of [a, b]\""),
    ("'%5'.format([1])", "error: '%5' is no way to format a value"),
    ("'%.9999f'.format([1.0])", "error: '.9999' is no number of digits up to 1000"),
    ("'%'.format([])", "error: the text to format ends with '%'"),
    ("'e\\u0301'.reverse()", "\"\u{301}e\""), ("words.join(', ')", "\"a, b\""),
    ("base64.decode('****')", "error: '****' is not base64"), ("string(base64.decode('aGk'))", "\"hi\""),
    ("math.bitShiftLeft(1, 63)", "\"-9223372036854775808\""), ("math.sqrt(16)", "4"),
    ("math.greatest([])", "error: math.greatest of no numbers"),
    ("isCIDR('192.0.2.0/24') && !isCIDR('192.0.2.0')", "true"), ("source.isGlobalUnicast()", "true"),
  ])
  func `A function gives its value, or says why there is none`(source: String, expected: String) throws {
    #expect(try Sample.evaluate(source).text == expected)
  }

  @Test(arguments: [
    ("talkers.hits.percentile(95)", "int"), ("talkers.path.countBy().value", "list(string)"),
    ("talkers.source.top(3).value", "list(ip)"), ("talkers.source.top(3)[0].count", "int"),
    ("alert.?host", "optional_type(string)"), ("alert.?host.orValue('')", "string"), ("[?alert.?host]", "list(string)"),
    ("{?'a': alert.?host}", "map(string, string)"), ("optional.of(1).optMap(v, string(v))", "optional_type(string)"),
    ("cel.bind(a, talkers.hits, a.sum())", "int"), ("words.transformMap(i, w, w.size())", "map(int, int)"),
    ("math.greatest(1, 2)", "int"), ("math.greatest(1, 2.5)", "dyn"), ("math.least(numbers)", "int"),
    ("talkers[?0].path", "optional_type(string)"), ("assets[?'a'].critical", "optional_type(bool)"),
  ])
  func `The type of a call follows from its arguments`(source: String, type: String) {
    let result = Sample.environment.check(source)
    #expect(result.expression?.type.description == type, "\(result.problems)")
  }

  @Test(arguments: [
    ("numbers.countBy().exists(c, c.count > 1)", "true"), ("numbers.countBy().exists(c, c.count > 2)", "unknown: cut"),
    ("numbers.countBy().all(c, c.count < 2)", "false"), ("numbers.countBy().size() >= 2", "true"),
    ("numbers.countBy()[0].value", "unknown: cut"), ("numbers.top(1)", "unknown: cut"),
    ("numbers.percentile(50)", "unknown: cut"), ("words.join()", "\"ab\""),
    ("numbers.exists(i, v, v > 1)", "unknown: cut"),
    ("numbers.transformList(i, v, v)", "unknown: cut"), ("math.greatest(numbers)", "unknown: cut"),
    ("optional.ofNonZeroValue(numbers).hasValue()", "true"),
  ])
  func `A list known in part proves what more elements cannot undo`(source: String, expected: String) throws {
    let partial = Value.partial(PartialValue(.list([.int(1), .int(2), .int(2)]), because: "cut"))
    #expect(try Sample.evaluate(source, ["numbers": partial]).text == expected)
  }

  @Test func `Names of libraries may be names of variables`() {
    var environment = CELEnvironment()
    for name in ["math", "optional", "cel", "ip", "strings"] {
      environment.declare(name, .record(RecordType(name, [.init("abs", .int)])))
    }
    for source in ["math.abs", "optional.abs + math.abs(1)", "ip.abs", "[1].exists(math, math > 0)"] {
      #expect(environment.check(source).problems.isEmpty, "\(environment.check(source).problems)")
    }
  }
}
