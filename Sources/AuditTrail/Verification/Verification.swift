/// What became of a verification.
package struct Verification: Sendable {
  package enum Status: String, Sendable {
    /// Nothing was changed since it was signed.
    case verified = "VERIFIED"
    /// The same, but more follows that no checkpoint covers yet.
    case prefix = "VERIFIED-PREFIX"
    /// Something is not as it was written.
    case tampered = "TAMPERED"
    /// Nothing tells whether something was changed.
    case unverifiable = "UNVERIFIABLE"
  }

  package internal(set) var status = Status.unverifiable
  /// Why the status is not VERIFIED, or what else a reader should know; sentences.
  package internal(set) var remarks: [String] = []
  /// What others have said of the log's checkpoints; sentences that change nothing about the status.
  package internal(set) var notes: [String] = []
  /// Records under the last checkpoint that a trusted witness has signed; `nil` if none has.
  package internal(set) var witnessed: Int64?
  /// What is not as it was written, the first that were found.
  package internal(set) var problems: [VerificationProblem] = []
  /// The number of the first record that is not as it was written, where that can be told.
  package internal(set) var firstBad: Int64?
  /// What was removed of the log's beginning, because its time was over.
  package internal(set) var removed: RemovedRecords?
  /// Records that are there.
  package internal(set) var records: Int64 = 0
  /// Records that the checkpoint covers.
  package internal(set) var covered: Int64 = 0
  package internal(set) var checkpoint: Checkpoint?
  /// The key whose signature the checkpoint bears.
  package internal(set) var key: VerifierKey?
  package internal(set) var closedRuns = 0
  package internal(set) var openRuns = 0
  package internal(set) var evidence = EvidenceCount()
  /// Documents that runs rest on and that are what they should be; each once.
  package internal(set) var documents = 0
  package internal(set) var exports = ExportCount()
  /// Records under the largest checkpoint that was kept elsewhere and that the log has grown from.
  package internal(set) var keptElsewhere: Int64?
  /// What whoever trusts this result should know that it cannot tell; sentences.
  package internal(set) var limits: [String] = []

  package struct EvidenceCount: Hashable, Sendable {
    package var intact = 0
    /// Erased or lost, and a record says so.
    package var gone = 0
    /// Never kept, because the trail held as much as it may; the records say so.
    package var notKept = 0

    package init(intact: Int = 0, gone: Int = 0, notKept: Int = 0) {
      self.intact = intact
      self.gone = gone
      self.notKept = notKept
    }
  }

  /// Exported files that are still where they were written.
  package struct ExportCount: Hashable, Sendable {
    package var intact = 0
    /// Other bytes than the last record says that names them.
    package var changed = 0
  }

  static let problemLimit = 20
}

extension Verification {
  /// What the signature of a key on the same machine cannot detect.
  ///
  /// - Parameters:
  ///   - witnessed: How many records lie under a checkpoint that a witness has signed.
  ///   - keptElsewhere: How many lie under a checkpoint that was kept elsewhere.
  static func limits(
    of key: VerifierKey, origin: String, witnessed: Int64? = nil, keptElsewhere: Int64? = nil
  ) -> [String] {
    let holder =
      "Whoever holds the key \(key.name) can write another history and sign it, and show different ones to different people"
    var limits = [
      witnessed.map { "\(holder): of what follows the first \($0) records, and of those too if the witness helps." }
        ?? "\(holder).",
      keptElsewhere.map {
        "Whoever can write to the folder can cut the trail back to the \($0) records of the checkpoint that was kept "
          + "elsewhere, if an earlier checkpoint was signed there."
      }
        ?? "Whoever can write to the folder can cut the trail back to an earlier signed checkpoint, and remove what others "
        + "have signed: compare the size and root with a checkpoint that was kept elsewhere.",
      "Records that a crash has left unsigned cannot be told from records that somebody without the key has added: the next "
        + "run takes them in, and what it has taken in is named here.",
      "What happened in the last second before the machine failed may be missing.",
      "What was never recorded leaves no trace.",
    ]
    if key.name != origin {
      limits.append(
        "The key \(key.name) may sign other logs too: another log named \(origin) could stand in this one's place.")
    }
    return limits
  }

  static let besidesLimit =
    "The outbox and what people are asked and answer are no part of the trail and were not looked at; exported "
    + "files only where they still lie under exports."

  static let unsignedLimits = [
    "Without a signature that is known to be the key's, whoever can write to the folder can write the trail anew; only "
      + "accidents and careless edits show."
  ]
}
