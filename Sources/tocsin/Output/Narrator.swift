import RunbookEngine
import RunbookPorts
import Synchronization
import Values

/// Tells people what a run does while it does it.
final class Narrator: RunObserver {
  private struct State {
    var text: RunText
    /// Queries that are on their way.
    var asking: [String] = []
    /// What was found of thresholds, as it was recorded.
    var thresholds: [JSON] = []
  }

  private let state: Mutex<State>
  private let isSilent: Bool

  /// - Parameter isSilent: Standard output belongs to machines: only progress is shown.
  init(trail: String, isSilent: Bool) {
    state = Mutex(State(text: RunText(coloured: Terminal.Stream.output.isColoured, trail: trail)))
    self.isSilent = isSilent
  }

  /// Takes in what was recorded before the run was broken off: it counts at the end, and only its head is told again.
  func recall(_ entries: [(type: String, body: JSON)]) {
    state.withLock { state in
      for (type, body) in entries {
        if type == RecordedRun.judgementType { state.thresholds.append(body) }
        let lines = state.text.lines(for: type, body)
        if type == "run.started", !isSilent, !lines.isEmpty { Terminal.print(lines.joined(separator: "\n")) }
      }
      _ = state.text.rest()
    }
  }

  func observe(_ entry: JournalEntry, at instant: Timestamp) async {
    state.withLock { state in
      let lines = state.text.lines(for: entry.type, entry.body)
      if !isSilent, !lines.isEmpty { Terminal.print(lines.joined(separator: "\n")) }
      if let failure = Self.failure(entry) { Reports.remark(failure) }
      let query = entry.body.shown("query")
      switch entry.type {
      case RecordedRun.judgementType:
        state.thresholds.append(entry.body)
        return
      case "query.intended": state.asking.append(query)
      case "query.answered", "query.failed": state.asking.removeAll { $0 == query }
      case "run.closed", "run.interrupted": state.asking = []
      default: return
      }
      let asked = state.asking.joined(separator: ", ").shortened(to: 70)
      Terminal.showProgress(state.asking.isEmpty ? "" : "asking: \(asked)")
    }
  }

  /// A run for machines: how it ended, and what was found of its thresholds.
  func json(of result: RunResult) -> JSON {
    let thresholds = state.withLock(\.thresholds)
    return .object((result.json.members ?? []) + [.init("thresholds", .array(thresholds))])
  }

  /// What did not leave the machine as it should have: whoever reads the verdict alone must hear of it, too.
  private static func failure(_ entry: JournalEntry) -> String? {
    let text = { (name: String) in entry.body[name]?.text ?? "" }
    if let outcome = try? ScriptOutcome(recordedAs: entry.type, RecordBody(entry.body)) {
      return outcome.trouble.map { "the script of the export '\(text("export"))': \($0)" }
    }
    return switch entry.type {
    case "notice.failed": "a notice was not sent (\(text("idempotency_key"))): \(text("reason"))"
    case "notice.unknown": "a notice was perhaps not sent (\(text("idempotency_key"))): \(text("reason"))"
    case "export.failed", "export.dropped": "the export '\(text("export"))' was not written: \(text("reason"))"
    default: nil
    }
  }
}
