package import Baselines
package import RunbookPorts
package import Values

/// Things of one kind that questions are asked about, each on its own way through the runbook.
package struct Entity: Sendable {
  package let id: String
  /// A list; usually a query's column.
  package let from: Expression
  /// The type of one of them.
  package let type: ValueType
  /// More than these end as `undetermined`.
  package let atMost: Int
}

/// A name for an expression. It may mean different things inside questions about an entity and outside.
package struct Definition: Sendable {
  package let id: String
  /// For questions asked once; `nil` if the expression only makes sense of an entity.
  package let forRun: Expression?
  /// By the entity's id, for those about which it may mean something else than about the run: it mentions the entity,
  /// or a question or a query about each of it, itself or through other definitions.
  package let forEntities: [String: Expression]

  package func expression(in entity: String?) -> Expression? {
    entity.flatMap { forEntities[$0] } ?? forRun
  }
}

/// A plain number, or a rule for what is abnormal.
package struct Threshold: Sendable {
  package let id: String
  package let rule: Rule

  package enum Rule: Sendable {
    /// `.int` or `.double`.
    case number(Value)
    case monitored(Monitored)
  }

  /// A quantity and how it is judged.
  package struct Monitored: Sendable {
    package let subject: Subject
    package let judgement: Judgement
    package let modifiers: Modifiers

    package init(subject: Subject, judgement: Judgement, modifiers: Modifiers) {
      self.subject = subject
      self.judgement = judgement
      self.modifiers = modifiers
    }

    /// What a breach must be besides, to count.
    package struct Modifiers: Sendable, Hashable {
      package var direction = Direction.up
      /// What the quantity must reach at least to matter, whatever is normal.
      package var atLeast: Double?
      /// How many times the normal value it must be.
      package var ratio: Double?
      package var persistence: Persistence?
      /// A breach counts only if it goes beyond everything within this time before it.
      package var cooldown: Duration?
      /// A breach is over once this much time is ordinary.
      package var recover: Duration?
    }
  }

  package enum Subject: Sendable {
    /// The id of a query that is a series.
    case series(String)
    /// The id of a query whose rows have a column `time`.
    case rows(String)
    case expression(Expression)
  }

  package enum Judgement: Sendable {
    case limit(Limit)
    case normal(Normal)
  }

  /// Compared with what was measured before.
  package struct Normal: Sendable {
    /// How far back the history reaches before the judged window: as much as there is of it.
    package var history: Duration = .seconds(14 * 86_400)
    package var rule = BaselineRule()
    /// The label that tells series apart which are judged each by its own history.
    package var by: String?
    /// Of `new_values`: the columns whose values are looked at together.
    package var fields: [String] = []
    /// Windows that teach nothing besides the one that is judged.
    package var exclude: [WindowRule] = []
  }

  /// What a monitored threshold gives to expressions. All but `breached` may be without a value.
  package static let recordType = RecordType(
    "threshold",
    [
      .init("breached", .bool), .init("from", .timestamp), .init("to", .timestamp), .init("value", .double),
      .init("expected", .double), .init("low", .double), .init("high", .double), .init("surprise", .double),
      .init("rank", .int), .init("ranked", .int), .init("history", .duration), .init("kind", .string),
      .init("entity", .string), .init("cooled", .timestamp),
      .init("of_others", .bool), .init("new_values", .list(.string)), .init("short_of", .string),
    ])
}

/// A window of time relative to the alert, or computed.
package struct WindowRule: Sendable {
  package let from: Bound
  package let to: Bound
  /// What durations count from; `nil`: `at`.
  package let around: Expression?

  package enum Bound: Sendable {
    case offset(Duration)
    case instant(Expression)
  }

  package static let standard = WindowRule(from: .offset(.seconds(-3_600)), to: .offset(.zero), around: nil)
}

/// A question put to data.
package struct Query: Sendable {
  package let id: String
  package let origin: Origin
  /// The same query in the languages it is written in, in the order of the file. One for `.results`.
  package let alternatives: [Alternative]
  /// The expression behind each parameter except `from` and `to`, by the path as written.
  package let parameters: [(path: String, expression: Expression)]
  package let shape: ResultShape
  package let window: Window
  package let atMost: Int
  /// The entity whose column says whose row it is.
  package let each: String?
  /// How old an answer may be to serve again.
  package let fresh: Duration

  /// A query in one language.
  package struct Alternative: Sendable {
    package let language: String
    package let body: QueryBody
    /// The text with its place, for findings about it; `nil` for a map.
    package let text: PlacedText?
  }

  package enum Origin: Sendable, Hashable {
    case source(String)
    /// Tocsin's own history.
    case cases
    /// Results of other queries, by their ids.
    case results([String])
  }

  package enum Window: Sendable {
    /// The runbook's.
    case standard
    case none
    /// A threshold or a `row` query with `from` and `to`; the runbook's while it has none.
    case named(String)
    case custom(WindowRule)
  }

  /// The columns, if its shape is rows.
  package var columns: [Column] {
    if case .rows(let columns, _) = shape { columns } else { [] }
  }
}

/// A list that a runbook carries: values, a lookup table, or a calendar.
package struct NamedList: Sendable {
  package let id: String
  package let value: Value
  package let type: ValueType
  /// The file that it was read from.
  package let file: String?
  /// The file's path as the runbook has it.
  package var path: String?
  /// The column by which it is looked up.
  package var key: String?
  /// `nil`: nobody has to look at it, or it is not known when its file was changed.
  package var review: Review?

  /// That somebody looks at the list from time to time.
  package struct Review: Sendable {
    package let every: Placed<Duration>
    /// When its file was last changed.
    package let changed: Timestamp
  }
}
