import Baselines
import Diagnostics
import Values

/// Writes HTML in which names of elements and attributes are the program's own, and everything else is text: nothing of
/// the data can become markup.
struct HTMLWriter {
  private(set) var output = ""

  /// An attribute: a name that stands in the source, and a value that is escaped.
  typealias Attribute = (name: StaticString, value: String)

  mutating func element(
    _ name: StaticString, _ attributes: [Attribute] = [], _ content: (inout HTMLWriter) -> Void = { _ in }
  ) {
    begin(name, attributes)
    content(&self)
    output += "</\(name)>"
  }

  mutating func element(_ name: StaticString, _ attributes: [Attribute] = [], _ text: String) {
    element(name, attributes) { $0.text(text) }
  }

  mutating func element(_ name: StaticString, _ text: String) {
    element(name, []) { $0.text(text) }
  }

  /// An element without contents: `meta`, or a part of a drawing.
  mutating func begin(_ name: StaticString, _ attributes: [Attribute] = []) {
    output += "<\(name)"
    for attribute in attributes { output += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
    output += ">"
  }

  mutating func text(_ text: String) { output += Self.escaped(text) }

  mutating func newline() { output += "\n" }

  mutating func drawing(_ drawing: SVGMarkup) { output += drawing.text }

  /// Text of the program's own.
  mutating func raw(_ text: StaticString) { output += "\(text)" }

  /// What browsers take for markup is escaped; what turns the direction of writing around or is no character is shown.
  private static func escaped(_ text: String) -> String {
    markupText(visible(text)).replacing("'", with: "&#39;")
  }
}
