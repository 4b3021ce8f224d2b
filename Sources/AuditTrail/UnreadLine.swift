/// A line of a trail of which only the head has been looked at: to whom it belongs. It is read wherever there is time.
package struct UnreadLine: Sendable {
  /// Counts from 1, over all files of the log that are there.
  package let number: Int
  /// Where the line begins in its file, in bytes.
  let offset: Int
  let bytes: [UInt8]
  let damage: RecordDamage?
  /// `nil` for a line that does not look like a record.
  let head: RecordHead?
  /// The run that it seems to be a record of; `nil` for one about the log, and for what is no record.
  package let run: String?
  /// It seems to be the last record of its run.
  package let isClosing: Bool

  /// The line, looked into.
  package func read() -> TrailLine {
    let content: Result<TrailRecord, RecordDamage> =
      if let damage {
        .failure(damage)
      } else {
        Result { () throws(RecordDamage) in try TrailRecord(line: bytes) }
      }
    return TrailLine(number: number, offset: offset, content: content, digest: Digest(leaf: bytes))
  }
}

/// The lines of a trail from its beginning, not looked into.
package struct UnreadLines: Sequence, IteratorProtocol {
  private static let closingType = Array(TrailLog.closingType.utf8)

  private var lines: RawLines
  private var number = 0
  private var names = RecurringNames()

  init(_ lines: RawLines) { self.lines = lines }

  package mutating func next() -> UnreadLine? {
    guard let line = lines.next() else { return nil }
    number += 1
    let bytes = Array(line.bytes)
    let head = line.damage == nil ? bytes.withUnsafeBufferPointer { RecordHead($0) } : nil
    return UnreadLine(
      number: number, offset: line.offset, bytes: bytes, damage: line.damage, head: head,
      run: head?.place.flatMap { place in
        bytes.withUnsafeBufferPointer { names.text(of: $0[place.run], isAllowed: RunID.isValid) }
      },
      isClosing: head.map { bytes[$0.type].elementsEqual(Self.closingType) } ?? false)
  }
}
