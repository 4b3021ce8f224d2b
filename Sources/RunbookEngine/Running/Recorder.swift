import AuditTrail
import RunbookPorts
import Values

/// Adds a run's records to the journal, in order, and tells the observer of each.
struct Recorder {
  /// Most bytes of a body that stands in its record; the trail's own limit leaves room for what it adds.
  static let bodyLimitBytes = 48_000
  /// Most bytes of an answer, an alert or an outcome that stands in its record.
  static let inlineLimitBytes = 16_384
  /// Most bytes of a text in the record of a body that does not stand in it.
  static let excerptLimitBytes = 500

  let run: String
  let journal: any RunJournal
  let clock: any RunClock
  let observer: any RunObserver

  /// A body that is too large for a record is kept as evidence, and the record names it under `whole`.
  func add(_ entry: JournalEntry, _ durability: Durability) async throws(JournalError) {
    let entry = entry.written
    if entry.bodyBytes.count <= Self.bodyLimitBytes {
      try await journal.append(entry, to: run, durability: durability)
    } else {
      let evidence = try await journal.keep(entry.bodyBytes, mediaType: "application/json")
      let excerpt = Self.excerpt(of: entry.body) + [.init("whole", evidence.json)]
      try await journal.append(
        JournalEntry(entry.type, .object(excerpt), actor: entry.actor), to: run, durability: durability)
    }
    await observer.observe(entry, at: clock.now())
  }

  func add(_ entries: [JournalEntry], _ durability: Durability) async throws(JournalError) {
    for (index, entry) in entries.enumerated() {
      try await add(entry, index == entries.count - 1 ? durability : .soon)
    }
  }

  /// Keeps a value where it fits: inside the record if it is small, else as evidence.
  ///
  /// - Parameter canonicalBytes: The value's text, in the form that records have.
  /// - Returns: `nil` for what fits into a record.
  func keepIfLarge(_ canonicalBytes: [UInt8]) async throws(JournalError) -> EvidenceReference? {
    guard canonicalBytes.count > Self.inlineLimitBytes else { return nil }
    return try await journal.keep(canonicalBytes, mediaType: "application/json")
  }

  private static func excerpt(of body: JSON) -> [JSON.Member] {
    (body.members ?? []).compactMap { member in
      switch member.value {
      case .string(let text): .init(member.name, .string(RecordText.cut(text, to: excerptLimitBytes)))
      case .array, .object: nil
      case .null, .bool, .integer, .double, .number: member
      }
    }
  }
}
