package import Diagnostics

/// One line a finding, as compilers write them: `file:line:column: severity: message [code]`. `CI/problem-matcher.json`
/// reads these lines.
package enum LineReport {
  package static func line(_ finding: Diagnostic) -> String {
    let place = finding.location.map { location in
      let path = visible(PathName.plain(location.source.name))
      return location.isWholeDocument ? "\(path):1:1: " : "\(path):\(location.start): "
    }
    return "\(place ?? "")\(finding.severity.rawValue): \(visible(finding.message)) [\(finding.code.id)]"
  }
}
