package import Diagnostics
internal import RunbookLanguage
internal import YAMLTree

/// Lays out documents: reads each, and says what would change.
package enum DocumentLayout {
  /// What became of one document.
  package enum Outcome: Sendable {
    /// It is laid out already.
    case asItWas
    case changed(Mending.Change)
    /// It is no YAML that can be read without doubt; nothing of it is touched.
    case faulty([Diagnostic])
    /// Laid out it would say something else; nothing of it is touched.
    case notPossible
  }

  package static func lay(_ source: SourceText) -> Outcome {
    let document = YAMLReader.read(source)
    do throws(YAMLLayout.Problem) {
      let text = try YAMLLayout.text(of: document, sections: sections(of: document))
      return text == source.bytes ? .asItWas : .changed(Mending.Change(path: source.name, old: source.bytes, new: text))
    } catch {
      return switch error {
      case .isFaulty: .faulty(document.diagnostics)
      case .wouldChange: .notPossible
      }
    }
  }

  /// The sections that a runbook has, in the order of the grammar: what is asked, what it may mean, what it rests on.
  private static func sections(of document: YAMLDocument) -> [String] {
    guard document.root?["runbook"] != nil, document.root?["questions"] != nil else { return [] }
    return Shape.runbook.keys.map(\.name)
  }

  /// The paths of the documents to lay out: those selected, and behind them those below the same folders that they
  /// import or name as lists, if these are YAML.
  ///
  /// - Parameter folders: What was named on the command line.
  package static func paths(of selection: DocumentSelection, below folders: [String]) -> [String] {
    let named = selection.documents.map(\.path)
    let roots = folders.filter(DocumentFiles.isFolder).map(PathName.plain).map { $0 == "." ? "" : $0 + "/" }
    var seen = Set(named.map(PathName.plain))
    var waiting = selection.documents.filter { $0.kind == .runbook }.map(\.path)
    var found: [String] = []
    while let path = waiting.popLast() {
      let tree = RunbookTree(of: path)
      for other in references(in: path) where roots.contains(where: { isBelow($0, other) }) {
        guard DocumentFiles.isFile(other), tree.holds(other) != false, seen.insert(other).inserted else { continue }
        found.append(other)
        waiting.append(other)
      }
    }
    return named + found.sorted()
  }

  private static func isBelow(_ root: String, _ path: String) -> Bool {
    root.isEmpty ? !path.hasPrefix("/") && !path.hasPrefix("../") : path.hasPrefix(root)
  }

  /// The YAML documents that a runbook, or what it imports, names.
  private static func references(in path: String) -> [String] {
    guard case .success(let source) = DocumentFiles().load(path), let root = YAMLReader.read(source).root else {
      return []
    }
    let imports = root["import"]?.items ?? root["import"].map { [$0] } ?? []
    let lists = (root["lists"]?.pairs ?? []).flatMap { [$0.value["file"], $0.value["except"]] }.compactMap { $0 }
    let names = (imports + lists).compactMap(\.scalar?.text).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    return names.map { PathName.plain(DocumentFiles.resolve($0, in: DocumentFiles.folder(of: path))) }
  }
}
