import ArgumentParser
import AuditTrail
import Diagnostics
import DurableFiles
import RunbookPorts
import Values

struct TrailCheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Print the last signed checkpoint, to be kept elsewhere or shown to others.",
    discussion: """
      A checkpoint names the log, how many records it has, and the root of their
      tree, signed by the trail's key (C2SP tlog-checkpoint). Kept where whoever can
      write to the trail cannot change it, it shows later whether the trail was cut
      back or written anew; a witness can sign it, and an authority stamp it with
      its time.

        tocsin trail checkpoint --trail trail > today.checkpoint
        tocsin trail verify --trail trail --checkpoint today.checkpoint

      Ends with 2 if there is no checkpoint that the key has signed.
      """)

  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String

  @Option(name: .long, help: ArgumentHelp("The log's key, or a file that holds it.", valueName: "key"))
  var key: [String] = []

  func run() throws {
    Signals.ignoreBrokenPipes()
    do throws(Unusable) {
      let anchor = try AnchorFile.newest(of: trail, keys: TrailKeys.named(key))
      Terminal.print(String(decoding: anchor.note.bytes.dropLast(), as: UTF8.self))
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }
}

struct TrailAnchorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor", abstract: "Keep what others have said of a checkpoint.",
    discussion: """
      A witness signs a checkpoint after having seen that the log only grew: what it
      answers (C2SP tlog-cosignature) is kept with the checkpoint under anchors/.

        tocsin trail checkpoint --trail trail > today.checkpoint
        … send it to the witness; its answer is in witness.lines …
        tocsin trail anchor --trail trail --checkpoint today.checkpoint \\
          --cosignature witness.lines
        tocsin trail verify --trail trail --witness 'witness.example+1f…+BA…'

      A time stamping authority (RFC 3161) says when a checkpoint existed:

        tocsin trail anchor --trail trail --checkpoint today.checkpoint \\
          --timestamp-request today.tsq
        curl -H 'Content-Type: application/timestamp-query' \\
          --data-binary @today.tsq -o today.tsr URL
        tocsin trail anchor --trail trail --checkpoint today.checkpoint \\
          --timestamp-reply today.tsr
        head -n 3 today.checkpoint > text
        openssl ts -verify -data text -in today.tsr -CAfile tsa.pem

      `trail verify` holds the log against all of these checkpoints. It looks at the
      signatures of witnesses whose keys it is given, and whether a time stamp is
      over its checkpoint; who has signed the time stamp, openssl tells. Keep a copy
      of what is anchored elsewhere, too: whoever can write to the folder can remove
      it.
      """)

  @Option(name: .long, help: ArgumentHelp("The folder of the trail.", valueName: "folder"))
  var trail: String

  @Option(
    name: .long, help: ArgumentHelp("The checkpoint that was shown; the last, if it is left out.", valueName: "file"))
  var checkpoint: String?

  @Option(name: .long, help: ArgumentHelp("What a witness has answered: lines with its signature.", valueName: "file"))
  var cosignature: String?

  @Option(name: .long, help: ArgumentHelp("Write a request for a time stamp here.", valueName: "file"))
  var timestampRequest: String?

  @Option(name: .long, help: ArgumentHelp("What a time stamping authority has answered.", valueName: "file"))
  var timestampReply: String?

  @Option(name: .long, help: ArgumentHelp("The log's key, or a file that holds it.", valueName: "key"))
  var key: [String] = []

  func validate() throws {
    if [cosignature, timestampRequest, timestampReply].allSatisfy({ $0 == nil }) {
      throw ValidationError("say what to do: --cosignature, --timestamp-request or --timestamp-reply FILE")
    }
  }

  func run() throws {
    Signals.ignoreBrokenPipes()
    do throws(Unusable) {
      let keys = try TrailKeys.named(key)
      let anchor =
        if let checkpoint { try AnchorFile.read(checkpoint) } else { try AnchorFile.newest(of: trail, keys: keys) }
      guard keys.contains(where: { anchor.note.isSigned(by: $0) }) else {
        throw Unusable("the checkpoint is not signed by the trail's key")
      }
      try keep(anchor)
    } catch {
      Reports.remark(error.message)
      throw ExitCode(Ending.incomplete)
    }
  }

  private func keep(_ anchor: TrailAnchor) throws(Unusable) {
    let folder = AnchorFolder(TrailLayout(folder: trail))
    let suffix = Hexadecimal.text(of: Wiring.randomBytes(8)) + ".tmp"
    let size = anchor.checkpoint.size
    let signed = try cosigned(anchor)
    let reply = try stamp(of: anchor)
    do throws(FileProblem) {
      try folder.keep(signed, suffix: suffix)
      if let timestampRequest {
        try WholeFile.deliver(
          TimeStamp.request(for: anchor.note.text, nonce: Wiring.randomBytes(8)), to: timestampRequest, mode: 0o644)
      }
      if let reply { try folder.keep(reply, for: size, suffix: suffix) }
    } catch { throw Unusable(error.message) }
    Reports.remark("the checkpoint of \(size) records is anchored in '\(TrailLayout(folder: trail).anchor(size))'")
  }
}

extension TrailAnchorCommand {
  /// The checkpoint with what the witness has answered.
  private func cosigned(_ anchor: TrailAnchor) throws(Unusable) -> TrailAnchor {
    guard let cosignature else { return anchor }
    let lines = try AnchorFile.bytes(of: cosignature, limitBytes: SignedNote.sizeLimitBytes)
    guard let signed = anchor.adding(lines) else {
      throw Unusable("'\(cosignature)' holds no signatures of this checkpoint")
    }
    return signed
  }

  /// What the time stamping authority has answered.
  private func stamp(of anchor: TrailAnchor) throws(Unusable) -> [UInt8]? {
    guard let timestampReply else { return nil }
    let reply = try AnchorFile.bytes(of: timestampReply, limitBytes: TimeStamp.sizeLimitBytes)
    guard let stamp = TimeStamp(reply: reply), stamp.imprint == Digest(of: anchor.note.text) else {
      throw Unusable("'\(timestampReply)' is no time stamp of this checkpoint, or one that was refused")
    }
    return reply
  }
}

/// Checkpoints in files.
enum AnchorFile {
  static func bytes(of path: String, limitBytes: Int) throws(Unusable) -> [UInt8] {
    do { return try WholeFile.read(path, limitBytes: limitBytes) } catch { throw Unusable(error.message) }
  }

  static func read(_ path: String) throws(Unusable) -> TrailAnchor {
    let bytes = try bytes(of: path, limitBytes: SignedNote.sizeLimitBytes)
    guard let anchor = TrailAnchor(bytes) else { throw Unusable("'\(path)' is no checkpoint") }
    return anchor
  }

  static func newest(of trail: String, keys: [VerifierKey]) throws(Unusable) -> TrailAnchor {
    guard Folder.exists(TrailLayout(folder: trail).logFolder) else {
      throw Unusable(TrailReadError.noTrail(trail).message)
    }
    for key in keys {
      do throws(FileProblem) {
        if let found = try AnchorFolder(TrailLayout(folder: trail)).newest(signedBy: key) { return found }
      } catch { throw Unusable(error.message) }
    }
    throw Unusable("'\(trail)' has no checkpoint that the key has signed; see `tocsin trail key`")
  }
}
