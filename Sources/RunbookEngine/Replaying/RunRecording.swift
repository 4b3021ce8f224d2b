package import AuditTrail
package import Investigation
package import RunbookLanguage
package import RunbookPorts
package import Values

/// Which configuration a run was started with.
package struct RecordedConfiguration: Hashable, Sendable {
  /// The path under which it was read.
  package let name: String
  package let digest: String
  /// What its relative paths counted from.
  package let folder: String

  init?(_ json: JSON?) {
    guard let name = json?["name"]?.text, let digest = json?["digest"]?.text, let folder = json?["folder"]?.text
    else { return nil }
    (self.name, self.digest, self.folder) = (name, digest, folder)
  }
}

/// A recorded run, ready to be folded again: what it started from, and what happened to it.
package struct RunRecording: Sendable {
  /// A record besides the first.
  package struct Step: Sendable {
    package enum Content: Sendable {
      case event(RunEvent)
      /// What the run found out or intended.
      case told
      /// A query on its way.
      case intended(FetchID)
      /// What changes nothing: how far a query has come, that the run was taken up again.
      case other
    }

    package let sequence: Int64
    package let type: String
    let words: RecordedWords
    package let wall: Timestamp
    package let content: Content

    package var body: JSON { words.json }

    package init(sequence: Int64, type: String, body: JSON, wall: Timestamp, content: Content) {
      self.init(sequence: sequence, type: type, words: .read(body), wall: wall, content: content)
    }

    init(sequence: Int64, type: String, words: RecordedWords, wall: Timestamp, content: Content) {
      self.sequence = sequence
      self.type = type
      self.words = words
      self.wall = wall
      self.content = content
    }
  }

  package let run: String
  /// The runbook, made ready once for all of its runs.
  let variants: RunbookVariants
  package var runbook: CheckedRunbook { variants.checked }
  /// With the thresholds that were in force.
  var compiled: CompiledRunbook { variants.compiled(for: start) }
  package let start: RunStart
  /// When its first record was written.
  package let started: Timestamp
  package let steps: [Step]

  /// The configuration that it was started with; `nil` if there was none.
  package let configuration: RecordedConfiguration?

  package var isClosed: Bool { steps.last?.type == "run.closed" }

  /// - Parameter semantics: The versions of the language's meaning that this program knows.
  package init(
    _ recorded: RecordedRun, from reader: TrailReader, runbooks: PinnedRunbooks, semantics: [String]
  ) throws(ReplayProblem) {
    if let damage = recorded.damage.first { throw .damaged(damage) }
    if let gone = recorded.gone.first { throw .gone(gone) }
    guard let opening = recorded.entries.first, opening.record.type == "run.started" else {
      throw .damaged("it does not begin with 'run.started'")
    }
    guard semantics.contains(opening.record.engine.semantics) else {
      throw .otherSemantics(opening.record.engine.semantics)
    }
    let body = RecordBody(opening.body)
    let pinned = try runbooks.runbook(of: body)
    variants = pinned.variants
    guard pinned.digest == opening.record.place?.runbook else {
      throw .noRunbook("its documents do not have the digest that every record of the run bears")
    }
    run = recorded.run
    started = opening.record.wall
    do throws(RecordProblem) {
      let input = try Self.input(of: body, from: reader)
      start = try RunStart(recordedIn: body, input: input, for: pinned.checked.runbook)
    } catch { throw .badRecord(sequence: 1, type: "run.started", error) }
    configuration = RecordedConfiguration(opening.body["configuration"])
    steps = try Self.steps(
      recorded.entries.map { ($0.record.place?.sequence ?? 0, $0.record.type, $0.body, $0.record.wall) }
    ) { reference throws(RecordProblem) in try Self.evidence(reference, from: reader) }
  }

  /// Reads a run from its records, however they were kept.
  ///
  /// - Parameter started: When the first was written; they are taken to be of the same instant.
  package init(
    _ entries: [JournalEntry], of runbook: CheckedRunbook, started: Timestamp, evidence: RunEvent.EvidenceReading
  ) throws(ReplayProblem) {
    guard let opening = entries.first, opening.type == "run.started" else {
      throw .damaged("it does not begin with 'run.started'")
    }
    variants = RunbookVariants(runbook)
    self.started = started
    configuration = RecordedConfiguration(opening.body["configuration"])
    do throws(RecordProblem) {
      let body = RecordBody(opening.body)
      let isKept = body.json["input"]?["digest"] != nil
      let input = isKept ? try evidence(try body.evidence("input")) : try body.member("input")
      start = try RunStart(recordedIn: body, input: input, for: runbook.runbook)
    } catch { throw .badRecord(sequence: 1, type: opening.type, error) }
    run = start.run
    steps = try Self.steps(
      entries.enumerated().map { (Int64($0 + 1), $1.type, $1.body, started) }, evidence: evidence)
  }

  private static func steps(
    _ records: [(sequence: Int64, type: String, body: JSON, wall: Timestamp)], evidence: RunEvent.EvidenceReading
  ) throws(ReplayProblem) -> [Step] {
    let lastResumption = records.lastIndex { $0.type == "run.resumed" } ?? 0
    var steps: [Step] = []
    for (index, record) in records.enumerated().dropFirst() {
      let content: Step.Content
      do throws(RecordProblem) {
        // A run that was taken up again has not been interrupted.
        content =
          record.type == "run.interrupted" && index < lastResumption
          ? .other : try Self.content(of: record.type, record.body, evidence: evidence)
      } catch { throw .badRecord(sequence: record.sequence, type: record.type, error) }
      steps.append(
        Step(sequence: record.sequence, type: record.type, body: record.body, wall: record.wall, content: content))
    }
    return steps
  }

  private init(
    run: String, _ variants: RunbookVariants, start: RunStart, started: Timestamp,
    configuration: RecordedConfiguration?, steps: [Step]
  ) {
    self.run = run
    self.variants = variants
    self.start = start
    self.started = started
    self.configuration = configuration
    self.steps = steps
  }

  /// The same run with other records after the first.
  package func with(_ steps: [Step]) -> RunRecording {
    RunRecording(run: run, variants, start: start, started: started, configuration: configuration, steps: steps)
  }

  static func input(of opening: RecordBody, from reader: TrailReader) throws(RecordProblem) -> JSON {
    if opening.json["input"]?["digest"] == nil { return try opening.member("input") }
    return try evidence(try opening.evidence("input"), from: reader)
  }

  static func content(
    of entry: RecordedRun.Entry, from reader: TrailReader
  ) throws(RecordProblem) -> Step.Content {
    try content(of: entry.record.type, entry.body) { reference throws(RecordProblem) in
      try Self.evidence(reference, from: reader)
    }
  }

  static func content(
    of type: String, _ body: JSON, evidence: RunEvent.EvidenceReading
  ) throws(RecordProblem) -> Step.Content {
    if let event = try RunEvent(recordedAs: type, body, evidence: evidence) { return .event(event) }
    if type == "query.intended" { return .intended(try FetchID(recordedIn: RecordBody(body))) }
    return Effect.recordTypes.contains(type) ? .told : .other
  }

  static func evidence(
    _ reference: EvidenceReference, from reader: TrailReader
  ) throws(RecordProblem) -> JSON {
    let bytes: [UInt8]
    do { bytes = try reader.evidence(reference.digest) } catch {
      let isRecordedLoss = if case .erased = error { true } else { false }
      throw RecordProblem("evidence", "cannot be had: \(error.message)", isRecordedLoss: isRecordedLoss)
    }
    if let json = bytes.withUnsafeBufferPointer({ JSON(canonical: $0) }) { return json }
    do { return try JSON(parsing: bytes) } catch { throw RecordProblem("evidence", "is no JSON: \(error)") }
  }
}

extension RunRecording {
  /// Reads a run from its records, looking only into those that the fold starts from or is told. A replay that finds the
  /// same has thereby looked at the others as well; for anything else that it finds, the run must be read as a whole.
  ///
  /// - Parameter outlines: Of all of the run's records.
  /// - Returns: `nil` for a run that must be read as a whole: one with anything unusual about it.
  init?(
    _ outlines: [RecordOutline], of run: String, from reader: TrailReader, runbooks: PinnedRunbooks,
    semantics: [String]
  ) {
    guard let opening = outlines.first, opening.type == "run.started", semantics.contains(opening.semantics),
      let json = Self.whole(opening.body, from: reader), let pinned = try? runbooks.runbook(of: RecordBody(json)),
      pinned.digest == opening.runbook, let input = try? Self.input(of: RecordBody(json), from: reader),
      let start = try? RunStart(recordedIn: RecordBody(json), input: input, for: pinned.checked.runbook)
    else { return nil }
    var steps: [Step] = []
    steps.reserveCapacity(outlines.count)
    for outline in outlines.dropFirst() {
      guard let step = Self.step(outline, from: reader) else { return nil }
      steps.append(step)
    }
    self.init(
      run: run, pinned.variants, start: start, started: opening.wall,
      configuration: RecordedConfiguration(json["configuration"]), steps: steps)
  }

  private static func step(_ outline: RecordOutline, from reader: TrailReader) -> Step? {
    let words: RecordedWords
    let content: Step.Content?
    switch outline.type {
    // What was broken off is told of in more than one way.
    case "run.interrupted", "run.resumed": return nil
    case let type where RunEvent.isRecorded(as: type) || outline.body.namesEvidence:
      guard let json = whole(outline.body, from: reader) else { return nil }
      words = .read(json)
      content = try? Self.content(of: type, json) { reference throws(RecordProblem) in
        try evidence(reference, from: reader)
      }
    case let type where Effect.recordTypes.contains(type): (words, content) = (.unread(outline.body), .told)
    case let type:
      let isIntent = type == "query.intended"
      guard let json = outline.body.json(ofMembers: isIntent ? FetchID.recordMembers : []) else { return nil }
      words = .unread(outline.body)
      content = isIntent ? (try? FetchID(recordedIn: RecordBody(json))).map(Step.Content.intended) : .other
    }
    return content.map {
      Step(sequence: outline.sequence, type: outline.type, words: words, wall: outline.wall, content: $0)
    }
  }

  /// - Returns: `nil` for a body that cannot be had as a whole.
  private static func whole(_ text: BodyText, from reader: TrailReader) -> JSON? {
    guard let json = text.json else { return nil }
    guard text.namesEvidence else { return json }
    let (body, problem) = RecordedBody.whole(json, from: reader)
    return problem == nil ? body : nil
  }
}
