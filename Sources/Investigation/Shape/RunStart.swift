package import RunbookLanguage
package import Values

/// Everything that a run starts from. Together with the runbook and the run's events it determines all that follows.
package struct RunStart: Sendable {
  /// The run's id, unique among all runs.
  package let run: String
  /// What the runbook takes from the alert, by field id. A field that is not here is unknown.
  package let fields: [String: FieldValue]
  /// `nil` when the run was started by hand.
  package let alert: Value?
  /// The instant that windows count from.
  package let at: Timestamp
  /// The run's start. It stays `now` to the end.
  package let now: Timestamp
  /// Whether windows that end later are waited for. False for recorded data.
  package let waits: Bool
  /// Whether what lies after `now` counts as not covered: `now` was given, not read from a clock.
  package let isBoundedByNow: Bool
  /// What the deployment says of each source, by the source's id. A source that is not here is not bound.
  package let sources: [String: SourcePolicy]
  /// Thresholds that the deployment overrides, by id.
  package let thresholds: [String: Threshold.Rule]
  /// The digests of the scripts that are run, by the ids of their exports. A script that is not here is not run: it is
  /// none of this run's, or the run was made by a release that ran none.
  package let scripts: [String: String]

  package init(
    run: String, fields: [String: FieldValue], alert: Value?, at: Timestamp, now: Timestamp, waits: Bool,
    isBoundedByNow: Bool, sources: [String: SourcePolicy], thresholds: [String: Threshold.Rule] = [:],
    scripts: [String: String] = [:]
  ) {
    self.run = run
    self.fields = fields
    self.alert = alert
    self.at = at
    self.now = now
    self.waits = waits
    self.isBoundedByNow = isBoundedByNow
    self.sources = sources
    self.thresholds = thresholds
    self.scripts = scripts
  }
}

/// What became of a field of the alert.
package enum FieldValue: Sendable {
  /// Of the field's type.
  case value(Value)
  /// Why it has none, as a sentence part for people: `the alert has no label 'site'`.
  case missing(String)
}

/// How a deployment reads one source, and what may be concluded from its silence.
package struct SourcePolicy: Hashable, Sendable {
  package enum Binding: Hashable, Sendable {
    /// To an adapter of this kind.
    case bound(adapter: String)
    /// Why it cannot be read, as a sentence part for people.
    case unbound(String)
  }

  package let binding: Binding
  /// How long after its time a record may still arrive.
  package let lag: Duration
  /// The longest silence that is normal.
  package let gap: Duration
  /// The source speaks only when something happens: it covers a window by being readable.
  package let isSilenceNormal: Bool

  package init(binding: Binding, lag: Duration = .zero, gap: Duration = .zero, isSilenceNormal: Bool = false) {
    self.binding = binding
    self.lag = lag
    self.gap = gap
    self.isSilenceNormal = isSilenceNormal
  }
}
