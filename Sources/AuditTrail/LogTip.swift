internal import DurableFiles
internal import RunbookPorts
internal import Values

/// The end of a signed log as its last writer left it, so that nobody can add records between two checkpoints and have
/// the next writer sign them.
///
/// A checkpoint may cover only what is on the disk, and so comes later than the records. The tip comes with them: a note in
/// the form of a checkpoint, signed by the log's key, written before the log's lock is given up, and never waited for.
/// Whoever finds records that no tip covers takes them in, because a crash may have left them there, and records that
/// nobody had signed them. A tip proves nothing to anybody else: after a failure of the machine it may be older than the log,
/// or newer.
extension TrailLog {
  /// The member of a `log.recovered` that says from which record on none was signed.
  static let unsignedMember = "unsigned_from"

  /// Signs the log as it is, unless records are in it of which nobody knows who wrote them.
  ///
  /// That it cannot be written changes nothing for this process; the next one will say that it knows less.
  mutating func signTip() {
    guard let key, known == tree.size, tipSize != known,
      let note = try? Checkpoint(origin: origin, size: known, root: tree.root).note(signedBy: key),
      let file = try? files.open(layout.tip, for: .updating)
    else { return }
    do throws(FileProblem) {
      let bytes = note.bytes
      try file.write(bytes, at: 0)
      if try file.size() > bytes.count { try file.truncate(to: bytes.count) }
      tipSize = known
    } catch { return }
  }

  /// Looks who wrote the records that were read since, and records from which on nobody has signed them.
  mutating func vouchForRead() throws(JournalError) {
    guard known < tree.size else { return }
    if key != nil {
      let signed = signedSize()
      if signed == tree.size {
        tipSize = signed
      } else {
        let body = JSON.object([Self.unsignedMember: .integer(signed)])
        _ = try write(TornTail.recoveredType, body, actor: "engine", place: nil)
      }
    }
    known = tree.size
  }

  /// So many of the first records are known, or lie under the tip.
  private func signedSize() -> Int64 {
    guard let key, let bytes = try? files.readWhole(layout.tip, limitBytes: CheckpointFiles.sizeLimitBytes),
      let note = SignedNote(parsing: bytes), note.isSigned(by: key.verifier), let tip = Checkpoint(text: note.text),
      ExactString(tip.origin) == ExactString(origin), tip.size > known, rootOfRecent(at: tip.size) == tip.root
    else { return known }
    return tip.size
  }
}
