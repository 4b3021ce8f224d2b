internal import DurableFiles

/// The last two checkpoints of a log. They are written in turn, so that a crash in the middle of one leaves the other.
struct CheckpointFiles {
  /// A checkpoint as its file holds it.
  struct Stored {
    let slot: Int
    let note: SignedNote
    let checkpoint: Checkpoint
  }

  /// Most bytes of a checkpoint that are read.
  static let sizeLimitBytes = 4_096

  let layout: TrailLayout
  let files: any FileSystem

  /// What the files hold, by slot.
  func slots() throws(FileProblem) -> [CheckpointSlots.Content] {
    var contents: [CheckpointSlots.Content] = []
    for slot in 0..<TrailLayout.checkpointSlots {
      do throws(FileProblem) {
        let bytes = try files.readWhole(layout.checkpoint(slot), limitBytes: Self.sizeLimitBytes)
        guard let note = SignedNote(parsing: bytes), let checkpoint = Checkpoint(text: note.text) else {
          contents.append(.damaged)
          continue
        }
        contents.append(.note(note, checkpoint))
      } catch {
        guard error.isMissing || error.code == FileProblem.tooLargeCode else { throw error }
        contents.append(error.isMissing ? .missing : .damaged)
      }
    }
    return contents
  }

  /// The checkpoints that can be read, the older first, and whether a file holds something else.
  func stored() throws(FileProblem) -> (found: [Stored], isDamaged: Bool) {
    var found: [Stored] = []
    var isDamaged = false
    for (slot, content) in try slots().enumerated() {
      switch content {
      case .missing: continue
      case .damaged: isDamaged = true
      case .note(let note, let checkpoint): found.append(Stored(slot: slot, note: note, checkpoint: checkpoint))
      }
    }
    return (found.sorted { $0.checkpoint.size < $1.checkpoint.size }, isDamaged)
  }

  /// Writes one of the files, and brings it to the disk.
  func write(_ note: SignedNote, in slot: Int) throws(FileProblem) {
    let file = try files.open(layout.checkpoint(slot), for: .updating)
    try file.write(note.bytes, at: 0)
    try file.truncate(to: note.bytes.count)
    try file.synchronize()
    try files.synchronizeFolder(layout.logFolder)
  }

  /// Keeps a copy of a checkpoint that is not the log's own, before another takes its place.
  ///
  /// - Returns: The copy's name.
  func setAside(_ note: SignedNote, of slot: Int, suffix: String) throws(FileProblem) -> String {
    let name = "checkpoint.\(slot).foreign-\(Digest(of: note.bytes).hexadecimal.prefix(16))"
    try files.writeWhole(note.bytes, to: "\(layout.logFolder)/\(name)", suffix: suffix)
    return name
  }

  /// Makes the files of a log that has no records yet. They and their names are on the disk when this returns.
  func create(_ note: SignedNote) throws(FileProblem) {
    for slot in 0..<TrailLayout.checkpointSlots { try write(note, in: slot) }
  }
}

/// Why a checkpoint was not written.
enum CheckpointProblem: Error {
  case file(FileProblem)
  case cannotSign(String)
  case contradiction(String)
  case journal(String)

  var message: String {
    switch self {
    case .file(let problem): problem.message
    case .cannotSign(let problem): "a checkpoint cannot be signed: \(problem)"
    case .contradiction(let problem), .journal(let problem): problem
    }
  }
}
