import Diagnostics
import RunbookPorts
import Values

/// A runbook as it is written: the shape is right, nothing is known yet about what its names stand for.
struct Draft {
  var id: Placed<String>?
  var title: String?
  var about: String?
  var version: Placed<String>?
  var owner: String?
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
  var sources: [(id: Placed<String>, source: Source)] = []
  /// Ids under `know.attacks`; `nil` without that section.
  var knownAttacks: [String]?
  var contacts: [(id: Placed<String>, contact: Contact)] = []
  var escalations: [DraftEscalation] = []
  var exports: [DraftExport] = []
  var limits = Limits()
  /// The whole document, for findings about what it lacks.
  var location: SourceLocation
}

struct DraftAlert {
  var when: PlacedText?
  var at: PlacedText?
  var fields: [(id: Placed<String>, expression: PlacedText, type: ColumnType)] = []
  var caseKey: PlacedText?
  let location: SourceLocation
}

struct DraftQuestion {
  let id: Placed<String>
  var ask: PlacedText?
  var answer: DraftAnswer?
  var weigh: [(sign: Placed<String>, weight: Int)]?
  var atLeast: Int?
  var person: DraftPerson?
  /// The answers and what follows each, as written; `nil`: a sign.
  var then: [(label: Placed<String>, targets: [Placed<String>])]?
  var each: Placed<String>?
  var isOptional = false
  var finding: PlacedText?
  var why: String?
  var shows: [Placed<String>] = []
  let location: SourceLocation
}

enum DraftAnswer {
  case condition(PlacedText)
  case choices([(label: Placed<String>, condition: PlacedText)])
}

struct DraftPerson {
  var who: PlacedText?
  var within: Duration?
  var show: [Placed<String>] = []
  var choices: [Placed<String>] = []
  var noteRequired = false
  var file: String?
  let location: SourceLocation
}

struct DraftVerdict {
  let id: Placed<String>
  var severity: DraftSeverity?
  var means: PlacedText?
  var escalation: Placed<String>?
  var exports: [Placed<String>] = []
  var advice: [PlacedText] = []
  var handOver: (to: Placed<String>, fields: [(id: Placed<String>, expression: PlacedText)])?
  let location: SourceLocation
}

enum DraftSeverity {
  case fixed(Severity)
  case cases([(severity: Severity, condition: PlacedText)])
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
  var shape: Placed<ResultShape>?
  /// What stands under `window`; `nil`: nothing.
  var window: QueryWindow?
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

enum DraftBody {
  case text(PlacedText)
  case map([(key: Placed<String>, text: PlacedText)])
}

struct DraftList {
  let id: Placed<String>
  var form: Form

  enum Form {
    case values([PlacedText])
    case file(path: Placed<String>, of: Columns, key: Placed<String>?)
    case calendar(Placed<String>, except: Placed<String>?)
  }

  enum Columns {
    case one(ColumnType)
    case several([(name: Placed<String>, type: ColumnType)])
  }
}

struct DraftEscalation {
  let id: Placed<String>
  var steps: [(notify: [Placed<String>], acknowledgeWithin: Duration?)]
}

struct DraftExport {
  let id: Placed<String>
  var data: Placed<String>
  var format: Placed<String>?
  var script: SourceLocation?
}
