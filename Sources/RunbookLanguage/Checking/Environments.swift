import CEL
import RunbookPorts
import Values

/// The names that expressions may use, from each view.
///
/// A name of which only the declaration is known, because something in it is wrong, may be anything: the mistake has
/// been told where it stands.
final class Environments {
  private let names: NameTable
  private let questions: [DraftQuestion]
  /// What alerts are looked at with: nothing of the run exists yet.
  private(set) var intake = CELEnvironment()
  /// Every name, of any type.
  private(set) var anything = CELEnvironment()
  /// There are few; the run's comes first.
  private var views: [(view: View, names: CELEnvironment)] = []

  init(_ draft: Draft, lists: [NamedList], names: NameTable) {
    self.names = names
    questions = draft.questions
    intake.declare("alert", .map(.string, .dyn))
    intake.declare("at", .timestamp)
    intake.declare("now", .timestamp)
    for id in names.ids(of: .list) { intake.declare(id, .dyn) }
    for list in lists { intake.declare(list.id, list.type) }
    anything = intake
    for name in NameTable.standing where name != "alert" { anything.declare(name, .timestamp) }
    for name in names.places.keys.sorted() { anything.declare(name, .dyn) }
    let run = environmentOfRun(draft)
    views.append((.run, run))
    for entity in draft.entities { views.append((.entity(entity.id.value), run)) }
    declareAnswers { $0.each == nil }
    // An entity that could not be read, or that nobody declares, may be anything, and so may its questions' answers.
    for entity in names.ids(of: .entity) where names.entities[entity] == nil { declare(entity, .dyn) }
    for question in questions {
      if let each = question.each?.value, names.entities[each] == nil { declare(question.id.value, .dyn) }
    }
    for name in names.ambiguous { declare(name, .dyn) }
  }

  subscript(view: View) -> CELEnvironment { views.first { $0.view == view }?.names ?? anything }

  private func environmentOfRun(_ draft: Draft) -> CELEnvironment {
    var environment = intake
    environment.declare("from", .timestamp)
    environment.declare("to", .timestamp)
    for failed in draft.failed where DeclarationKind.inExpressions.contains(failed.kind) {
      environment.declare(failed.id.value, .dyn)
    }
    for field in draft.alert?.fields ?? [] { environment.declare(field.id.value, field.type?.valueType ?? .dyn) }
    for query in draft.queries {
      switch query.shape {
      case .rows(let columns, let isSingle):
        let fields = columns.map { RecordType.Field($0.name, $0.type?.valueType ?? .dyn) }
        let row = ValueType.record(RecordType(query.id.value, fields))
        environment.declare(query.id.value, isSingle ? row : .list(row))
      case .series: break
      case nil: environment.declare(query.id.value, .dyn)
      }
    }
    for threshold in draft.thresholds { environment.declare(threshold.id.value, threshold.type) }
    return environment
  }

  // MARK: Declaring

  /// Declares a name in every view.
  func declare(_ name: String, _ type: ValueType) {
    declare(name) { _ in type }
  }

  /// Declares a name with the type it has from each view; where it has none it stays unknown.
  func declare(_ name: String, _ type: (View) -> ValueType?) {
    let isAmbiguous = names.ambiguous.contains(name)
    for place in views.indices {
      if let type = isAmbiguous ? .dyn : type(views[place].view) { views[place].names.declare(name, type) }
    }
  }

  /// Declares an entity and the answers to the questions that are asked of each.
  func declare(entity: String, _ type: ValueType) {
    declare(entity) { $0 == .entity(entity) ? type : .list(type) }
    declareAnswers(elsewhere: .list(type)) { $0.each?.value == entity }
  }

  /// - Parameter elsewhere: What a question is where it has not one answer; `nil` if it has one everywhere.
  private func declareAnswers(elsewhere: ValueType? = nil, where isMeant: (DraftQuestion) -> Bool) {
    for question in questions where isMeant(question) {
      let labels = question.labels
      let answer = labels == DraftQuestion.yesAndNo ? ValueType.bool : .choice(labels)
      declare(question.id.value) { view in
        view.entity == question.each?.value || elsewhere == nil ? answer : elsewhere
      }
    }
  }
}

extension DraftThreshold {
  fileprivate var type: ValueType {
    switch rule {
    case .number(.int): .int
    case .number: .double
    case .monitored: .record(Threshold.recordType)
    }
  }
}

extension DraftQuestion {
  static let yesAndNo = ["yes", "no"]

  /// The answers it can have besides `unknown`.
  var labels: [String] {
    if case .choices(let choices) = answer {
      return choices.map(\.label.value).filter { !Self.standingLabels.contains($0) } + ["none"]
    }
    if answer == nil, weigh == nil, let person, !person.choices.isEmpty { return person.choices.map(\.value) }
    return Self.yesAndNo
  }

  /// Answers that a choice has without its author's naming them.
  static let standingLabels = ["none", "unknown"]
}
