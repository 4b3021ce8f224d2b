package import Diagnostics
package import RunbookLanguage

/// What the check of many documents found: the one model that every format is made of.
package struct CheckReport: Sendable {
  package struct File: Sendable {
    /// As people know it.
    package let path: String
    package let kind: DocumentSelection.Kind
    /// Whether it could be read.
    package let isRead: Bool
    /// Of a runbook without errors: what a run of it can cost.
    package let extent: RunbookExtent?

    package init(path: String, kind: DocumentSelection.Kind, isRead: Bool, extent: RunbookExtent? = nil) {
      self.path = path
      self.kind = kind
      self.isRead = isRead
      self.extent = extent
    }
  }

  /// The documents that were asked for, in their order.
  package let files: [File]
  /// Each once, in reading order, but those that are allowed.
  package let findings: [Diagnostic]
  package let allowed: [AllowedFinding]
  /// Whether something that was asked for could not be looked at.
  package let isIncomplete: Bool

  package init(files: [File], findings: [Diagnostic], allowed: [AllowedFinding] = [], isIncomplete: Bool = false) {
    self.files = files
    self.isIncomplete = isIncomplete
    self.findings = Self.once(findings, \.self)
    self.allowed = Self.once(allowed, \.finding)
  }

  /// Documents that were read.
  package var checkedCount: Int { files.count { $0.isRead } }

  /// Findings at least as severe.
  package func findings(atLeast severity: Diagnostic.Severity) -> [Diagnostic] {
    findings.filter { $0.severity >= severity }
  }

  /// An imported document is read once for each that imports it, and tells the same each time.
  private static func once<Item>(_ items: [Item], _ finding: (Item) -> Diagnostic) -> [Item] {
    var seen: Set<FindingKey> = []
    var keyed: [(order: (String, Int, String), item: Item)] = []
    for item in items {
      let finding = finding(item)
      let (path, range) = (finding.path ?? "", finding.location?.range)
      let key = FindingKey(path: path, range: range, code: finding.code.id, message: Array(finding.message.utf8))
      guard seen.insert(key).inserted else { continue }
      keyed.append(((path, range?.start ?? -1, finding.code.id), item))
    }
    return keyed.enumerated().sorted {
      let (left, right) = ($0.element.order, $1.element.order)
      return left == right ? $0.offset < $1.offset : left < right
    }.map(\.element.item)
  }
}

extension Diagnostic {
  /// The path of its document without detours; `nil` for a finding without a place.
  package var path: String? { location.map { PathName.plain($0.source.name) } }
}

/// What makes two findings the same.
private struct FindingKey: Hashable {
  let path: String
  let range: SourceRange?
  let code: String
  let message: [UInt8]
}
