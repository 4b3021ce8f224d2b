package import Diagnostics
package import RunbookLanguage
internal import Synchronization
package import Values

/// The files of the disk, some of them with other contents: what a check would find if they were written so.
package struct DocumentOverlay: RunbookFiles {
  /// By paths without detours.
  package var contents: [String: [UInt8]] = [:]

  package init() {}

  package func load(_ path: String) -> Result<SourceText, RunbookLanguage.FileProblem> {
    contents[PathName.plain(path)].map { .success(SourceText(name: path, bytes: $0)) } ?? DocumentFiles().load(path)
  }

  package func read(_ path: String, from base: SourceText) -> Result<SourceText, RunbookLanguage.FileProblem> {
    load(DocumentFiles.resolve(path, in: DocumentFiles.folder(of: base.name)))
  }

  package func exists(_ path: String, from base: SourceText) -> Bool { DocumentFiles().exists(path, from: base) }

  package func changed(_ path: String, from base: SourceText) -> Timestamp? {
    DocumentFiles().changed(path, from: base)
  }

  package func inTree(of document: SourceText) -> any RunbookFiles { TreeFiles(self, treeOf: document.name) }
}

/// Notes which files are asked for, be they there or not.
struct NotedFiles: RunbookFiles {
  private final class Notes: Sendable {
    let paths: Mutex<Set<String>>

    init(_ path: String) { paths = Mutex([path]) }
  }

  private let files: any RunbookFiles
  private let notes: Notes

  init(_ files: DocumentOverlay, for document: String) {
    self.init(files, Notes(PathName.plain(document)))
  }

  private init(_ files: any RunbookFiles, _ notes: Notes) {
    self.files = files
    self.notes = notes
  }

  /// Their paths, without detours.
  var paths: Set<String> { notes.paths.withLock { $0 } }

  /// What is asked for in the tree is noted with the rest.
  func inTree(of document: SourceText) -> any RunbookFiles { NotedFiles(files.inTree(of: document), notes) }

  func read(_ path: String, from base: SourceText) -> Result<SourceText, RunbookLanguage.FileProblem> {
    note(path, base)
    return files.read(path, from: base)
  }

  func exists(_ path: String, from base: SourceText) -> Bool {
    note(path, base)
    return files.exists(path, from: base)
  }

  func changed(_ path: String, from base: SourceText) -> Timestamp? { files.changed(path, from: base) }

  private func note(_ path: String, _ base: SourceText) {
    let whole = PathName.plain(DocumentFiles.resolve(path, in: DocumentFiles.folder(of: base.name)))
    notes.paths.withLock { _ = $0.insert(whole) }
  }
}
