internal import DurableFiles
internal import RunbookPorts
package import Values

/// What of a trail is old enough to be removed: whole files from its beginning, in which every record is older than a
/// given instant, and every run that has one is closed since before it.
package struct RetentionPlan: Sendable {
  /// Most runs that end behind what is removed; with more, less is removed.
  static let cutLimit = 128
  /// Most files that one record names; with more, another call removes the rest.
  static let fileLimit = 100

  /// A file of the log that goes.
  package struct File: Hashable, Sendable {
    package let first: Int64
    package let bytes: Int
    /// Of its bytes: who has kept a copy can show that it is the one.
    package let digest: String

    var json: JSON {
      .object(["bytes": .integer(Int64(bytes)), "first": .integer(first), "sha256": .string(digest)])
    }
  }

  /// The first record that stays.
  package let before: Int64
  /// How many go.
  package let records: Int64
  /// Runs of which nothing stays.
  package let runs: Int
  /// Runs of which the last records stay.
  package let cut: [RemovedRecords.CutRun]
  package let files: [File]
  /// When the first and the last of the records were written.
  package let span: (first: Timestamp, last: Timestamp)?
  let tree: MerkleFrontier
  let base: RemovedRecords?

  /// Nothing is old enough.
  package var isEmpty: Bool { files.isEmpty }

  /// What the record says that stands for those that go.
  func body(keep: String, evidence: Int) -> JSON {
    .object([
      "before": .integer(before), "cut": .array(cut.map(\.json)), "evidence": .integer(Int64(evidence)),
      "files": .array(files.map(\.json)), "first": span.map { .string($0.first.description) } ?? .null,
      "keep": .string(keep), "last": span.map { .string($0.last.description) } ?? .null, "records": .integer(records),
      "runs": .integer(Int64(runs)), "subtrees": .array(tree.subtrees.map { .string($0.hexadecimal) }),
    ])
  }
}

/// Reads a log from its first record on and finds out what of it may go.
struct RetentionScan {
  /// Where one file ends and the next begins.
  private struct Boundary {
    let files: [RetentionPlan.File]
    let tree: MerkleFrontier
    let open: [String: RemovedRecords.CutRun]
    let closed: Int
    let span: (first: Timestamp, last: Timestamp)?
    /// Records that the last file would get before it is followed by another.
    var coming: Int64 = 0
  }

  private let base: RemovedRecords?
  private let cutoff: Timestamp
  private let rotation: Timestamp?
  /// When the first record of the file was written that was read last.
  private var begun: Timestamp?
  private var tree: MerkleFrontier
  private var open: [String: RemovedRecords.CutRun]
  /// When runs were closed that were open at a boundary.
  private var closings: [String: Timestamp] = [:]
  private var closed = 0
  private var span: (first: Timestamp, last: Timestamp)?
  private var gone: [RetentionPlan.File] = []
  private var boundaries: [Boundary] = []

  /// - Parameter rotation: The plan is what it would be if the file in which the log ends were followed by another, should
  ///   that one's first record be older than this.
  init(after base: RemovedRecords?, olderThan cutoff: Timestamp, rotatingBefore rotation: Timestamp?) {
    self.rotation = rotation
    self.base = base
    self.cutoff = cutoff
    tree = base?.tree ?? MerkleFrontier()
    open = Dictionary((base?.cut ?? []).map { ($0.run, $0) }) { first, _ in first }
  }

  /// - Throws: for a line that is no record: nothing may be removed of a damaged trail.
  mutating func plan(
    _ layout: TrailLayout, _ files: any FileSystem
  ) throws(JournalError) -> (plan: RetentionPlan, blocking: [String]) {
    let segments = try filing { () throws(FileProblem) in try layout.segments(in: files) }
    for (index, segment) in segments.enumerated() {
      try read(segment, files)
      if index + 1 < segments.count { boundaries.append(boundary) }
    }
    // The file in which the log ends always stays.
    if let rotation, let begun, begun < rotation {
      var last = boundary
      last.coming = 1
      boundaries.append(last)
    }
    let old = boundaries.prefix { ($0.span?.last).map { $0 < cutoff } ?? true }
    let chosen = old.last { $0.files.count <= RetentionPlan.fileLimit && isSettled($0) }
    let blocking = old.last.map { boundary in
      chosen?.tree.size == boundary.tree.size ? [] : boundary.open.keys.filter { !isOver($0) }.sorted()
    }
    return (plan(chosen), blocking ?? [])
  }

  private func isOver(_ run: String) -> Bool { closings[run].map { $0 < cutoff } ?? false }

  private func isSettled(_ boundary: Boundary) -> Bool {
    boundary.open.count <= RetentionPlan.cutLimit && boundary.open.keys.allSatisfy(isOver)
  }

  private var boundary: Boundary { Boundary(files: gone, tree: tree, open: open, closed: closed, span: span) }

  private mutating func read(_ segment: TrailLayout.Segment, _ files: any FileSystem) throws(JournalError) {
    let (file, size) = try filing { () throws(FileProblem) in
      let file = try files.open(segment.path, for: .reading)
      return (file, try file.size())
    }
    var digest = DigestStream()
    begun = nil
    guard segment.first == tree.size else { throw damaged(segment, "it does not follow the file before") }
    for line in RawLines([.init(file: file, start: 0, end: size)]) {
      if let damage = line.damage { throw damaged(segment, damage.message) }
      do throws(RecordDamage) {
        let record = try TrailRecord(line: line.bytes)
        begun = begun ?? record.wall
        take(record, Digest(leaf: line.bytes))
      } catch {
        throw damaged(segment, error.message)
      }
      digest.add(line.bytes)
      digest.add([0x0A])
    }
    gone.append(.init(first: segment.first, bytes: size, digest: digest.finish().hexadecimal))
  }

  private func damaged(_ segment: TrailLayout.Segment, _ problem: String) -> JournalError {
    .cannotWrite("nothing is removed: '\(segment.path)' is damaged: \(problem)")
  }

  private mutating func take(_ record: TrailRecord, _ leaf: Digest) {
    tree.append(leaf)
    // The last record of a file is written when the next one begins.
    guard record.type != TrailLog.rotatedType else { return }
    span = (min(span?.first ?? record.wall, record.wall), max(span?.last ?? record.wall, record.wall))
    guard let place = record.place else { return }
    if record.type == TrailLog.closingType {
      open[place.run] = nil
      closings[place.run] = record.wall
      closed += 1
    } else {
      open[place.run] = .init(run: place.run, runbook: place.runbook, sequence: place.sequence, leaf: leaf)
    }
  }

  private func plan(_ boundary: Boundary?) -> RetentionPlan {
    let start = base?.before ?? 0
    guard let boundary else {
      return RetentionPlan(
        before: start, records: 0, runs: 0, cut: base?.cut ?? [], files: [], span: nil,
        tree: base?.tree ?? MerkleFrontier(), base: base)
    }
    let end = boundary.tree.size + boundary.coming
    return RetentionPlan(
      before: end, records: end - start, runs: boundary.closed,
      cut: boundary.open.values.sorted { $0.run < $1.run }, files: boundary.files, span: boundary.span,
      tree: boundary.tree, base: base)
  }
}
