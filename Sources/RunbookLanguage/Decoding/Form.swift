/// What may be written in one place, as far as the place itself says it: the part of the grammar that a JSON Schema can
/// express, too.
package indirect enum Form: Sendable {
  /// Text: a scalar that is not empty. Numbers and truth values are text where text belongs.
  case text
  /// Text of one of these forms, by regular expressions that JSON Schema and RE2 share; and what it is called.
  case matching(String)
  case identifier(allowingHyphens: Bool)
  case bool
  case integer(ClosedRange<Int>)
  /// A number; above the one and up to the other, where they are given.
  case number(above: Double?, upTo: Double?)
  /// A number and its unit, such as `15m`.
  case duration(signed: Bool)
  case choice([String])
  case columnType
  /// A list; or, where `orOne` says so, one element without brackets.
  case list(Form, orOne: Bool = false, atLeast: Int = 0, atMost: Int? = nil)
  /// A mapping whose keys are the author's own.
  case keyed(Form, by: KeyForm = .any, atLeast: Int = 0)
  case mapping(Shape)
  case any([Form])
  /// Nothing, written as `null`.
  case nothing
  /// Whatever the values of a document can be: another part of the grammar says more.
  case anything

  package enum KeyForm: Sendable {
    case any
    case identifier(allowingHyphens: Bool)
    case choice([String])
  }

  static let number = Form.number(above: nil, upTo: nil)
  /// A name, an expression: text that another rule looks into.
  static let texts = Form.list(.text, orOne: true)
  /// `MAJOR.MINOR.PATCH`, and perhaps a pre-release.
  static let semanticVersion = Form.matching(
    #"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(-[0-9A-Za-z.-]+)?$"#)
  static let date = Form.matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
}
