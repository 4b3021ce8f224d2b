import AuditTrail
import RunbookPorts
import Values

/// The body of a record: as JSON, or as text that nobody has needed to look into.
enum RecordedWords: Sendable {
  case read(JSON)
  case unread(BodyText)

  var json: JSON {
    switch self {
    case .read(let json): json
    case .unread(let text): text.json ?? .null
    }
  }

  /// Whether this is the body of an entry, with or without what a fold does not make.
  func hold(_ entry: JournalEntry) -> Bool {
    switch self {
    case .read(let json): entry.body.isRecorded(as: json)
    case .unread(let text):
      // What is written in the same way need not be understood.
      text.holdsMembers(of: BodyText(entry.bodyBytes)) || entry.body.isRecorded(as: json)
    }
  }
}

extension BodyText {
  /// Whether all members of another body stand here, and else only such as a fold does not make.
  fileprivate func holdsMembers(of other: BodyText) -> Bool {
    withBytes { recorded in
      other.withBytes { due in recorded.isSame(as: due) || Self.members(of: recorded, areThoseOf: due) }
    }
  }

  /// - Parameter due: Known to be canonical.
  private static func members(
    of recorded: UnsafeBufferPointer<UInt8>, areThoseOf due: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var (members, wanted) = (CanonicalMembers(recorded), CanonicalMembers(due))
    var next = wanted.next()
    var last: UnsafeBufferPointer<UInt8>?
    while true {
      if let due = next, last?.lexicographicallyPrecedes(due.name) ?? true, members.skip(due) {
        last = due.name
        next = wanted.next()
        continue
      }
      guard let member = members.next() else { break }
      guard last?.lexicographicallyPrecedes(member.name) ?? true, JSON.isBeyondFold(member.name),
        JSON.isCanonical(member.value)
      else { return false }
      last = member.name
    }
    return next == nil && members.isAtEnd
  }
}

extension JSON {
  /// Members of records that a fold does not make: by whom and when something was done, and what the trail adds.
  private static let beyondFold =
    [
      "performer", "language", "attempt", "text", "started", "finished", "sandbox", "channel", "records",
      "verdict_hash",
    ] as [StaticString]

  /// - Parameter name: With its escapes.
  fileprivate static func isBeyondFold(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    beyondFold.contains { $0.withUTF8Buffer { $0.isSame(as: name) } }
  }

  private static func isBeyondFold(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { isBeyondFold($0) }
  }

  /// Whether a record holds this body, with or without what a fold does not make.
  fileprivate func isRecorded(as recorded: JSON) -> Bool {
    guard let members, let others = recorded.members else { return false }
    return members.allSatisfy { member in recorded[member.name].map { member.value.isSame(asRecorded: $0) } ?? false }
      && others.allSatisfy { other in
        Self.isBeyondFold(other.name)
          || members.contains { $0.name.utf8.elementsEqual(other.name.utf8) }
      }
  }

  /// Whether a record holds this value, in the form that records have (`recordable`).
  private func isSame(asRecorded recorded: JSON) -> Bool {
    switch (self, recorded) {
    case (.string(let one), .string(let other)): return one.utf8.elementsEqual(other.utf8)
    case (.bool(let one), .bool(let other)): return one == other
    case (.null, .null): return true
    case (.array(let one), .array(let other)):
      return one.count == other.count && zip(one, other).allSatisfy { $0.isSame(asRecorded: $1) }
    case (.object(let one), .object(let other)):
      guard one.count == other.count else { return false }
      // A record's members stand in the order of their names.
      let sorted = one.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
      return zip(sorted, other).allSatisfy {
        $0.name.utf8.elementsEqual($1.name.utf8) && $0.value.isSame(asRecorded: $1.value)
      }
    default: return recordable.canonicalBytes == recorded.canonicalBytes
    }
  }
}
