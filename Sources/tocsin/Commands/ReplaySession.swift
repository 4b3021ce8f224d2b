import AuditTrail
import Diagnostics
import Investigation
import RunbookEngine
import RunbookLanguage
import RunbookPorts
import Values

/// One call of `tocsin replay`.
final class ReplaySession {
  private let reader: TrailReader
  private let replay: TrailReplay
  private let format: OutputFormat
  private let style = Style(coloured: Terminal.Stream.output.isColoured)
  private(set) var ending = Ending.done
  private var tally = (runs: 0, impossible: 0, changed: 0, unrecorded: 0)
  /// Why changes cannot be made, and how many runs that was so for.
  private var refusals: [(message: String, runs: Int)] = []

  init(trail: String, format: OutputFormat, runbook: CheckedRunbook?, thresholds: [ThresholdChange]) {
    reader = TrailReader(folder: trail)
    replay = TrailReplay(reader, semantics: [Program.semantics], with: runbook, thresholds: thresholds)
    self.format = format
  }

  func replay(_ name: String) throws(TrailReadError) {
    tell(replay.replay(try RecordedRun(name, from: reader)), isAlone: true)
  }

  /// - Parameter id: Only runs of this runbook.
  func replayAll(of id: String?) throws(TrailReadError) {
    let damaged = try replay.replayAll(of: id) { tell($0, isAlone: false) }
    if damaged > 0 {
      let what = damaged == 1 ? "1 line of the trail is no record" : "\(damaged) lines of the trail are no records"
      Reports.remark("\(what): `tocsin trail list` names \(damaged == 1 ? "it" : "them")")
      ending = max(ending, Ending.found)
    }
    for refusal in refusals where refusal.runs > 1 {
      Reports.remark("the same for \(counted(refusal.runs - 1, "more run")): \(refusal.message)")
    }
    if format == .text { say(summary) }
  }

  private func tell(_ run: ReplayedRun, isAlone: Bool) {
    tally.runs += 1
    switch run {
    case .replayed(let replay): tell(replay, isAlone: isAlone)
    case .changed(let what): tell(what, isAlone: isAlone)
    case .impossible(let name, let problem):
      tally.impossible += 1
      Reports.remark("run \(name) cannot be replayed: \(problem.message)")
      ending = max(ending, Ending.incomplete)
    case .unchangeable(let name, let problem):
      tally.impossible += 1
      if let known = refusals.firstIndex(where: { $0.message == problem.message }) {
        refusals[known].runs += 1
      } else {
        refusals.append((problem.message, 1))
        Reports.remark("run \(name): \(problem.message)")
      }
      ending = max(ending, Ending.incomplete)
    }
  }

  // MARK: What was found

  private func tell(_ replay: Replay, isAlone: Bool) {
    if case .differs = replay.finding {
      tally.changed += 1
      ending = max(ending, Ending.found)
    }
    guard format == .text else { return Reports.printJSON(replay.json) }
    let name = style(visible(replay.run), .name)
    switch replay.finding {
    case .same:
      guard isAlone else { return }
      let answers = counted(replay.answers, "answer")
      say("\(name)  \(style("same", .good)): \(verdict(replay.verdict)) and \(answers) follow again")
      say(style("\(counted(replay.compared, "record")) compared; no source was asked", .quiet))
    case .unfinished:
      let word = style("unfinished", .open)
      say("\(name)  \(word): the same follows as far as its records go, and it has no verdict yet")
    case .differs(let difference):
      say("\(name)  \(style("differs", .alarm)): \(visible(difference.message))")
      guard isAlone else { return }
      for (title, body) in [("recorded", difference.recorded?.body), ("replayed", difference.replayed?.body)] {
        if let body { say("  \(title)  \(visible(body.canonicalText.shortened(to: RunText.evidenceLimit)))") }
      }
    }
  }

  private func tell(_ what: WhatIf, isAlone: Bool) {
    if what.isVerdictChanged { tally.changed += 1 }
    if !what.unrecorded.isEmpty { tally.unrecorded += 1 }
    guard format == .text else { return Reports.printJSON(what.json) }
    let name = style(visible(what.run), .name)
    let change =
      what.isVerdictChanged
      ? "\(verdict(what.before?.verdict)) → \(style(verdict(what.after?.verdict), .alarm))"
      : "\(verdict(what.before?.verdict))\(style(", as it was", .quiet))"
    let changes = what.changes.isEmpty ? "" : style("  \(counted(what.changes.count, "other answer"))", .quiet)
    let lack = what.unrecorded.isEmpty ? "" : style("  not recorded: \(what.unrecorded.count)", .open)
    if isAlone || what.isVerdictChanged || !what.changes.isEmpty { say("\(name)  \(change)\(changes)\(lack)") }
    guard isAlone else { return }
    if let skipped = what.skipped { say("  the run would not have been made: \(visible(skipped))") }
    for change in what.changes.prefix(Self.shownChanges) { say(line(change)) }
    let rest = what.changes.count - Self.shownChanges
    if rest > 0 { say(style("  … and \(rest) more", .quiet)) }
    if !what.unrecorded.isEmpty {
      let queries = what.unrecorded.map { visible($0) }.joined(separator: ", ")
      say("  \(style("not recorded, so unknown", .open)): \(queries)")
    }
  }

  private static let shownChanges = 40

  private func line(_ change: WhatIf.Change) -> String {
    let whom = change.entity.map { " \(visible($0).shortened(to: 60))" } ?? ""
    let before = change.before.map { visible($0.answer) } ?? "not asked"
    let after = change.after.map { visible($0.answer) } ?? "not asked"
    let because = change.after.map { style("  \(visible($0.because).shortened(to: RunText.evidenceLimit))", .quiet) }
    return "  \(visible(change.question))\(whom): \(before) → \(after)\(because ?? "")"
  }

  private var summary: String {
    if replay.isWhatIf {
      let lack = tally.unrecorded > 0 ? "; \(counted(tally.unrecorded, "run")) would ask what was not recorded" : ""
      return "\(replayed("")), \(counted(tally.changed, "other verdict"))\(lack)"
    }
    return "\(replayed(" replayed")), \(tally.changed) with a difference"
  }

  /// How many runs there were, and how many of them could not be replayed.
  private func replayed(_ word: String) -> String {
    let runs = counted(tally.runs, "run")
    guard tally.impossible > 0 else { return runs + word }
    return "\(tally.runs - tally.impossible) of \(runs) replayed, \(tally.impossible) could not be"
  }

  private func verdict(_ verdict: String?) -> String { visible(verdict ?? "no run") }

  private func say(_ line: String) { Terminal.print(line) }
}
