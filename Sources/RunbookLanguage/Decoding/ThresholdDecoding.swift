package import Baselines
import Diagnostics
import Values
import YAMLTree

/// Thresholds: numbers and rules for what is abnormal.
extension RunbookDecoder {
  /// The words for how surprising a value must be, as -log10 of its probability.
  static let surpriseWords: [(word: String, value: Double)] = [("quiet", 2.5), ("normal", 2.0), ("sensitive", 1.5)]
  /// Surprise is not asked for; something else is.
  private static let noSurprise = "none"

  func decodeThreshold(_ id: Placed<String>, _ node: YAMLNode) -> DraftThreshold? {
    if node.scalar != nil {
      return reader.number(node, "the threshold '\(id.value)'").map { DraftThreshold(id: id, rule: .number($0)) }
    }
    guard let mapping = reader.mapping(node, .threshold) else { return nil }
    let of = mapping["of"].flatMap { reader.text($0, "'of'") }
    let modifiers = decodeModifiers(mapping)
    var learning = Learning()
    let judgement = decodeJudgement(mapping, of: id, modifiers, &learning)
    guard let of, let judgement else { return nil }
    let lasting = ["for", "cooldown", "recover"].compactMap { key in
      mapping[key].map { Placed(key, at: reader.location($0)) }
    }
    return DraftThreshold(
      id: id, rule: .monitored(of: of, judgement, modifiers), fields: learning.fields, exclude: learning.exclude,
      lasting: lasting)
  }

  /// What of `normal` hangs on the rest of the runbook.
  private struct Learning {
    var fields: [Placed<String>] = []
    var exclude: [DraftWindow] = []
  }

  private func decodeJudgement(
    _ mapping: NodeReader.Mapping, of id: Placed<String>, _ modifiers: Threshold.Monitored.Modifiers,
    _ learning: inout Learning
  ) -> Threshold.Judgement? {
    let given = ["above", "below", "outside", "normal"].filter { mapping[$0] != nil }
    guard given.count == 1, let key = given.first, let node = mapping[key] else {
      reader.findings.add(.thresholdWithoutRule(id.value, given: given, at: id.location))
      return nil
    }
    if key != "normal" { tellUselessBesideLimit(mapping) }
    switch key {
    case "above": return reader.double(node, "'above'").map { .limit(.above($0)) }
    case "below": return reader.double(node, "'below'").map { .limit(.below($0)) }
    case "outside":
      let elements = reader.elements(node, "'outside'")
      let bounds = elements.compactMap { reader.double($0, "a bound of 'outside'") }
      guard bounds.count == elements.count, node.items != nil else { return nil }
      guard bounds.count == 2, bounds[0] <= bounds[1] else {
        reader.findings.add(.badBand(at: reader.location(node)))
        return nil
      }
      return .limit(.outside(low: bounds[0], high: bounds[1]))
    default: return decodeNormal(node, of: id, in: mapping, modifiers, &learning).map(Threshold.Judgement.normal)
    }
  }

  // MARK: What is normal

  private func decodeNormal(
    _ node: YAMLNode, of id: Placed<String>, in threshold: NodeReader.Mapping,
    _ modifiers: Threshold.Monitored.Modifiers, _ learning: inout Learning
  ) -> Threshold.Normal? {
    guard let mapping = reader.mapping(node, .normal) else { return nil }
    var normal = Threshold.Normal()
    normal.rule = BaselineRule(
      mapping["kind"].map(decodeKinds) ?? [], direction: modifiers.direction, atLeast: modifiers.atLeast,
      ratio: modifiers.ratio, persistence: modifiers.persistence)
    (normal.rule.cooldown, normal.rule.recover) = (modifiers.cooldown, modifiers.recover)
    if let node = mapping["history"], let history = reader.duration(node, "'history'") { normal.history = history }
    if let node = mapping["minimum_history"], let minimum = decodeMinimumHistory(node) {
      normal.rule.minimumHistory = minimum
    }
    decodeSeason(mapping, into: &normal.rule)
    normal.by = mapping["by"].flatMap { reader.text($0, "'by'")?.text }
    learning.fields = mapping["fields"].map(decodeFields) ?? []
    learning.exclude = mapping["exclude"].map(decodeExclusions) ?? []
    decodeMeasures(threshold, into: &normal.rule)
    tellUseless(mapping, threshold, normal.rule)
    tellNeverJudged(id, mapping, normal)
    return normal
  }

  private func decodeKinds(_ node: YAMLNode) -> [BaselineKind] {
    var kinds: [BaselineKind] = []
    for element in reader.elements(node, "'kind'", orOne: true) {
      guard let kind: BaselineKind = reader.choice(element, "'kind'") else { continue }
      if kinds.contains(kind) {
        reader.findings.add(.namedTwice(kind.rawValue, at: reader.location(element)))
      } else {
        kinds.append(kind)
      }
    }
    if node.items?.isEmpty == true {
      reader.findings.add(
        .uselessKey("kind", because: "it names none, and the default is looked for", at: reader.location(node)))
    }
    if kinds.count > 1, kinds.contains(.newValues) { reader.findings.add(.newValuesAlone(at: reader.location(node))) }
    return kinds
  }

  private func decodeMinimumHistory(_ node: YAMLNode) -> MinimumHistory? {
    guard let text = reader.text(node, "'minimum_history'")?.text else { return nil }
    if let points = Int(text), points > 0 { return .points(points) }
    return reader.duration(node, "'minimum_history'").map(MinimumHistory.duration)
  }

  private func decodeSeason(_ mapping: NodeReader.Mapping, into rule: inout BaselineRule) {
    if let node = mapping["season"], let text = reader.text(node, "'season'")?.text {
      if let season = Season(rawValue: text) {
        rule.season = .fixed(season)
      } else if text != "auto" {
        reader.findings.add(
          .notOneOf(text, "'season'", Season.allCases.map(\.rawValue) + ["auto"], at: reader.location(node)))
      }
    }
    if let node = mapping["timezone"], let zone = reader.text(node, "'timezone'")?.text {
      if SeasonClock(.none, zone: zone) == nil {
        reader.findings.add(.unknownZone(zone, at: reader.location(node)))
      } else {
        rule.timeZone = zone
      }
    }
  }

  private func decodeFields(_ node: YAMLNode) -> [Placed<String>] {
    reader.elements(node, "'fields'", orOne: true).compactMap { reader.reference($0, "'fields'") }
  }

  private func decodeExclusions(_ node: YAMLNode) -> [DraftWindow] {
    if case .mapping = node.content { return decodeWindow(node).map { [$0] } ?? [] }
    return reader.elements(node, "'exclude'").compactMap(decodeWindow)
  }

  // MARK: How far from it

  private func decodeMeasures(_ threshold: NodeReader.Mapping, into rule: inout BaselineRule) {
    rule.z = threshold["z"].flatMap { node in number(node, "'z'", "above 0") { $0 > 0 } }
    rule.percentile = threshold["percentile"].flatMap { node in
      number(node, "'percentile'", "above 0 and below 100") { $0 > 0 && $0 < 100 }
    }
    let hasOther = rule.z != nil || rule.percentile != nil
    if hasOther { rule.surprise = nil }
    if let node = threshold["surprise"] {
      if node.scalar.map({ _ in reader.text(node, "'surprise'")?.text == Self.noSurprise }) ?? false {
        rule.surprise = nil
        if !hasOther, rule.ratio == nil, rule.atLeast == nil {
          reader.findings.add(.nothingAsked(at: reader.location(node)))
        }
      } else {
        rule.surprise = decodeSurprise(node) ?? 2
      }
    }
    let measured: Set<BaselineKind> = [.level, .seasonal, .jump]
    for key in ["z", "percentile"] {
      guard let node = threshold[key], rule.kinds.isEmpty || !measured.isSuperset(of: rule.kinds) else { continue }
      reader.findings.add(.measureNeedsLevel(key, at: reader.location(node)))
    }
  }

  private func decodeSurprise(_ node: YAMLNode) -> Double? {
    guard let text = reader.text(node, "'surprise'")?.text else { return nil }
    if let surprise = BaselineRule.surprise(word: text, number: node.scalar?.asDouble) { return surprise }
    reader.findings.add(
      .notOneOf(
        text, "'surprise'", Self.surpriseWords.map(\.word) + [Self.noSurprise, "a number up to 15"],
        at: reader.location(node)))
    return nil
  }

  private func number(
    _ node: YAMLNode, _ what: String, _ range: String, _ isAllowed: (Double) -> Bool
  ) -> Double? {
    guard let number = reader.double(node, what) else { return nil }
    if isAllowed(number) { return number }
    reader.findings.add(.outOfRange(what, range: range, at: reader.location(node)))
    return nil
  }

  /// Keys of which a plain limit makes nothing.
  private func tellUselessBesideLimit(_ threshold: NodeReader.Mapping) {
    let reasons = [
      ("surprise", "only 'normal' is surprised"), ("z", "only 'normal' is surprised"),
      ("percentile", "only 'normal' is surprised"), ("ratio", "only 'normal' expects a value"),
      ("direction", "'above', 'below' and 'outside' say which way"),
    ]
    for (key, reason) in reasons {
      guard let node = threshold[key] else { continue }
      reader.findings.add(.uselessKey(key, because: reason, at: reader.location(node)))
    }
  }

  /// History that is asked for, and can never have been fetched.
  private func tellNeverJudged(_ id: Placed<String>, _ mapping: NodeReader.Mapping, _ normal: Threshold.Normal) {
    let reason: String
    if normal.history <= .zero {
      reason = "it has no history to learn from"
    } else if case .duration(let needed) = normal.rule.minimumHistory, needed > normal.history {
      reason = "it needs \(needed.shorthand) of history, and \(normal.history.shorthand) are fetched"
    } else {
      return
    }
    let place = (mapping["minimum_history"] ?? mapping["history"]).map(reader.location) ?? id.location
    reader.findings.add(.neverJudged(id.value, because: reason, at: place))
  }

  /// Keys of which this kind makes nothing.
  private func tellUseless(_ normal: NodeReader.Mapping, _ threshold: NodeReader.Mapping, _ rule: BaselineRule) {
    func tell(_ key: String, in mapping: NodeReader.Mapping, because reason: String) {
      guard let node = mapping[key] else { return }
      reader.findings.add(.uselessKey(key, because: reason, at: reader.location(node)))
    }
    if rule.kinds != [.newValues] { tell("fields", in: normal, because: "only 'new_values' looks at columns") }
    if rule.kinds == [.newValues] {
      for key in ["season", "timezone", "by"] { tell(key, in: normal, because: "'new_values' looks at rows") }
      for key in ["surprise", "ratio", "for", "direction", "cooldown", "recover"] {
        tell(key, in: threshold, because: "a value is new or it is not")
      }
    } else if !rule.kinds.isEmpty, !rule.kinds.contains(.seasonal), !rule.kinds.contains(.novelty) {
      for key in ["season", "timezone"] {
        tell(key, in: normal, because: "only 'seasonal' and 'novelty' look at the hour")
      }
    }
    if rule.kinds == [.silence] {
      for key in ["direction", "for", "ratio", "at_least", "cooldown", "recover"] {
        tell(key, in: threshold, because: "'silence' has its own measure")
      }
    } else if let ratio = rule.ratio, ratio <= 1 {
      tell(
        "ratio", in: threshold, because: "\(MeasuredNumber.text(of: ratio)) times what is expected is no more than that"
      )
    }
    if rule.kinds == [.newValues], let least = rule.atLeast, least <= 1 {
      tell("at_least", in: threshold, because: "one new value is the least that there can be")
    }
  }

  // MARK: What a breach must be besides

  private func decodeModifiers(_ mapping: NodeReader.Mapping) -> Threshold.Monitored.Modifiers {
    var modifiers = Threshold.Monitored.Modifiers()
    if let node = mapping["direction"], let direction: Direction = reader.choice(node, "'direction'") {
      modifiers.direction = direction
    }
    modifiers.atLeast = mapping["at_least"].flatMap { node in number(node, "'at_least'", "0 or more") { $0 >= 0 } }
    modifiers.ratio = mapping["ratio"].flatMap { node in number(node, "'ratio'", "above 0") { $0 > 0 } }
    modifiers.persistence = mapping["for"].flatMap(decodePersistence)
    modifiers.cooldown = mapping["cooldown"].flatMap { reader.duration($0, "'cooldown'") }
    modifiers.recover = mapping["recover"].flatMap { reader.duration($0, "'recover'") }
    return modifiers
  }

  /// `30s`, or `2 of 3`.
  private func decodePersistence(_ node: YAMLNode) -> Persistence? {
    guard let text = reader.text(node, "'for'")?.text else { return nil }
    if let persistence = Persistence(text) { return persistence }
    reader.findings.add(.badPersistence(text, at: reader.location(node)))
    return nil
  }
}

extension BaselineRule {
  /// How surprising a value must be: by a word of the language, or by a number that is in range.
  package static func surprise(word: String, number: Double?) -> Double? {
    if let known = RunbookDecoder.surpriseWords.first(where: { $0.word == word }) { return known.value }
    return number.flatMap { $0 > 0 && $0 <= surpriseLimit ? $0 : nil }
  }
}

extension Persistence {
  /// - Parameter text: Such as `30s`, or `2 of 3`.
  package init?(_ text: String) {
    if let duration = Duration(shorthand: text), duration > .zero {
      self = .lasting(duration)
      return
    }
    let words = text.split(separator: " ")
    guard words.count == 3, words[1] == "of", let count = Int(words[0]), let total = Int(words[2]), count >= 1,
      count <= total, total <= 1_000
    else { return nil }
    self = .points(count, of: total)
  }
}
