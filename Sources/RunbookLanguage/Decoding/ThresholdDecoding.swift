import Diagnostics
import Values
import YAMLTree

/// Thresholds: numbers and rules for what is abnormal.
extension RunbookDecoder {
  /// The words for how surprising a value must be, as -log10 of its probability.
  static let surpriseWords: [(word: String, value: Double)] = [("quiet", 2.5), ("normal", 2.0), ("sensitive", 1.5)]

  func decodeThreshold(_ id: Placed<String>, _ node: YAMLNode) -> DraftThreshold? {
    if node.scalar != nil {
      return reader.number(node, "the threshold '\(id.value)'").map { DraftThreshold(id: id, rule: .number($0)) }
    }
    guard let mapping = reader.mapping(node, .threshold) else { return nil }
    let of = mapping["of"].flatMap { reader.text($0, "'of'") }
    let judgement = decodeJudgement(mapping, of: id)
    let modifiers = decodeModifiers(mapping)
    guard let of, let judgement else { return nil }
    return DraftThreshold(id: id, rule: .monitored(of: of, judgement, modifiers))
  }

  private func decodeJudgement(_ mapping: NodeReader.Mapping, of id: Placed<String>) -> Threshold.Judgement? {
    let given = ["above", "below", "outside", "normal"].filter { mapping[$0] != nil }
    guard given.count == 1, let key = given.first, let node = mapping[key] else {
      reader.findings.add(.thresholdWithoutRule(id.value, given: given, at: id.location))
      return nil
    }
    if key != "normal", let surprise = mapping["surprise"] {
      reader.findings.add(.uselessKey("surprise", because: "only 'normal' is surprised", at: reader.location(surprise)))
    }
    switch key {
    case "above": return reader.double(node, "'above'").map(Threshold.Judgement.above)
    case "below": return reader.double(node, "'below'").map(Threshold.Judgement.below)
    case "outside":
      let elements = reader.elements(node, "'outside'")
      let bounds = elements.compactMap { reader.double($0, "a bound of 'outside'") }
      guard bounds.count == elements.count, node.items != nil else { return nil }
      guard bounds.count == 2, bounds[0] <= bounds[1] else {
        reader.findings.add(.badBand(at: reader.location(node)))
        return nil
      }
      return .outside(low: bounds[0], high: bounds[1])
    default: return decodeNormal(node, surprise: mapping["surprise"]).map(Threshold.Judgement.normal)
    }
  }

  private func decodeNormal(_ node: YAMLNode, surprise: YAMLNode?) -> Threshold.Normal? {
    guard let mapping = reader.mapping(node, .normal) else { return nil }
    var normal = Threshold.Normal()
    if let node = mapping["history"], let history = reader.duration(node, "'history'") { normal.history = history }
    if let node = mapping["minimum_history"], let text = reader.text(node, "'minimum_history'")?.text {
      if let points = Int(text), points > 0 {
        normal.minimumHistory = .points(points)
      } else if let duration = reader.duration(node, "'minimum_history'") {
        normal.minimumHistory = .duration(duration)
      }
    }
    if let surprise { normal.surprise = decodeSurprise(surprise) ?? normal.surprise }
    // What the coming detector will tell apart is said to be without effect, not taken and forgotten.
    for key in ["kind", "season", "timezone", "by"] {
      guard let node = mapping[key] else { continue }
      reader.findings.add(
        .notYet("'\(key)' of 'normal'", instead: "a robust baseline of the history is used", at: reader.location(node)))
    }
    return normal
  }

  private func decodeSurprise(_ node: YAMLNode) -> Double? {
    guard let text = reader.text(node, "'surprise'")?.text else { return nil }
    if let known = Self.surpriseWords.first(where: { $0.word == text }) { return known.value }
    if let value = node.scalar?.asDouble, value > 0, value <= 15 { return value }
    reader.findings.add(
      .notOneOf(text, "'surprise'", Self.surpriseWords.map(\.word) + ["a number up to 15"], at: reader.location(node)))
    return nil
  }

  private func decodeModifiers(_ mapping: NodeReader.Mapping) -> Threshold.Monitored.Modifiers {
    var modifiers = Threshold.Monitored.Modifiers()
    if let node = mapping["direction"], let direction: Threshold.Direction = reader.choice(node, "'direction'") {
      modifiers.direction = direction
    }
    modifiers.atLeast = mapping["at_least"].flatMap { reader.double($0, "'at_least'") }
    modifiers.ratio = mapping["ratio"].flatMap(decodeRatio)
    modifiers.persistence = mapping["for"].flatMap(decodePersistence)
    for key in ["cooldown", "recover"] {
      guard let node = mapping[key], reader.duration(node, "'\(key)'") != nil else { continue }
      reader.findings.add(.notYet("'\(key)'", instead: "it has no effect", at: reader.location(node)))
    }
    return modifiers
  }

  private func decodeRatio(_ node: YAMLNode) -> Double? {
    guard let ratio = reader.double(node, "'ratio'") else { return nil }
    if ratio > 0 { return ratio }
    reader.findings.add(.outOfRange("'ratio'", range: "above 0", at: reader.location(node)))
    return nil
  }

  /// `30s`, or `2 of 3`.
  private func decodePersistence(_ node: YAMLNode) -> Threshold.Persistence? {
    guard let text = reader.text(node, "'for'")?.text else { return nil }
    if let duration = Duration(shorthand: text), duration > .zero { return .lasting(duration) }
    let words = text.split(separator: " ")
    if words.count == 3, words[1] == "of", let count = Int(words[0]), let total = Int(words[2]), count >= 1,
      count <= total, total <= 1_000
    {
      return .points(count, of: total)
    }
    reader.findings.add(.badPersistence(text, at: reader.location(node)))
    return nil
  }
}
