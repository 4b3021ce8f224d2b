package import Diagnostics

/// One line a finding, as compilers write them: `file:line:column: severity: message; help [code]`, the help being what
/// its mends say. `CI/problem-matcher.json` reads these lines.
package enum LineReport {
  package static func line(_ finding: Diagnostic) -> String {
    let place = finding.location.map { "\(self.place($0)): " } ?? ""
    let message = ([finding.message] + finding.help).map(visible).joined(separator: "; ")
    return "\(place)\(finding.severity.rawValue): \(message) [\(finding.code.id)]"
  }

  /// `file:line:column`; of a whole document its first place.
  static func place(_ location: SourceLocation) -> String {
    "\(visible(PathName.plain(location.source.name))):\(location.isWholeDocument ? "1:1" : "\(location.start)")"
  }
}
