import Diagnostics
import RunbookEngine
import Values

/// What all commands say in the same way.
enum Reports {
  /// Something to say to people by the way.
  static func remark(_ text: String) { Terminal.print("tocsin: \(visible(text))", to: .error) }

  /// Findings for people.
  static func show(_ findings: [Diagnostic]) {
    let renderer = DiagnosticRenderer(coloured: Terminal.Stream.error.isColoured, shownName: PathName.plain)
    for finding in findings { Terminal.print(renderer.render(finding) + "\n", to: .error) }
  }

  /// What has changed in a document, on standard output. The carriage return of a line break is not shown.
  static func printDifference(_ change: Mending.Change) {
    Terminal.printWhole(
      UnifiedDiff.text(from: change.old, to: change.new, path: PathName.plain(change.path))
        .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { visible(String($0)) }
        .joined(separator: "\n"))
  }

  /// A value for machines, on a line. What a terminal could act on is written as JSON's own escapes.
  static func printJSON(_ json: JSON) { Terminal.print(inertJSON(json.compactText)) }

  /// The same JSON without characters that control terminals or turn the direction of writing around. Such characters
  /// can only stand inside strings.
  static func inertJSON(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x7F }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x7F || visible(String(scalar)) == String(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
    return result
  }

  /// `2 errors, 1 warning`.
  static func counts(_ findings: [Diagnostic]) -> String {
    let parts = [(Diagnostic.Severity.error, "error"), (.warning, "warning"), (.note, "note")].compactMap {
      severity, word -> String? in
      let count = findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
    }
    return parts.isEmpty ? "nothing to tell" : parts.joined(separator: ", ")
  }
}
