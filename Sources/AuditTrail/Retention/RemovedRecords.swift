package import DurableFiles
package import Values

/// The records at a log's beginning that were removed because their time was over, and what is left of them: the
/// subtrees that stand for them in the log's tree, and where the runs stood that went on behind them.
package struct RemovedRecords: Equatable, Sendable {
  static let recordType = "log.retained"
  /// Most bytes of the file.
  static let sizeLimitBytes = 65_536

  /// A run that began among them and ended behind them.
  package struct CutRun: Hashable, Sendable {
    package let run: String
    let runbook: String
    /// The number in the run of its last record that was removed.
    let sequence: Int64
    let leaf: Digest

    var json: JSON {
      .object([
        "leaf": .string(leaf.hexadecimal), "run": .string(run), "run_seq": .integer(sequence),
        "runbook": .string(runbook),
      ])
    }
  }

  /// Their number: the first record that is still there has it.
  package var before: Int64 { tree.size }
  package let tree: MerkleFrontier
  package let cut: [CutRun]
  /// Of the record that says so.
  package let body: JSON

  /// - Returns: `nil` for a body that does not say all that is needed.
  init?(_ body: JSON) {
    guard let size = body["before"]?.integer, size > 0, let cut = body["cut"]?.elements,
      let subtrees = body["subtrees"]?.elements
    else { return nil }
    let roots = subtrees.compactMap { Self.digest($0) }
    let runs = cut.compactMap { element -> CutRun? in
      guard let run = element["run"]?.text, let runbook = element["runbook"]?.text,
        let sequence = element["run_seq"]?.integer, sequence > 0, let leaf = Self.digest(element["leaf"])
      else { return nil }
      return CutRun(run: run, runbook: runbook, sequence: sequence, leaf: leaf)
    }
    guard roots.count == subtrees.count, runs.count == cut.count,
      let tree = MerkleFrontier(size: size, subtrees: roots)
    else { return nil }
    self.tree = tree
    self.cut = runs
    self.body = body
  }

  /// When the last of them was written; `nil` where the record does not say it.
  package var last: Timestamp? { body["last"]?.text.flatMap { Timestamp(rfc3339: $0) } }

  package static func == (left: RemovedRecords, right: RemovedRecords) -> Bool {
    left.body.canonicalBytes == right.body.canonicalBytes
  }

  private static func digest(_ json: JSON?) -> Digest? {
    json?.text.flatMap { Hexadecimal.bytes($0) }.flatMap { Digest(bytes: $0) }
  }

  /// What the file says that tells from where on a log is there.
  package enum Reading: Equatable, Sendable {
    case nothing
    case damaged
    case removed(RemovedRecords)

    package var records: RemovedRecords? { if case .removed(let records) = self { records } else { nil } }
  }
}

extension TrailLayout {
  /// Says which records were removed, and stands for them.
  package var removed: String { "\(logFolder)/removed" }

  package func removedRecords(in files: any FileSystem) throws(FileProblem) -> RemovedRecords.Reading {
    let bytes: [UInt8]
    do throws(FileProblem) { bytes = try files.readWhole(removed, limitBytes: RemovedRecords.sizeLimitBytes) } catch {
      if error.isMissing { return .nothing }
      guard error.code == FileProblem.tooLargeCode else { throw error }
      return .damaged
    }
    guard bytes.last == 0x0A, let body = try? JSON(parsing: bytes.dropLast()),
      body.canonicalBytes.elementsEqual(bytes.dropLast()), let records = RemovedRecords(body)
    else { return .damaged }
    return .removed(records)
  }
}
