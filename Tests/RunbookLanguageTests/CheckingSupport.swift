import Diagnostics
import RunbookLanguage

/// Files in memory, by their paths.
struct FilesInMemory: RunbookFiles {
  var files: [String: String] = [:]

  func read(_ path: String, from base: SourceText) -> Result<SourceText, FileProblem> {
    files[path].map { .success(SourceText(name: path, text: $0)) } ?? .failure(FileProblem("no such file"))
  }

  func exists(_ path: String, from base: SourceText) -> Bool { files[path] != nil }
}

func check(_ text: String, files: [String: String] = [:]) -> RunbookChecker.Result {
  RunbookChecker(files: FilesInMemory(files: files)).check(SourceText(name: "test.runbook.yaml", text: text))
}

/// "line:column code message" of each finding, in reading order.
func told(_ result: RunbookChecker.Result, atLeast severity: Diagnostic.Severity = .warning) -> [String] {
  result.diagnostics.filter { $0.severity >= severity }.map { diagnostic in
    let place = diagnostic.location.map { "\($0.source.position(at: $0.range.start))" } ?? "-"
    return "\(place) \(diagnostic.code.id) \(diagnostic.message)"
  }
}
