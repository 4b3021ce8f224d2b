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

  /// Makes the files of a log that has no records yet. They and their names are on the disk when this returns.
  func create(_ note: SignedNote) throws(FileProblem) {
    for slot in 0..<TrailLayout.checkpointSlots { try write(note, in: slot) }
  }
}

/// Writes checkpoints while a log grows. Any number of processes may do so at once.
final class CheckpointWriter: Sendable {
  /// A log at one moment.
  struct Snapshot: Sendable {
    let origin: String
    let tree: MerkleFrontier
    let place: FrontierFile.Place
    /// The leaves since the last moment of this process, the last of the tree.
    let leaves: [Digest]
  }

  private let checkpoints: CheckpointFiles
  private let key: SigningKey?
  private let slots: [any StoredFile]

  init(_ checkpoints: CheckpointFiles, key: SigningKey?) throws(FileProblem) {
    self.checkpoints = checkpoints
    self.key = key
    var slots: [any StoredFile] = []
    for slot in 0..<TrailLayout.checkpointSlots {
      slots.append(try checkpoints.files.open(checkpoints.layout.checkpoint(slot), for: .updating))
    }
    self.slots = slots
  }

  /// Writes a checkpoint, unless there is one of as many records.
  ///
  /// - Parameter snapshot: Of a log whose records are on the disk.
  /// - Returns: after the checkpoint is on the disk.
  func write(_ snapshot: Snapshot) throws(CheckpointProblem) {
    let checkpoint = Checkpoint(origin: snapshot.origin, size: snapshot.tree.size, root: snapshot.tree.root)
    try filing { () throws(FileProblem) in try slots[0].lock(waitingAtMost: TrailLog.patience) }
    defer { slots[0].unlock() }
    let newest = try filing { () throws(FileProblem) in try checkpoints.stored().found.last }
    if let newest, newest.checkpoint.size >= checkpoint.size {
      guard newest.checkpoint.size > checkpoint.size || newest.checkpoint.root == checkpoint.root else {
        throw .contradiction("a checkpoint of \(checkpoint.size) records has another root than the log")
      }
      return
    }
    let note: SignedNote
    do { note = try checkpoint.note(signedBy: key) } catch { throw .cannotSign(error.message) }
    let file = slots[newest?.slot == 0 ? 1 : 0]
    try filing { () throws(FileProblem) in
      try file.write(note.bytes, at: 0)
      // Checkpoints become longer with their logs, so that this is for what others have written there.
      if try file.size() > note.bytes.count { try file.truncate(to: note.bytes.count) }
      try file.synchronize()
    }
    LeavesFile(checkpoints.layout, checkpoints.files)
      .write(snapshot.leaves, from: snapshot.tree.size - Int64(snapshot.leaves.count))
    FrontierFile(checkpoints.layout, checkpoints.files).write(snapshot.tree, at: snapshot.place)
  }

  private func filing<Result>(_ work: () throws(FileProblem) -> Result) throws(CheckpointProblem) -> Result {
    do { return try work() } catch { throw .file(error) }
  }
}

/// Why a checkpoint was not written.
enum CheckpointProblem: Error {
  case file(FileProblem)
  case cannotSign(String)
  case contradiction(String)

  var message: String {
    switch self {
    case .file(let problem): problem.message
    case .cannotSign(let problem): "a checkpoint cannot be signed: \(problem)"
    case .contradiction(let problem): problem
    }
  }
}
