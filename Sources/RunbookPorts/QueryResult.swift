package import Values

/// What a source answered.
package struct QueryResult: Sendable {
  package enum Payload: Sendable {
    case table(Table)
    case series([Series])
  }

  package let payload: Payload
  package let completeness: Completeness
  /// Whether every row stands for records that are there, so that more data could only add rows: true for a plain
  /// selection, false where rows are counted, grouped, negated or cut. Over a window that is not wholly covered the
  /// rows of the former are still true, those of the latter prove nothing.
  package let isMonotone: Bool
  /// What span of time the source's records lie in; `nil` for a source that is as it is now, such as a listing.
  package let extent: SourceExtent?
  /// Things to tell people that change no answer: `12 lines are not valid UTF-8 and were repaired`.
  package let warnings: [String]
  package let statistics: FetchStatistics
  /// The stored baseline that the earlier points were taken from; `nil` when all of them were fetched.
  package let baseline: BaselineReference?

  package init(
    payload: Payload, completeness: Completeness = .complete, isMonotone: Bool = true, extent: SourceExtent? = nil,
    warnings: [String] = [], statistics: FetchStatistics = FetchStatistics(), baseline: BaselineReference? = nil
  ) {
    self.payload = payload
    self.completeness = completeness
    self.isMonotone = isMonotone
    self.extent = extent
    self.warnings = warnings
    self.statistics = statistics
    self.baseline = baseline
  }
}

/// How much of an answer is there. The reasons are sentence parts for people.
package enum Completeness: Hashable, Sendable {
  case complete
  /// The rows are right, and there are more: `cut at 1000 rows`.
  case truncated(String)
  /// The rows may be wrong: records are missing under an aggregate, a file could not be read to its end.
  case partial(String)
}

/// The span of time that a source speaks about.
package struct SourceExtent: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// Records, each with its own time.
    case records
    /// A report about everything before its own time, such as a file integrity check.
    case report
    /// Records without times: nobody can tell what span they lie in.
    case untimed
  }

  package let kind: Kind
  /// The first and the last record's time; both `nil` when there is no record. For a report `last` is its own time.
  package let first: Timestamp?
  package let last: Timestamp?
  /// What the source's clock can tell apart: one second for an access log.
  package let resolution: Duration
  /// Of series: the time from one point to the next; `nil` where there are no two points.
  package let step: Duration?
  /// The longest span of the judged window in which the source has no record, or at least the most of it that is known;
  /// `nil` if there is none, and where nobody has looked.
  package let silence: TimeWindow?

  package init(
    kind: Kind = .records, first: Timestamp?, last: Timestamp?, resolution: Duration, step: Duration? = nil,
    silence: TimeWindow? = nil
  ) {
    self.kind = kind
    self.first = first
    self.last = last
    self.resolution = resolution
    self.step = step
    self.silence = silence
  }
}

/// What a fetch cost and met on its way.
package struct FetchStatistics: Hashable, Sendable {
  /// Records looked at.
  package var recordsRead = 0
  /// Records that could not be understood. They stand in the source's table with what could be read of them.
  package var malformedRecords = 0
  /// Records that were not valid UTF-8, whose bad bytes were replaced.
  package var repairedRecords = 0
  package var bytesRead = 0

  package init() {}
}
