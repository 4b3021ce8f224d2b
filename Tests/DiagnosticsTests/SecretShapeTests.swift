import Diagnostics
import Testing

/// What looks like a secret is found and concealed, and what runbooks are full of is not. The secrets are made up, and
/// put together here so that no scanner takes this file for a leak.
@Suite struct SecretShapeTests {
  private static let mixed = "kQ7vX2mB9tR4wZ6nL3pD8sF5"
  private static let digits = "b3b7f1c2d4e5a6978812"

  @Test(arguments: [
    "AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + String(repeating: "aB3", count: 12), "glpat-" + mixed,
    "xoxb-1234567890-" + digits,
    "sk_live_" + mixed, "AIza" + mixed + "Qw3rT5yU7iO", "NRAK-" + mixed.uppercased(), "SG." + mixed + "." + mixed,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0." + mixed, "https://hooks.slack.com/services/T0000/B0000/" + mixed,
    "-----BEGIN RSA PRIVATE " + "KEY-----", mixed + "==", "client/" + mixed,
  ])
  func `a key is found wherever it stands`(key: String) {
    for text in [key, "title: \(key)\n", "# see \"\(key)\".", "a,\(key),b"] {
      let concealed = SecretShape.concealed(text)
      #expect(concealed != text, "\(text)")
      #expect(!concealed.contains(key.suffix(12)))
      #expect(concealed.count == text.count)
    }
  }

  @Test(arguments: [
    ("password: hunter2-and-3", "password: *************"), ("PASSWD='abc12345xyz'", "PASSWD='***********'"),
    ("api_key = \(digits)", "api_key = ********************"),
    ("Authorization: Bearer \(digits)", "Authorization: Bearer ********************"),
    ("https://ops:Zephyr-81-canoe@host/x", "https://ops:***************@host/x"),
    ("?token=\(digits)&a=b", "?token=************************"),
    ("\"client_secret\": \"\(digits)\"", "\"client_secret\": \"********************\""),
  ])
  func `a value behind a word that names secrets is concealed, and nothing before it`(text: String, shown: String) {
    #expect(SecretShape.concealed(text) == shown)
  }

  @Test(arguments: [
    "sha256: 0f5a7ae7bdf4a4a93ebf5ba2d3cd2a6cd9e9b9a2ab1e2c1c0b9d70b3d1c5f6aa", "d41d8cd98f00b204e9800998ecf8427e",
    "550e8400-e29b-41d4-a716-446655440000", "/srv/shop/htdocs/app/export.cgi", "2026-11-23T04:35:02.880000000Z",
    "password: env:WEB_PASSWORD_2", "password: ${secret_of_web1}", "token: <your token 123>", "password: changeme",
    "answer: alert.labels.token == \"b3b7f1c2d4e5\"", "secret: file:/run/secrets/web1", "passwords: [a1, b2]",
    "https://user@example.org/a", "https://example.org:8443/path@2", "ssh://git@example.org:2222/x",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "UniversalSignInHandlerFactoryBuilder2026V3",
    "requests.exists(r, r.agent.matches(\"(?i)sqlmap|nikto|curl/|wget/\"))", "AKIA", "eyJ.eyJ.x", "ghp_short",
    "token_count: 12345678", "SELECT token, count(*) FROM t WHERE secret = ${x1}",
    "http_requests:rate5s{job=\"apache\"}",
    "password policy: at least 12 characters", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "-----BEGIN CERTIFICATE-----",
    "secret: ", "password:", "://", "a://:@", "https://a:b@c",
  ])
  func `what runbooks are full of is no secret`(text: String) {
    #expect(SecretShape.concealed(text) == text)
  }

  @Test func `no finding shows a secret, in its message or in the line that it marks`() {
    let key = "ghp_" + String(repeating: "aB3", count: 12)
    let source = SourceText(name: "a.yaml", text: "title: \(key) \u{1F511} é\nsecond: line\n")
    let finding = Diagnostic(
      .init("TOC0106", "not-one-of"), .error, "'\(key)' is none", at: SourceLocation(source, SourceRange(7, 10)))
    let shown = DiagnosticRenderer().render(finding)
    #expect(!shown.contains("ghp_") && !shown.contains("aB3"))
    #expect(shown.contains("1 | title: \(String(repeating: "*", count: key.count)) \u{1F511} é"))
  }
}
