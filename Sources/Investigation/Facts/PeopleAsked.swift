import RunbookPorts
import Values

/// What people were asked about one question, and what they said.
struct PeopleAsked: Sendable {
  struct Sent: Sendable {
    let key: String
    let contact: String
    let until: Timestamp
    let subjects: [Int?]
  }

  /// What somebody said.
  struct Word: Sendable {
    /// Of the answer; see `CompiledQuestion`.
    let code: Int
    let because: String
  }

  private(set) var sent: [Sent] = []
  /// By whom it is about: an entity's place, or `nil` for the run.
  private(set) var words: [Int?: Word] = [:]
  /// Why nobody is asked about them.
  private var excuses: [Int?: String] = [:]
  private var asked: Set<Int?> = []

  mutating func note(_ form: Sent) {
    sent.append(form)
    asked.formUnion(form.subjects)
  }

  mutating func excuse(_ subject: Int?, because reason: String) { excuses[subject] = reason }

  /// The first word counts.
  mutating func hear(_ word: Word, about subject: Int?) {
    if words[subject] == nil { words[subject] = word }
  }

  func isNew(_ subject: Int?) -> Bool { !asked.contains(subject) && excuses[subject] == nil }

  /// Whether something is expected from anybody.
  func isOpen(at clock: Timestamp) -> Bool { sent.contains { isOpen($0, at: clock) } }

  /// Whether something is expected of one form.
  func isOpen(_ key: String, at clock: Timestamp) -> Bool {
    form(key).map { isOpen($0, at: clock) } ?? false
  }

  func form(_ key: String) -> Sent? { sent.first { $0.key.utf8.elementsEqual(key.utf8) } }

  private func isOpen(_ form: Sent, at clock: Timestamp) -> Bool {
    form.until > clock && form.subjects.contains { words[$0] == nil }
  }

  /// Why there is no word about somebody, as a sentence part.
  func lack(about subject: Int?) -> String {
    if let reason = excuses[subject] { return reason }
    guard let form = sent.first(where: { $0.subjects.contains(subject) }) else { return "nobody was asked" }
    return "\(form.contact) did not answer until \(form.until.shortDescription)"
  }
}
