/// What is looked at when a trail is verified, each by itself.
package enum VerifierCheck: String, CaseIterable, Sendable {
  // The files
  /// The files of the log follow each other.
  case segments
  /// A line is a record of format 1, whole and canonical.
  case form
  /// There are as many records as the last checkpoint says.
  case size
  /// What is not there of the log's beginning was removed, and a record under the last checkpoint says so.
  case retained
  // Checkpoints
  /// The files of checkpoints are there and can be read.
  case checkpoints
  /// The last checkpoint bears the key's signature.
  case signature
  /// The tree over the lines has the checkpoint's root.
  case root
  /// The checkpoint before the last is signed as well, and fits the same log.
  case earlierCheckpoint = "earlier_checkpoint"
  /// The log is the one that others have seen and signed.
  case anchor
  // Records
  /// A record names the log that the checkpoint names.
  case origin
  case sequence
  case runSequence = "run_sequence"
  /// A record holds the hash of its run's record before.
  case runLink = "run_link"
  /// A run keeps to one runbook.
  case runbook
  /// Nothing follows a closed run.
  case closed
  /// A run's last record tells how many there are.
  case count
  /// A run's last record has the digest of its own words.
  case verdictHash = "verdict_hash"
  // Evidence
  case evidence
  /// What is not there was erased or lost, and a record says so.
  case evidenceMissing = "evidence_missing"
  /// A document that a run rests on is there, and is the one that its digest stands for.
  case document
  // Exported cases
  /// A record of a case is proved to be in the checkpoint's tree.
  case proof
  /// A case's statement says what its records say, is signed, and names the files beside them by their digests.
  case statement
}

/// Something in a trail that is not as it was written.
package struct VerificationProblem: Hashable, Sendable {
  package let check: VerifierCheck
  /// The record's number in the log, from 0; `nil` where no single one can be named.
  package let record: Int64?
  package let run: String?
  /// A sentence.
  package let message: String

  package init(_ check: VerifierCheck, record: Int64? = nil, run: String? = nil, _ message: String) {
    self.check = check
    self.record = record
    self.run = run
    self.message = message
  }
}
