package import Values

/// Whether rows of a window hold values, or combinations of up to three, that no earlier row had.
///
/// Whatever the window holds, only rows before it teach. `value` is how many were new, `from` and `to` when the first and
/// the last of them came.
///
/// - Parameter rows: In any order; those after the window are left out.
/// - Parameter atLeast: How many must be new to count; `nil`: one.
package func judgeNewValues(
  _ rows: [(time: Timestamp, values: [ExactString])], window: (from: Timestamp, to: Timestamp),
  minimumHistory: MinimumHistory, atLeast: Double? = nil, excluding excluded: [(from: Timestamp, to: Timestamp)] = []
) -> Judgement {
  var known: Set<[ExactString]> = []
  var (first, last): (Timestamp?, Timestamp?)
  var count = 0
  for row in rows where row.time < window.from {
    if excluded.contains(where: { $0.from <= row.time && row.time <= $0.to }) { continue }
    known.insert(row.values)
    first = min(first ?? row.time, row.time)
    last = max(last ?? row.time, row.time)
    count += 1
  }
  switch minimumHistory {
  case .points(let needed):
    guard count >= needed else {
      return .insufficient("the history has \(count) rows before the window; \(needed) are needed")
    }
  case .duration(let needed):
    let reached = first.map { window.from.since($0) } ?? .zero
    guard reached >= needed else {
      return .insufficient("the history is \(reached.shorthand) long; \(needed.shorthand) are needed")
    }
  }
  var new: [[ExactString]: Timestamp] = [:]
  for row in rows where window.from <= row.time && row.time <= window.to && !known.contains(row.values) {
    new[row.values] = min(new[row.values] ?? row.time, row.time)
  }
  var finding = Finding(
    breached: !new.isEmpty && Double(new.count) >= atLeast ?? 1, value: Double(new.count), expected: 0,
    kind: .newValues)
  if !finding.breached, !new.isEmpty { finding.shortfall = atLeast.map(Shortfall.atLeast) }
  if finding.breached { (finding.from, finding.to) = (new.values.min(), new.values.max()) }
  finding.newValues = new.map { (time: $1, text: $0.map(\.text).joined(separator: ", ")) }
    .sorted { ($0.time, $0.text) < ($1.time, $1.text) }.prefix(Finding.newValuesLimit).map(\.text)
  finding.history = HistoryUsed(points: count, from: first, to: last)
  return .judged(finding)
}
