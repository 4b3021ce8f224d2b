internal import DurableFiles

/// Which documents are checked: files as they are named, and those found in folders and by patterns.
package struct DocumentSelection: Sendable {
  /// What a document is, by its name.
  package enum Kind: String, Sendable {
    case runbook, deployment
    /// Cases of the runbook beside it.
    case tests

    /// The kind of a file found in a folder; `nil`: it is nothing that is checked by itself.
    static func ofFound(_ name: String) -> Kind? {
      guard let stem = [".yaml", ".yml"].first(where: name.hasSuffix).map({ name.dropLast($0.count) }) else {
        return nil
      }
      if stem.hasSuffix(".runbook") { return .runbook }
      if stem.hasSuffix(".tests") { return .tests }
      return stem == "tocsin" || stem.hasSuffix(".tocsin") ? .deployment : nil
    }
  }

  package struct Document: Hashable, Sendable {
    package let path: String
    package let kind: Kind
  }

  /// Something that was named and gives no document.
  package struct Problem: Error, Hashable, Sendable {
    package let path: String
    /// As a sentence part behind "cannot read …:".
    package let reason: String
  }

  /// Most files and folders that are looked at.
  package static let entryLimit = 200_000
  /// Most folders inside each other.
  static let depthLimit = 64

  /// Each once, in the order in which they were named; those of a folder in the order of their paths' bytes.
  package private(set) var documents: [Document] = []
  package private(set) var problems: [Problem] = []
  /// Folders that were named, without detours.
  private var folders: [String] = []
  private var seen: Set<String> = []
  private var entryCount = 0

  /// - Parameter paths: Files; folders, which are searched but for those whose names begin with a dot; and patterns, in
  ///   which `*` and `?` stand for a part of a name, and `**` for any folders.
  package init(_ paths: [String]) {
    for path in paths {
      let count = documents.count
      if DocumentFiles.isFolder(path) {
        folders.append(PathName.plain(path))
        search(path, depth: 0)
        if documents.count == count, !seen.contains(where: { $0.hasPrefix(PathName.plain(path)) }) {
          problems.append(Problem(path: path, reason: "there is no runbook and no configuration in this folder"))
        }
      } else if !Folder.exists(path), PathPattern.isPattern(path) {
        let found = PathPattern(path).matches { entryCount += $0 }
        found.forEach { addFound($0, isPattern: true) }
        if found.isEmpty { problems.append(Problem(path: path, reason: "no file has such a name")) }
      } else {
        add(Document(path: path, kind: Kind.ofFound(PathName.last(path)) ?? .runbook))
      }
    }
  }

  /// Whether a file of this path, were it there, would be found in one of the folders.
  func wouldFind(_ path: String) -> Bool {
    let path = PathName.plain(path)
    return folders.contains { folder in
      guard folder == "." || path.hasPrefix(folder + "/") else { return false }
      return !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }
  }

  private mutating func add(_ document: Document) {
    if seen.insert(PathName.plain(document.path)).inserted { documents.append(document) }
  }

  private mutating func addFound(_ path: String, isPattern: Bool) {
    if DocumentFiles.isFolder(path) {
      search(path, depth: 0)
    } else if RunbookTree.leadsOut(path) {
      problems.append(Problem(path: path, reason: "it is a link that leads out of the tree; name what it leads to"))
    } else if let kind = Kind.ofFound(PathName.last(path)) {
      add(Document(path: path, kind: kind))
    } else if isPattern, path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
      add(Document(path: path, kind: .runbook))
    }
  }

  private mutating func search(_ folder: String, depth: Int) {
    guard depth < Self.depthLimit else {
      problems.append(Problem(path: folder, reason: "more than \(Self.depthLimit) folders stand inside each other"))
      return
    }
    let names: [String]
    do { names = try Folder.names(in: folder) } catch {
      problems.append(Problem(path: folder, reason: DocumentFiles.reason(error)))
      return
    }
    for name in names where !name.hasPrefix(".") {
      entryCount += 1
      guard entryCount <= Self.entryLimit else {
        if entryCount == Self.entryLimit + 1 {
          problems.append(Problem(path: folder, reason: "there are more than \(Self.entryLimit) files and folders"))
        }
        return
      }
      let path = DocumentFiles.resolve(name, in: folder)
      if Folder.isFolderItself(path) {
        search(path, depth: depth + 1)
      } else if Kind.ofFound(name) != nil {
        addFound(path, isPattern: false)
      }
    }
  }
}

extension DocumentSelection {
  /// The runbooks around these documents that are not among them: all of the git tree; without git those in the same
  /// folders. What cannot be read there is left out.
  var neighbours: [Document] {
    let known = Set(documents.compactMap { Folder.real($0.path) })
    var around = DocumentSelection([])
    var searched: Set<String> = []
    for document in documents where document.kind == .runbook {
      let folder = DocumentFiles.folder(of: document.path)
      let root = RunbookTree(of: document.path).kept
      let place = root.map(Self.shown) ?? folder
      guard searched.insert(place).inserted else { continue }
      if root != nil {
        around.search(place, depth: 0)
      } else {
        let beside = [".yaml", ".yml"].flatMap { DocumentFiles.names(in: folder, ending: $0) }
        for path in beside { around.addFound(path, isPattern: false) }
      }
    }
    return around.documents.filter { document in
      document.kind == .runbook && Folder.real(document.path).map { !known.contains($0) } ?? false
    }
  }

  /// An absolute path as people would write it who stand in or above it.
  private static func shown(_ path: String) -> String {
    guard let here = Folder.real(".") else { return path }
    return path == here ? "." : path.hasPrefix(here + "/") ? String(path.dropFirst(here.count + 1)) : path
  }
}

/// A path as text.
package enum PathName {
  /// The part behind the last `/`.
  package static func last(_ path: String) -> String {
    String(path.split(separator: "/", omittingEmptySubsequences: true).last ?? "")
  }

  /// The path without `.`, doubled `/`, and `..` behind a name: as people and other tools write it.
  package static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    let joined = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + joined : joined.isEmpty ? "." : joined
  }
}
