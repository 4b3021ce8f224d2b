package import DurableFiles
internal import Values

extension TrailLayout {
  /// Checkpoints that were shown to others, with what they said of them.
  package var anchors: String { "\(folder)/anchors" }
  package func anchor(_ size: Int64) -> String { "\(anchors)/\(size).checkpoint" }
  package func timeStamp(_ size: Int64) -> String { "\(anchors)/\(size).tsr" }
}

/// A checkpoint that was shown to others: witnesses, who have signed it too, or a time stamping authority.
package struct TrailAnchor: Sendable {
  package let note: SignedNote
  package let checkpoint: Checkpoint

  /// - Parameter bytes: A signed checkpoint.
  package init?(_ bytes: [UInt8]) {
    guard let note = SignedNote(parsing: bytes), let checkpoint = Checkpoint(text: note.text) else { return nil }
    self.note = note
    self.checkpoint = checkpoint
  }

  /// Adds the lines of signatures that a witness has given.
  ///
  /// - Parameter lines: Lines `— NAME BASE64`, or a whole note over the same text.
  /// - Returns: `nil` for anything else.
  package func adding(_ lines: [UInt8]) -> TrailAnchor? {
    let found =
      SignedNote(parsing: lines) ?? SignedNote(parsing: note.text + [0x0A] + lines + (lines.last == 0x0A ? [] : [0x0A]))
    guard let found, found.text == note.text else { return nil }
    var whole = note
    for signature in found.signatures { whole.add(signature) }
    return TrailAnchor(whole.bytes)
  }
}

/// Keeps anchors in a trail's folder.
package struct AnchorFolder: Sendable {
  private let layout: TrailLayout
  private let files: any FileSystem

  package init(_ layout: TrailLayout, files: any FileSystem = LinuxFiles()) {
    self.layout = layout
    self.files = files
  }

  /// The last checkpoint of the log's own, to be shown to others.
  ///
  /// - Parameter key: The log's.
  package func newest(signedBy key: VerifierKey) throws(FileProblem) -> TrailAnchor? {
    try CheckpointFiles(layout: layout, files: files).stored().found
      .last { $0.note.isSigned(by: key) }.map { TrailAnchor(note: $0.note, checkpoint: $0.checkpoint) }
  }

  /// - Parameter suffix: The end of a name that no other process uses.
  package func keep(_ anchor: TrailAnchor, suffix: String) throws(FileProblem) {
    try files.makeFolder(layout.anchors)
    let path = layout.anchor(anchor.checkpoint.size)
    var whole = anchor
    if files.exists(path), let kept = TrailAnchor(try files.readWhole(path, limitBytes: SignedNote.sizeLimitBytes)),
      let both = kept.adding(anchor.note.bytes)
    {
      whole = both
    }
    try files.writeWhole(whole.note.bytes, to: path, suffix: suffix)
  }

  package func keep(_ reply: [UInt8], for size: Int64, suffix: String) throws(FileProblem) {
    try files.writeWhole(reply, to: layout.timeStamp(size), suffix: suffix)
  }

  /// The sizes of the checkpoints that are kept, the smallest first.
  func sizes() throws(FileProblem) -> [Int64] {
    let names: [String]
    do throws(FileProblem) { names = try files.names(in: layout.anchors) } catch {
      guard error.isMissing else { throw error }
      names = []
    }
    return names.compactMap { name in
      guard name.hasSuffix(".checkpoint"), let size = Int64(name.dropLast(11)),
        layout.anchor(size).hasSuffix("/\(name)")
      else { return nil }
      return size
    }.sorted()
  }

  /// - Returns: `nil` for a file that is no checkpoint of so many records.
  func anchor(_ size: Int64) throws(FileProblem) -> TrailAnchor? {
    do throws(FileProblem) {
      let found = TrailAnchor(try files.readWhole(layout.anchor(size), limitBytes: SignedNote.sizeLimitBytes))
      return found?.checkpoint.size == size ? found : nil
    } catch {
      guard error.code == FileProblem.tooLargeCode else { throw error }
      return nil
    }
  }

  /// - Returns: `nil` if there is none; `.some(nil)` for what is no time stamp.
  func timeStamp(_ size: Int64) throws(FileProblem) -> TimeStamp?? {
    do throws(FileProblem) { return try reply(size).map { TimeStamp(reply: $0) } } catch {
      guard error.code == FileProblem.tooLargeCode else { throw error }
      return .some(nil)
    }
  }

  /// What a time stamping authority has replied; `nil` if nothing.
  func reply(_ size: Int64) throws(FileProblem) -> [UInt8]? {
    do throws(FileProblem) {
      return try files.readWhole(layout.timeStamp(size), limitBytes: TimeStamp.sizeLimitBytes)
    } catch {
      guard error.isMissing else { throw error }
      return nil
    }
  }
}

extension TrailAnchor {
  init(note: SignedNote, checkpoint: Checkpoint) {
    self.note = note
    self.checkpoint = checkpoint
  }
}
