import Diagnostics
import Foundation
import RunbookLanguage

/// Files in memory, by their paths.
struct FilesInMemory: RunbookFiles {
  var files: [String: String] = [:]

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    files[path].map { .success(SourceText(name: path, text: $0)) } ?? .failure(FileProblem("no such file"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { files[path] != nil }
}

/// Files of a folder, by their paths from it.
struct FilesInFolder: RunbookFiles {
  let folder: String

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    guard let data = FileManager.default.contents(atPath: folder + "/" + path) else {
      return .failure(FileProblem("no such file"))
    }
    return .success(SourceText(name: path, bytes: Array(data)))
  }

  func exists(_ path: String, from base: SourceText) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + path)
  }
}

func check(
  _ text: String, files: [String: String] = [:], overrides: [String: String] = [:]
) -> RunbookChecker.Result {
  let source = SourceText(name: "test.runbook.yaml", text: text)
  return RunbookChecker(files: FilesInMemory(files: files)).check(
    source, listOverrides: overrides.mapValues { ($0, source) })
}

/// "line:column code message" of each finding, in reading order; a place in another file begins with its name.
func told(_ result: RunbookChecker.Result, atLeast severity: Diagnostic.Severity = .warning) -> [String] {
  result.diagnostics.filter { $0.severity >= severity }.map { diagnostic in
    "\(place(of: diagnostic)) \(diagnostic.code.id) \(diagnostic.message)"
  }
}

/// "line:column code" of each finding.
func codes(_ result: RunbookChecker.Result, atLeast severity: Diagnostic.Severity = .warning) -> [String] {
  result.diagnostics.filter { $0.severity >= severity }.map { "\(place(of: $0)) \($0.code.id)" }
}

private func place(of diagnostic: Diagnostic) -> String {
  guard let location = diagnostic.location else { return "-" }
  let isOwn = location.source.name == "test.runbook.yaml"
  return (isOwn ? "" : location.source.name + ":") + location.start.description
}

/// A runbook with one question; `rest` stands behind the questions, `question` inside the one.
func runbook(question: String = "answer: q.size() > 0", alert: String = "", rest: String = "") -> String {
  """
  tocsin: 1
  runbook: test
  alert: {when: "true", fields: {site: alert.labels.site}\(alert)}
  questions:
    first:
      ask: Is it so?
      \(question)
      then: {yes: suspicious, no: benign}
  queries:
    q: {from: logs, sql: "SELECT logs.* FROM logs WHERE site = ${site} AND time BETWEEN ${from} AND ${to}", rows: {source: ip, hits: int}}
  \(rest)
  """
}

/// The folder of these tests.
let testFolder = String(#filePath.prefix { _ in true }.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 })
