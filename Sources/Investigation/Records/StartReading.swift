package import RunbookLanguage
package import RunbookPorts
package import Values

extension RunStart {
  /// Reads a run's start back from its first record.
  ///
  /// - Parameters:
  ///   - body: What `journalEntry` wrote.
  ///   - input: What `input` wrote.
  ///   - runbook: The runbook of the run.
  package init(recordedIn body: RecordBody, input: JSON, for runbook: Runbook) throws(RecordProblem) {
    let input = RecordBody(input, at: "input")
    self.init(
      run: try body.text("run"), fields: try Self.fields(in: input, of: runbook), alert: try Self.alert(in: input),
      at: try body.instant("at"), now: try body.instant("now"), waits: try body.bool("waits"),
      isBoundedByNow: try body.bool("bounded_by_now"), sources: try Self.sources(in: body.body("sources")),
      thresholds: try Self.thresholds(in: body, of: runbook), scripts: try Self.scripts(in: body))
  }

  private static func alert(in input: RecordBody) throws(RecordProblem) -> Value? {
    guard let alert = input.optional("alert") else { return nil }
    guard input.optional("alert_text") != nil else { return Value(alert) }
    guard let exact = try? JSON(parsing: Array(try input.text("alert_text").utf8)) else {
      throw RecordProblem(input.place(of: "alert_text"), "is no JSON")
    }
    return Value(exact)
  }

  private static func fields(in input: RecordBody, of runbook: Runbook) throws(RecordProblem) -> [String: FieldValue] {
    let recorded = try input.body("fields")
    var fields: [String: FieldValue] = [:]
    for field in runbook.alert.fields {
      guard let json = recorded.json[field.id] else { continue }
      if let missing = json["missing"]?.text {
        fields[field.id] = .missing(missing)
      } else if let value = field.type.value(recordedAs: json) {
        fields[field.id] = .value(value)
      } else {
        throw RecordProblem(recorded.place(of: field.id), "is no \(field.type)")
      }
    }
    return fields
  }

  private static func sources(in body: RecordBody) throws(RecordProblem) -> [String: SourcePolicy] {
    var sources: [String: SourcePolicy] = [:]
    for member in body.json.members ?? [] {
      sources[member.name] = try SourcePolicy(recordedIn: body.body(member.name))
    }
    return sources
  }

  private static func scripts(in body: RecordBody) throws(RecordProblem) -> [String: String] {
    guard body.optional("scripts") != nil else { return [:] }
    let recorded = try body.body("scripts")
    var scripts: [String: String] = [:]
    for member in recorded.json.members ?? [] { scripts[member.name] = try recorded.text(member.name) }
    return scripts
  }

  private static func thresholds(
    in body: RecordBody, of runbook: Runbook
  ) throws(RecordProblem) -> [String: Threshold.Rule] {
    let rules = try body.body("thresholds")
    var thresholds: [String: Threshold.Rule] = [:]
    for id in try body.texts("overridden") {
      guard let written = runbook.threshold(id) else { continue }
      thresholds[id] = try Self.rule(id, in: rules, instead: written.rule)
    }
    return thresholds
  }
}

extension RunStart {
  /// A number that was in force instead of the runbook's, of the type of that one.
  private static func rule(
    _ id: String, in rules: RecordBody, instead written: Threshold.Rule
  ) throws(RecordProblem) -> Threshold.Rule {
    guard case .number(let number) = written else {
      throw RecordProblem(rules.place(of: id), "replaces a rule, and only numbers are replaced")
    }
    let type: ColumnType = if case .double = number { .double } else { .int }
    switch type.value(recordedAs: try rules.member(id)) {
    case .int(let number): return .number(.int(number))
    case .double(let number): return .number(.double(number))
    default: throw RecordProblem(rules.place(of: id), "is no number of type \(type)")
    }
  }
}

extension SourcePolicy {
  fileprivate init(recordedIn body: RecordBody) throws(RecordProblem) {
    let binding: Binding =
      body.optional("unbound") == nil
      ? .bound(adapter: try body.text("adapter")) : .unbound(try body.text("unbound"))
    self.init(
      binding: binding, lag: try body.duration("lag"), gap: try body.duration("gap"),
      isSilenceNormal: try body.bool("silence_is_normal"))
  }
}
