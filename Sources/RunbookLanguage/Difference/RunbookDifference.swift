/// How a runbook differs in meaning from an earlier one. Wording and layout that change nothing are told as what they
/// are, and do not hide what changes something.
package struct RunbookDifference: Sendable {
  package struct Change: Sendable {
    package enum What: Hashable, Sendable {
      case added
      case removed
      /// A property is another; `nil`: it is not there.
      case changed(property: String, from: String?, to: String?)
    }

    /// `question`, `verdict`, `query` and so on; `runbook` for its head.
    package let kind: String
    package let id: String
    package let what: What
    package let step: VersionStep
  }

  /// What the version says of a change.
  package enum VersionProblem: Hashable, Sendable {
    /// Something changed, and the version did not.
    case notRaised(needed: VersionStep)
    /// The version was raised by less than the changes demand.
    case raisedTooLittle(by: VersionStep, needed: VersionStep)
    case lowered
    /// There is none now, or it is none of three numbers.
    case missing
  }

  /// In the order in which a runbook is read; what was removed stands where it stood.
  package let changes: [Change]
  package let base: String?
  package let version: String?
  /// Names that stand for something of another kind now. Whoever reads old runs would take one for the other.
  package let reused: [(id: String, was: String, is: String)]

  package init(from base: Runbook, to head: Runbook) {
    let old = base.declarations
    let new = head.declarations
    var changes: [Change] = []
    let oldByKey = Dictionary(old.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let newKeys = Set(new.map(\.key))
    for declaration in new {
      if let before = oldByKey[declaration.key] {
        changes += declaration.changes(from: before)
      } else {
        changes.append(
          Change(kind: declaration.kind, id: declaration.id, what: .added, step: declaration.added))
      }
    }
    for declaration in old where !newKeys.contains(declaration.key) {
      changes.append(
        Change(kind: declaration.kind, id: declaration.id, what: .removed, step: declaration.removed))
    }
    changes += Self.changedOrder(from: base, to: head)
    self.changes = changes
    self.base = base.version
    version = head.version
    let kinds = Dictionary(old.dropFirst().map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
    let still = Dictionary(new.dropFirst().map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
    reused = new.dropFirst().compactMap { declaration in
      guard let was = kinds[declaration.id], was != declaration.kind, still[declaration.id] == declaration.kind else {
        return nil
      }
      return (declaration.id, was, declaration.kind)
    }
  }

  /// Of two verdicts of one severity the first counts, so their order means something.
  private static func changedOrder(from base: Runbook, to head: Runbook) -> [Change] {
    func order(_ runbook: Runbook, like other: Runbook) -> [(severity: String, ids: [String])] {
      let kept = runbook.verdicts.filter { verdict in
        other.verdict(verdict.id)?.severity.compared == verdict.severity.compared
      }
      return Dictionary(grouping: kept, by: \.severity.compared).map { ($0.key, $0.value.map(\.id)) }
        .sorted { $0.severity < $1.severity }
    }
    return zip(order(base, like: head), order(head, like: base)).filter { $0.ids != $1.ids }.map { before, after in
      Change(
        kind: "runbook", id: head.id,
        what: .changed(
          property: "order of verdicts", from: before.ids.joined(separator: ", "), to: after.ids.joined(separator: ", ")
        ),
        step: .minor)
    }
  }

  /// What the changes demand of the version; `nil` without a change.
  package var neededStep: VersionStep? { changes.map(\.step).max() }

  /// The version that the changes demand; `nil` without a change, or where the earlier one is none.
  package var neededVersion: RunbookVersion? {
    guard let neededStep, let base = base.flatMap(RunbookVersion.init) else { return nil }
    return base.raised(by: neededStep)
  }

  /// What is wrong with the version; `nil` for a runbook that never had one, or one whose version says enough.
  package var versionProblem: VersionProblem? {
    guard let base = base.flatMap(RunbookVersion.init) else { return nil }
    guard let version = version.flatMap(RunbookVersion.init) else { return .missing }
    if version < base { return .lowered }
    guard let neededStep, let neededVersion else { return nil }
    guard let step = version.step(from: base) else { return .notRaised(needed: neededStep) }
    return version < neededVersion ? .raisedTooLittle(by: step, needed: neededStep) : nil
  }
}

extension FacetedDeclaration {
  fileprivate struct Key: Hashable {
    let kind: String
    let id: String
  }

  /// A runbook's head is compared whatever its id.
  fileprivate var key: Key { Key(kind: kind, id: kind == "runbook" ? "" : id) }

  fileprivate func changes(from base: FacetedDeclaration) -> [RunbookDifference.Change] {
    func change(_ name: String, _ from: String?, _ to: String?, _ step: VersionStep) -> RunbookDifference.Change {
      .init(kind: kind, id: id, what: .changed(property: name, from: from, to: to), step: step)
    }
    let old = Dictionary(base.facets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let new = Set(facets.map(\.name))
    var changes = kind == "runbook" && id != base.id ? [change("runbook", base.id, id, .major)] : []
    for facet in facets {
      let before = old[facet.name]
      guard before?.text.utf8.elementsEqual(facet.text.utf8) != true else { continue }
      // A new field asks nothing of those who send alerts; a changed one may.
      let isNewField = before == nil && facet.name.hasPrefix("field ")
      changes.append(change(facet.name, before?.shown, facet.shown, isNewField ? .minor : facet.step))
    }
    for facet in base.facets where !new.contains(facet.name) {
      changes.append(change(facet.name, facet.shown, nil, facet.step))
    }
    return changes
  }
}
