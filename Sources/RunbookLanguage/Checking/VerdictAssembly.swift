import Diagnostics

/// Verdicts: those of the file, then those built-in ones that it does not declare.
extension RunbookAssembler {
  /// The declared ones, then those built-in ones that are not declared.
  func assembleVerdicts() -> [Verdict] {
    let views = viewsOfVerdicts()
    let declared = draft.verdicts.map { assembleVerdict($0, in: views[$0.id.value] ?? .run) }
    let missing = BuiltInVerdict.allCases.filter { builtIn in !declared.contains { $0.id == builtIn.rawValue } }
    return declared
      + missing.map { builtIn in
        Verdict(
          id: builtIn.rawValue, severity: .fixed(builtIn.severity),
          means: builtIn.template, escalation: nil, exports: [], advice: [], handOver: nil, isBuiltIn: true)
      }
  }

  private func assembleVerdict(_ verdict: DraftVerdict, in view: View) -> Verdict {
    let id = verdict.id.value
    let builtIn = BuiltInVerdict(rawValue: id)
    checkNames(verdict)
    if builtIn == nil {
      for key in verdict.missing { findings.add(.missingKey(key, in: .verdict, at: verdict.location)) }
    }
    if let handOver = verdict.handOver {
      findings.add(.notYet("'hand_over'", instead: "no linked run is started", at: handOver.to.location))
    }
    return Verdict(
      id: id, severity: assembleSeverity(verdict, builtIn, in: view),
      means: verdict.means.map { templates.template($0, in: view) } ?? builtIn.map(\.template),
      escalation: verdict.escalation?.value, exports: verdict.exports.map(\.value),
      advice: verdict.advice.map { templates.template($0, in: view) },
      handOver: verdict.handOver.map { handOver in
        Verdict.HandOver(
          runbook: handOver.to.value, location: handOver.to.location,
          fields: handOver.fields.compactMap { field in
            scope.expression(field.expression, in: view).map { (field.id.value, $0, field.id.location) }
          })
      }, isBuiltIn: builtIn != nil)
  }

  private func assembleSeverity(_ verdict: DraftVerdict, _ builtIn: BuiltInVerdict?, in view: View) -> SeverityRule {
    switch verdict.severity {
    case nil: return .fixed(builtIn?.severity ?? .high)
    case .fixed(let given):
      if let builtIn, given != builtIn.severity {
        findings.add(.changedBuiltIn(verdict.id.value, at: verdict.location))
      }
      return .fixed(given)
    case .cases(let cases):
      if builtIn != nil { findings.add(.changedBuiltIn(verdict.id.value, at: verdict.location)) }
      if let last = cases.last, last.condition.text != "true" {
        findings.add(.severityMayFail(verdict.id.value, at: last.condition.location))
      }
      return .cases(
        cases.compactMap { item in
          condition(item.condition, "the case '\(item.severity.value.rawValue)'", in: view)
            .map { (item.severity.value, $0) }
        })
    }
  }

  /// From where the texts and expressions of each verdict look: from the entity that reaches it, or from the run when
  /// the run does, or several entities do.
  private func viewsOfVerdicts() -> [String: View] {
    var views: [String: View] = [:]
    for question in draft.questions {
      let view = names.view(each: question.each)
      for target in question.then?.flatMap(\.targets) ?? [] {
        views[target.value] = views[target.value] == nil || views[target.value] == view ? view : .run
      }
    }
    return views
  }

  private func checkNames(_ verdict: DraftVerdict) {
    if let name = verdict.escalation {
      scope.note(mentionOf: name.value)
      if !names.isDeclared(name.value, as: .escalation) {
        names.tellUnknown(name, "escalation", .escalation, to: findings)
      }
    }
    for name in verdict.exports where !names.isDeclared(name.value, as: .export) {
      names.tellUnknown(name, "export", .export, to: findings)
    }
  }
}

extension BuiltInVerdict {
  fileprivate var template: TextTemplate { TextTemplate([.text(means)], source: means) }
}
