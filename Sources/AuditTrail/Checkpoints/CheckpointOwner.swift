internal import Values

/// Whose checkpoints count: those that bear the log's name and, if it has a key, the key's signature. Whoever can write
/// to the folder can put others there.
struct CheckpointOwner: Sendable {
  enum Standing: Sendable {
    case own
    /// A wrong signature over the key's name: a crash may have broken off its writing.
    case broken
    /// Of the time before the log had a key.
    case unsigned
    /// Of another log, or signed by somebody else.
    case foreign
  }

  let origin: String
  let key: VerifierKey?

  func standing(of note: SignedNote, _ checkpoint: Checkpoint) -> Standing {
    guard let key else {
      return note.signatures.isEmpty && ExactString(checkpoint.origin) == ExactString(origin) ? .own : .foreign
    }
    if note.bears(key), !note.isSigned(by: key) { return .broken }
    guard ExactString(checkpoint.origin) == ExactString(origin) else { return .foreign }
    if note.isSigned(by: key) { return .own }
    return note.signatures.isEmpty ? .unsigned : .foreign
  }
}
