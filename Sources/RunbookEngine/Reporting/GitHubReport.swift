import Diagnostics

/// Workflow commands that GitHub shows as annotations beside the lines of a change.
///
/// A step shows at most ten of each level and drops the others; where there are more, the tenth tells the rest.
package enum GitHubReport {
  /// Annotations of one level that a step shows.
  package static let annotationLimit = 10
  /// Most findings that one annotation names.
  static let namedLimit = 20

  package static func text(_ report: CheckReport) -> String {
    [Diagnostic.Severity.error, .warning, .note].flatMap { severity -> [String] in
      let findings = report.findings.filter { $0.severity == severity }
      guard findings.count > annotationLimit else { return findings.map(annotation) }
      return findings.prefix(annotationLimit - 1).map(annotation)
        + [summary(of: findings.dropFirst(annotationLimit - 1), severity)]
    }.map { $0 + "\n" }.joined()
  }

  private static func annotation(_ finding: Diagnostic) -> String {
    var properties: [String] = []
    if let location = finding.location {
      properties.append("file=\(property(PathName.plain(location.source.name)))")
      if !location.isWholeDocument {
        let (start, end) = (location.start, location.end)
        properties += ["line=\(start.line)", "endLine=\(end.line)"]
        // GitHub takes columns only within one line.
        if start.line == end.line { properties += ["col=\(start.column)", "endColumn=\(end.column)"] }
      }
    }
    properties.append("title=\(property("\(finding.code.id) \(finding.code.slug)"))")
    let notes = finding.notes.map { note in
      note.location.map { "\(note.message) (\(LineReport.place($0)))" } ?? note.message
    }
    return command(finding.severity, properties, [finding.message] + finding.help + notes)
  }

  private static func summary(of findings: ArraySlice<Diagnostic>, _ severity: Diagnostic.Severity) -> String {
    let named = findings.prefix(namedLimit).map(LineReport.line)
    let rest = findings.count - named.count
    return command(
      severity, ["title=\(property("\(findings.count) more"))"],
      named + (rest > 0 ? ["and \(rest) that are not named here"] : []))
  }

  private static func command(_ severity: Diagnostic.Severity, _ properties: [String], _ lines: [String]) -> String {
    let level = severity == .note ? "notice" : severity.rawValue
    return "::\(level) \(properties.joined(separator: ","))::\(data(lines.map(visible).joined(separator: "\n")))"
  }

  /// As the runner reads the text of a command.
  private static func data(_ text: String) -> String {
    escaped(text, [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")])
  }

  private static func property(_ text: String) -> String {
    escaped(visible(text), [("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")])
  }

  private static func escaped(_ text: String, _ escapes: [(Unicode.Scalar, String)]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let escape = escapes.first(where: { $0.0 == scalar }) {
        result += escape.1
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
