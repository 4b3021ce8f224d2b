import Diagnostics
import RunbookPorts
import Values

/// A runbook as it is written: the shape is right, nothing is known yet about what its names stand for.
///
/// What could not be read is remembered by its name, or by its section, so that nothing else is blamed for it.
struct Draft {
  var id: Placed<String>?
  var title: String?
  var about: String?
  var version: Placed<String>?
  var owner: String?
  /// Links to pages.
  var see: [String] = []
  var status = Runbook.Status.draft
  var imports: [Placed<String>] = []
  var alert: DraftAlert?
  var questions: [DraftQuestion] = []
  var verdicts: [DraftVerdict] = []
  var entities: [DraftEntity] = []
  var thresholds: [DraftThreshold] = []
  var definitions: [(id: Placed<String>, expression: PlacedText)] = []
  var window: DraftWindow?
  var queries: [DraftQuery] = []
  var lists: [DraftList] = []
  var sources: [DraftSource] = []
  /// Ids under `know.attacks`; `nil` without that section.
  var knownAttacks: [Placed<String>]?
  var contacts: [(id: Placed<String>, contact: Contact)] = []
  var escalations: [DraftEscalation] = []
  var exports: [DraftExport] = []
  var limits = Limits()
  var limitsLocation: SourceLocation?
  /// Declarations of which nothing could be read but their ids; they have been told.
  var failed: [(id: Placed<String>, kind: DeclarationKind)] = []
  /// Kinds of which not all declarations could be read, so that a name that seems unknown may be declared.
  var gaps: Set<DeclarationKind> = []
  /// The components under `know.application`; `nil` without them.
  var components: [Placed<String>]?
  var successor: Placed<String>?
  var reviewBy: Placed<CalendarDay>?
  /// The whole document, for findings about what it lacks.
  var location: SourceLocation
}

struct DraftAlert {
  var when: PlacedText?
  var at: PlacedText?
  /// A type is `nil` when what is written there is none.
  var fields: [(id: Placed<String>, expression: PlacedText, type: ColumnType?)] = []
  var caseKey: PlacedText?
  let location: SourceLocation
}

/// A question as it is written. Once it is read it does not change; it is handed from check to check by reference.
final class DraftQuestion {
  let id: Placed<String>
  var ask: PlacedText?
  var answer: DraftAnswer?
  /// A weight is `nil` when what is written there is none.
  var weigh: [(sign: Placed<String>, weight: Int?)]?
  var atLeast: Int?
  var person: DraftPerson?
  /// Whether `person` is written, be it readable or not.
  var hasPerson = false
  /// The answers and what follows each, as written; `nil`: a sign.
  var then: [(label: Placed<String>, targets: [Placed<String>])]?
  /// Whether what stands under `then` is no mapping.
  var isThenBroken = false
  var each: Placed<String>?
  var isOptional = false
  var finding: PlacedText?
  var why: String?
  var shows: [Placed<String>] = []
  /// Links to pages.
  var see: [String] = []
  let location: SourceLocation

  init(id: Placed<String>, location: SourceLocation) {
    self.id = id
    self.location = location
  }
}

/// An expression is `nil` when what stands in its place is none.
enum DraftAnswer {
  case condition(PlacedText?)
  case choices([(label: Placed<String>, condition: PlacedText?)])
}

struct DraftPerson {
  var who: PlacedText?
  var within: Duration?
  var show: [Placed<String>] = []
  var choices: [Placed<String>] = []
  var noteRequired = false
  var file: String?
  let location: SourceLocation

  enum Note: String, CaseIterable { case optional, required }
}

struct DraftVerdict {
  let id: Placed<String>
  var severity: DraftSeverity?
  var means: PlacedText?
  /// Keys that a verdict needs, unless it is built in, and that are not written.
  var missing: [String] = []
  var escalation: Placed<String>?
  var exports: [Placed<String>] = []
  var advice: [PlacedText] = []
  var handOver: (to: Placed<String>, fields: [(id: Placed<String>, expression: PlacedText)])?
  let location: SourceLocation
}

enum DraftSeverity {
  case fixed(Severity)
  case cases([(severity: Placed<Severity>, condition: PlacedText)])
}

struct DraftEntity {
  let id: Placed<String>
  var from: PlacedText
  var atMost: Int
}

struct DraftThreshold {
  let id: Placed<String>
  var rule: Rule

  enum Rule {
    case number(Value)
    case monitored(of: PlacedText, Threshold.Judgement, Threshold.Monitored.Modifiers)
  }

  /// What of `normal` is checked against the rest of the runbook.
  var fields: [Placed<String>] = []
  var exclude: [DraftWindow] = []
  /// The keys about how long a breach lasts, which only a series can.
  var lasting: [Placed<String>] = []
}

struct DraftWindow {
  var from: Bound
  var to: Bound
  var around: PlacedText?
  let location: SourceLocation

  enum Bound {
    case offset(Duration)
    case instant(PlacedText)
  }
}

struct DraftQuery {
  let id: Placed<String>
  var origin: Placed<Origin>?
  var alternatives: [(language: Placed<String>, body: DraftBody)] = []
  var shape: DraftShape?
  /// Where its columns or its unit stand.
  var shapeLocation: SourceLocation?
  /// What stands under `window`; `nil`: nothing.
  var window: QueryWindow?
  /// Whether what stands under `window` is none.
  var isWindowBroken = false
  var atMost: Int
  var each: Placed<String>?
  var fresh: Duration
  let location: SourceLocation

  enum Origin {
    case named(String)
    case results([Placed<String>])
  }

  enum QueryWindow {
    case none
    case named(Placed<String>)
    case custom(DraftWindow)
  }
}

enum DraftShape {
  case series(unit: String)
  /// A type is `nil` when what is written there is none.
  case rows([(name: String, type: ColumnType?)], isSingle: Bool)

  /// The shape, unless a part of it is wrong.
  var whole: ResultShape? {
    switch self {
    case .series(let unit): return .series(unit: unit)
    case .rows(let columns, let isSingle):
      let known = columns.compactMap { column in column.type.map { Column(column.name, $0) } }
      return known.count == columns.count ? .rows(known, isSingle: isSingle) : nil
    }
  }
}

enum DraftBody {
  case text(PlacedText)
  case map([(key: Placed<String>, text: PlacedText)])
}

struct DraftList {
  let id: Placed<String>
  var form: Form
  /// How often somebody looks whether it is still right.
  var review: Placed<Duration>?

  enum Form {
    case values([PlacedText])
    case file(path: Placed<String>, of: Columns, key: Placed<String>?)
    case calendar(Placed<String>, except: Placed<String>?)
  }

  enum Columns {
    case one(ColumnType)
    case several([Column])
  }
}

struct DraftSource {
  let id: Placed<String>
  let source: Source
  let sees: [Placed<String>]
}

struct DraftEscalation {
  let id: Placed<String>
  var steps: [(notify: [Placed<String>], acknowledgeWithin: Duration?)]
}

struct DraftExport {
  let id: Placed<String>
  var data: Placed<String>
  var format: Placed<String>?
  var script: DraftScript?
}

struct DraftScript {
  var run: Placed<String>?
  /// 64 hexadecimal digits, in lower case.
  var digest: Placed<String>?
  var timeout: Duration?
  /// Where it says what its rows are.
  var returns: SourceLocation?
}
