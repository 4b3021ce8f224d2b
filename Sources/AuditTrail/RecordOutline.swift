package import Values

/// A record of a run whose body has not been looked into.
package struct RecordOutline: Sendable {
  /// Dotted words, such as `query.answered`.
  package let type: String
  /// Counts a run's records from 1.
  package let sequence: Int64
  /// The runbook's digest: `sha256:` and 64 digits.
  package let runbook: String
  /// The version of the language's meaning under which the record was made.
  package let semantics: String
  package let wall: Timestamp
  package let body: BodyText
}

/// The text of a record's body, not looked into.
package struct BodyText: Sendable {
  private let line: [UInt8]
  private let range: Range<Int>
  /// It has a member that only references to evidence have.
  package let namesEvidence: Bool

  init(_ head: RecordHead, of line: [UInt8]) {
    self.line = line
    range = head.body
    namesEvidence = head.namesEvidence
  }

  /// A text that is known to be canonical JSON.
  package init(_ bytes: [UInt8]) {
    (line, range, namesEvidence) = (bytes, bytes.indices, false)
  }

  package func withBytes<Result>(_ work: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    line.withUnsafeBufferPointer { work(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private static let depthLimit = RecordLint.depthLimit - 1

  /// The body, looked into.
  ///
  /// - Returns: `nil` for a text that is not a body as records hold it, or an unusual one.
  package var json: JSON? {
    withBytes { bytes in
      guard bytes.first == UInt8(ascii: "{") else { return nil }
      return JSON(canonical: bytes, depthLimit: Self.depthLimit)
    }
  }

  /// Some of the body's members; nothing is made of the others.
  ///
  /// - Returns: `nil` where `json` is.
  package func json(ofMembers names: Set<String>) -> JSON? {
    withBytes { JSON(canonical: $0, membersNamed: names, depthLimit: Self.depthLimit) }
  }
}

extension RecordOutline {
  /// The records of a run, as far as their heads tell.
  ///
  /// - Parameter lines: Those of the run, in their order.
  /// - Returns: `nil` unless all of them have the usual head of a record and follow each other. What is wrong otherwise,
  ///   if something is, shows when they are read as a whole.
  package static func all(in lines: [UnreadLine]) -> [RecordOutline]? {
    var check = ChainCheck(isWholeLog: false)
    var names = RecurringNames()
    var outlines: [RecordOutline] = []
    outlines.reserveCapacity(lines.count)
    for line in lines {
      guard let head = line.head else { return nil }
      let body = BodyText(head, of: line.bytes)
      var closing: ChainLink.Closing?
      if line.isClosing {
        guard let json = body.json else { return nil }
        closing = ChainLink.Closing(json)
      }
      let outline: RecordOutline? = line.bytes.withUnsafeBufferPointer { bytes in
        guard
          let link = ChainLink(
            head, of: bytes, leaf: Digest(leaf: UnsafeRawBufferPointer(bytes)), closing: closing, &names),
          check.problems(with: link).isEmpty
        else { return nil }
        return RecordOutline(head, link, of: bytes, body, &names)
      }
      guard let outline else { return nil }
      outlines.append(outline)
    }
    return outlines
  }

  private init?(
    _ head: RecordHead, _ link: ChainLink, of line: UnsafeBufferPointer<UInt8>, _ body: BodyText,
    _ names: inout RecurringNames
  ) {
    guard head.isPlain(in: line), head.monotonicNanoseconds(in: line) != nil, let wall = head.wall(in: line),
      let place = link.place, let type = names.text(of: line[head.type], isAllowed: { _ in true }),
      let semantics = names.text(of: line[head.semantics], isAllowed: { _ in true })
    else { return nil }
    self.type = type
    (sequence, runbook) = (place.sequence, place.runbook)
    (self.semantics, self.wall, self.body) = (semantics, wall, body)
  }
}
