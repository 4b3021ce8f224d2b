package import Diagnostics
package import RunbookLanguage
package import Values
import YAMLTree

/// A runbook beside an earlier state of itself: what changed in meaning, and whether its version says so.
package struct VersionCheck: Sendable {
  package struct Report: Sendable {
    /// As people know the runbook.
    package let path: String
    package let difference: RunbookDifference
    /// What is wrong with the version, and names that are used again.
    package let findings: [Diagnostic]
  }

  package enum Problem: Error, Sendable {
    /// One of the two has errors, so that it has no meaning to compare: its name, and they.
    case hasErrors(String, [Diagnostic])
  }

  private init() {}

  /// - Parameters:
  ///   - base: The earlier state, and the files beside it.
  ///   - head: The later one, and the files beside it.
  package static func compare(
    _ base: (source: SourceText, files: any RunbookFiles), with head: (source: SourceText, files: any RunbookFiles)
  ) throws(Problem) -> Report {
    let old = try checked(base)
    let new = try checked(head)
    let difference = RunbookDifference(from: old, to: new)
    let place = placeOfVersion(in: head.source)
    var findings: [Diagnostic] = []
    if let problem = difference.versionProblem { findings.append(.version(problem, of: difference, at: place)) }
    findings += difference.reused.map {
      .nameReused($0.id, was: $0.was, is: $0.is, at: placeOfName($0.id, in: head.source) ?? place)
    }
    return Report(path: head.source.name, difference: difference, findings: findings)
  }

  private static func checked(
    _ state: (source: SourceText, files: any RunbookFiles)
  ) throws(Problem) -> Runbook {
    let result = RunbookChecker(files: state.files).check(state.source)
    guard let runbook = result.runbook else {
      throw .hasErrors(state.source.name, result.diagnostics.filter { $0.severity == .error })
    }
    return runbook.runbook
  }

  /// What a runbook that is gone was: there is no version that could say so.
  package struct Removal: Sendable {
    /// As people knew it.
    package let path: String
    package let id: String
    package let version: String?
    package let status: Runbook.Status
    /// Whether it had said before that it would go.
    package var isExpected: Bool { status == .deprecated }

    /// - Parameter source: What stood there.
    package init(of source: SourceText) {
      let root = YAMLReader.read(source).root
      path = source.name
      id = root?["runbook"]?.scalar?.text ?? ""
      version = root?["version"]?.scalar?.text
      status = root?["status"]?.scalar.flatMap { Runbook.Status(rawValue: $0.text) } ?? .draft
    }
  }

  /// The id that a document gives itself; `nil` without one.
  package static func id(of source: SourceText) -> String? { YAMLReader.read(source).root?["runbook"]?.scalar?.text }

  /// The version, or what names the runbook where it has none.
  private static func placeOfVersion(in source: SourceText) -> SourceLocation {
    let root = YAMLReader.read(source).root
    let range = (root?["version"] ?? root?["runbook"])?.range ?? SourceRange(0, 0)
    return SourceLocation(source, range)
  }

  private static func placeOfName(_ id: String, in source: SourceText) -> SourceLocation? {
    for section in YAMLReader.read(source).root?.pairs ?? [] {
      for pair in section.value.pairs ?? [] where pair.key.scalar?.text == id {
        return SourceLocation(source, pair.key.range)
      }
    }
    return nil
  }
}

extension VersionCheck.Removal {
  /// One object for machines, in the form of a report.
  package var json: JSON {
    .object([
      "file": .string(path), "base": version.map(JSON.string) ?? .null, "version": .null, "needed": .null,
      "step": .string(VersionStep.major.rawValue),
      "changes": .array([
        .object([
          "step": .string(VersionStep.major.rawValue), "kind": .string("runbook"), "id": .string(id),
          "what": .string("removed"),
        ])
      ]), "findings": .array([]),
    ])
  }
}

extension VersionCheck.Report {
  /// One object for machines.
  package var json: JSON {
    .object([
      "file": .string(path), "base": difference.base.map(JSON.string) ?? .null,
      "version": difference.version.map(JSON.string) ?? .null,
      "needed": difference.neededVersion.map { .string("\($0)") } ?? .null,
      "step": difference.neededStep.map { .string($0.rawValue) } ?? .null,
      "changes": .array(difference.changes.map(\.json)), "findings": .array(findings.map(\.json)),
    ])
  }
}

extension RunbookDifference.Change {
  fileprivate var json: JSON {
    let head: [JSON.Member] = [
      .init("step", .string(step.rawValue)), .init("kind", .string(kind)), .init("id", .string(id)),
    ]
    switch what {
    case .added: return .object(head + [.init("what", .string("added"))])
    case .removed: return .object(head + [.init("what", .string("removed"))])
    case .changed(let property, let from, let to):
      return .object(
        head + [
          .init("what", .string("changed")), .init("property", .string(property)),
          .init("from", from.map(JSON.string) ?? .null), .init("to", to.map(JSON.string) ?? .null),
        ])
    }
  }

  /// In a line for people: `question 'caught' is gone`.
  package var words: String {
    switch what {
    case .added: "\(kind) '\(id)' is new"
    case .removed: "\(kind) '\(id)' is gone"
    case .changed(let property, let from?, let to?): "\(kind) '\(id)': \(property) was '\(from)' and is '\(to)'"
    case .changed(let property, nil, let to): "\(kind) '\(id)': \(property) is new: '\(to ?? "")'"
    case .changed(let property, let from, nil): "\(kind) '\(id)': \(property) is gone: '\(from ?? "")'"
    }
  }
}
