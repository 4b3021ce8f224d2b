import CEL
import RunbookLanguage
import RunbookPorts
import Values

/// All that a run knows so far, by the places of the plan.
struct Facts: Sendable {
  var queries: [QueryState]
  var thresholds: [Evaluation?]
  /// By threshold and by the place of the entity it was judged about.
  var thresholdsOfMembers: [Int: [Int: Evaluation]] = [:]
  var entities: [EntityState]
  var questions: [QuestionState]
  /// What people were asked, by the question.
  var people: [Int: PeopleAsked] = [:]
  /// Fetches that were asked for.
  var fetchCount = 0
  /// The latest instant that is known to have passed.
  var clock: Timestamp

  init(_ plan: Plan, clock: Timestamp) {
    queries = Array(repeating: .idle, count: plan.runbook.queries.count)
    thresholds = Array(repeating: nil, count: plan.runbook.thresholds.count)
    entities = Array(repeating: .unknown, count: plan.runbook.entities.count)
    questions = Array(repeating: QuestionState(), count: plan.runbook.questions.count)
    self.clock = clock
  }

  init(nothingAt clock: Timestamp) {
    (queries, thresholds, entities, questions) = ([], [], [], [])
    self.clock = clock
  }
}

enum QueryState: Sendable {
  case idle
  /// Until the end of its window has come and its records have arrived.
  case waiting(until: Timestamp, window: TimeWindow)
  case inFlight(FetchID, Asked)
  case settled(QueryFact)

  var fact: QueryFact? {
    if case .settled(let fact) = self { fact } else { nil }
  }
}

/// What a fetch was asked for, and must be judged by.
struct Asked: Sendable {
  /// The span that the answer is about; the fetch may reach further back, for what is normal.
  let window: TimeWindow?
  /// The latest instant that was known to have passed.
  let at: Timestamp
  /// Those that it was asked about; `nil` for a query that is not asked of each.
  var members: MemberSet?
  /// Why those that it was asked about are not all that it should have been asked about.
  var unlisted: String?
}

enum EntityState: Sendable {
  case unknown
  case listed(EntityList)

  var list: EntityList? {
    if case .listed(let list) = self { list } else { nil }
  }
}

/// How far a question has come.
struct QuestionState: Sendable {
  var arrivals = Arrivals()
  /// Nobody can arrive any more, and all that did have their answer.
  var isSettled = false
  /// The answer for the run, or for those that could not be listed.
  var run: Given?
  /// Answers about entities.
  var members = MemberAnswers()
  /// Why some were not asked who could not be listed.
  var unlisted: String?
}

/// Who has come to a question.
struct Arrivals: Sendable {
  /// The run itself; of a question about an entity: all of its kind.
  var run = false
  /// Why some may have come who could not be listed.
  var unlisted: String?
  /// Those that came on their own way, by kind. Those of the question's own kind are asked; of others it is only known
  /// that what follows counts on their way.
  var entities: [Int: MemberSet] = [:]

  var isEmpty: Bool { !run && unlisted == nil && entities.values.allSatisfy(\.isEmpty) }
}

/// Some of the entities of one kind.
struct MemberSet: Sendable {
  private var isMember: [Bool]
  private(set) var count = 0

  init(of total: Int) { isMember = Array(repeating: false, count: total) }

  static func all(of total: Int) -> MemberSet {
    var set = MemberSet(of: total)
    for place in 0..<total { set.insert(place) }
    return set
  }

  var isEmpty: Bool { count == 0 }

  /// - Returns: Whether it is new.
  @discardableResult
  mutating func insert(_ place: Int) -> Bool {
    guard !isMember[place] else { return false }
    isMember[place] = true
    count += 1
    return true
  }

  mutating func formUnion(_ other: MemberSet) {
    for place in other.places { insert(place) }
  }

  func contains(_ place: Int) -> Bool { isMember[place] }

  /// In order.
  var places: [Int] { isMember.indices.filter { isMember[$0] } }
}

/// An answer that was given.
struct Given: Sendable {
  /// See `CompiledQuestion`.
  let code: Int
  /// What it rests on besides data; `nil` if it rests on them.
  let reason: Reason?

  enum Reason: Sendable {
    /// It is unknown.
    case failure(EvaluationFailure)
    /// Somebody said so.
    case word(String)
  }

  /// Why it is unknown; `nil` when it is known.
  var failure: EvaluationFailure? {
    if case .failure(let failure)? = reason { failure } else { nil }
  }
}

/// Answers to one question by the places of the entities that it was asked of.
struct MemberAnswers: Sendable {
  static let notAsked: Int32 = -1

  /// As long as the list of entities; empty while nobody was asked.
  private(set) var codes: [Int32] = []
  /// As long as `codes`; empty while all answers rest on data.
  private(set) var reasons: [Given.Reason?] = []

  var isEmpty: Bool { codes.isEmpty }

  func code(_ place: Int) -> Int? {
    guard place < codes.count, codes[place] != Self.notAsked else { return nil }
    return Int(codes[place])
  }

  subscript(place: Int) -> Given? {
    code(place).map { Given(code: $0, reason: place < reasons.count ? reasons[place] : nil) }
  }
}
