import Diagnostics
import Values

/// A report as one page that needs nothing else: no script, no picture from elsewhere, no address to go to.
package struct HTMLReport {
  /// Most answers of a question that are told one by one.
  private static let answerLimit = 40
  /// Most entities that are named where answers are only counted.
  private static let nameLimit = 12
  private static let findingLimit = 50
  /// Most rows and columns of a query's answer that are shown; the evidence has all of them.
  private static let rowLimit = 25
  private static let columnLimit = 30
  private static let cellLimit = 300

  private let report: CaseReport
  private var page = HTMLWriter()

  private init(_ report: CaseReport) { self.report = report }

  /// The page.
  package static func text(of report: CaseReport) -> String {
    var html = HTMLReport(report)
    html.write()
    return html.page.output
  }

  private mutating func write() {
    page.raw("<!DOCTYPE html>\n")
    let report = report
    page.begin("html", [("lang", "en")])
    page.element("head") { page in
      page.begin("meta", [("charset", "utf-8")])
      page.begin("meta", [("http-equiv", "Content-Security-Policy"), ("content", HTMLStyle.policy)])
      page.begin("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
      page.begin("meta", [("name", "referrer"), ("content", "no-referrer")])
      page.element("title", "\(report.title): \(report.verdict ?? "no verdict")")
      page.element("style") { $0.raw(HTMLStyle.text) }
    }
    page.newline()
    page.element("body") { page in
      Self.head(report, &page)
      Self.verdict(report, &page)
      Self.charts(report, &page)
      Self.questions(report, &page)
      Self.evidence(report, &page)
      Self.people(report, &page)
      Self.timeline(report, &page)
      Self.verification(report, &page)
    }
    page.raw("</html>\n")
  }

  private static func section(
    _ title: String, _ page: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void
  ) {
    page.newline()
    page.element("section") { page in
      page.element("h2", title)
      content(&page)
    }
  }

  private static func cut(_ text: String, to limit: Int = cellLimit) -> String {
    guard text.unicodeScalars.count > limit else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
  }

  // MARK: Parts

  private static func head(_ report: CaseReport, _ page: inout HTMLWriter) {
    page.element("h1", cut(report.title))
    page.element("dl") { page in
      func line(_ name: String, _ value: String) {
        guard !value.isEmpty else { return }
        page.element("dt", name)
        page.element("dd", cut(value, to: 2_000))
      }
      line("runbook", "\(report.runbook) \(report.version)")
      line("alert", report.alert.isEmpty ? "none: started by hand" : report.alert)
      line("about", report.at)
      for field in report.fields { line(field.name, field.value) }
      line("run", report.run)
      line("started", report.started?.shortDescription ?? "")
      line("finished", report.finished?.shortDescription ?? "")
    }
  }

  private static func verdict(_ report: CaseReport, _ page: inout HTMLWriter) {
    page.newline()
    let tone =
      switch report.severity {
      case "info", "low": "good"
      case "medium", nil: "open"
      default: "bad"
      }
    page.element("div", [("class", "verdict \(tone)")]) { page in
      let own = report.reached.filter { $0.verdict == report.verdict }
      page.element("strong", report.verdict ?? "No verdict yet")
      if let severity = report.severity { page.element("span", [("class", "quiet")], "  severity \(severity)") }
      if let reason = report.interruption { page.element("p", "Interrupted: \(reason)") }
      for means in distinct(own.compactMap(\.means)) { page.element("p", means) }
      let advice = distinct(own.flatMap(\.advice))
      if !advice.isEmpty { page.element("p", [("class", "quiet")], "What to do") }
      list(advice, &page)
    }
    let others = report.reached.filter { $0.verdict != report.verdict }
    if !others.isEmpty {
      page.element("p", [("class", "quiet")], "Also reached")
      list(others.map(words), &page)
    }
    if !report.open.isEmpty {
      page.element("p", [("class", "open")], "Still open: \(report.open.joined(separator: ", "))")
    }
    if !report.gaps.isEmpty {
      page.element("p", [("class", "open")], "Not seen")
      list(distinct(report.gaps), &page)
    }
  }

  private static func words(_ verdict: CaseReport.Verdict) -> String {
    var text = "\(verdict.verdict) (\(verdict.severity)\(verdict.isAssumed ? ", assumed" : ""))"
    if let entity = verdict.entity {
      let names = verdict.values.prefix(nameLimit).map { cut($0, to: 80) }.joined(separator: ", ")
      let rest = verdict.values.count - nameLimit
      text += ", \(entity) (\(verdict.values.count)): \(names)\(rest > 0 ? " and \(rest) more" : "")"
    }
    return text
  }

  private static func list(_ texts: [String], _ page: inout HTMLWriter) {
    guard !texts.isEmpty else { return }
    page.element("ul") { page in
      for text in texts.prefix(200) { page.element("li", cut(text, to: 2_000)) }
      if texts.count > 200 { page.element("li", "… and \(texts.count - 200) more") }
    }
  }

  private static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<ExactString> = []
    return texts.filter { seen.insert(ExactString($0)).inserted }
  }

  // MARK: Questions

  private static func questions(_ report: CaseReport, _ page: inout HTMLWriter) {
    section("Questions", &page) { page in
      for question in report.questions where !question.isSign { write(question, &page) }
    }
    let signs = report.questions.filter(\.isSign)
    guard !signs.isEmpty else { return }
    section("Signs", &page) { page in
      for question in signs { write(question, &page) }
    }
  }

  private static func write(_ question: CaseReport.Question, _ page: inout HTMLWriter) {
    let counts = AnswerCounts(question.answers)
    page.element("h3") { page in
      page.text(cut(question.answers.count == 1 ? question.answers[0].ask : question.ask))
      page.element("span", [("class", "quiet")], "  \(question.id)")
    }
    for counted in counts.counts {
      let answers = question.answers.filter { $0.answer == counted.answer }
      let shown =
        answers.count <= answerLimit ? answers : counted.answer == "no" ? [] : Array(answers.prefix(answerLimit))
      for answer in shown { write(answer, &page) }
      let rest = answers.dropFirst(shown.count)
      guard !rest.isEmpty else { continue }
      page.element("p") { page in
        mark(counted.answer, &page)
        let names = rest.prefix(nameLimit).compactMap(\.entity).map { cut($0, to: 80) }.joined(separator: ", ")
        let more = rest.count - nameLimit
        page.text(" \(rest.count)\(shown.isEmpty ? "" : " more"): \(names)\(more > 0 ? " and \(more) more" : "")")
      }
    }
  }

  private static func write(_ answer: GivenAnswer, _ page: inout HTMLWriter) {
    page.element("p") { page in
      mark(answer.answer, &page)
      if let entity = answer.entity { page.text(" \(cut(entity))") }
      if answer.assumed { page.element("span", [("class", "open")], "  what follows is assumed") }
      page.element("span", [("class", "quiet")], "  \(answer.because)")
    }
    guard !answer.finding.isEmpty, answer.finding != [answer.entity ?? ""] else { return }
    page.element("ul") { page in
      for finding in answer.finding.prefix(findingLimit) { page.element("li", cut(finding, to: 1_000)) }
      let rest = answer.finding.count - findingLimit
      if rest > 0 { page.element("li", "… and \(rest) more") }
    }
  }

  private static func mark(_ answer: String, _ page: inout HTMLWriter) {
    let tone = answer == "unknown" ? "open" : answer == "no" ? "quiet" : "bad"
    page.element("span", [("class", "answer \(tone)")], cut(answer, to: 40))
  }

  // MARK: Data

  private static func charts(_ report: CaseReport, _ page: inout HTMLWriter) {
    guard !report.charts.isEmpty else { return }
    section("Series", &page) { page in
      for chart in report.charts {
        page.element("h3", chart.query)
        for judgement in chart.judgements { page.element("p", [("class", "quiet")], ReportChart.sentence(judgement)) }
        guard let wide = chart.drawing(.wide), let narrow = chart.drawing(.narrow) else {
          page.element("p", "No point was measured.")
          continue
        }
        page.element("div", [("class", "wide")]) { $0.drawing(wide) }
        page.element("div", [("class", "narrow")]) { $0.drawing(narrow) }
        page.element(
          "p", [("class", "quiet")],
          "Green: what is normal where it was judged, and the value expected (dashed). Red: the breach."
            + (chart.leavesOutHistory ? " Of the history only the end is drawn." : ""))
      }
    }
  }

  private static func evidence(_ report: CaseReport, _ page: inout HTMLWriter) {
    guard !report.queries.isEmpty else { return }
    section("What the data said", &page) { page in
      for query in report.queries {
        page.element("details") { page in
          page.element("summary") { page in
            page.element("strong", query.id)
            page.text(" of \(query.source): \(cut(query.outcome))")
          }
          if !query.window.isEmpty { page.element("p", [("class", "quiet")], query.window) }
          if let milliseconds = query.milliseconds { page.element("p", [("class", "quiet")], "\(milliseconds) ms") }
          list(query.warnings, &page)
          page.element("pre", cut(query.text, to: 4_000))
          if let table = query.table { write(table, &page) }
        }
      }
    }
  }

  private static func write(_ table: Table, _ page: inout HTMLWriter) {
    let columns = table.columns.prefix(columnLimit)
    page.element("div", [("class", "scroll")]) { page in
      page.element("table") { page in
        page.element("tr") { page in
          for column in columns { page.element("th", cut(column.name)) }
        }
        for row in 0..<min(table.count, rowLimit) {
          page.element("tr") { page in
            for place in columns.indices { page.element("td", cut(table[place, row].cellText)) }
          }
        }
      }
    }
    let (rows, others) = (table.count - rowLimit, table.columns.count - columnLimit)
    if rows > 0 { page.element("p", [("class", "quiet")], "… and \(rows) more rows in the evidence") }
    if others > 0 { page.element("p", [("class", "quiet")], "… and \(others) more columns in the evidence") }
  }

  // MARK: People and time

  private static func people(_ report: CaseReport, _ page: inout HTMLWriter) {
    guard !report.notices.isEmpty || !report.exports.isEmpty else { return }
    section("Who was told, what was written", &page) { page in
      for notice in report.notices {
        page.element("h3", "\(notice.contact): \(notice.about)")
        page.element("p", notice.subject)
        let end = notice.ended.map { " at \($0.shortDescription)" } ?? ""
        page.element("p", [("class", "quiet")], "\(notice.outcome)\(end)")
      }
      list(report.exports.map(\.line), &page)
      for script in report.exports.compactMap(\.script) where !script.printed.isEmpty {
        page.element("p", [("class", "quiet")], "\(script.path) printed")
        list(script.printed, &page)
      }
    }
  }

  private static func timeline(_ report: CaseReport, _ page: inout HTMLWriter) {
    section("Timeline", &page) { page in
      page.element("div", [("class", "scroll")]) { page in
        page.element("table") { page in
          for moment in report.timeline {
            page.element("tr") { page in
              page.element("td", moment.at.shortDescription)
              page.element("td", cut(moment.text, to: 1_000))
            }
          }
        }
      }
    }
  }

  private static func verification(_ report: CaseReport, _ page: inout HTMLWriter) {
    section("What this rests on", &page) { page in
      for found in report.verification {
        page.element("p", [("class", found.isGood ? "good" : "bad")], found.text)
      }
      page.element("p", [("class", "quiet")], "\(report.engine) · runbook \(report.digest)")
    }
  }
}

extension Value {
  /// The value in a cell of a table.
  var cellText: String {
    if case .null = self { "" } else { displayText }
  }
}
