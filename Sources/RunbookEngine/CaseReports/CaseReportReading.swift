package import AuditTrail
import RunbookLanguage
import RunbookPorts

extension CaseReport {
  /// Makes the report of a recorded run, with its evidence, and looks whether it replays.
  ///
  /// - Parameters:
  ///   - semantics: The versions of the language's meaning that this program knows.
  ///   - more: What else is known of the trail.
  package init(
    _ recorded: RecordedRun, from reader: TrailReader, semantics: [String], verification more: [Verification] = []
  ) {
    var events: [Int: RunEvent] = [:]
    var printed: [String: [UInt8]] = [:]
    var problems: [String] = []
    var gone = recorded.gone
    for (index, entry) in recorded.entries.enumerated() {
      do throws(RecordProblem) {
        if case .event(let event) = try RunRecording.content(of: entry, from: reader) {
          events[index] = event
          if let (export, text) = Self.printed(event, from: reader) { printed[export] = text }
        }
      } catch {
        let text = "record \(entry.record.place?.sequence ?? 0) (\(entry.record.type)): \(error.text)"
        if error.isRecordedLoss { gone.append(text) } else { problems.append(text) }
      }
    }
    var verification: [Verification] = []
    if recorded.damage.isEmpty {
      verification.append(
        .init(
          isGood: true,
          "Its \(recorded.entries.count) records follow each other; each bears the hash of the one before."))
    }
    verification += (recorded.damage + problems).map { .init(isGood: false, "Damaged: \($0)") }
    verification += gone.map { .init(isGood: true, "Not there any more, as the trail itself says: \($0)") }
    var subjects: [String: String] = [:]
    do throws(ReplayProblem) {
      let recording = try RunRecording(
        recorded, from: reader, runbooks: PinnedRunbooks(reader), semantics: semantics)
      verification.append(Self.verification(Replay(recording)))
      for threshold in recording.runbook.runbook.thresholds {
        if case .monitored(let rule) = threshold.rule, case .series(let query) = rule.subject {
          subjects[threshold.id] = query
        }
      }
    } catch {
      verification.append(.init(isGood: error.isRecordedLoss, "It cannot be replayed: \(error.message)"))
    }
    self.init(recorded, verification: verification + more, events: events, subjects: subjects, printed: printed)
  }

  /// What a script printed; evidence that cannot be had is told of in its place.
  private static func printed(_ event: RunEvent, from reader: TrailReader) -> (export: String, text: [UInt8])? {
    guard case .scripted(let export, .ended(let receipt)) = event, let output = receipt.output else { return nil }
    if let reason = output.notKept { return (export, Array("not kept: \(reason)".utf8)) }
    do { return (export, try reader.evidence(output.digest)) } catch {
      return (export, Array("cannot be had: \(error.message)".utf8))
    }
  }

  private static func verification(_ replay: Replay) -> Verification {
    switch replay.finding {
    case .same: .init(isGood: true, "Replayed from its records: the same verdict and the same answers follow.")
    case .unfinished: .init(isGood: true, "Replayed as far as its records go: the same follows. It has no verdict yet.")
    case .differs(let difference): .init(isGood: false, "Its replay differs: \(difference.message)")
    }
  }
}
