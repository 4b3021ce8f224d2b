import Diagnostics
import Rules
import RunbookLanguage
import Values

// Every message about a deployment's configuration. What is the same for all documents (TOC10xx) has the words of the
// runbook reader.

extension Diagnostic {
  /// A finding of the common reader under the code of configurations: `TOC0103` becomes `TOC1003`.
  var ofDeployment: Diagnostic {
    Rule.inDeployment(code).map { Diagnostic($0, message, at: location, notes: notes, fixIts: fixIts) } ?? self
  }

  static func unknownDeploymentVersion(_ version: Int, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .unknownDeploymentVersion,
      "'deployment: \(version)' is not known to this version of Tocsin; write 'deployment: \(DeploymentReader.version)'",
      at: location,
      fixIts: [
        .init(
          "write \(DeploymentReader.version)", replace: location.range, by: String(DeploymentReader.version))
      ])
  }

  static func unknownAdapter(_ name: String, known: [String], at location: SourceLocation) -> Diagnostic {
    suggesting(
      .unknownAdapter, name, known,
      "there is no adapter '\(name.prefix(60))'; there are \(quotedList(known, limit: 20))", at: location)
  }

  static func notAChoice(_ text: String, _ what: String, _ choices: [String], at location: SourceLocation) -> Diagnostic
  {
    suggesting(
      .notAChoice, text, choices,
      "\(what) cannot be '\(text.prefix(60))'; it may be \(quotedList(choices, limit: 20))", at: location)
  }

  static func badNodeName(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .badNodeName,
      "'node' must be a name of printable characters without spaces, at most 255 bytes long", at: location)
  }

  static func thresholdIsNoNumber(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .thresholdIsNoNumber,
      "'\(id)' must be a number; a deployment can override only thresholds that are plain numbers", at: location)
  }

  static func twoChannels(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .twoChannels,
      "'notify' has an 'outbox' and a 'command'; notices go one way, so keep one of them", at: location)
  }

  static func noChannel(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noChannel, "'notify' needs 'outbox' or 'command'", at: location)
  }

  static func noCommand(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .noCommand,
      "'command' names no program; write a list such as [/usr/local/bin/page, --quiet]", at: location)
  }

  static func commandIsOneText(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .commandIsOneText,
      "'command' is one word with spaces in it, and no shell divides it; write a list such as [/usr/local/bin/page, --quiet]",
      at: location)
  }

  static func cannotBind(_ id: String, because reason: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .cannotBind, "the source '\(id)' cannot be bound: \(reason)", at: location)
  }

  private static func suggesting(
    _ rule: Rule, _ written: String, _ known: [String], _ message: String, at location: SourceLocation
  ) -> Diagnostic {
    var diagnostic = Diagnostic(rule, message, at: location)
    if let near = nearestName(to: written, among: known) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }
}

/// A runbook together with a deployment: TOC12xx.
extension Diagnostic {
  static func unboundSource(
    _ source: String, blind: String?, bound: [Placed<String>], at location: SourceLocation?
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .unboundSource,
      "the deployment binds no source '\(source)'; what rests on it will be unknown"
        + (blind.map { " (hidden: \($0))" } ?? ""), at: location)
    if let near = nearestName(to: source, among: bound.map(\.value)),
      let place = bound.first(where: { $0.value == near })
    {
      diagnostic.notes.append(.init("the deployment binds '\(near)'", at: place.location))
    }
    return diagnostic
  }

  static func languageNotUnderstood(
    _ query: String, written: [String], source: String, adapter: String, understood: [String],
    at location: SourceLocation?
  ) -> Diagnostic {
    Diagnostic(
      .languageNotUnderstood,
      "the query '\(query)' is written in \(quotedList(written)); '\(source)' is bound to '\(adapter)', which "
        + "understands \(quotedList(understood))", at: location)
  }

  static func queryProblem(_ query: String, _ message: String, at location: SourceLocation?) -> Diagnostic {
    Diagnostic(
      .queryRejected, "the query '\(query)' cannot be performed: \(message)", at: location)
  }

  /// - Parameter name: As it is written, with what qualifies it.
  static func unknownInQuery(
    _ query: String, _ message: String, _ kind: QueryProblem.Unknown.Kind, written: String, in name: String,
    known: [String], at location: SourceLocation?
  ) -> Diagnostic {
    var diagnostic = queryProblem(query, message, at: location)
    if let near = nearestName(to: written, among: known) {
      let whole = name.utf8.count > written.utf8.count ? name.dropLast(written.count) + near : near
      if let location {
        diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: String(whole)))
      }
    } else if !known.isEmpty {
      diagnostic.notes.append(.init("the \(kind.rawValue)s here are \(quotedList(known, limit: 30))"))
    }
    return diagnostic
  }

  static func neverEqual(
    _ column: String, _ type: ColumnType, _ text: String, at location: SourceLocation, valueAt: SourceLocation
  ) -> Diagnostic {
    let meant = type == .bool ? ["true", "false"].first { $0 == text.lowercased() } : nil
    return Diagnostic(
      .neverEqual, "'\(column)' is \(type), and no value of it equals the text '\(text.prefix(40))'", at: location,
      fixIts: meant.map { [.init("write \($0) without quotes", replace: valueAt.range, by: $0)] } ?? [])
  }

  static func comparedWithAnotherType(
    _ column: String, _ type: ColumnType, bound name: String, _ other: ValueType, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .comparedWithAnotherType,
      "'\(column)' is \(type), and '${\(name)}' is \(other): SQL compares them by how they are kept, not by what they mean",
      at: location)
  }

  static func columnOfAnotherType(
    _ declared: String, _ type: ColumnType, selected: String, _ column: ColumnType, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .columnOfAnotherType,
      "the query declares '\(declared)' as \(type), and '\(selected)' is \(column): no value of it would fit",
      at: location)
  }

  static func notAnInstant(
    _ column: String, _ type: ColumnType, bound: String, at location: SourceLocation
  ) -> Diagnostic {
    Diagnostic(
      .notAnInstant,
      "'\(column)' is \(type), and '${\(bound)}' is an instant: rows would be found by how the two are written",
      at: location)
  }

  static func missingColumn(
    _ column: String, of query: String, answered: [String], at location: SourceLocation?
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .missingColumn,
      "the query '\(query)' declares the column '\(column)', and its answer has \(quotedList(answered, limit: 20))",
      at: location)
    if let near = nearestName(to: column, among: answered) { diagnostic.notes.append(.init("did you mean '\(near)'?")) }
    return diagnostic
  }

  static func undeclaredColumn(
    _ column: String, of query: String, declared: [String], at location: SourceLocation?
  ) -> Diagnostic {
    Diagnostic(
      .undeclaredColumn,
      "the answer of the query '\(query)' has a column '\(column)' that is not declared; declared are "
        + quotedList(declared, limit: 20), at: location)
  }

  static func sourceWithoutTimes(
    _ source: String, query: String, binding: Placed<String>, at location: SourceLocation?
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .sourceWithoutTimes,
      "the query '\(query)' asks about a window, and no column of '\(source)' says when: what it does not find is unknown",
      at: location)
    diagnostic.notes.append(
      .init(
        "name the column of type timestamp that says when (`time: …`), or say `silence: normal` where the records are "
          + "good for any window", at: binding.location))
    return diagnostic
  }

  static func thresholdNotPlain(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .thresholdNotPlain,
      "the threshold '\(id)' is a rule in the runbook; a deployment can override only plain numbers yet", at: location)
  }

  static func thresholdNotWhole(_ id: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      .thresholdNotWhole,
      "the threshold '\(id)' is a whole number in the runbook, so its override must be one", at: location)
  }

  static func unknownOverride(
    _ kind: String, _ id: String, known: [String], at location: SourceLocation
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      .unknownOverride,
      "the runbook has no \(kind) '\(id)'" + (known.isEmpty ? "" : "; it has \(quotedList(known))"), at: location)
    if let near = nearestName(to: id, among: known) {
      diagnostic.fixIts.append(.init("did you mean '\(near)'?", replace: location.range, by: near))
    }
    return diagnostic
  }
}
