import Diagnostics
import Values

/// A report as Markdown. All text of others is escaped, so that none of it becomes a link, a picture or HTML.
package struct MarkdownReport {
  private static let answerLimit = 20
  private static let nameLimit = 20
  private static let findingLimit = 20
  private static let rowLimit = 10
  private static let cellLimit = 200

  package static func text(of report: CaseReport) -> String {
    let parts = [
      head(report), verdict(report), questions(report), charts(report), evidence(report), people(report),
      timeline(report), verification(report),
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  /// What means something in Markdown gets a backslash, what means something in HTML is written by its name.
  static func plain(_ text: String, to limit: Int = 500) -> String {
    let scalars = visible(text).unicodeScalars
    var result = ""
    for scalar in scalars.prefix(limit) {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case _ where "\\`*_{}[]()#+-.!|~:@$^=\"'".unicodeScalars.contains(scalar):
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + (scalars.count > limit ? "…" : "")
  }

  private static func head(_ report: CaseReport) -> [String] {
    var lines = ["# \(plain(report.title))", ""]
    lines.append("- runbook: \(plain("\(report.runbook) \(report.version)"))")
    lines.append("- alert: \(report.alert.isEmpty ? "none, started by hand" : plain(report.alert))")
    lines += report.fields.map { "- \(plain($0.name)): \(plain($0.value))" }
    lines.append("- run: \(plain(report.run))")
    if let started = report.started { lines.append("- started: \(plain(started.shortDescription))") }
    if let finished = report.finished { lines.append("- finished: \(plain(finished.shortDescription))") }
    return lines
  }

  private static func verdict(_ report: CaseReport) -> [String] {
    let own = report.reached.filter { $0.verdict == report.verdict }
    var lines = [
      "## \(plain(report.verdict ?? "no verdict yet"))\(report.severity.map { ", severity \(plain($0))" } ?? "")", "",
    ]
    if let reason = report.interruption { lines.append("Interrupted: \(plain(reason))") }
    lines += distinct(own.compactMap(\.means)).map { plain($0, to: 2_000) }
    lines += bullets("What to do", distinct(own.flatMap(\.advice)))
    lines += bullets(
      "Also reached",
      report.reached.filter { $0.verdict != report.verdict }.map { reached in
        let names = reached.values.prefix(nameLimit).joined(separator: ", ")
        let rest = reached.values.count - nameLimit
        let whom = reached.entity.map { ", \($0): \(names)\(rest > 0 ? " and \(rest) more" : "")" } ?? ""
        return "\(reached.verdict) (\(reached.severity))\(whom)"
      })
    lines += bullets("Still open", report.open)
    lines += bullets("Not seen", distinct(report.gaps))
    return lines
  }

  private static func bullets(_ title: String, _ texts: [String]) -> [String] {
    texts.isEmpty ? [] : ["", "\(title):", ""] + texts.map { "- \(plain($0, to: 2_000))" }
  }

  private static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<ExactString> = []
    return texts.filter { seen.insert(ExactString($0)).inserted }
  }

  private static func questions(_ report: CaseReport) -> [String] {
    ["## Questions"] + report.questions.flatMap(lines)
  }

  private static func lines(_ question: CaseReport.Question) -> [String] {
    let ask = question.answers.count == 1 ? question.answers[0].ask : question.ask
    var lines = ["", "### \(plain(ask))\(question.isSign ? " (a sign)" : "")", ""]
    for counted in AnswerCounts(question.answers).counts {
      let answers = question.answers.filter { $0.answer == counted.answer }
      let shown =
        answers.count <= answerLimit ? answers : counted.answer == "no" ? [] : Array(answers.prefix(answerLimit))
      for answer in shown {
        let whom = answer.entity.map { " \(plain($0))" } ?? ""
        lines.append(
          "- **\(plain(answer.answer))**\(whom): \(plain(answer.because))\(answer.assumed ? " (assumed)" : "")")
        guard answer.finding != [answer.entity ?? ""] else { continue }
        lines += answer.finding.prefix(findingLimit).map { "  - \(plain($0))" }
        if answer.finding.count > findingLimit { lines.append("  - … and \(answer.finding.count - findingLimit) more") }
      }
      let rest = answers.count - shown.count
      guard rest > 0 else { continue }
      let names = answers.dropFirst(shown.count).prefix(nameLimit).compactMap(\.entity).joined(separator: ", ")
      lines.append("- **\(plain(counted.answer))** \(rest): \(plain(names))\(rest > nameLimit ? " …" : "")")
    }
    return lines
  }

  private static func charts(_ report: CaseReport) -> [String] {
    let lines = report.charts.flatMap { chart in
      chart.judgements.map { "- \(plain(chart.query)): \(plain(ReportChart.sentence($0)))" }
    }
    return lines.isEmpty ? [] : ["## Series", ""] + lines
  }

  private static func evidence(_ report: CaseReport) -> [String] {
    report.queries.isEmpty ? [] : ["## What the data said"] + report.queries.flatMap(lines)
  }

  private static func lines(_ query: CaseReport.Query) -> [String] {
    var lines = ["", "### \(plain(query.id)) of \(plain(query.source))", "", plain(query.outcome)]
    lines += query.warnings.map { "- \(plain($0))" }
    guard let table = query.table, table.count > 0, !table.columns.isEmpty else { return lines }
    lines += ["", "| " + table.columns.map { plain($0.name) }.joined(separator: " | ") + " |"]
    lines.append("|" + table.columns.map { _ in " --- |" }.joined())
    for row in 0..<min(rowLimit, table.count) {
      lines.append(
        "| " + table.columns.indices.map { plain(table[$0, row].cellText, to: cellLimit) }.joined(separator: " | ")
          + " |")
    }
    if table.count > rowLimit { lines += ["", "… and \(table.count - rowLimit) more rows in the evidence"] }
    return lines
  }

  private static func people(_ report: CaseReport) -> [String] {
    let lines =
      report.notices.map { notice in
        let end = notice.ended.map { " at \($0.shortDescription)" } ?? ""
        return "- \(plain(notice.contact)), \(plain(notice.about)): \(plain(notice.outcome + end))"
      }
      + report.exports.flatMap { export in
        ["- export \(plain(export.line))"] + (export.script?.printed ?? []).map { "  - \(plain($0))" }
      }
    return lines.isEmpty ? [] : ["## Who was told, what was written", ""] + lines
  }

  private static func timeline(_ report: CaseReport) -> [String] {
    ["## Timeline", ""] + report.timeline.map { "- \(plain($0.at.shortDescription)) \(plain($0.text))" }
  }

  private static func verification(_ report: CaseReport) -> [String] {
    ["## What this rests on", ""]
      + report.verification.map { "- \($0.isGood ? "" : "**")\(plain($0.text))\($0.isGood ? "" : "**")" }
      + ["- \(plain(report.engine)), runbook \(plain(report.digest))"]
  }
}
