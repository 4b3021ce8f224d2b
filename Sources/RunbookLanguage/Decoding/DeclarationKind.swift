/// What an id stands for.
enum DeclarationKind: String, CaseIterable {
  case field, question, entity, verdict, threshold, definition, query, list, source, contact, escalation, export

  /// Those whose ids share one namespace: in one runbook a name means one thing.
  static let named: [DeclarationKind] = [.field, .question, .entity, .verdict, .threshold, .definition, .query, .list]
  /// Those that expressions may name.
  static let inExpressions: [DeclarationKind] = named.filter { $0 != .verdict }

  /// The name of the section that declares them, too.
  var plural: String {
    switch self {
    case .entity: "entities"
    case .query: "queries"
    default: rawValue + "s"
    }
  }
}
