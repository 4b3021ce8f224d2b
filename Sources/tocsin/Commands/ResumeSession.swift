import AuditTrail
import Diagnostics
import Investigation
import RunbookEngine
import RunbookPorts
import Values

/// Takes up runs that were broken off.
struct ResumeSession {
  private let trail: String
  private let format: OutputFormat
  private let options: DeploymentOptions
  private let reader: TrailReader
  private let baselines: BaselineFolder?
  private let interruption: Interruption

  /// - Parameter baselines: The folder of what was learned ahead of runs.
  init(
    trail: String, format: OutputFormat, deployment: DeploymentOptions, baselines: String?,
    interruption: Interruption = Interruption()
  ) {
    self.baselines = baselines.map(BaselineFolder.init)
    self.trail = trail
    self.format = format
    options = deployment
    reader = TrailReader(folder: trail)
    self.interruption = interruption
  }

  // MARK: By command

  /// Takes up a run, or all that are open.
  ///
  /// - Returns: The exit code.
  func resume(_ name: String?) async throws(Unusable) -> Int32 {
    let runs = try openRuns(named: name)
    guard !runs.isEmpty else {
      // A crash may have left the last records of a closed run under no checkpoint.
      if name == nil { try await anchor(openTrail(nil)) }
      Reports.remark(name.map { "no run that is open begins with '\($0)'" } ?? "no run is open")
      return name == nil ? Ending.done : Ending.incomplete
    }
    let given = try givenDeployment()
    let signals = Signals(interruption)
    defer { withExtendedLifetime(signals) {} }
    let writer = try openTrail(given ?? lastDeployment(of: runs))
    defer { Wiring.tellLosses(of: writer) }
    var ending = Ending.done
    for run in runs {
      let narrator = Narrator(trail: trail, isSilent: format == .json)
      switch await take(up: run, given, writer, narrator) {
      case .failed(let problem):
        Reports.remark("run \(run.run) cannot be taken up: \(problem.message)")
        ending = Ending.incomplete
      case .leftToOthers:
        Reports.remark("run \(run.run) was taken up by another process at the same time: it is left alone")
      case .done(let result):
        if format == .json { Reports.printJSON(narrator.json(of: result)) }
        if let reason = result.interruption {
          Reports.remark("run \(result.run) was interrupted: \(reason)")
          return Ending.incomplete
        }
      }
    }
    try await anchor(writer)
    return ending
  }

  private func anchor(_ writer: TrailWriter) async throws(Unusable) {
    do throws(JournalError) { try await writer.anchor() } catch {
      throw Unusable("cannot write the trail: \(error.message)")
    }
  }

  private func openRuns(named name: String?) throws(Unusable) -> [RunSummary] {
    let runs: [RunSummary]
    do throws(TrailReadError) { runs = try reader.runs().runs } catch { throw Unusable(error.message) }
    return runs.filter { run in
      guard run.status != .closed, name.map({ run.run.hasPrefix($0) }) ?? true else { return false }
      if let writer = run.writer, reader.isWriting(writer) {
        Reports.remark("run \(run.run) is being written by a living process: it is left alone")
        return false
      }
      return true
    }
  }

  private func givenDeployment() throws(Unusable) -> Deployment? {
    let (deployment, findings) = try options.read()
    Reports.show(findings.filter { $0.severity > .note })
    if findings.contains(where: { $0.severity == .error }) {
      throw Unusable("nothing was taken up: the configuration has errors (\(Reports.counts(findings)))")
    }
    return deployment
  }

  private func openTrail(_ given: Deployment?) throws(Unusable) -> TrailWriter {
    do throws(JournalError) {
      return try Wiring.trail(trail, node: given?.node, keeping: given?.trail ?? TrailKeeping())
    } catch {
      throw Unusable("cannot write the trail: \(error.message)")
    }
  }

  // MARK: By the way

  /// Takes up the runs of processes that a crash has broken off. What cannot be taken up is said and left.
  func resumeLost(_ writer: TrailWriter) async {
    for lost in reader.lostWriters() {
      guard let runs = try? reader.runs(from: lost.first).runs else { continue }
      var isDone = true
      for run in runs where run.writer == lost.name && run.status == .open {
        switch await take(up: run, nil, writer, Narrator(trail: trail, isSilent: true)) {
        case .done(let result):
          let end = result.outcome.map { "its verdict is \($0.verdict)" } ?? "it was interrupted"
          Reports.remark("run \(run.run), which was broken off, was taken up: \(end)")
        // Another process that was started at the same time does all this.
        case .leftToOthers: continue
        case .failed(let problem):
          isDone = false
          Reports.remark(
            "run \(run.run) was broken off and cannot be taken up here: \(problem.message); see tocsin resume --help")
        }
      }
      if isDone { reader.forget(lost) }
    }
  }

  // MARK: One run

  private enum Taken {
    case done(RunResult)
    /// Another process was first.
    case leftToOthers
    case failed(Unusable)
  }

  private func take(
    up run: RunSummary, _ given: Deployment?, _ writer: TrailWriter, _ narrator: Narrator
  ) async -> Taken {
    do throws(Unusable) {
      let recorded = try recorded(run.run)
      let recording = try recording(of: recorded)
      let deployment = if let given { given } else { try recordedDeployment(of: recording) }
      narrator.recall(recorded.entries.map { ($0.record.type, $0.body) })
      let engine = Wiring.engine(
        writer, channel: deployment?.channel, observer: narrator, interruption: interruption,
        baselines: baselines)
      do throws(ResumeProblem) {
        return .done(try await engine.resume(recording, sources: BoundSources(deployment), deployment: deployment))
      } catch {
        return error.isTakenUp ? .leftToOthers : .failed(Unusable(error.message))
      }
    } catch { return .failed(error) }
  }

  private func recorded(_ run: String) throws(Unusable) -> RecordedRun {
    do throws(TrailReadError) { return try RecordedRun(run, from: reader) } catch { throw Unusable(error.message) }
  }

  private func recording(of recorded: RecordedRun) throws(Unusable) -> RunRecording {
    do throws(ReplayProblem) {
      return try RunRecording(recorded, from: reader, runbooks: PinnedRunbooks(reader), semantics: [Program.semantics])
    } catch { throw Unusable(error.message) }
  }

  /// The newest of the configurations that runs were started with and that still are what they were: it says how the
  /// trail is kept.
  private func lastDeployment(of runs: [RunSummary]) -> Deployment? {
    runs.reversed().lazy.compactMap { run in try? recordedDeployment(of: recording(of: recorded(run.run))) }.first
  }

  /// The configuration that the run was started with, if it is still what it was.
  private func recordedDeployment(of recording: RunRecording) throws(Unusable) -> Deployment? {
    guard let recorded = recording.configuration else { return nil }
    let document: SourceText
    do { document = try Documents.load(recorded.name, as: "its configuration") } catch {
      throw Unusable("\(error.message); name another with --config")
    }
    guard ContentDigest.of(document.bytes) == recorded.digest else {
      throw Unusable("its configuration '\(recorded.name)' has changed since; name one with --config")
    }
    let (deployment, findings) = DeploymentReader(kinds: Wiring.kinds).read(document, folder: recorded.folder)
    guard let deployment else {
      throw Unusable("its configuration '\(recorded.name)' has errors (\(Reports.counts(findings)))")
    }
    return deployment
  }
}
