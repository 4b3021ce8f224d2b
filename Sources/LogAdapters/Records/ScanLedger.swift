import RunbookPorts
import Synchronization
import Values

/// Tells a scan that it must end: its time is over, or nobody waits for it any more. Shared between threads.
final class ScanControl: Sendable {
  private let cancelled = Atomic(false)
  private let deadline: ContinuousClock.Instant

  init(time: Duration) { deadline = .now + time }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
  var isOver: Bool { isCancelled || ContinuousClock.now >= deadline }
}

/// What one pass over a table's records met: counts, the span of their times, and what could not be read.
///
/// Used by one thread at a time.
final class ScanLedger {
  let control: ScanControl
  private(set) var statistics = FetchStatistics()
  private(set) var first: Timestamp?
  private(set) var last: Timestamp?
  /// Whether every record was looked at.
  private(set) var isWhole = false
  /// Why records are missing, if some are.
  private(set) var gaps: [String] = []
  /// What people should know besides, in whole sentences but for the full stop.
  private var remarks: [String] = []
  /// The columns that no record had so far; `nil` before the first record.
  private var absentColumns: [String]?
  /// Whether the line that is looked at ends the log without a line end: it is still being written.
  var isAtUnfinishedLine = false
  /// Whether records without a time fall out of what is asked for, because the query has bounds on it.
  let asksByTime: Bool
  private let window: TimeWindow?
  private var isPart = false
  private var firstMalformed: (place: ScanPlace, problem: String)?
  private var firstRepaired: ScanPlace?
  /// Records whose time is not known since the last one with a time.
  private var untimed = Untimed()
  /// The time of the file's last record that had one.
  private var previous: Timestamp?
  /// The latest time of the file so far.
  private var latest: Timestamp?
  private var isInOrder = true
  /// How many records whose time is not known may belong to the window.
  private var hidden = Untimed()
  /// How many stand in the log where they cannot, as long as it is in the order of time.
  private var outside = Untimed()
  /// What would give times to records that have none.
  private var remedy: String?
  private var switches = SourceSwitches()
  /// Where in the judged window times were met.
  private var slices: WindowSlices?
  private var isFinished = false
  /// Of a part: what came before its first record with a time, and that.
  private let isOfPart: Bool
  private var leading = Untimed()
  private var firstNoted: Timestamp?
  /// Of a part: whether a file began before that.
  private var beginsWithFile = false
  /// Of a part in which another file begins later: the earliest time before it does.
  private var firstBeforeFile: Timestamp?

  /// Records whose time is not known.
  private struct Untimed {
    /// Those that were not understood.
    var malformed = 0
    /// Those that were understood and say no time.
    var timeless = 0

    var isEmpty: Bool { malformed == 0 && timeless == 0 }

    static func += (left: inout Untimed, right: Untimed) {
      left.malformed += right.malformed
      left.timeless += right.timeless
    }
  }

  /// - Parameters:
  ///   - window: The span that is asked about; `nil`: everything.
  ///   - judged: The part of it in which silence is looked for.
  init(control: ScanControl, window: TimeWindow? = nil, judged: TimeWindow? = nil, asksByTime: Bool = false) {
    self.control = control
    self.window = window
    self.asksByTime = asksByTime
    slices = judged.map(WindowSlices.init)
    isOfPart = false
  }

  /// For a part of the records, to be added when it is read.
  init(partOf whole: ScanLedger) {
    control = whole.control
    window = whole.window
    asksByTime = whole.asksByTime
    slices = whole.slices.map { WindowSlices($0.window) }
    isOfPart = true
  }

  /// Adds what was met in the part that follows.
  func add(_ part: ScanLedger) {
    statistics.recordsRead += part.statistics.recordsRead
    statistics.bytesRead += part.statistics.bytesRead
    statistics.malformedRecords += part.statistics.malformedRecords
    statistics.repairedRecords += part.statistics.repairedRecords
    first = [first, part.first].compactMap { $0 }.min()
    last = [last, part.last].compactMap { $0 }.max()
    for gap in part.gaps { noteGap(gap) }
    for remark in part.remarks { self.remark(remark) }
    if let absent = part.absentColumns { noteAbsent(columns: absent) }
    firstMalformed = firstMalformed ?? part.firstMalformed
    firstRepaired = firstRepaired ?? part.firstRepaired
    remedy = remedy ?? part.remedy
    switches.add(part.switches)
    if let met = part.slices { slices?.add(met) }
    if part.beginsWithFile { beginFile() }
    hidden += part.hidden
    outside += part.outside
    guard let firstNoted = part.firstNoted else {
      untimed += part.untimed
      return
    }
    isInOrder = isInOrder && part.isInOrder && !isBack(part.firstBeforeFile ?? part.first ?? firstNoted)
    untimed += part.leading
    placeUntimed(before: firstNoted)
    (untimed, previous) = (part.untimed, part.previous)
    latest = part.firstBeforeFile == nil ? [latest, part.latest].compactMap { $0 }.max() : part.latest
  }

  func countRecord(bytes: Int) {
    statistics.recordsRead += 1
    statistics.bytesRead += bytes
  }

  /// - Parameter isUnfinished: Whether the record is not there yet, so that nothing is hidden in it; `nil`: if its line
  ///   is the log's last and has no end.
  func countMalformed(_ problem: String, at place: @autoclosure () -> ScanPlace, isUnfinished: Bool? = nil) {
    statistics.malformedRecords += 1
    if firstMalformed == nil { firstMalformed = (place(), problem) }
    if !(isUnfinished ?? isAtUnfinishedLine) { untimed.malformed += 1 }
  }

  /// Called for a record that was understood and has no time, though records of its table may have one.
  ///
  /// - Parameter remedy: What would give it one, as a sentence part.
  func noteTimeless(remedy: String? = nil) {
    guard asksByTime else { return }
    untimed.timeless += 1
    self.remedy = self.remedy ?? remedy
  }

  func countRepaired(at place: @autoclosure () -> ScanPlace) {
    statistics.repairedRecords += 1
    if firstRepaired == nil { firstRepaired = place() }
  }

  func note(_ time: Timestamp) {
    // Most records bear the time of the one before.
    if time == previous, untimed.isEmpty { return }
    slices?.note(time)
    if isOfPart, firstNoted == nil {
      (firstNoted, leading, untimed) = (time, untimed, Untimed())
    } else if !untimed.isEmpty {
      placeUntimed(before: time)
    }
    previous = time
    if let latest, time <= latest {
      if isBack(time) { isInOrder = false }
    } else {
      latest = time
    }
    if let first, let last {
      if time < first { self.first = time }
      if time > last { self.last = time }
    } else {
      (first, last) = (time, time)
    }
  }

  /// Called besides for a record that may as well bear an earlier time.
  func note(_ time: Timestamp, orEarlier earlier: Timestamp) {
    guard let window, window.contains(time) != window.contains(earlier) else { return }
    noteGap(
      "of an hour that comes twice, as summer time ends, nobody knows which one records mean, and only one of the two "
        + "belongs to the window")
  }

  /// Called for a record by which the source says that it falls silent, or speaks again.
  func note(_ change: SourceSwitches.Change, at time: Timestamp) { switches.add(change, at: time) }

  /// Called before the first record of a file: what stands in another says nothing of its order.
  func beginFile() {
    if isOfPart, firstNoted == nil { beginsWithFile = true }
    if isOfPart, firstBeforeFile == nil { firstBeforeFile = first }
    placeUntimed(before: nil)
    (previous, latest) = (nil, nil)
  }

  /// Whether a time lies further behind those of its file than lines do in a log that is in the order of time.
  private func isBack(_ time: Timestamp) -> Bool {
    latest.map { time < $0 && time.since($0) < .zero - TimeOrder.slack } ?? false
  }

  /// In a log that is in the order of time what has no time that is known lies between its neighbours.
  private func placeUntimed(before next: Timestamp?) {
    let isOutside = window.map { (previous ?? $0.to) > $0.to || (next ?? $0.from) < $0.from } ?? false
    if isOutside { outside += untimed } else { hidden += untimed }
    untimed = Untimed()
  }

  func noteGap(_ reason: String) {
    if !gaps.contains(reason) { gaps.append(reason) }
  }

  func remark(_ sentence: String) {
    if !remarks.contains(sentence) { remarks.append(sentence) }
  }

  /// Called at the end of records that have such columns, or of a part of them.
  ///
  /// - Parameter columns: Those that the query reads and none of the records had.
  func noteAbsent(columns: [String]) { absentColumns = absentColumns?.filter(columns.contains) ?? columns }

  /// Called when records are left out that lie before or after what is asked for.
  func notePart(from: Timestamp?, to: Timestamp?) {
    isPart = true
    slices?.excuse(before: from, after: to)
  }

  /// Called when a cursor has come to the end of all files.
  func finish() {
    isFinished = true
    isWhole = !isPart
    placeUntimed(before: nil)
    // Something was recorded, and nobody can say what: that is no silence.
    if statistics.malformedRecords > 0, statistics.malformedRecords >= statistics.recordsRead {
      noteGap("none of its records was understood")
    }
  }

  /// Why rows of the window may be missing: records that may belong to it, and that nobody understood or that say no
  /// time; columns that no record has, of which nobody knows what they would have said; and silence that the source tells
  /// of itself.
  var hiddenRecords: [String] {
    var reasons: [String] = []
    var hidden = hidden
    if !isInOrder { hidden += outside }
    if hidden.malformed > 0, let firstMalformedText {
      let records =
        hidden.malformed == 1
        ? "1 record that may belong to it was" : "\(hidden.malformed) records that may belong to it were"
      reasons.append("\(records) not understood; the first of the log: \(firstMalformedText)")
    }
    if hidden.timeless > 0 {
      let records =
        hidden.timeless == 1
        ? "1 record that may belong to it has" : "\(hidden.timeless) records that may belong to it have"
      reasons.append("\(records) no time\(remedy.map { ": \($0)" } ?? "")")
    }
    if let absentColumns, !absentColumns.isEmpty {
      reasons.append("no record that was read has \(absentColumns.map { "`\($0)`" }.joined(separator: ", "))")
    }
    if let silence = window.flatMap({ switches.silence(in: $0, first: first) }) { reasons.append(silence) }
    return reasons
  }

  /// Where in the judged window the scan met times; `nil` as long as it is not over.
  var metSlices: WindowSlices? { isFinished ? slices : nil }

  private lazy var firstMalformedText = firstMalformed.map { "\($0.place): \($0.problem)" }

  /// Sentences for people.
  var warnings: [String] {
    var warnings: [String] = []
    if let firstMalformedText {
      let count = statistics.malformedRecords
      warnings.append(
        "\(count) \(count == 1 ? "record was" : "records were") not understood; the first: \(firstMalformedText)")
    }
    if let firstRepaired {
      let count = statistics.repairedRecords
      warnings.append(
        "\(count) \(count == 1 ? "record is" : "records are") not valid UTF-8 and "
          + "\(count == 1 ? "was" : "were") repaired; the first: \(firstRepaired)")
    }
    return warnings + remarks
  }
}
