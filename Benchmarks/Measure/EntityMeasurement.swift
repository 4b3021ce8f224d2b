import Investigation
import RunbookPorts

/// Forty questions about many entities: from the start of a run to its end, sources answering from memory.
enum EntityMeasurement: Measurement {
  static let name = "entities"
  static let usage = "[COUNT]"

  static func run(_ arguments: [String]) throws {
    let count = arguments.first.flatMap(Int.init) ?? 10_000
    let runbook = try EntityRunbook(entities: count)
    let effects = fold(runbook)
    guard case .close(let outcome)? = effects.last else { throw MeasurementError("the run did not end") }
    print(
      "entities\t\(count)\nanswers\t\(outcome.answers.count)\nunknown\t\(outcome.answers.count(where: \.isUnknown))")
    Timing(batches: 7) { keep(fold(runbook).count) }.report("investigation")
    let timing = Timing(batches: 5) { keep(effects.reduce(0) { $0 + $1.journalEntries.count }) }
    timing.report("its records")
  }

  private static func fold(_ runbook: EntityRunbook) -> [Effect] {
    var investigation = Investigation(runbook.checked, start: runbook.start)
    var pending = investigation.begin()
    var effects: [Effect] = []
    while !pending.isEmpty {
      let turn = pending
      effects += turn
      pending = []
      for case .fetch(let request) in turn {
        pending += investigation.apply(.fetched(request.id, runbook.answer(to: request)))
      }
    }
    return effects
  }
}
