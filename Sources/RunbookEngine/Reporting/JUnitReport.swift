package import Diagnostics
import Values

/// JUnit's XML, which most CI systems show: a suite with a test for each finding that fails, and one for each file that
/// has none.
package enum JUnitReport {
  /// - Parameter failing: What fails; findings that are less severe are told in the output of their file's suite.
  package static func text(_ report: CheckReport, failing: Diagnostic.Severity?) -> String {
    var suites: [String] = []
    var counts = (tests: 0, failures: 0)
    for path in paths(of: report) {
      let findings = report.findings.filter { ($0.path ?? "") == path }
      let failures = findings.filter { finding in failing.map { finding.severity >= $0 } ?? false }
      let others = findings.filter { finding in failing.map { finding.severity < $0 } ?? true }
      suites.append(suite(path, failures, others))
      counts = (counts.tests + max(1, failures.count), counts.failures + failures.count)
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="tocsin check" tests="\(counts.tests)" failures="\(counts.failures)" errors="0">
      \(suites.joined(separator: "\n"))
      </testsuites>

      """
  }

  /// Files that were asked for, and others that something was found in.
  private static func paths(of report: CheckReport) -> [String] {
    var seen: Set<String> = []
    return (report.files.map { PathName.plain($0.path) } + report.findings.map { $0.path ?? "" })
      .filter { seen.insert($0).inserted }
  }

  private static func suite(_ path: String, _ failures: [Diagnostic], _ others: [Diagnostic]) -> String {
    let name = attribute(path.isEmpty ? "tocsin" : path)
    var lines = [
      "  <testsuite name=\"\(name)\" tests=\"\(max(1, failures.count))\" failures=\"\(failures.count)\" errors=\"0\">"
    ]
    for failure in failures {
      lines += [
        "    <testcase classname=\"\(name)\" name=\"\(attribute(title(of: failure)))\">",
        "      <failure type=\"\(failure.code.id)\" message=\"\(attribute(failure.message))\">"
          + "\(content(of: failure))</failure>", "    </testcase>",
      ]
    }
    if failures.isEmpty { lines.append("    <testcase classname=\"\(name)\" name=\"check\"/>") }
    if !others.isEmpty {
      let text = others.map(LineReport.line).joined(separator: "\n")
      lines.append("    <system-out>\(markupText(text))</system-out>")
    }
    return (lines + ["  </testsuite>"]).joined(separator: "\n")
  }

  private static func title(of finding: Diagnostic) -> String {
    let place = finding.location.flatMap { $0.isWholeDocument ? nil : " at \($0.start)" }
    return "\(finding.code.id) \(finding.code.slug)\(place ?? "")"
  }

  private static func content(of finding: Diagnostic) -> String {
    markupText(DiagnosticRenderer().render(finding))
  }

  package static func attribute(_ text: String) -> String { markupText(visible(text)) }
}
