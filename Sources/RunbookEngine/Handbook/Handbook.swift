import Baselines
import Investigation
package import RunbookLanguage
import RunbookPorts
import Values

/// A runbook as a page that a person can follow by hand, when no machine does.
package struct Handbook {
  private let runbook: Runbook
  private let extent: RunbookExtent

  private init(_ checked: CheckedRunbook) {
    runbook = checked.runbook
    extent = checked.extent
  }

  package static func page(of checked: CheckedRunbook) -> Page {
    let handbook = Handbook(checked)
    return Page(
      title: checked.runbook.title,
      blocks: handbook.beginning + handbook.preparation + handbook.questions + handbook.signs + handbook.verdicts
        + handbook.data + handbook.people)
  }

  // MARK: Before

  /// What an empty line divides.
  private static func paragraphs(of text: String) -> [Page.Block] {
    text.replacing("\r\n", with: "\n").split(separator: "\n\n").map { .paragraph(.text(String($0))) }
  }

  private static func links(_ pages: [String]) -> [Page.Block] {
    pages.isEmpty ? [] : [.paragraph(.text("More on this:")), .list(pages.map { [.link($0)] })]
  }

  private var beginning: [Page.Block] {
    var about: [Page.Block] = []
    let facts: [(String, String?)] = [
      ("version", runbook.version), ("owner", runbook.owner), ("status", runbook.status.rawValue),
    ]
    let line = [runbook.id] + facts.compactMap { name, value in value.map { "\(name) \($0)" } }
    about.append(.paragraph(.text(line.joined(separator: " · "))))
    about.append(.paragraph(.text("It takes at worst: \(extent.words).")))
    if let text = runbook.about { about += Self.paragraphs(of: text) }
    about += Self.links(runbook.see)
    let drawing = FlowGraph(of: runbook, signs: false)
    return about + [.picture(SVGDrawing.text(drawing), title: "The questions and what follows them")]
  }

  private var preparation: [Page.Block] {
    var blocks: [Page.Block] = [.heading(level: 1, "Before you begin", anchor: "before")]
    if let when = runbook.alert.when {
      blocks.append(.paragraph([.text("It is for alerts of which this is true: "), .code(when.source)]))
    } else {
      blocks.append(.paragraph(.text("It is begun by hand.")))
    }
    if !runbook.alert.fields.isEmpty {
      blocks.append(.paragraph(.text("Write down:")))
      blocks.append(
        .list(
          runbook.alert.fields.map { field in
            [.strong(field.id), .text(" (\(field.type)), from "), .code(field.expression.source)]
          }))
    }
    if let at = runbook.alert.at {
      blocks.append(
        .paragraph([.text("The instant of the alert, from which spans of time are counted: "), .code(at.source)]))
    }
    blocks += entities
    guard !runbook.sources.isEmpty else { return blocks }
    blocks.append(
      .paragraph(.text("You need to see these. Without one of them the answers that rest on it are unknown, not no.")))
    blocks.append(
      .table(
        heads: ["source", "what it is", "without it you do not see"],
        rows: runbook.sources.map { [[.strong($0.id)], .text($0.about ?? ""), .text($0.blind ?? "")] }))
    return blocks
  }

  /// What questions are asked of one by one.
  private var entities: [Page.Block] {
    guard !runbook.entities.isEmpty else { return [] }
    return [
      .paragraph(.text("Some questions are asked of each of these:")),
      .list(
        runbook.entities.map { entity in
          [
            .strong(entity.id), .text(": one of "), .code(entity.from.source),
            .text(", at most \(entity.atMost); of more the rest is undetermined"),
          ]
        }),
    ]
  }

  // MARK: Questions

  private var questions: [Page.Block] {
    [.heading(level: 1, "The questions", anchor: "questions")]
      + runbook.questions.filter { !$0.isSign }.flatMap(blocks)
  }

  private var signs: [Page.Block] {
    let signs = runbook.questions.filter(\.isSign)
    guard !signs.isEmpty else { return [] }
    return [
      .heading(level: 1, "Signs", anchor: "signs"),
      .paragraph(.text("Asked where a question above weighs or mentions them.")),
    ] + signs.flatMap(blocks)
  }

  private func blocks(_ question: Question) -> [Page.Block] {
    var blocks: [Page.Block] = [.heading(level: 2, question.id, anchor: question.id)]
    let whom = question.each.map { "For each \($0): " } ?? ""
    blocks.append(.paragraph([.strong(whom + question.ask.source)]))
    if let why = question.why { blocks += Self.paragraphs(of: why) }
    switch question.answer {
    case .condition(let condition): blocks.append(.paragraph([.text("Yes if "), .code(condition.source)]))
    case .choices(let choices):
      blocks.append(.paragraph(.text("The first of these that holds, else none:")))
      blocks.append(.list(choices.map { [.strong($0.label), .text(": "), .code($0.condition.source)] }))
    case nil: break
    }
    if let weighing = question.weighing {
      blocks.append(.paragraph(.text("Yes if the weights of the signs that are so reach \(weighing.atLeast):")))
      blocks.append(.list(weighing.signs.map { [.text("\($0.weight)  "), .jump($0.question, to: $0.question)] }))
    }
    if let person = question.person {
      blocks.append(
        .paragraph(.text("Where the data does not tell, ask \(person.who.name), within \(person.within.shorthand).")))
    }
    if !question.shows.isEmpty {
      blocks.append(.paragraph(.text("A yes shows \(question.shows.joined(separator: ", ")).")))
    }
    blocks += Self.links(question.see)
    if question.isOptional { blocks.append(.paragraph(.text("It may stay open without any harm to the case."))) }
    guard !question.isSign else { return blocks }
    return blocks + [.list((question.labels + [Answer.unknown]).compactMap { way(of: $0, in: question) })]
  }

  private func way(of label: String, in question: Question) -> [Page.Span]? {
    let targets = label == Answer.unknown ? question.nextIfUnknown : question.next[label] ?? []
    guard !targets.isEmpty else {
      return label == Answer.unknown ? [.strong(label), .text(": the case stays open, undetermined")] : nil
    }
    var spans: [Page.Span] = [.strong(label), .text(": ")]
    for (index, target) in targets.enumerated() {
      if index > 0 { spans.append(.text(", and ")) }
      switch target {
      case .question(let id): spans += [.text("go on to "), .jump(id, to: id)]
      case .verdict(let id): spans += [.text("it is "), .jump(id, to: "verdict-\(id)")]
      }
    }
    return spans
  }

  // MARK: Verdicts

  private var verdicts: [Page.Block] {
    [.heading(level: 1, "Verdicts", anchor: "verdicts")]
      + runbook.verdicts.flatMap { verdict -> [Page.Block] in
        var blocks: [Page.Block] = [.heading(level: 2, verdict.id, anchor: "verdict-\(verdict.id)")]
        blocks.append(
          .paragraph([.strong(verdict.severity.words)] + (verdict.means.map { [.text(". \($0.source)")] } ?? [])))
        if let escalation = verdict.escalation.flatMap(runbook.escalation) {
          blocks.append(.paragraph([.text("Call: "), .jump(escalation.words, to: "people")]))
        }
        if !verdict.advice.isEmpty { blocks.append(.list(verdict.advice.map { .text($0.source) })) }
        if !verdict.exports.isEmpty {
          blocks.append(.paragraph(.text("Keep: \(verdict.exports.joined(separator: ", "))")))
        }
        return blocks
      }
  }

  // MARK: What it rests on

  private var data: [Page.Block] {
    var blocks: [Page.Block] = [.heading(level: 1, "Where to look", anchor: "data")]
    if !runbook.thresholds.isEmpty {
      blocks.append(
        .table(heads: ["threshold", "what it says"], rows: runbook.thresholds.map { [[.strong($0.id)], $0.spans] }))
    }
    for definition in runbook.definitions {
      guard let expression = definition.forRun ?? definition.forEntities.sorted(by: { $0.key < $1.key }).first?.value
      else { continue }
      blocks.append(.paragraph([.strong(definition.id), .text(" is "), .code(expression.source)]))
    }
    blocks += lists
    if !runbook.queries.isEmpty {
      blocks.append(
        .paragraph([
          .text("Where a query does not say otherwise, "), .code("${from}"), .text(" and "), .code("${to}"),
          .text(" are the span\(runbook.window.words)."),
        ]))
    }
    for query in runbook.queries {
      blocks.append(.heading(level: 2, query.id, anchor: "query-\(query.id)"))
      blocks.append(.paragraph(.text(query.words)))
      for alternative in query.alternatives {
        if case .text(let template) = alternative.body {
          blocks.append(.code(template.sourceText.trimmed, language: alternative.language))
        } else if case .map(let parts) = alternative.body {
          blocks.append(
            .list(parts.sorted { $0.key < $1.key }.map { [.strong($0.key), .text(": "), .code($0.value.sourceText)] }))
        }
      }
    }
    return blocks
  }

  private var lists: [Page.Block] {
    guard !runbook.lists.isEmpty else { return [] }
    return [
      .table(heads: ["list", "what stands in it"], rows: runbook.lists.map { [[.strong($0.id)], $0.spans] })
    ]
  }

  private var people: [Page.Block] {
    guard !runbook.contacts.isEmpty else { return [] }
    return [
      .heading(level: 1, "People", anchor: "people"),
      .table(
        heads: ["contact", "name", "how"],
        rows: runbook.contacts.map { contact in
          [
            [.strong(contact.id)], .text(contact.name ?? ""),
            .text(contact.addresses.map { "\($0.channel) \($0.address)" }.joined(separator: ", ")),
          ]
        }),
    ]
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension Person.Addressee {
  fileprivate var name: String {
    switch self {
    case .contact(let id): id
    case .expression(let expression): expression.source
    }
  }
}

extension Escalation {
  fileprivate var words: String {
    steps.map { step in
      step.notify.joined(separator: ", ")
        + (step.acknowledgeWithin.map { " (to acknowledge within \($0.shorthand))" } ?? "")
    }.joined(separator: "; then ")
  }
}

extension SeverityRule {
  fileprivate var words: String {
    switch self {
    case .fixed(let severity): "Severity \(severity.rawValue)"
    case .cases(let cases):
      "Severity " + cases.map { "\($0.severity.rawValue) if \($0.condition.source)" }.joined(separator: ", else ")
    }
  }
}

extension Threshold {
  fileprivate var spans: [Page.Span] {
    switch rule {
    case .number(let value): [.code(value.displayText)]
    case .monitored(let monitored): monitored.spans
    }
  }
}

extension Threshold.Monitored {
  fileprivate var spans: [Page.Span] {
    let of: Page.Span =
      switch subject {
      case .series(let id), .rows(let id): .jump(id, to: "query-\(id)")
      case .expression(let expression): .code(expression.source)
      }
    let rule =
      switch judgement {
      case .limit(.above(let limit)): " above \(limit.plain)"
      case .limit(.below(let limit)): " below \(limit.plain)"
      case .limit(.outside(let low, let high)): " outside \(low.plain) to \(high.plain)"
      case .normal(let normal) where normal.rule.kinds == [.newValues]:
        " has \(normal.fields.joined(separator: ", ")) that were not there in the \(normal.history.shorthand) before"
      case .normal(let normal): " far from what was normal in the \(normal.history.shorthand) before"
      }
    return [of, .text(rule)]
  }
}

extension Double {
  /// A whole number without its point.
  fileprivate var plain: String { Int64(exactly: self).map(String.init) ?? "\(self)" }
}

extension NamedList {
  fileprivate var spans: [Page.Span] {
    if case .calendar(let hours) = value { return [.text("the hours "), .code(hours.calendar.name)] }
    guard let path else { return [.code(value.displayText)] }
    return [.text("the file "), .code(path)] + (key.map { [.text(", looked up by \($0)")] } ?? [])
  }
}

extension Query {
  /// Of what it is asked, and for which span of time.
  fileprivate var words: String {
    let place =
      switch origin {
      case .source(let id): "In \(id)"
      case .cases: "In Tocsin's own history"
      case .results(let ids): "In the answers of \(ids.joined(separator: ", "))"
      }
    let shape =
      switch self.shape {
      case .rows(let columns, let isSingle):
        "\(isSingle ? "a row" : "rows") of \(columns.map(\.name).joined(separator: ", "))"
      case .series(let unit): "a series in \(unit)"
      }
    let about = each.map { ", for each \($0)" } ?? ""
    let most = if case .rows(_, false) = self.shape { ", at most \(atMost)" } else { "" }
    return "\(place): \(shape)\(about)\(window.words)\(most)."
  }
}

extension Query.Window {
  fileprivate var words: String {
    switch self {
    case .standard: ""
    case .none: ", at any time"
    case .named(let id): ", in the span of \(id)"
    case .custom(let rule): ",\(rule.words)"
    }
  }
}

extension WindowRule {
  /// ` from -1h to the alert`
  fileprivate var words: String {
    " from \(from.words) to \(to.words)" + (around.map { ", counted from \($0.source)" } ?? "")
  }
}

extension WindowRule.Bound {
  fileprivate var words: String {
    switch self {
    case .offset(let offset): offset == .zero ? "the alert" : offset.shorthand
    case .instant(let expression): expression.source
    }
  }
}
