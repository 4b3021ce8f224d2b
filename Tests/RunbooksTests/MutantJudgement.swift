import Diagnostics
import RunbookLanguage
import YAMLTree

/// What the check makes of runbooks with one change each.
struct MutantJudgement {
  enum Outcome: Hashable, CaseIterable {
    /// A finding, or a note of one, lies on a changed line.
    case told
    /// Something that was dropped is told by its name where it is missed.
    case missed
    /// It means the same: the difference in meaning is empty.
    case same
    /// Another runbook, good as well: the difference in meaning is at the change, and asks for another version.
    case other
    /// A finding, and none at the change.
    case toldElsewhere
    /// No finding, and a difference in meaning somewhere else.
    case silent
  }

  /// What the check says of a document.
  typealias Check = (SourceText) -> (findings: [Diagnostic], runbook: CheckedRunbook?)

  private let check: Check
  private let runbook: CheckedRunbook
  /// What is told of the runbook as it is.
  private let known: [String: Int]
  /// The names that imports declare.
  private let imported: Set<String>

  /// - Returns: `nil` if the runbook itself has errors.
  init?(_ source: SourceText, check: @escaping Check) {
    let result = check(source)
    guard let runbook = result.runbook else { return nil }
    self.check = check
    self.runbook = runbook
    let imports = runbook.documents.dropFirst().compactMap { YAMLReader.read($0).root }
    imported = Set(imports.flatMap { $0.pairs ?? [] }.flatMap { $0.value.pairs ?? [] }.compactMap(\.key.scalar?.text))
    known = Self.counted(result.findings)
  }

  func judge(_ mutant: RunbookMutant) -> (outcome: Outcome, findings: [Diagnostic]) {
    let source = SourceText(name: runbook.documents.first?.name ?? "", bytes: mutant.bytes)
    let result = check(source)
    var seen: [String: Int] = [:]
    let new = result.findings.filter { finding in
      seen[Self.key(finding), default: 0] += 1
      return seen[Self.key(finding), default: 0] > known[Self.key(finding), default: 0]
    }
    if new.contains(where: { isAt(mutant.lines, $0, in: source) }) { return (.told, new) }
    if new.contains(where: { misses(mutant, $0) }) { return (.missed, new) }
    guard let other = result.runbook else { return (.toldElsewhere, new) }
    let difference = RunbookDifference(from: runbook.runbook, to: other.runbook)
    if difference.changes.isEmpty { return (.same, new) }
    let isThere = difference.changes.contains { change in
      // A section that went takes all of its declarations with it.
      mutant.path.count == 1 && RunbookMutant.declarationKinds[mutant.path[0]] == change.kind
        || RunbookMutant.Declaration(kind: change.kind, id: change.kind == "runbook" ? "" : change.id)
          == mutant.declaration
    }
    if isThere { return (.other, new) }
    return (new.contains { $0.severity >= .warning } ? .toldElsewhere : .silent, new)
  }

  private func isAt(_ lines: ClosedRange<Int>, _ finding: Diagnostic, in source: SourceText) -> Bool {
    let places = [finding.location] + finding.notes.map(\.location)
    return places.compactMap { $0 }.contains { place in
      place.source.name == source.name && (place.start.line...place.end.line).overlaps(lines)
    }
  }

  /// Whether a finding names something that was dropped, or that was imported by what was dropped.
  private func misses(_ mutant: RunbookMutant, _ finding: Diagnostic) -> Bool {
    guard mutant.kind == .drop, finding.severity == .error else { return false }
    let named = finding.message.matches(of: /'([^']+)'/).map { String($0.output.1) }
    return named.contains { mutant.dropped.contains($0) || mutant.path == ["import"] && imported.contains($0) }
  }

  private static func key(_ finding: Diagnostic) -> String { "\(finding.code.id) \(finding.message)" }

  private static func counted(_ findings: [Diagnostic]) -> [String: Int] {
    Dictionary(findings.map { (key($0), 1) }, uniquingKeysWith: +)
  }
}
