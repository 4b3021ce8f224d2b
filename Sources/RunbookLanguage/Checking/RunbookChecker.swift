package import Diagnostics
import YAMLTree

/// Reads and checks runbooks: the one function behind the command line, the editor and the server.
package struct RunbookChecker: Sendable {
  /// What became of one document.
  package struct Result: Sendable {
    /// `nil` when there is an error.
    package let runbook: CheckedRunbook?
    /// All findings, in reading order.
    package let diagnostics: [Diagnostic]
  }

  private let files: any RunbookFiles

  package init(files: any RunbookFiles) {
    self.files = files
  }

  /// - Parameter listOverrides: Paths that a deployment gives to lists instead of the runbook's, by list id; they count
  ///   from the document `base`.
  package func check(
    _ source: SourceText, listOverrides: [String: (path: String, base: SourceText)] = [:]
  ) -> Result {
    let findings = Findings()
    var documents = [source]
    let document = YAMLReader.read(source)
    findings.add(document.diagnostics)
    guard let root = document.root else {
      return Result(runbook: nil, diagnostics: findings.all.sorted(by: Diagnostic.readingOrder))
    }
    var draft = RunbookDecoder(source: source, findings: findings).decode(root)
    for path in draft.imports { documents += importFile(path, into: &draft, from: source, findings) }
    var lists = ListLoader(files: files, findings: findings, overrides: listOverrides)
    let names = NameTable(draft, findings)
    let scope = Scope(draft, lists: draft.lists.compactMap { lists.load($0) }, names: names, findings: findings)
    documents += lists.documents
    let runbook = RunbookAssembler(draft: draft, names: names, scope: scope, findings: findings, files: files).assemble()
    let diagnostics = findings.all.sorted(by: Diagnostic.readingOrder)
    guard let runbook, !findings.hasErrors else { return Result(runbook: nil, diagnostics: diagnostics) }
    return Result(
      runbook: CheckedRunbook(
        runbook: runbook.runbook, documents: documents, needs: runbook.needs, order: runbook.order),
      diagnostics: diagnostics)
  }

  private func importFile(
    _ path: Placed<String>, into draft: inout Draft, from source: SourceText, _ findings: Findings
  ) -> [SourceText] {
    switch files.read(path.value, from: source) {
    case .failure(let problem):
      findings.add(.cannotRead(path.value, because: problem.reason, at: path.location))
      return []
    case .success(let imported):
      let document = YAMLReader.read(imported)
      findings.add(document.diagnostics)
      if let root = document.root {
        RunbookDecoder(source: imported, findings: findings).decodeImport(root, into: &draft)
      }
      return [imported]
    }
  }
}
