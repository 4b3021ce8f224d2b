import Diagnostics
import RunbookLanguage

/// The runbooks of a tree by their ids: what one says of another, and what two say of themselves.
struct RunbookRegister {
  /// In the order of the documents.
  private let traces: [DocumentTrace]
  /// The first of each id.
  private let first: [String: DocumentTrace]

  init(of traces: [DocumentTrace]) {
    self.traces = traces
    first = Dictionary(traces.compactMap { trace in trace.runbook.map { ($0, trace) } }) { first, _ in first }
  }

  /// - Parameter runbooks: Only what is about one of these is told.
  func findings(touching runbooks: [String]) -> [Diagnostic] {
    let touched = Set(runbooks)
    return traces.flatMap { trace -> [Diagnostic] in
      guard let id = trace.runbook else { return [] }
      let repeated = touched.contains(id) ? repetition(of: id, in: trace) : nil
      return [repeated].compactMap { $0 }
        + (touched.contains(id) ? trace.handsOver.compactMap(unknownRunbook) : [])
        + trace.given.filter { touched.contains(id) || touched.contains($0.runbook) }.compactMap(unknownField)
    }
  }

  private func repetition(of id: String, in trace: DocumentTrace) -> Diagnostic? {
    guard let place = trace.place, let other = first[id]?.place, other.source.name != place.source.name else {
      return nil
    }
    return .repeatedRunbook(id, first: other, at: place)
  }

  /// Other runbooks may stand elsewhere; one that is written almost like one that is here is doubted.
  private func unknownRunbook(_ other: Placed<String>) -> Diagnostic? {
    guard first[other.value] == nil, let meant = nearestName(to: other.value, among: first.keys.sorted()) else {
      return nil
    }
    return .unknownRunbook(other.value, meant: meant, declared: first[meant]?.place, at: other.location)
  }

  private func unknownField(_ given: (runbook: String, field: Placed<String>)) -> Diagnostic? {
    guard let target = first[given.runbook], !target.fields.contains(given.field.value) else { return nil }
    return .handOverField(
      given.field.value, to: given.runbook, known: target.fields, declared: target.place, at: given.field.location)
  }
}
