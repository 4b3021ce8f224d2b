internal import Values

/// The two checkpoints of a log as verification sees them.
struct CheckpointSlots {
  /// What a file of a checkpoint holds.
  enum Content {
    case missing
    case damaged
    case note(SignedNote, Checkpoint)
  }

  struct Slot {
    let checkpoint: Checkpoint
    /// The key whose signature it bears.
    let signer: VerifierKey?
    /// A known key's name stands over a signature that is not its own.
    let isForged: Bool
    /// Who has signed, by their own account.
    let names: [String]
    /// Whether the log's tree had the checkpoint's root at its size; `nil` if it never had the size.
    fileprivate(set) var fits: Bool?
  }

  struct Problem {
    let check: VerifierCheck
    var record: Int64?
    let message: String
    /// A crash may have left it so, if more records follow.
    var canBeCrash = false
    /// A crash may have left it so before the log's first record.
    var canBeBeginning = false
  }

  private var slots: [Slot] = []
  private var missing = 0
  private var damaged = 0
  private var newestIndex: Int?

  init() {}

  init(_ contents: [Content], keys: [VerifierKey]) {
    for content in contents {
      switch content {
      case .missing: missing += 1
      case .damaged: damaged += 1
      case .note(let note, let checkpoint):
        let signer = keys.first { note.isSigned(by: $0) }
        let isForged = signer == nil && keys.contains { note.bears($0) }
        slots.append(
          Slot(
            checkpoint: checkpoint, signer: signer, isForged: isForged, names: note.signatures.map(\.name), fits: nil))
      }
    }
    // One that is signed counts more than any that is not.
    let trusted = slots.indices.filter { slots[$0].signer != nil }
    let candidates = trusted.isEmpty ? slots.indices.filter { !slots[$0].isForged } : trusted
    newestIndex = candidates.max { slots[$0].checkpoint.size < slots[$1].checkpoint.size }
    compare(MerkleFrontier())
  }

  /// Whether there is no file of a checkpoint at all.
  var areAbsent: Bool { slots.isEmpty && damaged == 0 }

  var newest: Slot? { newestIndex.map { slots[$0] } }

  /// Compares the log's tree at each checkpoint's size.
  mutating func compare(_ tree: MerkleFrontier) {
    for index in slots.indices where slots[index].checkpoint.size == tree.size {
      slots[index].fits = slots[index].checkpoint.root == tree.root
    }
  }

  /// - Parameters:
  ///   - unsignedBefore: Where the log's first key was recorded, if it was not signed before.
  ///   - start: The first record that is there; those before it were removed.
  func problems(unsignedBefore: Int64?, start: Int64) -> [Problem] {
    var problems: [Problem] = []
    if missing > 0 {
      problems.append(
        Problem(check: .checkpoints, message: "a checkpoint's file is not there", canBeBeginning: true))
    }
    if damaged > 0 {
      problems.append(
        Problem(check: .checkpoints, message: "a checkpoint's file cannot be read", canBeCrash: true))
    }
    for index in slots.indices {
      let slot = slots[index]
      let name = "the checkpoint of \(slot.checkpoint.size) records"
      if slot.isForged {
        problems.append(
          Problem(check: .signature, message: "\(name) bears a wrong signature of its key", canBeCrash: true))
      } else if index == newestIndex {
        if slot.fits == false {
          problems.append(
            Problem(check: .root, message: "the records are not those of \(name): its root is another"))
        }
      } else if let newest {
        if slot.checkpoint.size < start {
          problems.append(Problem(check: .earlierCheckpoint, message: "\(name) is of records that were removed"))
        }
        problems += earlierProblems(slot, name, newest, unsignedBefore: unsignedBefore)
      }
    }
    return problems
  }

  private func earlierProblems(
    _ slot: Slot, _ name: String, _ newest: Slot, unsignedBefore: Int64?
  ) -> [Problem] {
    if newest.signer != nil, slot.signer == nil {
      guard slot.names.isEmpty, let unsignedBefore, slot.checkpoint.size <= unsignedBefore else {
        let how = slot.names.isEmpty ? "is not signed" : "is signed by another key"
        return [Problem(check: .earlierCheckpoint, message: "\(name) \(how)")]
      }
    }
    if slot.checkpoint.size > newest.checkpoint.size || slot.fits == false
      || ExactString(slot.checkpoint.origin) != ExactString(newest.checkpoint.origin)
    {
      return [Problem(check: .earlierCheckpoint, message: "\(name) is of another log")]
    }
    return []
  }
}
