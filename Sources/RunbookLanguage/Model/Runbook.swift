package import Diagnostics
package import Values

/// A runbook that has been read and checked: every name in it stands for something, every expression has a type.
///
/// Lists of declarations are in the order of the file, which is the order in which they are read, asked and reported.
/// The grammar is `language.md`; the words here are its words.
package struct Runbook: Sendable {
  package let id: String
  package let title: String
  package let about: String?
  package let version: String?
  package let owner: String?
  /// Pages that say more.
  package let see: [String]
  package let status: Status
  /// The day by which somebody was to look whether it is still right.
  package let reviewBy: Placed<CalendarDay>?
  package let alert: AlertIntake
  package let questions: [Question]
  /// Those that the file declares and those of the built-in ones that it uses.
  package let verdicts: [Verdict]
  package let entities: [Entity]
  package let thresholds: [Threshold]
  package let definitions: [Definition]
  /// The window of queries that name none.
  package let window: WindowRule
  package let queries: [Query]
  package let lists: [NamedList]
  package let sources: [Source]
  package let contacts: [Contact]
  package let escalations: [Escalation]
  package let exports: [Export]
  package let limits: Limits

  package enum Status: String, Sendable, CaseIterable { case draft, stable, deprecated }

  package func question(_ id: String) -> Question? { questions.first { $0.id == id } }
  package func verdict(_ id: String) -> Verdict? { verdicts.first { $0.id == id } }
  package func entity(_ id: String) -> Entity? { entities.first { $0.id == id } }
  package func threshold(_ id: String) -> Threshold? { thresholds.first { $0.id == id } }
  package func query(_ id: String) -> Query? { queries.first { $0.id == id } }
  package func definition(_ id: String) -> Definition? { definitions.first { $0.id == id } }
  package func list(_ id: String) -> NamedList? { lists.first { $0.id == id } }
  package func contact(_ id: String) -> Contact? { contacts.first { $0.id == id } }
  package func escalation(_ id: String) -> Escalation? { escalations.first { $0.id == id } }
  package func export(_ id: String) -> Export? { exports.first { $0.id == id } }
}

/// Which alerts a runbook is for, and what it takes from them.
package struct AlertIntake: Sendable {
  /// `nil`: the runbook is started by hand only.
  package let when: Expression?
  /// The instant that windows count from; `nil`: the alert's arrival.
  package let at: Expression?
  package let fields: [Field]
  /// Alerts with the same text belong to one case.
  package let caseKey: TextTemplate?

  package struct Field: Sendable {
    package let id: String
    package let expression: Expression
    package let type: ColumnType
    /// Where its id stands.
    package let place: SourceLocation
  }
}

/// How far a run may go.
package struct Limits: Sendable, Hashable {
  package var time: Duration = .seconds(3_600)
  package var queries = 50
  package var people = 5
}

/// What an author says of a source; a deployment binds it to an adapter.
package struct Source: Sendable {
  package let id: String
  package let about: String?
  /// What stays hidden without it.
  package let blind: String?
}

package struct Contact: Sendable {
  package let id: String
  package let name: String?
  /// Channels and addresses, in the order of the file.
  package let addresses: [(channel: String, address: String)]
}

package struct Escalation: Sendable {
  package let id: String
  package let steps: [Step]

  package struct Step: Sendable {
    /// Contact ids.
    package let notify: [String]
    package let acknowledgeWithin: Duration?
  }
}

package struct Export: Sendable {
  package let id: String
  package let data: Data
  package let format: String
  /// A program that is given the file.
  package let script: Script?

  package enum Data: Sendable, Hashable {
    /// A query's rows.
    case query(String)
    /// The table entity, answers, verdict.
    case entity(String)
  }

  package struct Script: Sendable {
    /// Its path, from the runbook's folder.
    package let path: String
    package let file: SourceText
    /// What its SHA-256 must be, in hexadecimal.
    package let digest: Placed<String>?
    /// How long it may run; `nil`: as long as scripts usually may.
    package let timeout: Duration?

    /// How long a script may run whose runbook says nothing of it.
    package static let usualTimeLimit = Duration.seconds(30)
    package var timeLimit: Duration { timeout ?? Self.usualTimeLimit }
  }
}
