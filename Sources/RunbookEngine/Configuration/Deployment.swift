package import Diagnostics
package import RunbookLanguage
package import RunbookPorts
package import Values

/// What a `tocsin.yaml` says: where a team's data lies and whom to tell.
package struct Deployment: Sendable {
  package let source: SourceText
  /// The folder that relative paths count from.
  package let folder: String
  /// The name of this node, if it is given one.
  package let node: String?
  package let trail: TrailKeeping
  /// The sources hold a recording: nothing is waited for.
  package let isRecorded: Bool
  package let bindings: [SourceBinding]
  /// Files for the runbook's lists, by list id.
  package let lists: [(id: Placed<String>, path: String)]
  /// Numbers instead of the runbook's, by threshold id. `.int` or `.double`.
  package let thresholds: [(id: Placed<String>, value: Placed<Value>)]
  /// `nil`: the outbox in the trail's folder.
  package let channel: NoticeChannel?

  /// A stand-in for a document in `folder`: list paths count from it.
  package var listBase: SourceText { SourceText(name: DocumentFiles.resolve("lists", in: folder), bytes: []) }

  package func binding(of source: String) -> SourceBinding? { bindings.first { $0.id.value == source } }
}

/// How one source is read.
package struct SourceBinding: Sendable {
  /// The source's id in runbooks.
  package let id: Placed<String>
  package let kind: any AdapterKind
  package let options: AdapterOptions
  /// Where each option's value stands.
  package let optionPlaces: [String: SourceLocation]
  /// How long after its time a record may still arrive.
  package let lag: Duration
  /// The longest silence that is normal.
  package let gap: Duration
  package let isSilenceNormal: Bool

  package func place(of problem: BindingProblem) -> SourceLocation {
    problem.option.flatMap { optionPlaces[$0] } ?? id.location
  }
}

/// How a trail is kept.
package struct TrailKeeping: Hashable, Sendable {
  /// Most bytes of evidence that the trail holds; `nil`: no limit.
  package var evidenceLimitBytes: Int?
  /// A record that nobody waits for may stay in memory for a moment, to be written with others.
  package var gathersRecords = true

  package init(evidenceLimitBytes: Int? = nil, gathersRecords: Bool = true) {
    self.evidenceLimitBytes = evidenceLimitBytes
    self.gathersRecords = gathersRecords
  }
}

/// How people are told.
package enum NoticeChannel: Hashable, Sendable {
  /// A JSON Lines file.
  case outbox(path: String)
  /// A program and its arguments; the notice comes to its standard input.
  case command([String])
}
