package import Diagnostics
internal import DurableFiles
package import RunbookLanguage
package import Values

/// Reads the documents that people name: runbooks, configurations, lists, alerts.
package struct DocumentFiles: RunbookFiles {
  /// Most bytes of one document. YAML documents have a lower limit of their own.
  package static let byteLimit = 16 << 20

  package init() {}

  /// Reads a whole file.
  ///
  /// - Returns: The file under the path as given; or why it cannot be read, as a sentence part.
  package func load(
    _ path: String, byteLimit: Int = Self.byteLimit
  ) -> Result<SourceText, RunbookLanguage.FileProblem> {
    do throws(DurableFiles.FileProblem) {
      let file = try OpenFile(path, for: .reading)
      let size = try file.size()
      guard size <= byteLimit else {
        return .failure(.init("it has \(size) bytes, and at most \(byteLimit) are read"))
      }
      return .success(SourceText(name: path, bytes: try file.read(at: 0, count: size)))
    } catch {
      return .failure(.init(Self.reason(error)))
    }
  }

  package func read(_ path: String, from base: SourceText) -> Result<SourceText, RunbookLanguage.FileProblem> {
    load(Self.resolve(path, in: Self.folder(of: base.name)))
  }

  package func exists(_ path: String, from base: SourceText) -> Bool {
    Folder.exists(Self.resolve(path, in: Self.folder(of: base.name)))
  }

  package func changed(_ path: String, from base: SourceText) -> Timestamp? {
    Folder.changed(Self.resolve(path, in: Self.folder(of: base.name))).map {
      Timestamp(seconds: $0, nanoseconds: 0)
    }
  }

  package func inTree(of document: SourceText) -> any RunbookFiles { TreeFiles(self, treeOf: document.name) }

  /// Whether there is something with this path that is no folder.
  package static func isFile(_ path: String) -> Bool { Folder.exists(path) && !isFolder(path) }

  package static func isFolder(_ path: String) -> Bool { Folder.exists(path + "/.") }

  /// The paths of the files in a folder whose names end so, in the order of their names; none where it cannot be read.
  package static func names(in folder: String, ending: String) -> [String] {
    let names = (try? Folder.names(in: folder)) ?? []
    return names.filter { $0.hasSuffix(ending) }.map { resolve($0, in: folder) }
  }

  /// The folder that a document lies in, as a path that relative ones can be put behind.
  package static func folder(of path: String) -> String { Folder.parent(of: path) ?? "/" }

  /// The path, counted from a folder unless it is absolute.
  package static func resolve(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") || folder == "." { return path }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// The reason alone: who tells it names the path.
  static func reason(_ problem: DurableFiles.FileProblem) -> String {
    let prefix = "cannot \(problem.operation) '\(problem.path)': "
    if problem.isNotAFile { return "it is no plain file; to read from a pipe, write '-' where that is allowed" }
    return problem.message.hasPrefix(prefix) ? String(problem.message.dropFirst(prefix.count)) : problem.message
  }
}

extension DurableFiles.FileProblem {
  /// What `OpenFile` says of pipes, sockets and devices.
  fileprivate var isNotAFile: Bool { operation == "use" && !message.hasSuffix("it is a folder") }
}
