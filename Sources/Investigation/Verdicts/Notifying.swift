import RunbookLanguage
import RunbookPorts
import Values

/// Calls people. Only the first step of an escalation is taken: acknowledgements come later.
extension Turn {
  func notify(of place: Int, _ subjects: [Announced], question: Int?) {
    let verdict = plan.runbook.verdicts[place]
    guard let id = verdict.escalation, let step = plan.runbook.escalation(id)?.steps.first else { return }
    var called: Set<String> = []
    for contact in step.notify where called.insert(contact).inserted {
      let request = NoticeRequest(
        idempotencyKey: key(verdict.id, subjects, question, contact), contact: contact,
        occasion: .verdict(verdict.id, severity: (subjects.map(\.severity).max() ?? .high).rawValue),
        entities: entities(subjects)?.values ?? [],
        subject: subject(verdict.id, subjects), lines: lines(place, subjects, question),
        advice: advice(of: place, subjects))
      state.openNotices.insert(request.idempotencyKey)
      effects.append(.notify(request))
    }
  }

  /// Run, verdict, for whom, whom to call. Entities are told by their kind and the question that sorted them out, which
  /// happens once; ids hold no slash.
  private func key(_ verdict: String, _ subjects: [Announced], _ question: Int?, _ contact: String) -> String {
    let who = entities(subjects).map { "\($0.kind)@\(question.map { plan.question($0).id } ?? "end")" } ?? "run"
    return "\(start.run)/\(verdict)/\(who)/\(contact)"
  }

  private func subject(_ verdict: String, _ subjects: [Announced]) -> String {
    let severity = (subjects.map(\.severity).max() ?? .high).rawValue
    var who = ""
    if let (kind, values) = entities(subjects) {
      who = values.count == 1 ? " (\(kind) \(values[0]))" : " (\(values.count) of \(kind))"
    }
    return Rendering.cut("[\(severity)] \(plan.runbook.title): \(verdict)\(who)")
  }

  private func lines(_ place: Int, _ subjects: [Announced], _ question: Int?) -> [String] {
    var lines = means(of: place, subjects).map { [$0] } ?? []
    if let question, subjects.first?.member == nil, let answer = answer(question, nil) {
      lines.append("\(answer.ask) \(answer.answer): \(answer.because)")
    }
    for subject in subjects.prefix(NoticeRequest.lineLimit) {
      guard let member = subject.member else { continue }
      let reason = question.flatMap { answer($0, member) }.map { ": \($0.because)" } ?? ""
      lines.append("\(text(of: member)) (\(subject.severity.rawValue))\(reason)")
    }
    if subjects.count > NoticeRequest.lineLimit {
      lines.append("… and \(subjects.count - NoticeRequest.lineLimit) more")
    }
    if subjects.contains(where: \.assumed) { lines.append("This is assumed: an answer that matters is missing.") }
    return lines
  }
}
