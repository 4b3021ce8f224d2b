package import Values

/// Where a run's events are kept. The trail is one.
package protocol Journal: Sendable {
  /// Adds one event to a run's record.
  ///
  /// Events of one run are kept in the order of the calls. When the call returns and `durability` was not `.soon`, the
  /// event and every earlier one of the run survive a power cut.
  func append(_ entry: JournalEntry, to run: String, durability: Durability) async throws(JournalError)

  /// Keeps bytes that are too large for a record, or that may have to be deleted one day. Where there is no room for
  /// them by the journal's own limit, the reference says so, and stands in the record all the same.
  func keep(_ bytes: [UInt8], mediaType: String) async throws(JournalError) -> EvidenceReference
}

/// How safe a record is when its writer goes on; the least first.
package enum Durability: Comparable, Sendable {
  /// On its way to the disk; what depends on it may go ahead if it only reads.
  case soon
  /// On the disk.
  case durable
  /// On the disk, and under a checkpoint that is on the disk too: for what leaves the machine.
  case anchored
}

/// An event as a record: its type and its fields.
package struct JournalEntry: Sendable {
  /// Dotted words, such as `query.answered`.
  package let type: String
  /// Who caused it: `engine`, or a person's name.
  package let actor: String
  private let content: Content

  private enum Content: Sendable {
    case json(JSON)
    /// The body's canonical text.
    case written([UInt8])
  }

  package init(_ type: String, _ body: JSON, actor: String = "engine") {
    self.init(type, .json(body), actor: actor)
  }

  /// - Parameter bodyBytes: The body's canonical text. It holds no number that some reader cannot hold.
  package init(_ type: String, bodyBytes: [UInt8]) {
    self.init(type, .written(bodyBytes), actor: "engine")
  }

  /// - Parameter write: Adds the body's members, in the order of their names.
  package init(_ type: String, actor: String = "engine", _ write: (inout CanonicalObject) -> Void) {
    self.init(type, .written(CanonicalObject.bytes(write)), actor: actor)
  }

  private init(_ type: String, _ content: Content, actor: String) {
    (self.type, self.content, self.actor) = (type, content, actor)
  }

  /// An object.
  package var body: JSON {
    switch content {
    case .json(let body): body
    case .written(let bytes):
      bytes.withUnsafeBufferPointer { JSON(canonical: $0) } ?? (try? JSON(parsing: bytes)) ?? .null
    }
  }

  /// The body's canonical text.
  package var bodyBytes: [UInt8] {
    switch content {
    case .json(let body): body.canonicalBytes
    case .written(let bytes): bytes
    }
  }

  package var isWritten: Bool {
    if case .written = content { true } else { false }
  }

  /// The same with its body written out in the form that records have: once for all who need the text.
  package var written: JournalEntry {
    guard case .json(let body) = content else { return self }
    return JournalEntry(type, .written(body.recordable.canonicalBytes), actor: actor)
  }

  /// The same with more members, none of which is there.
  ///
  /// - Parameter write: Adds them, in the order of their names.
  package func with(_ write: (inout CanonicalObject) -> Void) -> JournalEntry {
    let bytes = CanonicalObject.joined(written.bodyBytes, CanonicalObject.bytes(write))
    return JournalEntry(type, .written(bytes), actor: actor)
  }
}

/// Points to kept bytes by their salted digest: SHA-256 over the 32 bytes of salt and the bytes.
package struct EvidenceReference: Hashable, Sendable {
  /// `sha256:` and 64 lower-case hexadecimal digits.
  package let digest: String
  package let length: Int
  package let mediaType: String
  /// Why the bytes were not kept, as a sentence part; `nil` if they were.
  package let notKept: String?

  package init(digest: String, length: Int, mediaType: String, notKept: String? = nil) {
    self.notKept = notKept
    self.digest = digest
    self.length = length
    self.mediaType = mediaType
  }

  package var json: JSON {
    .object([
      "digest": .string(digest), "length": .integer(Int64(length)), "media_type": .string(mediaType),
      "not_kept": notKept.map(JSON.string),
    ])
  }
}

/// Why nothing more can be recorded. A run that cannot record must stop.
package enum JournalError: Error, Hashable, Sendable {
  case cannotWrite(String)
  /// The record would be larger than the trail's format allows.
  case tooLarge(bytes: Int, limit: Int)
  /// The run has been closed; nothing can follow.
  case closed
  /// Another process has taken the run up.
  case continuedElsewhere(run: String)

  package var message: String {
    switch self {
    case .cannotWrite(let text): text
    case .tooLarge(let bytes, let limit): "a record of \(bytes) bytes is larger than the \(limit) allowed"
    case .closed: "the run's record is closed"
    case .continuedElsewhere(let run): "another process continues run '\(run)'"
    }
  }
}
