import Baselines
import CEL
import Diagnostics
import RunbookPorts
import Values

/// What can never, or always, come of thresholds, entities and queries; and what is known to be possible and not shown.
struct WorthCheck {
  let runbook: Runbook
  let draft: Draft
  /// Questions that can be asked.
  let reached: Set<String>
  let findings: Findings

  func check() {
    for threshold in runbook.thresholds { check(threshold) }
    for entity in runbook.entities { check(entity) }
    for query in runbook.queries { checkUnit(of: query) }
    for question in runbook.questions {
      checkSameForEach(question)
      checkConstant(question)
    }
    let expressions = self.expressions
    checkSizes(expressions)
    PatternCheck(runbook: runbook, draft: draft, findings: findings).check(expressions)
    checkKnowledge()
  }

  // MARK: Thresholds

  private func check(_ threshold: Threshold) {
    guard case .monitored(let rule) = threshold.rule,
      let place = draft.thresholds.first(where: { $0.id.value == threshold.id })?.id.location
    else { return }
    if let reason = tooManyPoints(rule) {
      findings.add(.neverJudged(threshold.id, because: reason, at: place))
      return
    }
    switch rule.judgement {
    case .limit(let limit): check(threshold.id, limit, rule, at: place)
    case .normal:
      guard let reason = tooLong(rule) else { return }
      findings.add(.neverJudged(threshold.id, because: reason, at: place))
    }
  }

  private func check(_ id: String, _ limit: Limit, _ rule: Threshold.Monitored, at place: SourceLocation) {
    let least = rule.modifiers.atLeast ?? -.infinity
    let span = span(of: rule.subject)
    let values = max(span.low, least)...max(span.high, span.low, least)
    let reason = least > span.low ? "values from \(shown(least)) on count" : span.reason
    if least > span.high || limit.exceeds(noneOf: values) {
      findings.add(.neverBreaches(id, because: "\(reason), \(words(of: limit))", at: place))
    } else if least <= span.low, limit.exceeds(allOf: values) {
      findings.add(.alwaysBreaches(id, because: "\(reason), \(words(of: limit))", at: place))
    } else if let reason = tooLong(rule) {
      findings.add(.neverBreaches(id, because: reason, at: place))
    }
  }

  /// Why a breach finds no room in the window, as a sentence part.
  private func tooLong(_ rule: Threshold.Monitored) -> String? {
    guard let lasting = rule.modifiers.persistence?.lasting, let window = lengthOfWindow(rule.subject), lasting > window
    else { return nil }
    return "it must last \(lasting.shorthand), and the window is \(window.shorthand) long"
  }

  /// Why a window never has as many points as are looked at, as a sentence part.
  private func tooManyPoints(_ rule: Threshold.Monitored) -> String? {
    guard case .points(_, let span)? = rule.modifiers.persistence, let window = lengthOfWindow(rule.subject),
      case .series(let id) = rule.subject, let query = runbook.query(id)
    else { return nil }
    for alternative in query.alternatives {
      guard let text = alternative.text, let step = SeriesStep.given(by: text.text, in: alternative.language),
        step > .zero, window / step < Double(span - 1)
      else { continue }
      let most = "\(Int(window / step) + 1) at most, one each \(step.shorthand)"
      return "'for' looks at \(span) points, and a window of \(window.shorthand) has \(most)"
    }
    return nil
  }

  /// Between which numbers a subject always lies, and why, as a sentence part.
  private func span(of subject: Threshold.Subject) -> (low: Double, high: Double, reason: String) {
    guard case .expression(let expression) = subject, let counted = expression.counted else {
      return (-.infinity, .infinity, "the limit leaves no number")
    }
    guard let query = runbook.query(counted) else { return (0, .infinity, "a size is 0 at least") }
    return (0, Double(query.atMost), "'\(query.id)' has 0 to \(query.atMost) rows")
  }

  private func lengthOfWindow(_ subject: Threshold.Subject) -> Duration? {
    guard case .series(let id) = subject, let query = runbook.query(id) else { return nil }
    switch query.window {
    case .standard: return runbook.window.length
    case .custom(let window): return window.length
    case .none, .named: return nil
    }
  }

  private func words(of limit: Limit) -> String {
    switch limit {
    case .above(let number): "and the limit is above \(shown(number))"
    case .below(let number): "and the limit is below \(shown(number))"
    case .outside(let low, let high): "and the limit is outside of \(shown(low)) to \(shown(high))"
    }
  }

  private func shown(_ number: Double) -> String {
    Int64(exactly: number).map(String.init) ?? "\(number)"
  }

  // MARK: Entities

  private func check(_ entity: Entity) {
    let asked = runbook.questions.filter { $0.each == entity.id }
    if let first = asked.first, isEmpty(entity) {
      findings.add(.noEntityArrives(first.id, entity: entity.id, at: first.location))
    }
    guard let written = draft.entities.first(where: { $0.id.value == entity.id }),
      let query = entity.from.names.first.flatMap(runbook.query), entity.from.names.count == 1,
      isColumn(entity.from.source, of: query.id),
      written.atMost > query.atMost, written.atMost > RunbookDecoder.entityLimit.standard
    else { return }
    findings.add(
      .atMostMissing(
        query.id, fetched: query.atMost, because: "up to \(written.atMost) are to be looked at as '\(entity.id)'",
        at: written.from.location))
  }

  /// Whether an expression is a query's name, with or without what is selected from it.
  private func isColumn(_ source: String, of query: String) -> Bool {
    source.utf8.starts(with: query.utf8) && (source.utf8.dropFirst(query.utf8.count).first ?? 0x2E) == 0x2E
  }

  /// Whether its list rests on nothing but lists of the runbook, and has no element.
  private func isEmpty(_ entity: Entity) -> Bool {
    let values = entity.from.names.map { runbook.list($0)?.value }
    guard values.allSatisfy({ $0 != nil }) else { return false }
    guard
      case .value(.list(let elements)) = entity.from.checked.evaluate(
        slots: values.compactMap { $0.map { .value($0) } })
    else { return false }
    return elements.isEmpty
  }

  // MARK: Questions about each

  /// An answer about each that rests on a threshold of a series for all, and on nothing that is about one of them.
  private func checkSameForEach(_ question: Question) {
    guard let each = question.each else { return }
    let conditions: [Expression]
    switch question.answer {
    case .condition(let condition): conditions = [condition]
    case .choices(let choices): conditions = choices.map(\.condition)
    case nil: return
    }
    var about = AboutEach(runbook: runbook, entity: each)
    for condition in conditions { about.enter(condition) }
    guard !about.isFound, let (threshold, isLearned) = about.common, let first = conditions.first else { return }
    findings.add(
      .sameForEach(
        threshold, entity: each, isLearned: isLearned,
        declared: draft.thresholds.first { $0.id.value == threshold }?.id.location, at: first.location))
  }

  /// An answer that rests on nothing is always the same.
  private func checkConstant(_ question: Question) {
    guard case .condition(let answer) = question.answer, answer.names.isEmpty else { return }
    let isTold = findings.all.contains { finding in
      guard ["TOC0310", "TOC0311"].contains(finding.code.id), let place = finding.location else { return false }
      return place.source === answer.location.source && place.range.start >= answer.location.range.start
        && place.range.end <= answer.location.range.end
    }
    guard !isTold else { return }
    let words: String
    switch answer.checked.evaluate(slots: []) {
    case .value(.bool(true)): words = "yes"
    case .value(.bool(false)): words = "no"
    default: words = "unknown"
    }
    findings.add(.constantAnswer(question.id, words, at: answer.location))
  }

  /// What questions and definitions are made of.
  private var expressions: [Expression] {
    var expressions = runbook.definitions.compactMap {
      $0.forRun ?? $0.forEntities.sorted { $0.key < $1.key }.first?.value
    }
    for question in runbook.questions {
      switch question.answer {
      case .condition(let condition): expressions.append(condition)
      case .choices(let choices): expressions += choices.map(\.condition)
      case nil: break
      }
    }
    return expressions
  }

  /// Comparisons of a query's size with more than it fetches: at the cut the answer is unknown, and below it is no.
  private func checkSizes(_ expressions: [Expression]) {
    for expression in expressions {
      guard expression.source.utf8.contains(UInt8(ascii: ">")) else { continue }
      let queries = expression.names.compactMap(runbook.query)
      for (query, size) in queries.compactMap({ query in ComparedSize(of: query.id, in: expression).map { (query, $0) }
      }) {
        guard let limit = number(size.limit) else { continue }
        let fewest = size.isStrict ? limit + 1 : limit
        guard fewest > Double(query.atMost) else { continue }
        let reason = "the answer is yes only from \(shown(fewest)) on"
        findings.add(.atMostMissing(query.id, fetched: query.atMost, because: reason, at: expression.location))
      }
    }
  }

  private func number(_ text: String) -> Double? {
    if let number = Double(text) { return number }
    guard case .number(let value)? = runbook.threshold(text)?.rule else { return nil }
    switch value {
    case .int(let number): return Double(number)
    case .double(let number): return number
    default: return nil
    }
  }

  // MARK: Queries

  /// What PromQL's `rate` and NRQL's `rate(…, 1 minute)` count per, against the unit.
  private func checkUnit(of query: Query) {
    guard case .series(let unit) = query.shape, let written = unit.split(separator: "/").last, unit.contains("/"),
      let per = RateUnit(written)
    else { return }
    for alternative in query.alternatives {
      guard let text = alternative.text, let gives = RateUnit.given(by: text.text, in: alternative.language),
        gives != per
      else { continue }
      findings.add(.unitOfRate(query.id, unit: unit, gives: gives.rawValue, at: text.location))
    }
  }

  // MARK: What is known beforehand

  private func checkKnowledge() {
    let shown = Set(draft.questions.filter { reached.contains($0.id.value) }.flatMap(\.shows).map(\.value))
    for attack in draft.knownAttacks ?? [] where !shown.contains(attack.value) {
      findings.add(.attackNotShown(attack.value, at: attack.location))
    }
    let seen = Set(draft.sources.flatMap(\.sees).map(\.value))
    for component in draft.components ?? [] where !seen.contains(component.value) {
      findings.add(.componentUnseen(component.value, at: component.location))
    }
  }
}

/// `hits.size() > 5000`: the size of a query's rows that must be exceeded.
private struct ComparedSize {
  let isStrict: Bool
  /// A number, or a threshold's name.
  let limit: String

  init?(of query: String, in expression: Expression) {
    let bytes = Array(expression.source.utf8)
    let size = Array("\(query).size()".utf8)
    guard let start = Self.place(of: size, in: bytes) else { return nil }
    var rest = bytes[(start + size.count)...].drop { $0 == 0x20 }
    guard rest.first == UInt8(ascii: ">") else { return nil }
    rest = rest.dropFirst()
    isStrict = rest.first != UInt8(ascii: "=")
    rest = (isStrict ? rest : rest.dropFirst()).drop { $0 == 0x20 }
    let name = rest.prefix(while: Self.isOfName)
    limit = String(decoding: name, as: UTF8.self)
    // What is computed further is another number.
    let next = rest.dropFirst(name.count).first { $0 != 0x20 }
    guard !name.isEmpty, next.map({ !"+-*/%([".utf8.contains($0) }) ?? true else { return nil }
  }

  /// Where a name stands that is not the end of a longer one.
  private static func place(of name: [UInt8], in bytes: [UInt8]) -> Int? {
    guard let first = name.first, bytes.count >= name.count else { return nil }
    for start in 0...bytes.count - name.count where bytes[start] == first {
      if start > 0, isOfName(bytes[start - 1]) { continue }
      if bytes[start...].starts(with: name) { return start }
    }
    return nil
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 0x5F || byte == 0x2E
  }
}

/// Whether an answer can be another for one entity than for the next.
private struct AboutEach {
  let runbook: Runbook
  let entity: String
  private(set) var isFound = false
  /// The first threshold of a series that is the same for all, and whether it is learned.
  private(set) var common: (threshold: String, isLearned: Bool)?
  private var seen: Set<String> = []

  init(runbook: Runbook, entity: String) {
    self.runbook = runbook
    self.entity = entity
  }

  mutating func enter(_ expression: Expression) {
    for name in expression.names where !isFound && seen.insert(name).inserted { enter(name) }
  }

  private mutating func enter(_ name: String) {
    if name == entity || runbook.question(name)?.each == entity || runbook.query(name)?.each == entity {
      isFound = true
    } else if let definition = runbook.definition(name)?.expression(in: entity) {
      enter(definition)
    } else if case .monitored(let rule)? = runbook.threshold(name)?.rule, case .series(let query) = rule.subject {
      if case .normal(let normal) = rule.judgement {
        if normal.by != nil { isFound = true } else { common = common ?? (name, true) }
      } else {
        common = common ?? (name, false)
      }
      if runbook.query(query)?.each == entity { isFound = true }
    }
  }
}

extension Limit {
  fileprivate func exceeds(noneOf values: ClosedRange<Double>) -> Bool {
    switch self {
    case .above(let limit): values.upperBound <= limit
    case .below(let limit): values.lowerBound >= limit
    case .outside(let low, let high): values.lowerBound >= low && values.upperBound <= high
    }
  }

  fileprivate func exceeds(allOf values: ClosedRange<Double>) -> Bool {
    switch self {
    case .above(let limit): values.lowerBound > limit
    case .below(let limit): values.upperBound < limit
    case .outside(let low, let high): values.lowerBound > high || values.upperBound < low
    }
  }
}

extension Persistence {
  fileprivate var lasting: Duration? { if case .lasting(let duration) = self { duration } else { nil } }
}

extension WindowRule {
  /// How long it is, if that does not depend on data.
  fileprivate var length: Duration? {
    guard case .offset(let from) = from, case .offset(let to) = to else { return nil }
    return to - from
  }
}

extension Expression {
  /// The name of which it is the size and nothing else: `hits` of `hits.size()`.
  fileprivate var counted: String? {
    let ending = ".size()"
    guard source.hasSuffix(ending), names.count == 1 else { return nil }
    let subject = String(source.dropLast(ending.count))
    return NodeReader.isIdentifier(subject) ? subject : nil
  }
}
