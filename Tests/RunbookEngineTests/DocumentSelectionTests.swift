import Foundation
import Testing

@testable import RunbookEngine

struct DocumentSelectionTests {
  /// A folder with these files, each empty.
  private func withFolder(_ files: [String], _ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "tocsin-selection-\(UUID().uuidString)"
    defer { TestFolder.remove(folder) }
    for file in files {
      let path = "\(folder)/\(file)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    try body(folder)
  }

  private static let files = [
    "b/b.runbook.yaml", "a/a.runbook.yml", "a/tocsin.yaml", "a/case.tocsin.yaml", "a/a.tests.yaml", "a/notes.yaml",
    "a/.hidden/h.runbook.yaml", "a/deep/er/c.runbook.yaml", "shared/contacts.yaml",
  ]

  @Test func `a folder gives its runbooks, cases and configurations, in the order of their paths`() throws {
    try withFolder(Self.files) { folder in
      let found = DocumentSelection([folder])
      #expect(
        found.documents.map { $0.path.dropFirst(folder.count + 1) } == [
          "a/a.runbook.yml", "a/a.tests.yaml", "a/case.tocsin.yaml", "a/deep/er/c.runbook.yaml", "a/tocsin.yaml",
          "b/b.runbook.yaml",
        ])
      #expect(found.documents.map(\.kind) == [.runbook, .tests, .deployment, .runbook, .deployment, .runbook])
      #expect(found.problems == [])
    }
  }

  @Test(arguments: [
    ("a/*.yml", ["a/a.runbook.yml"]), ("**/*.runbook.yaml", ["a/deep/er/c.runbook.yaml", "b/b.runbook.yaml"]),
    (
      "?",
      [
        "a/a.runbook.yml", "a/a.tests.yaml", "a/case.tocsin.yaml", "a/deep/er/c.runbook.yaml", "a/tocsin.yaml",
        "b/b.runbook.yaml",
      ]
    ),
    ("*/n*s.yaml", ["a/notes.yaml"]), ("a/.h*/*", ["a/.hidden/h.runbook.yaml"]),
    ("a/**/c.*", ["a/deep/er/c.runbook.yaml"]),
  ])
  func `a pattern gives what has such a name`(pattern: String, paths: [String]) throws {
    try withFolder(Self.files) { folder in
      #expect(
        DocumentSelection(["\(folder)/\(pattern)"]).documents.map { String($0.path.dropFirst(folder.count + 1)) }
          == paths)
    }
  }

  @Test func `what is named twice is checked once, and a file is taken as it is named`() throws {
    try withFolder(Self.files) { folder in
      let found = DocumentSelection(["\(folder)/b/../b/b.runbook.yaml", "\(folder)/b", "\(folder)/a/notes.yaml"])
      #expect(found.documents.map { PathName.last($0.path) } == ["b.runbook.yaml", "notes.yaml"])
      #expect(found.documents.map(\.kind) == [.runbook, .runbook])
      #expect(found.problems == [])
    }
  }

  @Test func `a folder or pattern that gives nothing is a problem, not a success`() throws {
    try withFolder(Self.files) { folder in
      #expect(DocumentSelection(["\(folder)/shared", "\(folder)/x*"]).problems.count == 2)
      #expect(DocumentSelection(["\(folder)/missing.runbook.yaml"]).documents.count == 1)
    }
  }

  @Test func `a link to a folder above leads nowhere`() throws {
    try withFolder(["a/a.runbook.yaml"]) { folder in
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/a/up", withDestinationPath: "..")
      #expect(DocumentSelection([folder]).documents.count == 1)
      #expect(DocumentSelection(["\(folder)/**/*.yaml"]).documents.count == 1)
    }
  }

  @Test(arguments: [
    ("abc", "a*c", true), ("abc", "*", true), ("abc", "a?c", true), ("abc", "a?", false), ("abc", "*b", false),
    ("aXbXc", "a*b*c", true), ("", "*", true), ("", "?", false), ("aaab", "*ab", true),
  ])
  func `stars and question marks stand for parts of names`(name: String, pattern: String, matches: Bool) {
    #expect(PathPattern.matches(Array(name.utf8)[...], Array(pattern.utf8)[...]) == matches)
  }

  @Test(arguments: [("a/./b//c", "a/b/c"), ("a/../b", "b"), ("../a", "../a"), ("/a/../b", "/b"), ("./", ".")])
  func `paths are written without detours`(path: String, plain: String) {
    #expect(PathName.plain(path) == plain)
  }
}
