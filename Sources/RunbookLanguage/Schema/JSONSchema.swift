import RunbookPorts
package import Values

/// A JSON Schema (draft-07) made of the shapes that documents are decoded by, for editors and other validators.
///
/// It says less than the check: what it rejects, the check rejects.
package struct JSONSchema {
  private let root: Form
  private let title: String
  private let about: String
  private let variants: Variants?
  private var definitions: [(name: String, schema: JSON)] = []

  /// Forms of one key, of which the value of another decides.
  package struct Variants: Sendable {
    let deciding: String
    let decided: String
    let forms: [Shape.Key]

    /// - Parameter forms: By the values of `deciding`.
    package init(by deciding: String, of decided: String, _ forms: [Shape.Key]) {
      (self.deciding, self.decided, self.forms) = (deciding, decided, forms)
    }
  }

  /// - Parameter about: What documents of this form are.
  package init(_ root: Shape, about: String, variants: Variants? = nil) {
    self.init(.mapping(root), title: root.title, about: about, variants: variants)
  }

  package init(_ root: Form, title: String, about: String, variants: Variants? = nil) {
    self.root = root
    self.title = title
    self.about = about
    self.variants = variants
  }

  /// The schema as an object with an order for people: what it is, its keys, and then the parts they name.
  package func json() -> JSON {
    var writer = self
    let body: [JSON.Member]
    if case .mapping(let shape) = root {
      let cases = variants.map { writer.cases($0) } ?? []
      body = writer.object(shape) + (cases.isEmpty ? [] : [.init("allOf", .array(cases))])
    } else {
      body = writer.schema(of: root).members ?? []
    }
    return .object(
      [
        .init("$schema", .string("http://json-schema.org/draft-07/schema#")),
        .init("title", .string(title)), .init("description", .string(about)),
      ] + body
        + (writer.definitions.isEmpty
          ? [] : [.init("definitions", .object(writer.definitions.map { .init($0.name, $0.schema) }))]))
  }

  // MARK: Shapes

  private mutating func object(_ shape: Shape) -> [JSON.Member] {
    let properties = shape.keys.map { key in JSON.Member(key.name, property(key)) }
    let required = shape.keys.filter(\.isRequired).map { JSON.string($0.name) }
    let others = shape.others.map { schema(of: $0) } ?? .bool(false)
    return [
      .init("type", .string("object")), .init("properties", .object(properties)),
      .init("additionalProperties", others),
    ] + (required.isEmpty ? [] : [.init("required", .array(required))])
      + (shape.rules.isEmpty ? [] : [.init("allOf", .array(shape.rules.map(rule)))])
  }

  private mutating func property(_ key: Shape.Key) -> JSON {
    let content = schema(of: key.form)
    let standard = key.standard.map { " Without it: \($0)." } ?? ""
    var members: [JSON.Member] = [.init("description", .string(key.about + standard))]
    if let value = standardValue(of: key) { members.append(.init("default", value)) }
    if let snippet = key.snippet {
      members.append(
        .init(
          "defaultSnippets",
          .array([
            .object(["label": .string(key.name), "description": .string(key.about), "bodyText": .string(snippet)])
          ])
        ))
    }
    // Draft-07 ignores whatever stands beside a `$ref`.
    if content["$ref"] != nil { return .object(members + [.init("allOf", .array([content]))]) }
    return .object(members + (content.members ?? []))
  }

  private mutating func cases(_ variants: Variants) -> [JSON] {
    variants.forms.map { form in
      let deciding = JSON.object(["description": .string(form.about), "const": .string(form.name)])
      return .object([
        "if": .object(["properties": .object([.init(variants.deciding, deciding)])]),
        "then": .object(["properties": .object([.init(variants.decided, property(form))])]),
      ])
    }
  }

  /// What counts where nothing is written, if that is a value of the key's form.
  private func standardValue(of key: Shape.Key) -> JSON? {
    guard let standard = key.standard else { return nil }
    switch key.form {
    case .bool: return .bool(standard == "true")
    case .integer, .number: return Int64(standard).map(JSON.integer)
    case .choice(let choices): return choices.contains(standard) ? .string(standard) : nil
    case .duration: return .string(standard)
    case .columnType: return .string(standard)
    default: return nil
    }
  }

  private func rule(_ rule: Shape.Rule) -> JSON {
    func requiring(_ names: [String]) -> JSON {
      .array(names.map { .object(["required": .array([.string($0)])]) })
    }
    switch rule {
    case .exactlyOne(let names): return .object(["oneOf": requiring(names)])
    case .atLeastOne(let names): return .object(["anyOf": requiring(names)])
    case .atMostOne(let names):
      return .object(["not": .object(["required": .array(names.map(JSON.string))])])
    }
  }

  /// The name of a shape's definition, which is made at its first use.
  private mutating func reference(to shape: Shape) -> JSON {
    let name = Self.name(of: shape)
    if !definitions.contains(where: { $0.name == name }) {
      let index = definitions.count
      definitions.append((name, .null))
      definitions[index].schema = .object([.init("title", .string(shape.title))] + object(shape))
    }
    return .object(["$ref": .string("#/definitions/\(name)")])
  }

  /// `a step of an escalation` becomes `step_of_an_escalation`.
  static func name(of shape: Shape) -> String {
    let words = shape.title.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
    return words.drop { ["a", "an", "the"].contains($0) }.joined(separator: "_")
  }

  // MARK: Forms

  private mutating func schema(of form: Form) -> JSON {
    switch form {
    case .text: return .object(["type": .array(["string", "number", "boolean"].map(JSON.string))])
    case .matching(let pattern): return Self.string(matching: pattern)
    case .identifier(let allowingHyphens): return Self.string(matching: Self.pattern(allowingHyphens))
    case .bool: return .object(["type": .string("boolean")])
    case .integer(let range):
      guard range.lowerBound < range.upperBound else { return .object(["const": .integer(Int64(range.lowerBound))]) }
      return .object([
        "type": .string("integer"), "minimum": .integer(Int64(range.lowerBound)),
        "maximum": range.upperBound == Int.max ? nil : .integer(Int64(range.upperBound)),
      ])
    case .number(let above, let upTo):
      return .object([
        "type": .string("number"), "exclusiveMinimum": above.map { JSON.integer(Int64($0)) },
        "maximum": upTo.map { JSON.integer(Int64($0)) },
      ])
    case .duration(let signed): return Self.string(matching: "^\(signed ? "[+-]?" : "[+]?-?")[0-9]{1,9}[smhd]$")
    case .choice(let choices): return .object(["enum": .array(choices.map(JSON.string))])
    case .columnType: return columnType()
    case .list(let element, let orOne, let least, let most):
      let list = JSON.object([
        "type": .string("array"), "items": schema(of: element),
        "minItems": least > 0 ? .integer(Int64(least)) : nil, "maxItems": most.map { .integer(Int64($0)) },
      ])
      return orOne ? anyOf([schema(of: element), list]) : list
    case .keyed(let value, let key, let least):
      return .object([
        "type": .string("object"), "additionalProperties": schema(of: value), "propertyNames": Self.keys(key),
        "minProperties": least > 0 ? .integer(Int64(least)) : nil,
      ])
    case .mapping(let shape): return reference(to: shape)
    case .any(let forms): return anyOf(forms.map { schema(of: $0) })
    case .nothing: return .object(["type": .string("null")])
    case .anything: return .object([JSON.Member]())
    }
  }

  private func anyOf(_ schemas: [JSON]) -> JSON { .object(["anyOf": .array(schemas)]) }

  /// A name, or a name in brackets.
  private mutating func columnType() -> JSON {
    let name = "column_type"
    if !definitions.contains(where: { $0.name == name }) {
      let reference = JSON.object(["$ref": .string("#/definitions/\(name)")])
      let names = JSON.object(["enum": .array(ColumnType.named.map { .string($0.name) })])
      let list = JSON.object([
        "type": .string("array"), "items": reference, "minItems": .integer(1), "maxItems": .integer(1),
      ])
      definitions.append((name, .object(["title": .string("a type"), "anyOf": .array([names, list])])))
    }
    return .object(["$ref": .string("#/definitions/\(name)")])
  }

  private static func string(matching pattern: String) -> JSON {
    .object(["type": .string("string"), "pattern": .string(pattern)])
  }

  private static func pattern(_ allowingHyphens: Bool) -> String {
    "^[a-z][a-z0-9_\(allowingHyphens ? "-" : "")]{0,\(NodeReader.idLengthLimit - 1)}$"
  }

  private static func keys(_ form: Form.KeyForm) -> JSON? {
    switch form {
    case .any: nil
    case .identifier(let allowingHyphens): .object(["pattern": .string(pattern(allowingHyphens))])
    case .choice(let choices): .object(["enum": .array(choices.map(JSON.string))])
    }
  }
}
