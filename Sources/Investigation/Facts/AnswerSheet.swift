import CEL
import RunbookLanguage
import Synchronization
import Values

/// What was answered to one question in one go: about the run, or about some entities of one kind.
///
/// The texts of a few answers are made at once, as their records need them. Of many they are made of what was known then,
/// when somebody reads them.
final class AnswerSheet: Sendable {
  let question: CompiledQuestion
  let list: EntityList?
  /// The question's place.
  private let place: Int
  /// The entities' places, in order: one row each.
  private let members: [Int32]
  /// Whether a last row is about the run, or those that could not be listed.
  private let hasRun: Bool
  private let answers: Source
  /// Answers that have been written, by their rows: their record, the outcome and reports all read the same.
  private let written = Mutex<[[UInt8]?]>([])
  /// Most answers of a sheet whose writing is kept; those of larger sheets are written anew.
  private static let keptAnswers = 1_000

  /// Where the answers are.
  enum Source: Sendable {
    /// One for each row.
    case told([ToldAnswer])
    case recalled(Recollection)
  }

  /// Most answers whose texts are made at once.
  static let fewAnswers = 64

  init(
    _ question: CompiledQuestion, at place: Int, list: EntityList?, members: [Int32], hasRun: Bool, _ answers: Source
  ) {
    self.question = question
    self.list = list
    self.place = place
    self.members = members
    self.hasRun = hasRun
    self.answers = answers
  }

  var count: Int { members.count + (hasRun ? 1 : 0) }

  /// The entity's place in its list; `nil` for the run, and for those that could not be listed.
  func member(_ row: Int) -> Int? { row < members.count ? Int(members[row]) : nil }

  /// The row about an entity; `nil`: about the run.
  func row(of member: Int?) -> Int? {
    guard let member else { return hasRun ? members.count : nil }
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(members[middle]) < member { low = middle + 1 } else { high = middle }
    }
    return low < members.count && Int(members[low]) == member ? low : nil
  }

  /// An answer as its record has it.
  ///
  /// - Parameter write: Writes it, if that has not been done.
  func written(_ row: Int, _ write: () -> [UInt8]) -> [UInt8] {
    guard count <= Self.keptAnswers else { return write() }
    if let known = written.withLock({ $0.isEmpty ? nil : $0[row] }) { return known }
    let bytes = write()
    written.withLock { written in
      if written.isEmpty { written = Array(repeating: nil, count: count) }
      written[row] = bytes
    }
    return bytes
  }

  func entity(_ row: Int) -> String? {
    guard let member = member(row) else { return nil }
    return list?.texts[member]
  }

  func isUnknown(_ row: Int) -> Bool { code(row) == question.unknown }

  func answer(_ row: Int) -> String {
    let code = code(row)
    return code < question.labels.count ? question.labels[code] : Answer.unknown
  }

  func ask(_ row: Int) -> String {
    switch answers {
    case .told(let answers): return answers[row].ask
    case .recalled(let recollection):
      if list != nil, member(row) == nil { return AnswerText.askOfUnlisted(question) }
      return recollection.recall(member(row), of: question) { AnswerText.ask($1, in: $0) }
    }
  }

  func finding(_ row: Int) -> [String] {
    switch answers {
    case .told(let answers): return answers[row].finding
    case .recalled(let recollection):
      guard question.hasFinding(code(row)), question.finding != nil else { return [] }
      return recollection.recall(member(row), of: question) { AnswerText.finding($1, in: $0) }
    }
  }

  func because(_ row: Int) -> String {
    switch answers {
    case .told(let answers): return answers[row].because
    case .recalled(let recollection):
      guard let given = recollection.given(place, member(row)) else { return "" }
      return recollection.recall(member(row), of: question) { AnswerText.because(given, to: $1, in: $0) }
    }
  }

  private func code(_ row: Int) -> Int {
    switch answers {
    case .told(let answers): answers[row].given.code
    case .recalled(let recollection): recollection.given(place, member(row))?.code ?? question.unknown
    }
  }
}
