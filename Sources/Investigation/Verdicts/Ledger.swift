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
  /// For whom each verdict has been announced; `nil`: for the run.
  var announced: [Int: Set<Member?>] = [:]
  /// Questions with an unknown that counts, and on whose way it is.
  var openQuestions: Set<Int> = []
  var runIsOpen = false
  var openMembers: Set<Member> = []
}
