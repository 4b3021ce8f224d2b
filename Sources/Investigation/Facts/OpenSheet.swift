import CEL
import Values

/// The answers to one question as a turn knows them: those that have been told, and those that are still added.
final class OpenSheet {
  /// The question's place.
  let place: Int
  let question: CompiledQuestion
  /// The question is being answered just now.
  var isBeingAsked = false
  private(set) var run: Given?
  /// By the entity's place. Apart from the object, as they are looked at for every answer.
  private let codes: UnsafeMutableBufferPointer<Int32>
  /// As long as `codes`; empty while all answers rest on data.
  private var reasons: [Given.Reason?]
  /// Entities whose answers have not been told, in the order in which they were asked.
  private var fresh: [Int32] = []
  private var isRunFresh = false
  private var isSorted = true

  /// - Parameters:
  ///   - known: How far the question has come.
  ///   - count: How many entities it can be asked of.
  init(_ question: CompiledQuestion, at place: Int, _ known: QuestionState, of count: Int) {
    self.question = question
    self.place = place
    run = known.run
    codes = .allocate(capacity: count)
    reasons = known.members.reasons
    if known.members.codes.isEmpty {
      codes.initialize(repeating: MemberAnswers.notAsked)
    } else {
      _ = codes.initialize(from: known.members.codes)
    }
  }

  deinit { codes.deallocate() }

  var hasFresh: Bool { isRunFresh || !fresh.isEmpty }

  /// The code of the answer about an entity, or about the run; `nil` while there is none.
  @inline(__always)
  func code(_ member: Member?) -> Int? {
    guard let member else { return run?.code }
    guard member.place < codes.count, codes[member.place] != MemberAnswers.notAsked else { return nil }
    return Int(codes[member.place])
  }

  /// The answer about an entity, or about the run; `nil` while there is none.
  func given(_ member: Member?) -> Given? {
    guard let member else { return run }
    return code(member).map { Given(code: $0, reason: member.place < reasons.count ? reasons[member.place] : nil) }
  }

  /// The code of the answer about an entity; `nil` while there is none.
  func code(ofPlace place: Int) -> Int? {
    codes[place] == MemberAnswers.notAsked ? nil : Int(codes[place])
  }

  func failure(_ member: Member?) -> EvaluationFailure? { given(member)?.failure }

  /// - Precondition: the member's place is one of the list's.
  func add(_ given: Given, about member: Member?) {
    guard let place = member?.place else {
      (run, isRunFresh) = (given, true)
      return
    }
    codes[place] = Int32(truncatingIfNeeded: given.code)
    if let reason = given.reason {
      if reasons.isEmpty { reasons = Array(repeating: nil, count: codes.count) }
      reasons[place] = reason
    }
    noteFresh([Int32(truncatingIfNeeded: place)])
  }

  /// Remembers answers that rest on data, as far as there are any.
  ///
  /// - Parameters:
  ///   - found: Their codes.
  ///   - places: The entities' places, which are the list's, in order.
  func add(_ found: [Int?], about places: [Int]) {
    var added: [Int32] = []
    added.reserveCapacity(places.count)
    for (place, code) in zip(places, found) {
      guard let code else { continue }
      codes[place] = Int32(truncatingIfNeeded: code)
      added.append(Int32(truncatingIfNeeded: place))
    }
    noteFresh(added)
  }

  /// - Parameter places: In order.
  private func noteFresh(_ places: [Int32]) {
    if let last = fresh.last, let first = places.first, last > first { isSorted = false }
    fresh += places
  }

  /// All answers about entities.
  var members: MemberAnswers { MemberAnswers(codes: Array(codes), reasons: reasons) }

  /// What has been answered since it was taken last, entities in their order.
  func takeFresh() -> (members: [Int32], hasRun: Bool) {
    defer { (fresh, isRunFresh, isSorted) = ([], false, true) }
    return (isSorted ? fresh : fresh.sorted(), isRunFresh)
  }
}
