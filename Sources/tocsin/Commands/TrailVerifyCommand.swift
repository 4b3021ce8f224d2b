import ArgumentParser
import AuditTrail
import Diagnostics
import DurableFiles
import Foundation
import RunbookEngine
import Synchronization
import Values

struct TrailVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Tell whether a trail is as it was written.",
    discussion: """
      Looks at every line of the log, at the signed checkpoints, at all evidence and
      at the runbooks that runs rest on; with a run's name, at that run's only. Of a
      case it looks at every file that the records or the signed statement name. The
      answer is one of

        VERIFIED          nothing was changed since it was signed
        VERIFIED-PREFIX   so far as checkpoints go, and more follows
        TAMPERED          something is not as it was written; the first bad record
        UNVERIFIABLE      nothing tells: no key, no signed checkpoint, no records,
                          or no word of a witness who was named

      and with it comes what this way of signing cannot detect. Without --key the
      key of this machine is used (see `tocsin trail key`).

        tocsin trail verify --trail trail
        tocsin trail verify --case 20261123T043502Z-k3f9q2.case
        tocsin trail verify latest --trail trail --key 'tocsin/web1+1f…+AZ…'
        tocsin trail verify --trail trail --checkpoint kept-elsewhere.checkpoint

      Ends with 0 for VERIFIED alone, with 1 for any other answer, with 2 if the
      trail cannot be read.
      """)

  @Argument(help: ArgumentHelp("A run's name, the beginning of it, or 'latest'.", valueName: "run"))
  var name: String?

  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String?

  @Option(
    name: .customLong("case"),
    help: ArgumentHelp("Instead of a trail: the folder of a case that `trail export` wrote.", valueName: "folder"))
  var exported: String?

  @Option(name: .long, help: "text, or json for machines.")
  var format = OutputFormat.text

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A key that may have signed, or a file that holds one; may be given more than once.", valueName: "key"))
  var key: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The key of a witness who must have signed a checkpoint; may be given more than once.", valueName: "key"))
  var witness: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A checkpoint that was kept elsewhere: the log must have grown from it; may be given more than once.",
      valueName: "file"))
  var checkpoint: [String] = []

  /// Times that a trail which others write to is verified again before it is called TAMPERED.
  private static let repetitionLimit = 5

  func validate() throws {
    for text in witness where WitnessKey(text) == nil {
      throw ValidationError("--witness takes a witness's key, NAME+HASH+BASE64, and '\(visible(text))' is none")
    }
    if exported != nil, !checkpoint.isEmpty { throw ValidationError("--checkpoint goes with --trail") }
    if (trail == nil) == (exported == nil) {
      throw ValidationError("say what to verify: --trail FOLDER or --case FOLDER")
    }
    if exported != nil, name != nil { throw ValidationError("a case is of one run: --case takes no run") }
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    let result: Verification
    let run: String?
    let indexProblem: String?
    do throws(Unusable) {
      let keys = try TrailKeys.named(key)
      run = try runName()
      result = try verify(keys, run)
      indexProblem = run == nil ? try self.indexProblem() : nil
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
    switch format {
    case .json: Reports.printJSON(result.json(run: run))
    case .text: Terminal.print(result.lines(run: run).map { visible($0) }.joined(separator: "\n"))
    }
    if let indexProblem { Reports.remark(indexProblem) }
    throw ExitCode(result.status == .verified && indexProblem == nil ? Ending.done : Ending.found)
  }

  /// Why the index beside the trail, if there is one, is not to be believed.
  private func indexProblem() throws(Unusable) -> String? {
    guard let trail else { return nil }
    let reader = TrailReader(folder: trail)
    guard Folder.exists(RunListing.indexFile(of: reader.layout)) else { return nil }
    do throws(TrailReadError) { return try RunListing.indexProblem(of: reader) } catch { throw Unusable(error.message) }
  }

  private func runName() throws(Unusable) -> String? {
    guard let name, let trail else { return nil }
    do throws(TrailReadError) {
      let reader = TrailReader(folder: trail)
      let run = name == "latest" ? try reader.runs().runs.last?.run ?? name : name
      return try reader.records(ofRun: run).records.first?.record?.place?.run
    } catch { throw Unusable(error.message) }
  }

  private func verify(_ keys: [VerifierKey], _ run: String?) throws(Unusable) -> Verification {
    let progress = VerificationProgress()
    var elsewhere: [TrailAnchor] = []
    for path in checkpoint { elsewhere.append(try AnchorFile.read(path)) }
    do throws(TrailReadError) {
      let witnesses = witness.compactMap { WitnessKey($0) }
      if let exported { return try CaseVerifier(folder: exported, keys: keys, witnesses: witnesses).verify() }
      func verify() throws(TrailReadError) -> Verification {
        try TrailVerifier(
          folder: trail ?? "", run: run, keys: keys, witnesses: witnesses,
          elsewhere: elsewhere, width: ProcessInfo.processInfo.activeProcessorCount,
          progress: { progress.show($0) }
        ).verify()
      }
      var result = try verify()
      // Evidence may be erased, and its beginning removed, while the log is read: what says so stands behind what was read.
      for _ in 0..<Self.repetitionLimit where result.status == .tampered {
        let again = try verify()
        defer { result = again }
        if again.records == result.records, again.removed?.before == result.removed?.before { break }
      }
      return result
    } catch { throw Unusable(error.message) }
  }
}

/// The keys that a command is given.
enum TrailKeys {
  /// `NAME+HASH+BASE64`, whatever they are.
  private static func looksLikeKey(_ text: String) -> Bool {
    text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).count == 3
  }

  /// - Parameter texts: Verifier keys, or paths of files that hold one. If there are none, this machine's own key.
  static func named(_ texts: [String]) throws(Unusable) -> [VerifierKey] {
    var keys: [VerifierKey] = []
    for text in texts {
      if let key = VerifierKey(text) {
        keys.append(key)
        continue
      }
      guard !looksLikeKey(text) || Folder.exists(text) else {
        throw Unusable("'\(text)' is no verifier key: its hash or its digits are not right")
      }
      do throws(KeyFileProblem) { keys.append(try KeyFile.readVerifier(text)) } catch { throw Unusable(error.message) }
    }
    guard keys.isEmpty, let place = KeyFile.place(in: Wiring.variable) else { return keys }
    for path in [place.path + KeyFile.publicSuffix, place.path] {
      if let key = try? KeyFile.readVerifier(path) { return [key] }
    }
    return []
  }
}

/// Tells people how far the reading of a long log is, a percent at a time.
private final class VerificationProgress: Sendable {
  private let shown = Mutex(0)

  func show(_ fraction: Double) {
    let percent = Int(fraction * 100)
    let isNews = shown.withLock { last in
      defer { last = max(last, percent) }
      return percent > last
    }
    if isNews, percent < 100 { Terminal.showProgress("tocsin: \(percent) % of the log has been read") }
  }
}

extension Verification {
  func json(run: String?) -> JSON {
    let problems = problems.map { problem -> JSON in
      .object([
        "check": .string(problem.check.rawValue), "record": problem.record.map(JSON.integer) ?? .null,
        "run": problem.run.map(JSON.string) ?? .null, "message": .string(problem.message),
      ])
    }
    let checkpoint = checkpoint.map { checkpoint -> JSON in
      .object([
        "origin": .string(checkpoint.origin), "size": .integer(checkpoint.size),
        "root": .string(Base64.text(of: checkpoint.root.bytes)),
      ])
    }
    let evidence = JSON.object([
      "intact": .integer(Int64(evidence.intact)), "gone": .integer(Int64(evidence.gone)),
      "not_kept": .integer(Int64(evidence.notKept)),
    ])
    let members: KeyValuePairs<String, JSON?> = [
      "status": .string(status.rawValue), "removed": removed?.body ?? .null, "run": run.map(JSON.string) ?? .null,
      "records": .integer(records), "covered": .integer(covered), "first_bad": firstBad.map(JSON.integer) ?? .null,
      "problems": .array(problems), "remarks": .array(remarks.map(JSON.string)),
      "notes": .array(notes.map(JSON.string)), "witnessed": witnessed.map(JSON.integer) ?? .null,
      "checkpoint": checkpoint ?? .null, "key": key.map { .string($0.text) } ?? .null,
      "runs": .object(["closed": .integer(Int64(closedRuns)), "open": .integer(Int64(openRuns))]),
      "evidence": evidence, "documents": .integer(Int64(documents)),
      "exports": .object([
        "intact": .integer(Int64(exports.intact)), "changed": .integer(Int64(exports.changed)),
      ]), "kept_elsewhere": keptElsewhere.map(JSON.integer) ?? .null, "limits": .array(limits.map(JSON.string)),
    ]
    return .object(members)
  }

  func lines(run: String?) -> [String] {
    var lines = [status.rawValue]
    if let firstBad { lines.append("first bad record: \(firstBad)") }
    lines += problems.map { problem in
      let place = problem.record.map { "record \($0): " } ?? ""
      return "  \(place)\(problem.message)\(problem.run.map { " (run \($0))" } ?? "")"
    }
    lines += (remarks + notes).map { "  \($0)" }
    if let checkpoint {
      lines.append(
        "\(covered) of \(counted(records, "record")) under a checkpoint of \(checkpoint.origin) over "
          + "\(counted(checkpoint.size, "record")), root "
          + Base64.text(of: checkpoint.root.bytes))
    }
    if let key { lines.append("signed by \(key.text)") }
    if let removed { lines.append(removed.sentence) }
    let gone = evidence.gone > 0 ? ", \(evidence.gone) erased or lost and recorded so" : ""
    let notKept = evidence.notKept > 0 ? ", \(evidence.notKept) never kept and recorded so" : ""
    let files = exports.intact > 0 ? ", \(counted(exports.intact, "exported file")) as written" : ""
    let kept = documents > 0 ? ", \(counted(documents, "document"))\(files)" : files
    lines.append(
      "\(counted(closedRuns, "run")) closed, \(openRuns) open; \(counted(evidence.intact, "piece")) of evidence intact"
        + "\(gone)\(notKept)\(kept)" + (run.map { " (of run \($0))" } ?? ""))
    if !limits.isEmpty { lines += ["", "What this cannot tell:"] + limits.map { "- \($0)" } }
    return lines
  }
}
