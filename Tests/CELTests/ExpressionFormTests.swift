import CEL
import Testing

/// What an expression says, whatever it looks like.
@Suite struct ExpressionFormTests {
  @Test(arguments: [
    ("a.exists(h, h.path == '/x')", "a.exists(#0, #0.path == \"/x\")"),
    ("((a)) && (b && c)", "a && b && c"), ("a && (b || c)", "a && (b || c)"), ("(a && b) || c", "a && b || c"),
    ("(a + b) * c - (d - e)", "(a + b) * c - (d - e)"), ("a - b - c", "a - b - c"), ("!(a in b)", "!(a in b)"),
    ("a ? b : (c ? d : e)", "a ? b : c ? d : e"), ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
    ("a.map(x, b.filter(y, y > x))", "a.map(#0, b.filter(#1, #1 > #0))"),
    ("a.exists(x, b.exists(x, x > 1)) && x", "a.exists(#0, b.exists(#1, #1 > 1)) && x"),
    ("cel.bind(v, 1, v + 1)", "cel.bind(#0, 1, #0 + 1)"),
    ("{'a': 1u, 'b': [1.0, -2]}", "{\"a\": 1u, \"b\": [1.0, -2]}"),
    ("-(a + b)", "-(a + b)"), ("a.?b[?c].orValue(\"\")", "a.?b[?c].orValue(\"\")"),
    ("has(a.b) && .c", "has(a.b) && .c"),
    ("m.all(k, v, k == v)", "m.all(#0, #1, #0 == #1)"), ("r'\\d'", "\"\\\\d\""),
  ])
  func `quotation marks, parentheses and names of variables do not count`(source: String, form: String) {
    #expect(ExpressionForm.of(source, keepsNames: false) == form)
    #expect(ExpressionForm.of(form.replacing("#", with: "v"), keepsNames: false) == form)
  }

  @Test(arguments: [
    ("a && b || c", "a && (b || c)"), ("a - (b - c)", "a - b - c"), ("1", "1.0"), ("1", "1u"), ("'a'", "b'a'"),
    ("a.exists(x, x > y)", "a.exists(y, y > y)"), ("a.exists(x, b)", "a.all(x, b)"), ("!a == b", "!(a == b)"),
  ])
  func `what means another thing has another form`(first: String, second: String) {
    #expect(ExpressionForm.of(first, keepsNames: false) != ExpressionForm.of(second, keepsNames: false))
  }

  @Test func `names are kept where they are wanted, and what is no expression has no form`() {
    #expect(ExpressionForm.of("a.exists(h,h.path=='/x')", keepsNames: true) == "a.exists(h, h.path == \"/x\")")
    #expect(ExpressionForm.of("a &&", keepsNames: false) == nil)
  }
}
