import Diagnostics
import RunbookEngine
import RunbookPorts
import Values

/// What is said at the end of a run, collected on the way.
struct RunEnding {
  struct Reached {
    let verdict: String
    let severity: String
    let entity: String?
    var values: [String]
    let assumed: Bool
    let means: String?
    var advice: [String]
  }

  var run = ""
  var entities: [String: Int64] = [:]
  private(set) var reached: [Reached] = []
  /// Queries that told less than they were asked for, and why.
  private(set) var gaps = Reasons()
  private(set) var warnings = Reasons()
  private(set) var notices: [(contact: String, verdict: String, key: String, outcome: String?)] = []
  private(set) var exports: [(export: String, rows: Int64, outcome: String?)] = []
  private(set) var scripts: [(export: String, outcome: String)] = []

  mutating func take(_ type: String, _ body: JSON) {
    switch type {
    case "verdict.reached": reach(body)
    case "query.failed", "query.judged":
      gaps.add(body.shown("reason"), of: body.shown("query"))
    case "window.replaced":
      gaps.add("asked about the runbook's own window, because \(body.shown("reason"))", of: body.shown("query"))
    case "query.answered":
      for warning in (body["warnings"]?.elements ?? []).compactMap(\.text) {
        warnings.add(visible(warning), of: body.shown("query"))
      }
    // The people whom a question was put to are told of while they are waited for.
    case "notice.intended" where body["question"] == nil:
      notices.append((body.shown("contact"), body.shown("verdict"), body["idempotency_key"]?.text ?? "", nil))
    case "notice.sent": settleNotice(body, "handed over for delivery")
    case "notice.failed": settleNotice(body, "not sent: \(body.shown("reason"))")
    case "notice.unknown": settleNotice(body, "perhaps sent: \(body.shown("reason"))")
    case "export.intended": exports.append((body.shown("export"), body["rows"]?.integer ?? 0, nil))
    case "export.written": settleExport(body, body.shown("file"))
    case "export.failed": settleExport(body, "not written: \(body.shown("reason"))")
    case let type where ScriptOutcome.recordTypes.contains(type): settleScript(type, body)
    case "export.dropped": exports.append((body.shown("export"), 0, "not written: \(body.shown("reason"))"))
    default: break
    }
  }

  private mutating func reach(_ body: JSON) {
    let values = (body["values"]?.elements ?? []).compactMap(\.text)
    let isAssumed = if case .bool(true)? = body["assumed"] { true } else { false }
    let advice = (body["advice"]?.elements ?? []).compactMap(\.text)
    let new = Reached(
      verdict: body["verdict"]?.text ?? "", severity: body["severity"]?.text ?? "", entity: body["entity"]?.text,
      values: values, assumed: isAssumed, means: body["means"]?.text, advice: advice)
    if let index = reached.firstIndex(where: { $0.isSame(as: new) }) {
      reached[index].values += values.filter { !reached[index].values.contains($0) }
      reached[index].advice += advice.filter { !reached[index].advice.contains($0) }
    } else {
      reached.append(new)
    }
  }

  private mutating func settleNotice(_ body: JSON, _ outcome: String) {
    let key = body["idempotency_key"]?.text ?? ""
    if let index = notices.firstIndex(where: { $0.key == key }) { notices[index].outcome = outcome }
  }

  private mutating func settleExport(_ body: JSON, _ outcome: String) {
    let export = body.shown("export")
    if let index = exports.lastIndex(where: { $0.export == export }) { exports[index].outcome = outcome }
  }

  private mutating func settleScript(_ type: String, _ body: JSON) {
    guard let outcome = try? ScriptOutcome(recordedAs: type, RecordBody(body)) else { return }
    scripts.append((body.shown("export"), visible(outcome.summary)))
  }
}

/// Reasons, each with the queries that it was given for, in the order of their coming.
struct Reasons {
  private var found: [(reason: String, queries: [String])] = []

  mutating func add(_ reason: String, of query: String) {
    if let index = found.firstIndex(where: { $0.reason == reason }) {
      if !found[index].queries.contains(query) { found[index].queries.append(query) }
    } else {
      found.append((reason, [query]))
    }
  }

  var lines: [String] {
    found.map { entry in
      let shown = entry.queries.prefix(RunText.shownLimit).joined(separator: ", ")
      let rest = entry.queries.count - RunText.shownLimit
      return "\(shown)\(rest > 0 ? " and \(rest) more" : ""): \(entry.reason)"
    }
  }
}

extension RunEnding.Reached {
  fileprivate func isSame(as other: Self) -> Bool {
    verdict == other.verdict && severity == other.severity && entity == other.entity && assumed == other.assumed
  }
}

/// The end of a run for people: the verdict, what it means, what to do, who was told, and what could not be seen.
struct ClosingText {
  let style: Style
  let ending: RunEnding
  let questions: [String: AskedQuestion]

  func lines(_ body: JSON) -> [String] {
    let verdict = body["verdict"]?.text ?? ""
    let severity = body["severity"]?.text ?? ""
    let own = ending.reached.filter { $0.verdict == verdict }
    var lines = [
      style(visible(verdict).uppercased(), emphasis(of: severity)) + style("  severity \(visible(severity))", .quiet)
    ]
    lines += distinct(own.compactMap(\.means)).map { visible($0) }
    lines += own.map(whom).filter { !$0.isEmpty }
    lines += section("what to do", distinct(own.flatMap(\.advice)).map { visible($0) })
    lines += section("also reached", ending.reached.filter { $0.verdict != verdict }.map(summary))
    lines += section("still open", (body["open"]?.elements ?? []).compactMap(\.text).map(openQuestion))
    lines += section("not seen", limited(ending.gaps.lines))
    lines += section("noticed in the data", limited(ending.warnings.lines))
    lines += section(
      "told", counted(ending.notices.map { "\($0.contact) of \($0.verdict): \($0.outcome ?? "not known")" }))
    lines += section(
      "exported",
      ending.exports.map { "\($0.export) (\($0.rows) row\($0.rows == 1 ? "" : "s")): \($0.outcome ?? "not known")" })
    lines += section("made of exports", ending.scripts.map { "\($0.export): \($0.outcome)" })
    return lines
  }

  private func section(_ title: String, _ items: [String]) -> [String] {
    items.isEmpty ? [] : [style(title, .name)] + items.map { "  \($0)" }
  }

  private func limited(_ items: [String]) -> [String] {
    let shown = items.prefix(RunText.shownLimit).map { $0.shortened(to: RunText.evidenceLimit) }
    let rest = items.count - shown.count
    return shown + (rest > 0 ? [style("… and \(rest) more", .quiet)] : [])
  }

  private func whom(_ reached: RunEnding.Reached) -> String {
    let assumed = reached.assumed ? style("  assumed: it rests on an answer that is missing", .open) : ""
    guard let entity = reached.entity, !reached.values.isEmpty else { return assumed.isEmpty ? "" : assumed }
    return "\(visible(entity))\(Self.count(reached.values)): \(names(reached.values))\(assumed)"
  }

  private func summary(_ reached: RunEnding.Reached) -> String {
    let name = "\(visible(reached.verdict)) (\(visible(reached.severity))\(reached.assumed ? ", assumed" : ""))"
    guard let entity = reached.entity, !reached.values.isEmpty else { return name }
    return "\(name), \(visible(entity))\(Self.count(reached.values)): \(names(reached.values))"
  }

  private static func count(_ values: [String]) -> String { values.count == 1 ? "" : " (\(values.count))" }

  private func names(_ values: [String]) -> String {
    let shown = values.prefix(RunText.groupLimit).map { visible($0).shortened(to: 60) }
    let rest = values.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? style(" … and \(rest) more", .quiet) : "")
  }

  private func openQuestion(_ id: String) -> String {
    questions[id].map { "\(visible(id)): \(visible($0.askOfAll))" } ?? visible(id)
  }

  private func emphasis(of severity: String) -> Style.Emphasis {
    switch severity {
    case "info": .good
    case "low": .good
    case "medium": .open
    default: .alarm
    }
  }

  /// The texts, each once, with how often it stands if that is more.
  private func counted(_ texts: [String]) -> [String] {
    distinct(texts).map { text in
      let count = texts.count { $0 == text }
      return count == 1 ? text : "\(text) (\(count) notices)"
    }
  }

  private func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
