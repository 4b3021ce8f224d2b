/// The keys of one mapping, in the order in which the formatter keeps them: the one declaration that decoding,
/// suggestions and the JSON Schema rest on.
package struct Shape: Sendable {
  package struct Key: Sendable {
    package let name: String
    package let isRequired: Bool
    package let form: Form
    /// What is written there, for people who write it.
    package let about: String
    /// What counts where it is not written; as it would be written.
    package let standard: String?
    /// What an editor may put there: `${1:name}` are places to fill in.
    package let snippet: String?

    package init(
      _ name: String, _ form: Form, required: Bool = false, _ about: String, standard: String? = nil,
      snippet: String? = nil
    ) {
      self.name = name
      self.form = form
      isRequired = required
      self.about = about
      self.standard = standard
      self.snippet = snippet
    }
  }

  /// What must be true of the keys together.
  package enum Rule: Sendable {
    case exactlyOne([String])
    case atLeastOne([String])
    case atMostOne([String])
  }

  /// How messages call the mapping: `a question`.
  package let title: String
  package let keys: [Key]
  package let names: [String]
  /// The names of the keys that must be there.
  let required: [String]
  package let rules: [Rule]
  /// The form of values under keys that are not declared; `nil`: there are no others.
  package let others: Form?

  package init(_ title: String, _ keys: [Key], rules: [Rule] = [], others: Form? = nil) {
    self.title = title
    self.keys = keys
    names = keys.map(\.name)
    required = keys.filter(\.isRequired).map(\.name)
    self.rules = rules
    self.others = others
  }

  /// A mapping whose keys are known only where it is read.
  package init(_ title: String, names: [String]) {
    self.init(title, names.map { Key($0, .anything, "") })
  }
}
