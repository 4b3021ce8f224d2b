import AuditTrail
import DurableFiles
import Exporters
import Glibc
import LogAdapters
import Notifiers
import RunbookEngine
import RunbookPorts
import Values

/// Puts the parts together: the only place that knows which there are.
enum Wiring {
  static let kinds: [any AdapterKind] = LogAdapterKinds.all
  static let validators: [any QueryValidator] = [SQLValidator()]
  static let exporters: [any Exporter] = [CSVExporter(), JSONLinesExporter()]

  /// Opens the trail in a folder for writing.
  ///
  /// - Parameter isAdopted: Whether this machine's key signs from here on what was written without one.
  static func trail(
    _ folder: String, node: String?, keeping: TrailKeeping = TrailKeeping(), isAdopted: Bool = false
  ) throws(JournalError) -> TrailWriter {
    guard !folder.isEmpty else { throw .cannotWrite("--trail names no folder") }
    if Folder.exists(folder), !Folder.exists("\(folder)/.") {
      throw .cannotWrite("'\(folder)' is a file, and a trail is a folder")
    }
    let clock = LiveClock()
    let live = TrailSurroundings.live(
      engine: .init(version: Program.version, semantics: Program.semantics), clock: clock)
    let key = try signingKey()
    let trail = try TrailWriter(
      folder: folder,
      surroundings: TrailSurroundings(
        node: node ?? live.node, bootID: live.bootID, engine: live.engine, clock: clock,
        randomBytes: live.randomBytes, key: key, adoptsUnsigned: isAdopted,
        gatheringDelay: keeping.gathersRecords ? TrailSurroundings.usualGatheringDelay : nil,
        evidenceLimitBytes: keeping.evidenceLimitBytes))
    try trail.announce()
    if !trail.isSigned {
      if key != nil {
        Reports.remark(
          "the trail was written without a key, or its signatures were taken away; it goes on without. If you know what is "
            + "in it, `tocsin trail sign --trail \(folder)` signs it from here on")
      } else if trail.isNew {
        Reports.remark(
          "the trail is not signed, so that it proves nothing to others: `tocsin trail key --create` makes a key")
      }
    }
    return trail
  }

  /// Says what a trail could not keep of the runs that were written to it here.
  static func tellLosses(of trail: TrailWriter) {
    let count = trail.unkeptEvidence
    guard count > 0 else { return }
    Reports.remark(
      "\(count) piece\(count == 1 ? "" : "s") of evidence \(count == 1 ? "was" : "were") not kept, because the trail holds as much as "
        + "it may ('evidence_megabytes'): what rests on \(count == 1 ? "it" : "them") cannot be replayed. `tocsin trail retain` makes room"
    )
  }

  /// The key of this machine's trails; `nil` if there is none.
  static func signingKey() throws(JournalError) -> SigningKey? {
    guard let place = KeyFile.place(in: variable) else { return nil }
    do throws(KeyFileProblem) { return try KeyFile.read(place.path) } catch {
      if case .missing = error, !place.isNamed { return nil }
      throw .cannotWrite("the trail's key cannot be used: \(error.message)")
    }
  }

  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Who calls, as the system knows them.
  static var userName: String {
    getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(geteuid())"
  }

  /// The name of this machine.
  static var hostName: String {
    TrailSurroundings.live(
      engine: .init(version: Program.version, semantics: Program.semantics), clock: LiveClock()
    ).node
  }

  static func engine(
    _ trail: TrailWriter, channel: NoticeChannel?, observer: any RunObserver, interruption: Interruption,
    baselines: BaselineFolder? = nil
  ) -> RunEngine {
    RunEngine(
      parts(
        trail, layout: trail.layout, notifier: notifier(channel, trail.layout), observer: observer,
        interruption: interruption, baselines: baselines))
  }

  /// What an engine needs that works on a trail in `layout`.
  ///
  /// - Parameter scripts: `nil`: a sandbox of this machine.
  static func parts(
    _ journal: any RunJournal, layout: TrailLayout, notifier: any Notifier, observer: any RunObserver,
    interruption: Interruption, baselines: BaselineFolder? = nil, scripts: (any ScriptRunner)? = nil
  ) -> RunEngine.Parts {
    .init(
      journal: journal, joiner: TableJoiner(), history: TrailHistory(TrailReader(folder: layout.folder)),
      exports: FolderExports(ExportWriter(folder: layout.exports)), notifier: notifier,
      desk: desk(layout), observer: observer,
      interruption: interruption,
      surroundings: EngineSurroundings(
        clock: LiveClock(), pause: { try await Task.sleep(for: $0) }, randomBytes: randomBytes),
      baselines: baselines, scripts: scripts ?? SandboxedScripts(exports: layout.exports))
  }

  /// Where people's answers lie.
  static func desk(_ layout: TrailLayout) -> AnswerBox {
    AnswerBox(folder: layout.answers, pause: { try await Task.sleep(for: $0) })
  }

  private static func notifier(_ channel: NoticeChannel?, _ layout: TrailLayout) -> any Notifier {
    switch channel {
    case .command(let words): CommandNotifier(arguments: words, environment: commandEnvironment)
    case .outbox(let path): OutboxNotifier(path: path)
    case nil: OutboxNotifier(path: layout.outbox)
    }
  }

  /// What a notice command sees of our environment: where programs lie, and nothing that may be a secret.
  private static var commandEnvironment: [(name: String, value: String)] {
    ["PATH", "HOME", "LANG", "TZ"].compactMap { name in variable(name).map { (name, $0) } }
  }

  static func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

/// Exports as files in one folder.
private struct FolderExports: ExportStore {
  private let writer: ExportWriter

  init(_ writer: ExportWriter) {
    self.writer = writer
  }

  func write(_ table: Table, as name: String, format: String) throws(ExportProblem) -> ExportReceipt {
    guard let exporter = Wiring.exporters.first(where: { $0.format == format }) else {
      throw ExportProblem("there is no export format '\(format)'")
    }
    do {
      let file = try writer.write(table, as: name, with: exporter)
      return ExportReceipt(file: file.path, digest: file.digest, bytes: file.length)
    } catch {
      throw ExportProblem(error.message)
    }
  }
}

/// SQL as SQLite reads it.
private struct SQLValidator: QueryValidator {
  let language = "sql"

  func columns(
    of query: QueryTemplate, tables: [(name: String, columns: [String])]
  ) throws(QueryProblem) -> [String] {
    do { return try SQLCheck.columns(of: query, tables: tables) } catch {
      throw QueryProblem(error.message, at: error.offset, unknown: Self.unknown(in: error.message))
    }
  }

  /// The table or column that SQLite does not find, by its own words.
  private static func unknown(in message: String) -> QueryProblem.Unknown? {
    for kind in [QueryProblem.Unknown.Kind.table, .column] {
      let beginning = "no such \(kind.rawValue): "
      guard message.hasPrefix(beginning) else { continue }
      // Of what stands in double quotes it says more: "x" - should this be a string literal in single-quotes?
      let rest = message.dropFirst(beginning.count)
      guard !rest.hasPrefix("\"") else { return nil }
      return QueryProblem.Unknown(kind, String(rest))
    }
    return nil
  }
}
