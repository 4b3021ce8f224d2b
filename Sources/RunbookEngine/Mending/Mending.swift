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

  /// Checks, mends and checks again until there is nothing to mend. A document that is not better for it stays as it
  /// was, and a mend that makes something else of a value is left out.
  ///
  /// - Returns: What would change, in the order of paths, and what is found then.
  package func run(_ check: (DocumentOverlay) async -> CheckReport) async -> (changes: [Change], report: CheckReport) {
    var files = DocumentOverlay()
    var report = await check(files)
    var originals: [String: (name: String, bytes: [UInt8])] = [:]
    var settled: Set<String> = []
    var refused: [String: [SourceRange]] = [:]
    for _ in 0..<Self.passLimit {
      var next = files
      var tried: [String: MendedText] = [:]
      for (path, findings) in Dictionary(grouping: report.findings, by: { $0.path ?? "" }) where !settled.contains(path)
      {
        guard let source = findings.first?.location?.source,
          let text = mended(source, by: findings, without: refused[path] ?? [])
        else { continue }
        if originals[path] == nil { originals[path] = (source.name, source.bytes) }
        next.contents[path] = text.bytes
        tried[path] = text
      }
      guard !tried.isEmpty else { break }
      let after = await check(next)
      var isWorse = false
      for (path, text) in tried {
        let damaging = text.damaging(after.errors(in: path))
        if damaging.isEmpty, after.trouble(in: path) < report.trouble(in: path) {
          refused[path] = nil
          continue
        }
        isWorse = true
        next.contents[path] = files.contents[path]
        if damaging.isEmpty { settled.insert(path) } else { refused[path, default: []] += damaging }
      }
      files = next
      report = isWorse ? await check(files) : after
    }
    let changes = files.contents.keys.sorted().compactMap { path -> Change? in
      guard let original = originals[path], let new = files.contents[path], new != original.bytes else { return nil }
      return Change(path: original.name, old: original.bytes, new: new)
    }
    return (changes, report)
  }

  /// The document with the first mend of each finding; of those that overlap the first counts.
  ///
  /// - Parameter refused: The places of mends that are left out.
  func mended(_ source: SourceText, by findings: [Diagnostic], without refused: [SourceRange] = []) -> MendedText? {
    let mends = findings.compactMap { finding in finding.fixIts.first { $0.isSafe || includesGuesses } }
      .filter { $0.range.end <= source.bytes.count && !refused.contains($0.range) }
      .sorted { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
    var text = MendedText()
    for mend in mends where mend.range.start >= text.end && mend.range != text.places.last?.old {
      text.add(mend, to: source)
    }
    guard !text.places.isEmpty else { return nil }
    text.bytes += source.bytes[text.end...]
    return text.bytes == source.bytes ? nil : text
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
  /// How many errors of the YAML of a document there are, of all of it, and how many warnings. What cannot be read as
  /// YAML hides other findings, so fewer of the former count more; notes do not count.
  fileprivate func trouble(in path: String) -> (yaml: Int, errors: Int, warnings: Int) {
    let errors = errors(in: path)
    return (
      errors.count { $0.code.id.hasPrefix("TOC00") }, errors.count,
      findings.count { $0.path == path && $0.severity == .warning }
    )
  }

  fileprivate func errors(in path: String) -> [Diagnostic] {
    findings.filter { $0.path == path && $0.severity == .error }
  }
}
