import CEL
import Testing

struct WarningTests {
  @Test(arguments: [
    // Conditions that are written out.
    ("«true» || ok", "constant-condition"), ("«false» && ok", "never-holds"), ("«true» ? 1 : 2", "constant-condition"),
    ("words.exists(w, «true»)", "constant-condition"), ("words.filter(w, w == 'a' && «true»)", "constant-condition"),
    ("«1 == 1» && ok", "constant-condition"), ("«'a' < 'A'»", "never-holds"), ("«1 != 1.0»", "never-holds"),
    // Ranges.
    ("«s.size() < 0»", "never-holds"), ("«size(words) >= 0»", "constant-condition"), ("«0 > s.size()»", "never-holds"),
    ("«u < 0u»", "never-holds"), ("«u >= 0»", "constant-condition"), ("«0 <= u»", "constant-condition"),
    ("«u == -1»", "never-holds"), ("«n == 1.5»", "never-holds"), ("«n != 0.1»", "constant-condition"),
    ("«n < 1e19»", "constant-condition"), ("«n == 18446744073709551615u»", "never-holds"),
    ("«at.getHours() > 23»", "never-holds"), ("«at.getDayOfWeek() == 7»", "never-holds"),
    ("«at.getMonth() == 12»", "never-holds"), ("«at.getDate() == 0»", "never-holds"),
    ("«s.indexOf('a') < -1»", "never-holds"), ("«s.indexOf('a') >= -1»", "constant-condition"),
    ("«home.prefixLength() > 128»", "never-holds"), ("«s in []»", "never-holds"),
    // Both sides.
    ("«n == n»", "constant-condition"), ("«s != s»", "never-holds"), ("«alert.site < alert.site»", "never-holds"),
    ("talkers.exists(t, «t.hits >= t.hits»)", "constant-condition"),
    // Conditions together.
    ("n > 5 && «n < 3»", "never-holds"), ("n >= 5 && ok && «5 > n»", "never-holds"),
    ("s == 'a' && «s == 'b'»", "never-holds"), ("s == 'a' && «s != 'a'»", "never-holds"),
    ("s != 'a' || «s != 'b'»", "constant-condition"), ("n < 5 || «n > 3»", "constant-condition"),
    ("x > 1 && «x < 0.5»", "never-holds"), ("n == 3 && «n > 3»", "never-holds"),
    ("talkers.exists(t, t.hits > 9 && «t.hits == 2»)", "never-holds"),
    // Variables.
    ("cel.bind(«a», n, ok)", "unused-variable"), ("cel.bind(«a», n, cel.bind(a, 1, a > n))", "unused-variable"),
  ])
  func `What is hardly meant is a warning at its place`(text: String, kind: String) throws {
    let marked = Marked(text)
    let result = Sample.environment.check(marked.source)
    #expect(result.expression != nil, "\(result.problems)")
    #expect(result.problems.isEmpty)
    #expect(result.warnings.map(\.kind.rawValue) == [kind], "\(result.warnings)")
    #expect(result.warnings.map(\.range) == marked.ranges, "\(result.warnings)")
    #expect(result.warnings.allSatisfy { $0.severity == .warning })
  }

  @Test(arguments: [
    "true", "ok", "n == 1", "s.size() > 0", "u > 0", "x == x", "any == any", "n > 3 && n < 5", "n >= 3 && n <= 3",
    "s == 'a' || s == 'b'", "s != 'a' && s != 'b'", "n < 3 || n > 5", "n > 3 && u < 2", "x == 1.5", "n > 1.5",
    "(at - from).getHours() > 23", "at.getHours() == 23", "s.indexOf('a') == -1", "cel.bind(a, n, a > 1)",
    "n == 1 && s == 'a'", "t.hits > 5 && n < 3", "size(s) == size(alert.site)", "n > 2 && n != 5", "x < 5 && x > 4.5",
    "at.getHours() < 7 || at.getHours() >= 19",
  ])
  func `What may be either way is no warning`(source: String) {
    #expect(Sample.environment.check(source).warnings.isEmpty, "\(Sample.environment.check(source).warnings)")
  }

  @Test func `Errors are no warnings`() {
    let result = Sample.environment.check("nn == 1 && true")
    #expect(result.problems.map(\.severity) == [.error])
    #expect(result.warnings.isEmpty)
  }
}
