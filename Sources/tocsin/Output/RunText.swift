import Diagnostics
import RunbookEngine
import RunbookPorts
import Values

/// A run for people, told from its records as they come: the same for a run that goes on and for one that is read
/// again. All text of others is made inert.
struct RunText {
  /// Most findings, entities or reasons that are listed one by one.
  static let shownLimit = 8
  /// Entities that give the same answer are told one by one up to this many.
  static let groupLimit = 4
  /// Longest line of evidence, in code points.
  static let evidenceLimit = 300
  static let answerWidth = 9

  let style: Style
  /// The folder of the trail, for the hint at the end.
  let trail: String

  private var questions: [String: AskedQuestion] = [:]
  /// What the fields hold that are known.
  private var fields: [String: String] = [:]
  private var waiting: (question: String, answers: [GivenAnswer])?
  private var signs: [(question: String, answers: [GivenAnswer])] = []
  private var ending = RunEnding()

  init(coloured: Bool, trail: String) {
    style = Style(coloured: coloured)
    self.trail = trail
  }

  /// Takes the next record.
  ///
  /// - Returns: What is to be shown now.
  mutating func lines(for type: String, _ body: JSON) -> [String] {
    if type == "question.answered" { return add(body) }
    var lines = flush()
    switch type {
    case "run.started": lines += heading(body)
    case "runbook.questions":
      for question in (body["questions"]?.elements ?? []).compactMap({ AskedQuestion($0, fields: fields) }) {
        questions[question.id] = question
      }
    case "entities.found": lines += entityLines(body)
    case "person.asked": lines += askingLines(body)
    case "person.answered":
      let answer = try? PersonAnswer(recordedIn: RecordBody(body))
      lines.append(indented(visible("\(answer?.author ?? "") answers: \(answer?.summary ?? "")")))
    case "wait.begun": lines.append(indented(style("waiting until \(body.shown("until"))", .quiet)))
    case "run.interrupted":
      lines += ["", style("interrupted", .alarm) + ": \(body.shown("reason"))", hint]
    case "run.closed":
      lines += signLines()
      lines += closing(body)
    default: ending.take(type, body)
    }
    return lines
  }

  /// What has not been shown yet, of a run whose records end here.
  mutating func rest() -> [String] {
    let lines = flush()
    return lines + signLines()
  }

  // MARK: Head

  private mutating func heading(_ body: JSON) -> [String] {
    ending = RunEnding()
    ending.run = body["run"]?.text ?? ""
    let name = [body.shown("runbook"), body.shown("version")].filter { !$0.isEmpty }.joined(separator: " ")
    let title = body.shown("title")
    for field in body["fields"]?.members ?? [] where field.value["missing"] == nil {
      fields[field.name] = field.value.text ?? field.value.compactText
    }
    let shownFields = (body["fields"]?.members ?? []).map { field in
      let missing = field.value["missing"]?.text.map { "unknown (\(visible($0)))" }
      return "\(visible(field.name)) \(missing ?? field.value.inline.shortened(to: 60))"
    }
    let alert = body["alert_name"]?.text.map { "alert \(visible($0).shortened(to: 80))" } ?? "started by hand"
    return [
      style(title.isEmpty ? name : title, .title) + (title.isEmpty ? "" : style("  \(name)", .quiet)),
      style(([alert, "at \(Self.coarse(body.shown("at")))"] + shownFields).joined(separator: " · "), .quiet),
      style("run \(visible(ending.run))", .quiet),
    ] + (body["remarks"]?.elements ?? []).compactMap(\.text).map { style("note: \(visible($0))", .open) } + [""]
  }

  /// An instant for people: to the millisecond.
  private static func coarse(_ instant: String) -> String {
    guard let point = instant.firstIndex(of: "."), instant.hasSuffix("Z") else { return instant }
    return instant[..<point] + instant[point...].prefix(4).filter { $0 != "Z" } + "Z"
  }

  private mutating func entityLines(_ body: JSON) -> [String] {
    let kind = body.shown("entity")
    let count = body["count"]?.integer ?? 0
    let beyond = body["beyond_limit"]?.integer ?? 0
    var lines: [String] = []
    // A long list comes in several records, and each says how long the whole is.
    if ending.entities.updateValue(count, forKey: kind) == nil {
      if beyond > 0 { lines.append("\(beyond) more of kind \(kind) are beyond the limit and stay undetermined") }
      if let reason = body["incomplete"]?.text {
        lines.append("the list of \(kind) is incomplete: \(visible(reason))")
      } else if count == 0 {
        lines.append("the list of \(kind) is empty, so nobody was asked and nothing is proven")
      }
    }
    return lines.map { indented(style($0, .open)) }
  }

  /// Whom the run waits for, and how they answer.
  private func askingLines(_ body: JSON) -> [String] {
    let asks = (body["rows"]?.elements ?? []).compactMap { $0["ask"]?.text }
    let choices = (body["choices"]?.elements ?? []).compactMap(\.text).joined(separator: " | ")
    let more = asks.count > Self.shownLimit ? ["… and \(asks.count - Self.shownLimit) more"] : []
    return asks.prefix(Self.shownLimit).map {
      indented("\(style("asking \(body.shown("contact"))", .open)): \(visible($0))")
    }
      + more.map(indented)
      + [
        indented(
          style("answer with: tocsin answer \(visible(ending.run)) \(body.shown("question")) ", .quiet)
            + style(
              "\(visible(choices))\(Self.needs(body)) --contact \(body.shown("contact")) --trail \(trailArgument)",
              .quiet))
      ]
  }

  /// What an answer needs beside itself.
  private static func needs(_ body: JSON) -> String {
    (body["note"]?.compactText == "true" ? " --note \"…\"" : "") + (body["file"]?.text == nil ? "" : " --file …")
  }

  // MARK: Questions

  private mutating func add(_ body: JSON) -> [String] {
    let id = body["question"]?.text ?? ""
    let given = (body["answers"]?.elements ?? []).map(GivenAnswer.init)
    var lines: [String] = []
    if waiting?.question != id {
      lines = flush()
      waiting = (id, [])
    }
    for answer in given {
      if answer.isContinued, let last = waiting?.answers.indices.last {
        waiting?.answers[last].finding += answer.finding
      } else {
        waiting?.answers.append(answer)
      }
    }
    return lines
  }

  private mutating func flush() -> [String] {
    guard let (id, answers) = waiting else { return [] }
    waiting = nil
    if questions[id]?.isSign == true {
      signs.append((id, answers))
      return []
    }
    let block = QuestionText(style: style, question: questions[id], answers: answers).lines
    let signs = signLines()
    return block + signs + [""]
  }

  /// Signs in short: those that were all answered no are only counted.
  private mutating func signLines() -> [String] {
    defer { signs = [] }
    var told: [String] = []
    var silent = 0
    for (id, answers) in signs {
      let counts = AnswerCounts(answers)
      if counts.isAllNo { silent += 1 } else { told.append("\(visible(id)) \(counts.text)") }
    }
    if silent > 0 { told.append(told.isEmpty ? "all \(silent) no" : "\(silent) more: no") }
    return told.isEmpty ? [] : [indented(style("signs: " + told.joined(separator: " · "), .quiet))]
  }

  private func indented(_ text: String) -> String { String(repeating: " ", count: Self.answerWidth) + text }

  // MARK: End

  private var hint: String {
    style("trail: tocsin trail show \(visible(ending.run)) --trail \(trailArgument)", .quiet)
  }

  /// The folder as a shell takes it.
  private var trailArgument: String {
    let isPlain = trail.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "/._-+:@%".utf8.contains($0)
    }
    return isPlain
      ? trail : "'\(visible(trail).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }

  private func closing(_ body: JSON) -> [String] {
    ClosingText(style: style, ending: ending, questions: questions).lines(body) + ["", hint]
  }
}

extension JSON {
  /// A text member, made inert; empty if there is none.
  func shown(_ name: String) -> String { visible(self[name]?.text ?? "") }

  /// A value on one line, made inert.
  var inline: String { visible(text ?? compactText) }
}
