import CEL
import Testing
import Values

struct WebFunctionTests {
  @Test(arguments: [
    (
      "https://ann:pw@Shop.Example:8443/a/b.php?id=1&id=2&q=x%20y+z#top",
      #"{"scheme":"https","user":"ann:pw","host":"shop.example","port":8443,"path":"/a/b.php","#
        + #""query":"id=1&id=2&q=x%20y+z","parameters":{"id":["1","2"],"q":["x y z"]},"fragment":"top"}"#
    ),
    ("http://h", #"{"scheme":"http","host":"h","port":80,"path":"","parameters":{}}"#),
    ("/a?b", #"{"path":"/a","query":"b","parameters":{"b":[""]}}"#), ("", #"{"path":"","parameters":{}}"#),
    ("//h:/x", #"{"host":"h","path":"/x","parameters":{}}"#),
    ("http://[2001:DB8::1]:81/", #"{"scheme":"http","host":"2001:db8::1","port":81,"path":"/","parameters":{}}"#),
    // Where the address leads, whatever it looks like.
    (
      "https://known.example@evil.example/",
      #"{"scheme":"https","user":"known.example","host":"evil.example","port":443,"path":"/","parameters":{}}"#
    ),
    (
      "https://evil.example\\@known.example",
      #"{"scheme":"https","host":"evil.example","port":443,"path":"\\@known.example","parameters":{}}"#
    ),
    ("javascript:alert(1)", #"{"scheme":"javascript","path":"alert(1)","parameters":{}}"#),
    ("file:///etc/passwd", #"{"scheme":"file","host":"","path":"/etc/passwd","parameters":{}}"#),
    ("?a=%&b=%zz&=c&&", #"{"path":"","query":"a=%&b=%zz&=c&&","parameters":{"a":["%"],"b":["%zz"],"":["c"]}}"#),
    // What is none.
    ("http://", "error: 'http://' is no URL: it names no host"),
    ("http://h:99999/", "error: 'http://h:99999/' is no URL: its port is no number up to 65535"),
    ("http://h:+8/", "error: 'http://h:+8/' is no URL: its port is no number up to 65535"),
    ("http://[::1", "error: 'http://[::1' is no URL: a bracket is not closed"),
    ("http://[::1]x/", "error: 'http://[::1]x/' is no URL: something stands behind the brackets"),
    ("a b", "error: 'a b' is no URL: it has spaces or control characters"),
  ])
  func `A URL is taken apart, or it is said why it is none`(url: String, parts: String) throws {
    #expect(try Sample.evaluate("parseUrl(s)", ["s": .string(url)]).text == parts)
  }

  @Test(arguments: [
    ("/srv/up/cat.tar.GZ", "/srv/up", "cat.tar.GZ", "cat.tar", "gz", 3), ("cat", "", "cat", "cat", "", 1),
    ("/", "/", "", "", "", 0), ("", "", "", "", "", 0), ("/a", "/", "a", "a", "", 1), ("a//b/", "a", "b", "b", "", 2),
    (".profile", "", ".profile", ".profile", "", 1), ("a.", "", "a.", "a.", "", 1),
    (#"C:\Users\ann\Invoice.pdf.EXE"#, "C:/Users/ann", "Invoice.pdf.EXE", "Invoice.pdf", "exe", 4),
    (#"/a\b/c"#, #"/a\b"#, "c", "c", "", 2),
  ])
  func `A path is taken apart`(
    path: String, directory: String, name: String, stem: String, ending: String, parts: Int
  ) throws {
    let source = """
      cel.bind(p, splitPath(s), [p.directory, p.name, p.stem, p.extension, string(p.parts.size())].join('|'))
      """
    let expected = JSON.string("\(directory)|\(name)|\(stem)|\(ending)|\(parts)").compactText
    #expect(try Sample.evaluate(source, ["s": .string(path)]).text == expected)
  }

  @Test(arguments: [
    ("/a/b", "/a/b"), ("/a//b/./c/", "/a/b/c"), ("/up/../../etc/passwd", "/etc/passwd"), ("/", "/"), ("", ""),
    ("a/../../b", "../b"), ("../../b", "../../b"), (#"\\up\..\etc"#, "/etc"), ("/up/%2e%2e/etc", "/etc"),
    ("/up/%252e%252e/etc", "/etc"), ("/%25252525252525252541", "/%2525252541"), ("/a%2", "/a%2"), ("/%zz", "/%zz"),
    ("/a%00.php", "/a\u{0}.php"), ("/%ff", "/\u{FFFD}"), ("/A%41", "/AA"), ("/...", "/..."),
  ])
  func `A path is written as it is opened`(path: String, normal: String) throws {
    #expect(try Sample.evaluate("normalPath(s)", ["s": .string(path)]).text == JSON.string(normal).compactText)
  }

  @Test(arguments: [
    (
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
      "mozilla windows nt win64 x64 applewebkit khtml like gecko chrome safari"
    ),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7; rv:109.0)", "mozilla macintosh intel mac os x rv"),
    ("curl/8.4.0", "curl"), ("sqlmap/1.7.2#stable (https://sqlmap.org)", "sqlmap https://sqlmap.org"),
    ("Go-http-client/v2", "go-http-client"), ("-", ""), ("", ""), ("x/", "x/"), ("7", ""),
  ])
  func `A user agent is known by its names, whatever its versions`(agent: String, normal: String) throws {
    #expect(try Sample.evaluate("normalAgent(s)", ["s": .string(agent)]).text == JSON.string(normal).compactText)
  }

  @Test(arguments: [
    ("parseUrl(s).host", "string"), ("parseUrl(s).port", "int"), ("parseUrl(s).?user", "optional_type(string)"),
    ("parseUrl(s).parameters['id'][0]", "string"), ("splitPath(s).parts", "list(string)"), ("normalPath(s)", "string"),
    ("words.map(w, splitPath(w).extension)", "list(string)"),
  ])
  func `Parts have types`(source: String, type: String) {
    #expect(Sample.environment.check(source).expression?.type.description == type)
  }

  @Test func `A misspelt part is an error with the nearest name`() {
    let problems = Sample.environment.check("splitPath(s).extention == 'exe'").problems
    #expect(problems.map(\.suggestion) == ["extension"])
  }

  @Test(arguments: ["parseUrl(s).parameters.size()", "splitPath(s).parts.size()", "normalPath(s)", "normalAgent(s)"])
  func `Texts of hostile size are bounded`(source: String) throws {
    for piece in ["a&", "/a", "%25", "../", "a/1 ", "x=1&y=", "\\"] {
      let text = Value.string("?" + String(repeating: piece, count: 50_000 / piece.utf8.count))
      let outcome = try Sample.evaluate(source, ["s": text])
      if case .failure(let failure) = outcome { #expect(failure.isLimit || source.hasPrefix("parseUrl")) }
      #expect(try Sample.evaluate(source, ["s": text], budget: 1_000).text.hasPrefix("error: the expression takes"))
    }
  }
}
