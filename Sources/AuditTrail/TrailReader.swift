package import DurableFiles
internal import RunbookPorts
package import Values

/// Reads a trail, also while others write to it.
package struct TrailReader: Sendable {
  /// Longest wait for somebody who is writing.
  private static let patience = Duration.seconds(1)

  package let layout: TrailLayout

  package let files: any FileSystem

  package init(folder: String, files: any FileSystem = LinuxFiles()) {
    layout = TrailLayout(folder: folder)
    self.files = files
  }

  /// Whether the disk has failed while the log was written, so that a person must look at its end.
  package var isSuspect: Bool { files.exists(layout.suspectMark) }

  /// All lines in order, damaged ones too.
  ///
  /// - Parameters:
  ///   - sequence: Begin in the file that has this record or would have it.
  ///   - offset: Begin there in that file; a line must begin there.
  package func lines(from sequence: Int64 = 0, offset: Int = 0) throws(TrailReadError) -> TrailLines {
    TrailLines(try rawLines(from: sequence, offset: offset))
  }

  /// All lines in order, not looked into.
  package func unreadLines() throws(TrailReadError) -> UnreadLines { UnreadLines(try rawLines(from: 0, offset: 0)) }

  private func rawLines(from sequence: Int64, offset: Int) throws(TrailReadError) -> RawLines {
    do {
      // While nobody writes, files end with a whole line. If somebody holds the lock for long, they are read as they are.
      let lock = try? files.open(layout.lock, for: .reading)
      let isLocked = (try? lock?.lock(waitingAtMost: Self.patience)) != nil
      defer { if isLocked { lock?.unlock() } }
      return RawLines(try parts(from: sequence, offset: offset))
    } catch {
      throw error.isMissing ? .noTrail(layout.folder) : .unreadable(error.message)
    }
  }

  /// All lines, not looked into.
  func rawLines() throws(FileProblem) -> RawLines { RawLines(try parts()) }

  /// The files of the log as long as they are now.
  private func parts(from sequence: Int64 = 0, offset: Int = 0) throws(FileProblem) -> [RawLines.Part] {
    var parts: [RawLines.Part] = []
    let segments = try layout.segments(in: files)
    for segment in segments.dropFirst((segments.lastIndex { $0.first <= sequence }) ?? 0) {
      let file = try files.open(segment.path, for: .reading)
      let size = try file.size()
      parts.append(.init(file: file, start: parts.isEmpty ? min(offset, size) : 0, end: size))
    }
    guard !parts.isEmpty else { throw FileProblem("open", layout.log, code: FileProblem.missingCode) }
    return parts
  }

  /// What was removed of the log's beginning.
  package func removal() throws(TrailReadError) -> RemovedRecords.Reading {
    do { return try layout.removedRecords(in: files) } catch { throw .unreadable(error.message) }
  }

  /// What was removed of the log's beginning; `nil` also for a file that cannot be read, which verification tells.
  package func removed() -> RemovedRecords? { (try? layout.removedRecords(in: files))?.records }

  /// Runs of which only the last records are there, because the first were removed.
  package func cutRuns() -> Set<String> { Set(removed()?.cut.map(\.run) ?? []) }

  /// The runs in the order in which they began, and the lines that are no records. Runs whose first records were
  /// removed are not among them.
  ///
  /// - Parameter sequence: Begin in the file that has this record or would have it.
  package func runs(from sequence: Int64 = 0) throws(TrailReadError) -> (runs: [RunSummary], damaged: [TrailLine]) {
    var runs: [RunSummary] = []
    var positions: [String: Int] = [:]
    var damaged: [TrailLine] = []
    let cut = cutRuns()
    for line in try lines(from: sequence) {
      guard let record = line.record else {
        damaged.append(line)
        continue
      }
      guard let run = record.place?.run, !cut.contains(run) else { continue }
      if let position = positions[run] {
        runs[position].add(record)
      } else {
        positions[run] = runs.count
        runs.append(RunSummary(run: run, first: record))
      }
    }
    return (runs, damaged)
  }

  /// All records of one run in order, and the damaged lines among them: between its first record and its last, or
  /// behind the last of one that is not closed.
  ///
  /// - Parameter name: The run's name or the beginning of it, if only one run's name begins so.
  package func records(ofRun name: String) throws(TrailReadError) -> (records: [TrailLine], damaged: [TrailLine]) {
    var records: [TrailLine] = []
    var damaged: [TrailLine] = []
    var names: Set<String> = []
    for line in try lines() {
      guard let record = line.record else {
        if !records.isEmpty { damaged.append(line) }
        continue
      }
      guard let run = record.place?.run, run.hasPrefix(name) else { continue }
      names.insert(run)
      if names.count == 1 { records.append(line) }
      if run == name, names.count > 1, records.first?.record?.place?.run != name {
        (records, damaged) = ([line], [])
      } else if run == name, names.count > 1 {
        records.append(line)
      }
    }
    guard !names.isEmpty else { throw .noSuchRun(name) }
    guard names.count == 1 || names.contains(name) else { throw .ambiguousRun(name, names.sorted()) }
    if let run = records.first?.record?.place?.run, cutRuns().contains(run) { throw .removedRun(run) }
    if let last = records.last, last.record?.type == TrailLog.closingType {
      damaged.removeAll { $0.number > last.number }
    }
    return (records, damaged)
  }

  /// Where a run stands that is not closed.
  static func history(of run: String, in layout: TrailLayout, _ files: any FileSystem) throws(JournalError)
    -> TrailLog.Run
  {
    let lines: [TrailLine]
    do { lines = try TrailReader(folder: layout.folder, files: files).records(ofRun: run).records } catch {
      throw .cannotWrite(error.message)
    }
    guard let last = lines.last, let place = last.record?.place, place.run == run else {
      throw .cannotWrite(TrailReadError.noSuchRun(run).message)
    }
    if last.record?.type == TrailLog.closingType { throw .closed }
    var check = ChainCheck(isWholeLog: false)
    for line in lines {
      if let problem = check.problems(with: line).first {
        throw .cannotWrite("run '\(run)' cannot go on: line \(problem.line): \(problem.message)")
      }
    }
    return TrailLog.Run(runbook: place.runbook, sequence: place.sequence, previous: last.leaf)
  }
}

/// Why a trail does not answer.
package enum TrailReadError: Error, Hashable, Sendable {
  case noTrail(String)
  /// No exported case lies in the folder.
  case noCase(String)
  case unreadable(String)
  case noSuchRun(String)
  /// A piece of evidence.
  case noRunNames(String)
  /// Its first records were removed, because their time was over.
  case removedRun(String)
  /// Several runs' names begin so; they follow in order.
  case ambiguousRun(String, [String])

  package var message: String {
    switch self {
    case .noTrail(let folder): "there is no trail in '\(folder)'"
    case .noCase(let folder): "there is no case in '\(folder)': `tocsin trail export` writes one"
    case .unreadable(let problem): problem
    case .noSuchRun(let name): "the trail has no run \(name.debugDescription)"
    case .noRunNames(let digest): "no run names the evidence \(digest.debugDescription)"
    case .removedRun(let name): "the first records of run '\(name)' were removed, because their time was over"
    case .ambiguousRun(let name, let names):
      "\(names.count) runs begin with '\(name)': \(names.prefix(5).joined(separator: ", "))"
        + (names.count > 5 ? ", …" : "")
    }
  }
}

/// A run in short.
package struct RunSummary: Hashable, Sendable {
  package enum Status: String, Sendable {
    case open, interrupted, closed
  }

  package let run: String
  /// The digest of the runbook.
  package let runbookDigest: String
  /// The runbook's id and version as the run's first record has them; `nil` if it does not.
  package let runbook: String?
  package let version: String?
  package let started: Timestamp
  /// When it was closed.
  package private(set) var finished: Timestamp?
  package private(set) var status: Status
  package private(set) var verdict: String?
  package private(set) var severity: String?
  package private(set) var records: Int
  /// The process that wrote to it last, as it is named in the trail.
  package private(set) var writer: String?

  init(run: String, first record: TrailRecord) {
    self.run = run
    runbookDigest = record.place?.runbook ?? ""
    runbook = record.body["runbook"]?.text
    version = record.body["version"]?.text
    started = record.wall
    status = .open
    records = 0
    add(record)
  }

  mutating func add(_ record: TrailRecord) {
    records += 1
    switch record.type {
    case TrailLog.closingType:
      status = .closed
      finished = record.wall
      verdict = record.body["verdict"]?.text
      severity = record.body["severity"]?.text
    case "run.interrupted": status = .interrupted
    case "run.started", "run.resumed":
      status = .open
      writer = record.body["writer"]?.text
    default: status = .open
    }
  }
}
