import RunbookLanguage
import Values

/// Verdicts that ways have led to, and questions that stayed open.
struct Ledger: Sendable {
  /// A verdict, for one entity or for the run.
  struct Reached: Sendable {
    let verdict: Int
    let severity: Severity
    let question: Int
    /// `nil`: the run.
    let member: Member?
    let assumed: Bool
  }

  /// A verdict that one question has led to, for the run or for entities of one kind, and whose severity is still to be
  /// found.
  struct Announcement: Sendable {
    let verdict: Int
    let question: Int
    /// `nil`: the run.
    let kind: Int?
    /// By place; one with the place 0 for the run.
    var subjects: [(place: Int, assumed: Bool)]

    func member(_ place: Int) -> Member? { kind.map { Member(kind: $0, place: place) } }
  }

  var reached: [Reached] = []
  var announcements: [Announcement] = []
  /// For whom each verdict has been announced.
  var announced: [Int: Subjects] = [:]
  /// Questions with an unknown that counts, and on whose way it is.
  var openQuestions: Set<Int> = []
  var open = Subjects()

  /// The run, or some entities, or both.
  struct Subjects: Sendable {
    private(set) var run = false
    private var kinds: [Int: MemberSet] = [:]

    /// - Parameters:
    ///   - member: `nil`: the run.
    ///   - total: How many entities of the kind there are.
    /// - Returns: Whether it is new.
    mutating func insert(_ member: Member?, of total: Int) -> Bool {
      guard let member else {
        defer { run = true }
        return !run
      }
      return kinds[member.kind, default: MemberSet(of: total)].insert(member.place)
    }

    func contains(_ member: Member) -> Bool { kinds[member.kind]?.contains(member.place) == true }
  }
}
