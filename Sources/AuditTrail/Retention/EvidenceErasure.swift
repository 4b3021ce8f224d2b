internal import DurableFiles
package import RunbookPorts
internal import Values

extension TrailWriter {
  /// Erases pieces of evidence for good: first a record for each that says so is under a checkpoint, then the files go.
  /// The log stays whole, and verification tells what was erased from what is missing.
  ///
  /// - Throws: also for a piece that is not there; nothing is erased then.
  package func erase(_ digests: [String], reason: String, actor: String) async throws(JournalError) {
    for digest in digests {
      do throws(EvidenceProblem) { _ = try layout.evidence(digest, in: surroundings.files) } catch {
        guard error == .damaged else { throw .cannotWrite("\(error.message): \(digest)") }
      }
    }
    for digest in digests {
      let body = JSON.object(["digest": .string(digest), "reason": .string(reason)])
      try changeLog { (log) throws(JournalError) in try log.note(TrailReader.erasedType, body, actor: actor) }
    }
    try await anchor()
    for digest in digests { try filing { () throws(FileProblem) in try evidenceStore.remove(digest) } }
  }
}

extension TrailReader {
  static let erasedType = "evidence.erased"

  /// A run and the evidence that it rests on.
  package struct RunEvidence: Sendable {
    package let run: String
    package let isClosed: Bool
    package let records: Int
    /// Pieces that are there, each once, in the order in which records name them first.
    package let digests: [String]
    /// Pieces that are not.
    package let gone: Int
  }

  /// - Parameter name: As with `records(ofRun:)`.
  package func evidence(ofRun name: String) throws(TrailReadError) -> RunEvidence {
    let records = try records(ofRun: name).records.compactMap(\.record)
    var (found, seen): ([String], Set<String>) = ([], [])
    for reference in records.flatMap({ EvidenceReferences.references(in: $0.body) }) {
      guard EvidenceStore.isReference(reference.digest), seen.insert(reference.digest).inserted else { continue }
      if isThere(reference.digest) { found.append(reference.digest) }
    }
    return RunEvidence(
      run: records.first?.place?.run ?? name, isClosed: records.last?.type == TrailLog.closingType,
      records: records.count, digests: found, gone: seen.count - found.count)
  }

  private func isThere(_ digest: String) -> Bool {
    do throws(EvidenceProblem) {
      _ = try layout.evidence(digest, in: files)
      return true
    } catch { return error != .missing }
  }

  /// The run that names a piece of evidence.
  ///
  /// - Returns: `nil` if none does.
  package func run(naming digest: String) throws(TrailReadError) -> String? {
    for line in try lines() {
      guard let record = line.record, let run = record.place?.run else { continue }
      if EvidenceReferences.references(in: record.body).contains(where: { $0.digest == digest }) { return run }
    }
    return nil
  }

  /// Reads kept bytes back, after comparing them with their digest.
  ///
  /// - Throws: For a piece that is not there, why, if a record says it.
  package func evidence(_ digest: String) throws(EvidenceProblem) -> [UInt8] {
    do throws(EvidenceProblem) { return try layout.evidence(digest, in: files) } catch {
      guard error == .missing, let reason = reasonGone(digest) else { throw error }
      throw .erased(reason)
    }
  }

  /// Why a piece is not there, as the log says it.
  private func reasonGone(_ digest: String) -> String? {
    guard let lines = try? lines() else { return nil }
    for line in lines {
      guard let record = line.record, record.place == nil else { continue }
      if record.type == Self.erasedType, record.body["digest"]?.text == digest {
        return "it was erased at \(record.wall.shortDescription): \(record.body["reason"]?.text ?? "")"
      }
      if record.type == TornTail.recoveredType,
        record.body["lost_evidence"]?.elements?.contains(where: { $0.text == digest }) ?? false
      {
        return "a crash has lost it, as record \(record.sequence) says"
      }
    }
    return nil
  }
}
