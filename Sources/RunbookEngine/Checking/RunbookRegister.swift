import Diagnostics
import RunbookLanguage

/// The runbooks of a tree by their ids: what one says of another, and what two say of themselves.
struct RunbookRegister {
  /// In the order of the documents.
  private let traces: [DocumentTrace]
  /// The first of each id.
  private let first: [String: DocumentTrace]
  /// Those that are gone, by their ids.
  private let removed: [String: VersionCheck.Removal]

  init(of traces: [DocumentTrace], removed: [VersionCheck.Removal] = []) {
    self.traces = traces
    self.removed = Dictionary(removed.map { ($0.id, $0) }) { first, _ in first }
    first = Dictionary(traces.compactMap { trace in trace.runbook.map { ($0, trace) } }) { first, _ in first }
  }

  /// - Parameter runbooks: Only what is about one of these is told.
  func findings(touching runbooks: [String]) -> [Diagnostic] {
    let touched = Set(runbooks)
    return traces.flatMap { trace -> [Diagnostic] in
      guard let id = trace.runbook, touched.contains(id) else { return [] }
      return [repetition(of: id, in: trace)].compactMap { $0 } + trace.handOvers.flatMap(findings)
    }
  }

  /// Whether one hands over to a runbook that is not here.
  var leadsOut: Bool {
    traces.contains { trace in trace.handOvers.contains { first[$0.runbook] == nil } }
  }

  /// Those that are gone; who still hands over to one stands in its notes.
  var removals: [Diagnostic] {
    removed.values.sorted { $0.path < $1.path }.map { removal in
      let left = traces.flatMap(\.handOvers).filter { $0.runbook == removal.id }.map(\.location)
      return .runbookRemoved(
        removal.id, version: removal.version, removal.status, from: removal.path, handedOver: left)
    }
  }

  private func repetition(of id: String, in trace: DocumentTrace) -> Diagnostic? {
    guard let place = trace.place, let other = first[id]?.place, other.source.name != place.source.name else {
      return nil
    }
    return .repeatedRunbook(id, first: other, at: place)
  }

  private func findings(on handOver: Verdict.HandOver) -> [Diagnostic] {
    guard let target = first[handOver.runbook] else { return unknownRunbook(handOver).map { [$0] } ?? [] }
    guard let fields = target.fields else { return [] }
    let given = handOver.fields.compactMap { given -> Diagnostic? in
      guard let field = fields.first(where: { $0.id == given.id }) else {
        return .handOverField(
          given.id, to: handOver.runbook, known: fields.map(\.id), declared: target.place, at: given.place)
      }
      guard !field.type.mayAdmit(given.expression) else { return nil }
      return .handOverType(field, of: handOver.runbook, found: given.expression)
    }
    let missing = fields.filter { field in
      field.expression.names.contains("alert") && !handOver.fields.contains { $0.id == field.id }
    }
    return given + (missing.isEmpty ? [] : [.handOverLacks(missing, of: handOver.runbook, at: handOver.location)])
  }

  /// Other runbooks may stand elsewhere; one that is written almost like one that is here is doubted.
  private func unknownRunbook(_ handOver: Verdict.HandOver) -> Diagnostic? {
    if let removal = removed[handOver.runbook] {
      return .handOverToRemoved(handOver.runbook, stood: removal.path, at: handOver.location)
    }
    guard let meant = nearestName(to: handOver.runbook, among: first.keys.sorted()) else { return nil }
    return .unknownRunbook(handOver.runbook, meant: meant, declared: first[meant]?.place, at: handOver.location)
  }
}
