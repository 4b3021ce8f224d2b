internal import DurableFiles
internal import Synchronization
internal import Values

/// Writes checkpoints while a log grows. Any number of processes may do so at once.
///
/// Only the log's own checkpoints count. One that somebody else has put there is set aside, and ours takes its place.
final class CheckpointWriter: Sendable {
  /// A log at one moment.
  struct Snapshot: Sendable {
    let origin: String
    let tree: MerkleFrontier
    let place: FrontierFile.Place
    /// The leaves since the last moment of this process, the last of the tree.
    let leaves: [Digest]
    /// Records before it had been removed when the log was opened.
    let start: Int64
  }

  /// A checkpoint that was not the log's own, and was set aside.
  struct Foreign: Sendable {
    let slot: Int
    let keptAs: String

    /// Of the record that says so.
    var body: JSON { .object(["checkpoint": .integer(Int64(slot)), "kept_as": .string(keptAs)]) }
  }

  private struct State {
    var files: [any StoredFile]
    /// Notes that are known to be the log's own, so that their signatures are not looked at again.
    var own: [SignedNote] = []
  }

  /// Times that the first file is opened again because it was replaced meanwhile.
  private static let reopeningLimit = 10

  private let checkpoints: CheckpointFiles
  private let key: SigningKey?
  private let randomBytes: @Sendable (Int) -> [UInt8]
  private let state: Mutex<State>

  init(
    _ checkpoints: CheckpointFiles, key: SigningKey?, randomBytes: @escaping @Sendable (Int) -> [UInt8]
  ) throws(FileProblem) {
    self.checkpoints = checkpoints
    self.key = key
    self.randomBytes = randomBytes
    var files: [any StoredFile] = []
    for slot in 0..<TrailLayout.checkpointSlots { files.append(try Self.open(checkpoints, slot)) }
    state = Mutex(State(files: files))
  }

  private static func open(_ checkpoints: CheckpointFiles, _ slot: Int) throws(FileProblem) -> any StoredFile {
    try checkpoints.files.open(checkpoints.layout.checkpoint(slot), for: .updating)
  }

  /// Writes a checkpoint, unless there is one of as many records.
  ///
  /// - Parameters:
  ///   - snapshot: Of a log whose records are on the disk.
  ///   - root: The log's root at a size beyond the snapshot's; `nil` if it has not so many records.
  /// - Returns: after the checkpoint is on the disk: what was set aside for it.
  func write(
    _ snapshot: Snapshot, root: (Int64) throws(CheckpointProblem) -> Digest?
  ) throws(CheckpointProblem) -> Foreign? {
    let result = state.withLock { state in
      Result { () throws(CheckpointProblem) in try write(snapshot, &state, root) }
    }
    return try result.get()
  }

  private func write(
    _ snapshot: Snapshot, _ state: inout State, _ root: (Int64) throws(CheckpointProblem) -> Digest?
  ) throws(CheckpointProblem) -> Foreign? {
    let lock = try filing { () throws(FileProblem) in try lockFirst(&state) }
    defer { lock.unlock() }
    let checkpoint = Checkpoint(origin: snapshot.origin, size: snapshot.tree.size, root: snapshot.tree.root)
    let contents = try filing { () throws(FileProblem) in try checkpoints.slots() }
    let standings = standings(of: contents, for: snapshot.origin, known: state.own)
    let own = standings.indices.filter { standings[$0] == .own }
    let newest = own.max { Self.size(contents[$0]) < Self.size(contents[$1]) }
    if let newest, case .note(_, let found) = contents[newest], found.size >= checkpoint.size {
      guard (found.size > checkpoint.size ? try root(found.size) : checkpoint.root) == found.root else {
        throw .contradiction(
          "there is a checkpoint of \(found.size) records that bears the log's name and is not the log's")
      }
      return nil
    }
    let note: SignedNote
    do { note = try checkpoint.note(signedBy: key) } catch { throw .cannotSign(error.message) }
    let slot = Self.slot(in: contents, standings)
    let foreign = try filing { () throws(FileProblem) in
      let foreign = try setAside(contents[slot], standings[slot], slot)
      try put(note, in: slot, &state)
      return foreign
    }
    state.own =
      [note]
      + contents.enumerated().compactMap { index, content in
        if index != slot, standings[index] == .own, case .note(let note, _) = content { note } else { nil }
      }
    keepTree(of: snapshot)
    return foreign
  }

  /// Locks the first file, whose name may have gone to another one meanwhile.
  private func lockFirst(_ state: inout State) throws(FileProblem) -> any StoredFile {
    for _ in 0..<Self.reopeningLimit {
      let file = state.files[0]
      try file.lock(waitingAtMost: TrailLog.patience)
      if try file.extent().isLinked { return file }
      file.unlock()
      state.files[0] = try Self.open(checkpoints, 0)
    }
    throw FileProblem("lock", checkpoints.layout.checkpoint(0), code: FileProblem.missingCode)
  }

  private func put(_ note: SignedNote, in slot: Int, _ state: inout State) throws(FileProblem) {
    let isReplaced = try !state.files[slot].extent().isLinked
    if isReplaced { state.files[slot] = try Self.open(checkpoints, slot) }
    let file = state.files[slot]
    try file.write(note.bytes, at: 0)
    // Checkpoints become longer with their logs, so that this is for what others have written there.
    if try file.size() > note.bytes.count { try file.truncate(to: note.bytes.count) }
    try file.synchronize()
    if isReplaced { try checkpoints.files.synchronizeFolder(checkpoints.layout.logFolder) }
  }

  private func keepTree(of snapshot: Snapshot) {
    LeavesFile(checkpoints.layout, checkpoints.files)
      .write(
        snapshot.leaves, from: snapshot.tree.size - Int64(snapshot.leaves.count), start: snapshot.start)
    FrontierFile(checkpoints.layout, checkpoints.files).write(snapshot.tree, at: snapshot.place)
  }

  // MARK: What is there

  private func standings(
    of contents: [CheckpointSlots.Content], for origin: String, known: [SignedNote]
  ) -> [CheckpointOwner.Standing?] {
    let owner = CheckpointOwner(origin: origin, key: key?.verifier)
    return contents.map { content in
      guard case .note(let note, let checkpoint) = content else { return nil }
      return known.contains(note) ? .own : owner.standing(of: note, checkpoint)
    }
  }

  private func setAside(
    _ content: CheckpointSlots.Content, _ standing: CheckpointOwner.Standing?, _ slot: Int
  ) throws(FileProblem) -> Foreign? {
    guard standing == .foreign, case .note(let note, _) = content else { return nil }
    let suffix = Hexadecimal.text(of: randomBytes(8)) + ".tmp"
    return Foreign(slot: slot, keptAs: try checkpoints.setAside(note, of: slot, suffix: suffix))
  }

  /// Where the next checkpoint goes: over what is none of ours, over what is unsigned, or else over the older.
  private static func slot(
    in contents: [CheckpointSlots.Content], _ standings: [CheckpointOwner.Standing?]
  ) -> Int {
    func rank(_ slot: Int) -> (Int, Int64) {
      switch standings[slot] {
      case .own: (2, size(contents[slot]))
      case .unsigned: (1, size(contents[slot]))
      case .broken, .foreign, nil: (0, 0)
      }
    }
    return contents.indices.min { rank($0) < rank($1) } ?? 0
  }

  private static func size(_ content: CheckpointSlots.Content) -> Int64 {
    if case .note(_, let checkpoint) = content { checkpoint.size } else { -1 }
  }

  private func filing<Result>(_ work: () throws(FileProblem) -> Result) throws(CheckpointProblem) -> Result {
    do { return try work() } catch { throw .file(error) }
  }
}
