internal import DurableFiles

/// Where things lie in a trail's folder.
///
///     log/trail.jsonl                 the log, one record a line
///     log/trail.jsonl.torn-…          bytes that a crash left behind the last record
///     log/trail.jsonl.suspect         there if the disk failed: what the log's end holds is not known
///     evidence/ab/ab12…               kept bytes behind their 32 bytes of salt, named by the SHA-256 of the whole
///     evidence/incoming/ab12…         the same, not yet known to be on the disk
///     exports/…                       files that runbooks export
///     outbox.jsonl                    notices for people
package struct TrailLayout: Hashable, Sendable {
  package let folder: String

  package init(folder: String) { self.folder = folder }

  package var log: String { "\(folder)/log/trail.jsonl" }
  package var logFolder: String { "\(folder)/log" }
  package var suspectMark: String { "\(log).suspect" }
  package var evidence: String { "\(folder)/evidence" }
  package var incoming: String { "\(evidence)/incoming" }
  package var exports: String { "\(folder)/exports" }
  package var outbox: String { "\(folder)/outbox.jsonl" }

  func evidenceFolder(of digits: String) -> String { "\(evidence)/\(digits.prefix(2))" }
  func evidenceFile(_ digits: String) -> String { "\(evidenceFolder(of: digits))/\(digits)" }
  func incomingFile(_ digits: String) -> String { "\(incoming)/\(digits)" }
}
