import Diagnostics
internal import DurableFiles
import RunbookLanguage
internal import Synchronization
import Values

/// The folder below which everything lies that a runbook and its cases may name: the nearest one above the runbook that
/// git keeps (it holds `.git`); without git the one around the runbook's own, in which folders of runbooks lie side by
/// side. That one is never the root of the file system.
package struct RunbookTree: Sendable {
  /// A path without links; `nil`: the runbook's folder is not there.
  let root: String?
  /// The same where git keeps it; `nil` without git.
  let kept: String?

  /// - Parameter document: The path of the runbook, or of its cases. Where it is a link itself, the folder of the link
  ///   counts, as it does for the paths in it.
  package init(of document: String) {
    guard let folder = Folder.real(DocumentFiles.folder(of: document)) else {
      root = nil
      kept = nil
      return
    }
    var candidate: String? = folder
    while let place = candidate, !Folder.exists(DocumentFiles.resolve(".git", in: place)) {
      candidate = Folder.parent(of: place)
    }
    let around = Folder.parent(of: folder) ?? "/"
    kept = candidate
    root = candidate ?? (around == "/" ? folder : around)
  }

  /// Whether a file lies below, links resolved; `nil`: it is not there.
  package func holds(_ path: String) -> Bool? { Folder.real(path).map(isBelow) }

  /// Whether a document that was found, not named by somebody, is a link to one outside of the tree that the link lies in.
  package static func leadsOut(_ path: String) -> Bool {
    Folder.isLink(path) && RunbookTree(of: path).holds(path) == false
  }

  /// What is wrong with the place of a file; `nil`: it lies in the tree. What is not there is judged by its path.
  func problem(with path: String) -> RunbookLanguage.FileProblem? {
    if holds(path) ?? isNamedBelow(path) { return nil }
    return .init(
      "it lies outside of '\(root ?? "the runbook's folder")', below which everything lies that a runbook may name",
      isOutside: true)
  }

  /// For files that are not there.
  private func isNamedBelow(_ path: String) -> Bool {
    let folder = DocumentFiles.folder(of: path)
    let real = Folder.real(folder) ?? Folder.real(".").map { PathName.plain(DocumentFiles.resolve(folder, in: $0)) }
    return real.map { isBelow(DocumentFiles.resolve(PathName.last(path), in: $0)) } ?? false
  }

  private func isBelow(_ path: String) -> Bool {
    guard let root else { return false }
    return root == "/" || path.hasPrefix(root + "/")
  }
}

/// Files of which those are read that lie in one runbook's tree.
struct TreeFiles: RunbookFiles {
  /// Found when the first file is named: most runbooks name none.
  private final class Tree: Sendable {
    private let document: String
    private let found = Mutex<RunbookTree?>(nil)

    init(of document: String) { self.document = document }

    var tree: RunbookTree {
      found.withLock { found in
        if let found { return found }
        let tree = RunbookTree(of: document)
        found = tree
        return tree
      }
    }
  }

  private let files: any RunbookFiles
  private let tree: Tree

  init(_ files: any RunbookFiles, treeOf document: String) {
    self.files = files
    tree = Tree(of: document)
  }

  func read(_ path: String, from base: SourceText) -> Result<SourceText, RunbookLanguage.FileProblem> {
    if let problem = tree.tree.problem(with: DocumentFiles.resolve(path, in: DocumentFiles.folder(of: base.name))) {
      return .failure(problem)
    }
    return files.read(path, from: base)
  }

  func exists(_ path: String, from base: SourceText) -> Bool { files.exists(path, from: base) }

  /// Asked only of files that have been read.
  func changed(_ path: String, from base: SourceText) -> Timestamp? { files.changed(path, from: base) }

  /// The narrower tree is kept.
  func inTree(of document: SourceText) -> any RunbookFiles { self }
}
