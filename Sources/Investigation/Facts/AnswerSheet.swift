import CEL
import RunbookLanguage
import Synchronization
import Values

/// What was answered to one question in one go: about the run, or about some entities of one kind.
///
/// It keeps no texts, as most of them nobody reads; they are made of what was known then.
final class AnswerSheet: Sendable {
  let question: CompiledQuestion
  let list: EntityList?
  /// The question's place.
  private let place: Int
  /// The entities' places, in order: one row each.
  private let members: [Int32]
  /// Whether a last row is about the run, or those that could not be listed.
  private let hasRun: Bool
  private let recollection: Recollection
  /// Answers that have been written, by their rows: their record, the outcome and reports all read the same.
  private let written = Mutex<[JSON?]>([])
  /// Most answers of a sheet whose writing is kept; those of larger sheets are written anew.
  private static let keptAnswers = 1_000

  init(
    _ question: CompiledQuestion, at place: Int, list: EntityList?, members: [Int32], hasRun: Bool,
    _ recollection: Recollection
  ) {
    self.question = question
    self.list = list
    self.place = place
    self.members = members
    self.hasRun = hasRun
    self.recollection = recollection
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

  /// An answer as JSON.
  ///
  /// - Parameter write: Writes it, if that has not been done.
  func written(_ row: Int, _ write: () -> JSON) -> JSON {
    guard count <= Self.keptAnswers else { return write() }
    if let known = written.withLock({ $0.isEmpty ? nil : $0[row] }) { return known }
    let json = write()
    written.withLock { written in
      if written.isEmpty { written = Array(repeating: nil, count: count) }
      written[row] = json
    }
    return json
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
    // Nobody can be named in the question to those who could not be listed.
    if list != nil, member(row) == nil { return Rendering.cut(question.ask.template.source) }
    return recollection.recall(member(row), of: question) { Rendering.text($1.ask.template, $0.values(of: $1.ask)) }
  }

  func finding(_ row: Int) -> [String] {
    guard question.hasFinding(code(row)), question.finding != nil else { return [] }
    return recollection.recall(member(row), of: question) { scope, question in
      question.finding.map { Rendering.findings($0.template, scope.values(of: $0)) } ?? []
    }
  }

  func because(_ row: Int) -> String {
    switch recollection.given(place, member(row))?.reason {
    case .failure(let failure): return Rendering.sentence("\(failure)")
    case .word(let word): return Rendering.sentence(word)
    case nil: break
    }
    let (code, member) = (code(row), member(row))
    return recollection.recall(member, of: question) { scope, question in
      if case .weighing(let signs, let limit) = question.way {
        return Rendering.sentence(Evidence.text(of: signs, signs.map(scope.answer(to:)), atLeast: limit))
      }
      guard code < question.evidence.count else { return "" }
      let isExplained = member.map { $0 < Rendering.explainedMembers } ?? true
      return Rendering.sentence(
        Evidence.text(of: question.evidence[code], isExplained: isExplained, scope.value(ofName:)))
    }
  }

  private func code(_ row: Int) -> Int { recollection.given(place, member(row))?.code ?? question.unknown }
}
