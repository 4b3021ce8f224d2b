package import Diagnostics
import Rules
package import YAMLTree

/// Finds the comments of a document that allow findings.
package struct AllowanceReader: Sendable {
  package private(set) var allowances: [Allowance] = []
  /// What is wrong with such comments; those that are wrong allow nothing.
  package private(set) var findings: [Diagnostic] = []

  /// The words that a comment for the checker begins with.
  static let mark = "tocsin:"

  package init(_ document: YAMLDocument) {
    // Most documents have none; then the nodes need not be looked through.
    let marked = document.comments.filter { Self.instruction(in: $0.text) != nil }
    guard !marked.isEmpty, let root = document.root else { return }
    let spans = NodeSpans(root, in: document.source)
    for comment in marked { read(comment, spans, document.source) }
  }

  /// What stands behind the mark; a number is the head of a runbook that was made a comment.
  private static func instruction(in comment: String) -> Substring? {
    let text = comment.drop { $0 == "#" || $0 == " " || $0 == "\t" }
    guard text.hasPrefix(mark) else { return nil }
    let rest = text.dropFirst(mark.count).drop { $0 == " " || $0 == "\t" }
    return rest.first?.isLetter == true ? rest : nil
  }

  private mutating func read(_ comment: YAMLComment, _ spans: NodeSpans, _ source: SourceText) {
    let location = SourceLocation(source, comment.range)
    let parts = (Self.instruction(in: comment.text) ?? "").split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let words = parts[0].split(separator: " ")
    let day = words.count == 4 && words[2] == "until" ? CalendarDay(String(words[3])) : nil
    guard words.first == "allow", words.count == 2 || day != nil else {
      findings.append(.badAllowance(at: location))
      return
    }
    let code = String(words[1])
    guard Self.isAllowable(code) else {
      findings.append(.notAllowable(code, at: location))
      return
    }
    let reason = parts.count > 1 ? parts[1].trimmed : ""
    guard !reason.isEmpty else {
      findings.append(.allowanceWithoutReason(code, at: location))
      return
    }
    guard let scope = spans.span(of: comment) else { return }
    allowances.append(Allowance(code: code, until: day, reason: reason, location: location, scope: scope))
  }

  /// Errors cannot be allowed, nor what is wrong with allowances. Of a text that a comment cuts, some are only warned.
  private static func isAllowable(_ code: String) -> Bool {
    if code == Rule.cutAtComment.id { return true }
    return Rule.with(id: code).map { $0.severity != .error && !code.hasPrefix("TOC09") } ?? false
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text.drop(while: \.isWhitespace))
  }
}
