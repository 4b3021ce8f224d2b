import Diagnostics
import Investigation
import RunbookLanguage
import Values
import YAMLTree

/// Reads what a case knows of its alert: fields by name, and `at`; or the file of a raw alert, which is put through the
/// runbook's `when`, `at` and `fields`.
struct CaseIntake {
  let runbook: Runbook
  let files: any RunbookFiles
  let reader: NodeReader
  private var findings: Findings { reader.findings }

  /// The instant of alerts that name none.
  static let standardInstant = Timestamp(seconds: 1_767_225_600)

  /// - Parameter nodes: Mappings of fields, the later ones over the earlier ones; or one file.
  func read(_ nodes: [YAMLNode], for name: Placed<String>) -> Intake? {
    if let path = nodes.last?.scalar, !path.isNull { return nodes.last.flatMap(fromFile) }
    var texts: [(id: String, values: [String])] = []
    var at = Self.standardInstant
    for node in nodes where node.scalar == nil {
      for (key, value) in reader.pairs(node, "'alert'") {
        if key.value == "at" {
          at = instant(value) ?? at
          continue
        }
        texts.removeAll { $0.id == key.value }
        // 'null': the alert does not have it.
        if value.scalar?.isNull == true { continue }
        let values = reader.elements(value, "the field '\(key.value)'", orOne: true)
          .compactMap { reader.text($0, "the field '\(key.value)'")?.text }
        guard isGood(key.value, values, at: key.location, reader.location(value)) else { return nil }
        texts.append((key.value, values))
      }
    }
    let given = texts.flatMap { field in field.values.map { (name: field.id, value: $0) } }
    do throws(FieldProblem) { return try Intake.byHand(given, for: runbook, at: at) } catch {
      findings.add(.badField(error.message, at: name.location))
      return nil
    }
  }

  /// Tells of a field at its own place, before all of them are read together.
  private func isGood(_ id: String, _ values: [String], at key: SourceLocation, _ place: SourceLocation) -> Bool {
    do throws(FieldProblem) {
      _ = try Intake.byHand(values.map { (id, $0) }, for: runbook, at: Self.standardInstant)
      return true
    } catch {
      let isUnknown = if case .unknown = error { true } else { false }
      findings.add(.badField(error.message, at: isUnknown ? key : place))
      return false
    }
  }

  private func instant(_ node: YAMLNode) -> Timestamp? {
    guard let text = reader.text(node, "'at'") else { return nil }
    if let instant = Timestamp(rfc3339: text.text) { return instant }
    findings.add(
      .badField("'\(text.text.prefix(60))' is no instant, such as 2026-03-02T10:00:00Z", at: text.location))
    return nil
  }

  // MARK: Raw alerts

  private func fromFile(_ node: YAMLNode) -> Intake? {
    guard let path = reader.text(node, "'alert'") else { return nil }
    switch files.read(path.text, from: reader.source) {
    case .failure(let problem):
      findings.add(
        problem.isOutside
          ? .cannotRead(Placed(path.text, at: path.location), because: problem)
          : .badAlertFile(path.text, because: problem.reason, at: path.location))
      return nil
    case .success(let file):
      switch Self.read(file, for: runbook) {
      case .success(let intake): return intake
      case .failure(let problem):
        findings.add(.badAlertFile(path.text, because: problem.message, at: path.location))
        return nil
      }
    }
  }

  /// The first alert of a payload, as the runbook reads it.
  static func read(_ file: SourceText, for runbook: Runbook) -> Result<Intake, PayloadProblem> {
    do throws(PayloadProblem) {
      let payload = try AlertPayload(file.bytes)
      guard let alert = payload.alerts.first else { throw PayloadProblem("it holds no alert") }
      let startsAt = alert.json["startsAt"]?.text.flatMap { Timestamp(rfc3339: $0) }
      switch Intake.consider(alert, for: runbook, at: nil, now: startsAt ?? standardInstant) {
      case .run(let intake): return .success(intake)
      case .skip(let reason): throw PayloadProblem(reason)
      }
    } catch {
      return .failure(error)
    }
  }
}
