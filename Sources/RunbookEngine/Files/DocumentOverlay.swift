package import Diagnostics
package import RunbookLanguage
internal import Synchronization

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
}

/// Notes which files are asked for, be they there or not.
final class NotedFiles: RunbookFiles {
  private let files: DocumentOverlay
  private let noted: Mutex<Set<String>>

  init(_ files: DocumentOverlay, for document: String) {
    self.files = files
    noted = Mutex([PathName.plain(document)])
  }

  /// Their paths, without detours.
  var paths: Set<String> { noted.withLock { $0 } }

  func read(_ path: String, from base: SourceText) -> Result<SourceText, RunbookLanguage.FileProblem> {
    note(path, base)
    return files.read(path, from: base)
  }

  func exists(_ path: String, from base: SourceText) -> Bool {
    note(path, base)
    return files.exists(path, from: base)
  }

  private func note(_ path: String, _ base: SourceText) {
    let whole = PathName.plain(DocumentFiles.resolve(path, in: DocumentFiles.folder(of: base.name)))
    noted.withLock { _ = $0.insert(whole) }
  }
}
