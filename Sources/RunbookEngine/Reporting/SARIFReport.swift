import Diagnostics
import Rules
import RunbookLanguage
package import Values

/// SARIF 2.1.0 (OASIS), the form in which code hosts take findings.
package struct SARIFReport {
  static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  /// Most results of a run that GitHub takes; of a report with more it takes none.
  package static let resultLimit = 25_000

  private let version: String
  private let limit: Int

  /// - Parameters:
  ///   - version: Of the program.
  ///   - limit: Most results; the least severe are left out, and the report says so.
  package init(version: String, limit: Int = Self.resultLimit) {
    self.version = version
    self.limit = limit
  }

  /// What people are told where results do not fit; `nil` where all do.
  package func omission(from report: CheckReport) -> String? {
    let count = report.findings.count + report.allowed.count
    guard count > limit else { return nil }
    return "\(count - limit) of \(count) results are left out, the least severe: a SARIF report has at most \(limit)"
  }

  package func json(_ report: CheckReport) -> JSON {
    var codes: [Diagnostic.Code] = []
    var indexes: [String: Int] = [:]
    let all = results(of: report)
    for (finding, _) in all where indexes[finding.code.id] == nil {
      indexes[finding.code.id] = codes.count
      codes.append(finding.code)
    }
    var occurrences: [String: Int] = [:]
    let results = all.map { finding, allowance -> JSON in
      let fingerprint = Self.fingerprint(of: finding)
      occurrences[fingerprint, default: 0] += 1
      return result(
        finding, allowance, rule: indexes[finding.code.id] ?? 0,
        fingerprint: "\(fingerprint):\(occurrences[fingerprint] ?? 1)")
    }
    return .object([
      "$schema": .string(Self.schema), "version": .string("2.1.0"),
      "runs": .array([
        .object([
          "tool": .object([
            "driver": .object([
              "name": .string("tocsin"), "version": .string(version), "semanticVersion": .string(version),
              "rules": .array(codes.map(rule)),
            ])
          ]),
          "invocations": .array([invocation(report)]),
          "columnKind": .string("unicodeCodePoints"),
          "originalUriBaseIds": .object([
            "SRCROOT": .object([
              "description": .object(["text": .string("The folder in which tocsin was started.")])
            ])
          ]),
          "results": .array(results),
        ])
      ]),
    ])
  }

  /// In the order of the report, those that are allowed last; where there are too many, the most severe of them.
  private func results(of report: CheckReport) -> [(finding: Diagnostic, allowance: Allowance?)] {
    let all: [(finding: Diagnostic, allowance: Allowance?)] =
      report.findings.map { ($0, nil) } + report.allowed.map { ($0.finding, $0.allowance) }
    guard all.count > limit else { return all }
    func rank(_ place: Int) -> (Int, Int) {
      let level = Diagnostic.Severity.allCases.firstIndex(of: all[place].finding.severity) ?? 0
      return (all[place].allowance == nil ? level : Diagnostic.Severity.allCases.count, place)
    }
    return all.indices.sorted { rank($0) < rank($1) }.prefix(limit).sorted().map { all[$0] }
  }

  private func invocation(_ report: CheckReport) -> JSON {
    .object([
      "executionSuccessful": .bool(!report.isIncomplete),
      "toolExecutionNotifications": omission(from: report).map {
        .array([
          .object([
            "level": .string(Diagnostic.Severity.warning.rawValue), "message": .object(["text": .string($0)]),
          ])
        ])
      },
    ])
  }

  // MARK: Rules and results

  private func rule(_ code: Diagnostic.Code) -> JSON {
    let known = Rule.with(id: code.id)
    return .object([
      "id": .string(code.id), "name": .string(code.slug),
      "shortDescription": known.map { .object(["text": .string($0.summary)]) },
      "fullDescription": known.map { .object(["text": .string("\($0.summary) \($0.why)")]) },
      "help": known.map {
        .object(["text": .string($0.fix), "markdown": .string(RulePage($0).help)])
      },
      "defaultConfiguration": known.map { .object(["level": .string($0.severity.rawValue)]) },
    ])
  }

  private func result(_ finding: Diagnostic, _ allowance: Allowance?, rule: Int, fingerprint: String) -> JSON {
    let related = finding.notes.enumerated().compactMap { index, note in
      note.location.map { location(of: $0, id: index, message: note.message) }
    }
    let fixes = finding.fixIts.filter { !$0.holdsSecret }.compactMap { fix($0, of: finding) }
    return .object([
      "ruleId": .string(finding.code.id), "ruleIndex": .integer(Int64(rule)),
      "level": .string(finding.severity.rawValue),
      "message": .object(["text": .string(text(of: finding))]),
      "locations": .array(finding.location.map { [location(of: $0)] } ?? []),
      "relatedLocations": related.isEmpty ? nil : .array(related),
      "partialFingerprints": .object(["primaryLocationLineHash": .string(fingerprint)]),
      "fixes": fixes.isEmpty ? nil : .array(fixes),
      "suppressions": allowance.map {
        .array([.object(["kind": .string("inSource"), "justification": .string($0.reason)])])
      },
    ])
  }

  /// Notes with a place are related locations; the others belong to the message.
  private func text(of finding: Diagnostic) -> String {
    ([finding.message] + finding.notes.filter { $0.location == nil }.map(\.message)).joined(separator: ". ")
  }

  private func fix(_ fixIt: Diagnostic.FixIt, of finding: Diagnostic) -> JSON? {
    guard let source = finding.location?.source else { return nil }
    return .object([
      "description": .object(["text": .string(fixIt.message)]),
      "artifactChanges": .array([
        .object([
          "artifactLocation": artifact(source.name),
          "replacements": .array([
            .object([
              "deletedRegion": region(SourceLocation(source, fixIt.range)),
              "insertedContent": .object(["text": .string(fixIt.replacement)]),
            ])
          ]),
        ])
      ]),
    ])
  }

  // MARK: Places

  private func location(of place: SourceLocation, id: Int? = nil, message: String? = nil) -> JSON {
    .object([
      "id": id.map { .integer(Int64($0)) },
      "physicalLocation": .object([
        "artifactLocation": artifact(place.source.name), "region": place.isWholeDocument ? nil : region(place),
      ]),
      "message": message.map { .object(["text": .string($0)]) },
    ])
  }

  private func region(_ place: SourceLocation) -> JSON {
    let (start, end) = (place.start, place.end)
    return .object([
      "startLine": .integer(Int64(start.line)), "startColumn": .integer(Int64(start.column)),
      "endLine": .integer(Int64(end.line)), "endColumn": .integer(Int64(end.column)),
    ])
  }

  private func artifact(_ name: String) -> JSON {
    let path = PathName.plain(name)
    let encoded = Self.percentEncoded(path)
    return path.hasPrefix("/")
      ? .object(["uri": .string("file://" + encoded)])
      : .object(["uri": .string(encoded), "uriBaseId": .string("SRCROOT")])
  }

  /// A path as a URI has it (RFC 3986): everything but unreserved characters and `/` as `%XX`.
  static func percentEncoded(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return path.utf8.reduce(into: "") { result, byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }

  /// The same for the same finding in the same text, wherever its line has moved to.
  private static func fingerprint(of finding: Diagnostic) -> String {
    let line = finding.location.map { location -> String in
      let range = location.source.contents(ofLine: location.start.line)
      return location.source.text(in: SourceRange(range.lowerBound, range.upperBound))
    }
    let words = (line ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let text = [finding.code.id, finding.path ?? "", finding.message, words].joined(separator: "\n")
    return String(ContentDigest.of(Array(text.utf8)).dropFirst("sha256:".count).prefix(16))
  }
}
