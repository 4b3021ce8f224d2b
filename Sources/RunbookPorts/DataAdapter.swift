package import Values

/// Reads one bound source.
///
/// An adapter only reads. It fills parameters in the way of its query language, so that no value can become a part of
/// the query, and it says what it could not see.
package protocol DataAdapter: Sendable {
  var schema: SourceSchema { get }

  /// Performs one query.
  ///
  /// - Returns: Rows of exactly the columns that the query's shape declares, admitted to their types.
  /// - Throws: `.rejected` for a query that this source cannot perform, `.mismatched` when the answer does not have the
  ///   declared columns, `.unavailable` when the source cannot be read, `.timedOut` after `query.limits.time`.
  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult
}

/// Why a fetch gave nothing. The texts are sentence parts for people; they hold no secret.
package enum AdapterError: Error, Hashable, Sendable {
  case unavailable(String)
  case rejected(String)
  case mismatched(String)
  case limitExceeded(String)
  case timedOut(after: Duration)
  case cancelled

  /// Whether the same fetch may succeed a little later.
  package var isRetryable: Bool {
    switch self {
    case .timedOut: true
    case .unavailable, .rejected, .mismatched, .limitExceeded, .cancelled: false
    }
  }

  package var message: String {
    switch self {
    case .unavailable(let text), .rejected(let text), .mismatched(let text), .limitExceeded(let text): text
    case .timedOut(let duration): "no answer within \(duration.shorthand)"
    case .cancelled: "the run was interrupted"
    }
  }
}

/// A kind of source that a deployment can bind, such as `access-log`.
package protocol AdapterKind: Sendable {
  /// The name that deployments write under `adapter`.
  var name: String { get }
  /// One line for people.
  var about: String { get }
  var options: [AdapterOption] { get }

  /// Makes the adapter of one binding. Nothing is opened yet unless the schema itself lies in the data (a CSV header).
  func makeAdapter(_ options: AdapterOptions) throws(BindingProblem) -> any DataAdapter
}

/// An option of an adapter kind, as deployments write it.
package struct AdapterOption: Sendable {
  package enum Form: Sendable, Hashable {
    case text
    case texts
    case columns
    case choice([String])
    /// A file, or a pattern with `*`, `?` and `[…]` that names several, relative to the data folder.
    case path
    case paths
  }

  package let name: String
  package let form: Form
  package let isRequired: Bool
  package let about: String

  package init(_ name: String, _ form: Form, required: Bool = false, _ about: String) {
    self.name = name
    self.form = form
    isRequired = required
    self.about = about
  }
}

/// The options that a deployment gave for one source, already of the forms that the kind declares.
package struct AdapterOptions: Sendable {
  package enum Setting: Hashable, Sendable {
    case text(String)
    case texts([String])
    case columns([Column])
  }

  /// The source's id in the runbook.
  package let source: String
  package let settings: [String: Setting]
  /// The folder that relative paths count from.
  package let folder: String

  package init(source: String, settings: [String: Setting], folder: String) {
    self.source = source
    self.settings = settings
    self.folder = folder
  }

  package func text(_ name: String) -> String? {
    if case .text(let text) = settings[name] { text } else { nil }
  }

  /// One text or several, as a list.
  package func texts(_ name: String) -> [String] {
    switch settings[name] {
    case .text(let text): [text]
    case .texts(let texts): texts
    case .columns, nil: []
    }
  }

  package func columns(_ name: String) -> [Column]? {
    if case .columns(let columns) = settings[name] { columns } else { nil }
  }
}

/// Why a binding cannot be made, and which option is at fault (`nil`: the binding as a whole).
package struct BindingProblem: Error, Hashable, Sendable {
  package let option: String?
  package let message: String

  package init(_ message: String, option: String? = nil) {
    self.option = option
    self.message = message
  }
}

/// Runs SQL over results that a run has already fetched.
package protocol ResultJoiner: Sendable {
  /// - Parameter inputs: Tables by the ids of the queries that fetched them.
  func join(_ query: BoundQuery, inputs: [(name: String, table: Table)]) async throws(AdapterError) -> QueryResult
}
