internal import DurableFiles
internal import Values

/// Holds a log against checkpoints that others have seen: those in its folder, and those that were kept elsewhere. A log
/// that was cut back or written anew does not have their roots.
struct AnchorCheck {
  private struct Entry {
    let name: String
    let anchor: TrailAnchor
    /// Over this checkpoint.
    var stamp: TimeStamp?
    var isFromElsewhere = false
    /// `nil` as long as the log has not been seen to have the size.
    var fits: Bool?
  }

  private(set) var problems: [String] = []
  private(set) var remarks: [String] = []
  /// Why what was given from elsewhere says nothing of this log.
  private(set) var doubts: [String] = []
  /// The largest size of a checkpoint that was kept elsewhere and that the log has grown from.
  private(set) var keptElsewhere: Int64?
  /// Sorted by their sizes.
  private var entries: [Entry] = []
  private var next = 0
  private let keys: [VerifierKey]
  private let witnesses: [WitnessKey]
  /// Those who have signed something that lies here, rightly or wrongly.
  private var heard: Set<WitnessKey> = []

  /// - Parameter elsewhere: Checkpoints that were kept elsewhere.
  init(
    _ folder: AnchorFolder, elsewhere: [TrailAnchor], keys: [VerifierKey], witnesses: [WitnessKey]
  ) throws(FileProblem) {
    self.keys = keys
    self.witnesses = witnesses
    for size in try folder.sizes() {
      guard let anchor = try folder.anchor(size) else {
        problems.append("the anchored checkpoint of \(size) records cannot be read")
        continue
      }
      add("the anchored checkpoint of \(size) records", anchor, try folder.timeStamp(size))
    }
    entries += elsewhere.map {
      Entry(
        name: "the checkpoint of \($0.checkpoint.size) records that was kept elsewhere", anchor: $0,
        isFromElsewhere: true)
    }
    entries.sort { $0.anchor.checkpoint.size < $1.anchor.checkpoint.size }
  }

  /// The checkpoint of an exported case, which the records are held against themselves.
  ///
  /// - Parameter reply: Of a time stamping authority; `nil` if there is none.
  init(ofCase anchor: TrailAnchor, reply: [UInt8]?, witnesses: [WitnessKey]) {
    keys = []
    self.witnesses = witnesses
    add("the checkpoint", anchor, reply.map { TimeStamp(reply: $0) }, fits: true)
  }

  /// - Parameter stamp: `nil` if there is none; `.some(nil)` for what is no time stamp.
  private mutating func add(_ name: String, _ anchor: TrailAnchor, _ stamp: TimeStamp??, fits: Bool? = nil) {
    var entry = Entry(name: name, anchor: anchor, fits: fits)
    switch stamp {
    case .none: break
    case .some(.some(let stamp)) where stamp.imprint == Digest(of: anchor.note.text): entry.stamp = stamp
    case .some: problems.append("the time stamp for \(name) is not over it")
    }
    entries.append(entry)
  }

  var isEmpty: Bool { entries.isEmpty && problems.isEmpty && witnesses.isEmpty }

  /// Compares the log's tree at a size.
  mutating func compare(_ tree: MerkleFrontier) {
    while next < entries.count, entries[next].anchor.checkpoint.size <= tree.size {
      if entries[next].anchor.checkpoint.size == tree.size {
        entries[next].fits = entries[next].anchor.checkpoint.root == tree.root
      }
      next += 1
    }
  }

  /// - Parameters:
  ///   - last: The last checkpoint of the log.
  ///   - start: The first record that is there.
  /// - Returns: The largest size that a trusted witness has signed.
  mutating func judge(_ last: Checkpoint?, size: Int64, start: Int64) -> Int64? {
    var witnessed: Int64?
    for entry in entries {
      let checkpoint = entry.anchor.checkpoint
      if let last, ExactString(checkpoint.origin) != ExactString(last.origin) {
        reject(entry, "is of another log")
      } else if !keys.isEmpty, !keys.contains(where: { entry.anchor.note.isSigned(by: $0) }) {
        reject(entry, "is not signed by a key that was given")
      } else if checkpoint.size > size {
        problems.append("\(entry.name) has more records than the log: the log was cut back")
      } else if entry.fits == false {
        problems.append("\(entry.name) has another root: the log is not the one that others have seen")
      } else {
        let isWitnessed = judgeWitnesses(entry)
        if entry.fits == nil, checkpoint.size < start {
          remarks.append("\(entry.name) cannot be compared: its records were removed")
        } else if isWitnessed {
          witnessed = max(witnessed ?? 0, checkpoint.size)
        }
        if entry.isFromElsewhere, entry.fits == true {
          remarks.append("the log has grown from \(entry.name)")
          keptElsewhere = max(keptElsewhere ?? 0, checkpoint.size)
        }
      }
      if let stamp = entry.stamp {
        remarks.append(
          "\(entry.name) bears a time stamp that states \(stamp.time); `openssl ts -verify` tells whether an authority has "
            + "signed it")
      }
    }
    return witnessed
  }

  /// A checkpoint that lies in the trail's folder must be the log's; one from elsewhere may be the wrong file, which
  /// tells nothing against the log.
  private mutating func reject(_ entry: Entry, _ why: String) {
    if entry.isFromElsewhere {
      doubts.append("\(entry.name) \(why)")
    } else {
      problems.append("\(entry.name) \(why)")
    }
  }

  /// Why a witness's word is not there, which whoever names it asks for.
  var missingWord: String? {
    let silent = witnesses.filter { !heard.contains($0) }
    return silent.isEmpty
      ? nil : "no checkpoint here bears a signature of the witness \(silent.map(\.name).joined(separator: ", "))"
  }

  private mutating func judgeWitnesses(_ entry: Entry) -> Bool {
    var isSigned = false
    for witness in witnesses {
      switch witness.finding(in: entry.anchor.note) {
      case .none: continue
      case .wrong:
        heard.insert(witness)
        problems.append("\(entry.name) bears a wrong signature of the witness \(witness.name)")
      case .signed(let seconds):
        isSigned = true
        heard.insert(witness)
        let time = Timestamp(seconds: Int64(clamping: seconds)).shortDescription
        remarks.append("\(entry.name) was signed by the witness \(witness.name) at \(time)")
      }
    }
    return isSigned
  }
}
