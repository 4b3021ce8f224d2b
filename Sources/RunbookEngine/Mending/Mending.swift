import Diagnostics
internal import DurableFiles

/// Applies the mends that findings propose, and keeps everything else of a document as it is.
package struct Mending: Sendable {
  package struct Change: Sendable {
    /// As it was named.
    package let path: String
    package let old: [UInt8]
    package let new: [UInt8]
  }

  /// Most times that documents are checked again: a mend may show what another has hidden.
  static let passLimit = 8

  /// Whether mends are applied that are guesses, such as names that are written alike.
  private let includesGuesses: Bool

  package init(includesGuesses: Bool) {
    self.includesGuesses = includesGuesses
  }

  /// Checks, mends and checks again until there is nothing to mend. A document in which a mend makes more trouble stays
  /// as it was.
  ///
  /// - Returns: What would change, in the order of paths, and what is found then.
  package func run(_ check: (DocumentOverlay) async -> CheckReport) async -> (changes: [Change], report: CheckReport) {
    var files = DocumentOverlay()
    var report = await check(files)
    var originals: [String: (name: String, bytes: [UInt8])] = [:]
    var settled: Set<String> = []
    for _ in 0..<Self.passLimit {
      var next = files
      var touched: [String] = []
      for (path, findings) in Dictionary(grouping: report.findings, by: { $0.path ?? "" }) where !settled.contains(path)
      {
        guard let source = findings.first?.location?.source, let bytes = mended(source, by: findings) else { continue }
        if originals[path] == nil { originals[path] = (source.name, source.bytes) }
        next.contents[path] = bytes
        touched.append(path)
      }
      guard !touched.isEmpty else { break }
      let after = await check(next)
      let worse = touched.filter { path in after.trouble(in: path) >= report.trouble(in: path) }
      settled.formUnion(worse)
      for path in worse { next.contents[path] = files.contents[path] }
      files = next
      report = worse.isEmpty ? after : await check(files)
    }
    let changes = files.contents.keys.sorted().compactMap { path -> Change? in
      guard let original = originals[path], let new = files.contents[path], new != original.bytes else { return nil }
      return Change(path: original.name, old: original.bytes, new: new)
    }
    return (changes, report)
  }

  /// The document with the first mend of each finding; of those that overlap the first counts.
  func mended(_ source: SourceText, by findings: [Diagnostic]) -> [UInt8]? {
    let mends = findings.compactMap { finding in finding.fixIts.first { $0.isSafe || includesGuesses } }
      .filter { $0.range.end <= source.bytes.count }
      .sorted { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
    var bytes: [UInt8] = []
    var end = 0
    var last: SourceRange?
    for mend in mends {
      guard mend.range.start >= end, mend.range != last else { continue }
      bytes += source.bytes[end..<mend.range.start]
      bytes += Array(mend.replacement.utf8)
      end = mend.range.end
      last = mend.range
    }
    guard last != nil else { return nil }
    bytes += source.bytes[end...]
    return bytes == source.bytes ? nil : bytes
  }

  /// Writes a change, unless the file is not what was checked any more.
  ///
  /// - Returns: Why it could not be written, as a sentence part; `nil`: it was.
  package static func write(_ change: Change) -> String? {
    do throws(DurableFiles.FileProblem) {
      guard try WholeFile.read(change.path, limitBytes: DocumentFiles.byteLimit) == change.old else {
        return "it has changed while it was checked"
      }
      try WholeFile.replace(change.path, by: change.new)
      return nil
    } catch {
      return DocumentFiles.reason(error)
    }
  }
}

extension CheckReport {
  /// How many findings there are about the YAML of a document, and about all of it. What cannot be read as YAML hides
  /// other findings, so fewer of the former count more.
  fileprivate func trouble(in path: String) -> (yaml: Int, all: Int) {
    let own = findings.filter { $0.path == path }
    return (own.count { $0.code.id.hasPrefix("TOC00") }, own.count)
  }
}
