package import Diagnostics

/// What the check of many documents found: the one model that every format is made of.
package struct CheckReport: Sendable {
  package struct File: Sendable {
    /// As people know it.
    package let path: String
    package let kind: DocumentSelection.Kind
    /// Whether it could be read.
    package let isRead: Bool

    package init(path: String, kind: DocumentSelection.Kind, isRead: Bool) {
      self.path = path
      self.kind = kind
      self.isRead = isRead
    }
  }

  /// The documents that were asked for, in their order.
  package let files: [File]
  /// Each once, in reading order.
  package let findings: [Diagnostic]
  /// Whether something that was asked for could not be looked at.
  package let isIncomplete: Bool

  package init(files: [File], findings: [Diagnostic], isIncomplete: Bool = false) {
    self.files = files
    self.isIncomplete = isIncomplete
    self.findings = Self.once(findings)
  }

  /// Documents that were read.
  package var checkedCount: Int { files.count { $0.isRead } }

  /// Findings at least as severe.
  package func findings(atLeast severity: Diagnostic.Severity) -> [Diagnostic] {
    findings.filter { $0.severity >= severity }
  }

  /// An imported document is read once for each that imports it, and tells the same each time.
  private static func once(_ findings: [Diagnostic]) -> [Diagnostic] {
    struct Key: Hashable {
      let path: String
      let range: SourceRange?
      let code: String
      let message: [UInt8]
    }
    var seen: Set<Key> = []
    var keyed: [(order: (String, Int, String), finding: Diagnostic)] = []
    for finding in findings {
      let path = finding.path ?? ""
      let key = Key(
        path: path, range: finding.location?.range, code: finding.code.id, message: Array(finding.message.utf8))
      guard seen.insert(key).inserted else { continue }
      keyed.append(((path, finding.location?.range.start ?? -1, finding.code.id), finding))
    }
    return keyed.enumerated().sorted {
      let (left, right) = ($0.element.order, $1.element.order)
      return left == right ? $0.offset < $1.offset : left < right
    }.map(\.element.finding)
  }
}

extension Diagnostic {
  /// The path of its document without detours; `nil` for a finding without a place.
  package var path: String? { location.map { PathName.plain($0.source.name) } }
}
