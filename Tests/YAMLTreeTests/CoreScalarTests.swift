import Diagnostics
import Testing
import YAMLTree

struct CoreScalarTests {
  private func scalar(_ text: String, _ style: YAMLScalar.Style = .plain) -> YAMLScalar {
    YAMLScalar(text, style: style, range: SourceRange(0, text.utf8.count))
  }

  @Test(arguments: [
    ("0", 0), ("-12", -12), ("+7", 7), ("010", 10), ("0o17", 15), ("0xfF", 255), ("9223372036854775807", Int64.max),
  ])
  func `whole numbers of the core schema`(text: String, value: Int64) {
    #expect(scalar(text).asInteger == value)
    #expect(scalar(text).asDouble == Double(value))
    #expect(scalar(text, .doubleQuoted).asInteger == nil)
  }

  @Test(arguments: ["", "-", "1_000", "0b1", "0x", "0o8", "0x-1", "-0x1", "1.0", "9223372036854775808", "٣", "1 "])
  func `other texts are no whole numbers`(text: String) {
    #expect(scalar(text).asInteger == nil)
  }

  @Test(arguments: [
    ("1.5", 1.5), (".5", 0.5), ("1.", 1), ("-1e3", -1000), ("1E-2", 0.01), ("9223372036854775808", 0x1p63),
  ])
  func `numbers of the core schema`(text: String, value: Double) {
    #expect(scalar(text).asDouble == value)
  }

  @Test(arguments: [".", "e3", "1e", "nan", "inf", "0x1p3", "1e999", "1:30", "+-1"])
  func `other texts are no numbers`(text: String) {
    #expect(scalar(text).asDouble == nil)
  }

  @Test func `infinities and not a number are written with a dot`() {
    #expect(scalar(".inf").asDouble == .infinity)
    #expect(scalar("-.INF").asDouble == -.infinity)
    #expect(scalar(".NaN").asDouble?.isNaN == true)
  }

  @Test func `only true and false are truth values, and only unquoted`() {
    #expect(scalar("true").asBool == true)
    #expect(scalar("FALSE").asBool == false)
    #expect(scalar("yes").asBool == nil)
    #expect(scalar("tRue").asBool == nil)
    #expect(scalar("true", .singleQuoted).asBool == nil)
  }

  @Test func `null is null, a tilde or nothing`() {
    #expect(["null", "Null", "NULL", "~", ""].allSatisfy { scalar($0).isNull })
    #expect(!scalar("nULL").isNull)
    #expect(!scalar("", .doubleQuoted).isNull)
  }

  @Test(arguments: [
    ("yes", ScalarAmbiguity.truthWord), ("Off", .truthWord), ("true", .boolean), ("~", .null), ("null", .null),
    ("12", .number), ("1.5", .number), ("0x1F", .number), ("1e3", .number), ("1.10", .version),
    ("12:30:45", .sexagesimal),
    ("1:30", .sexagesimal), ("010", .octal), ("2026-03-02", .date), ("2026-03-02T10:00:00Z", .date),
    (".inf", .notFinite),
  ])
  func `an unquoted scalar that others read differently is doubtful`(text: String, why: ScalarAmbiguity) {
    #expect(scalar(text).ambiguity == why)
    #expect(scalar(text, .singleQuoted).ambiguity == nil)
    #expect(scalar(text).asString == text)
    let warning = scalar(text).ambiguityWarning(in: SourceText(name: "scalar", text: text))
    #expect(warning?.severity == .warning)
    #expect(warning?.fixIts.first?.replacement == "\"\(text)\"")
  }

  @Test(arguments: ["", "no answer", "1.2.3", "10.0.0.1", "30m", "10:99:99", "v1.10", "-", "2026", "web-01", "::1"])
  func `ordinary words, versions, addresses and durations are not doubtful`(text: String) {
    #expect(scalar(text).ambiguity == (text == "2026" ? .number : nil))
  }
}
