package import Diagnostics
import YAMLTree

/// Reads and checks runbooks: the one function behind the command line, the editor and the server.
package struct RunbookChecker: Sendable {
  /// What became of one document.
  package struct Result: Sendable {
    /// The runbook's id, in a runbook with errors, too.
    package let id: Placed<String>?
    /// `nil` when there is an error.
    package let runbook: CheckedRunbook?
    /// All findings, in reading order.
    package let diagnostics: [Diagnostic]
    /// What comments in the runbook and in its imports allow. It is still among the findings.
    package let allowances: [Allowance]
    /// What was read: the runbook first, then what it imports, the files of its lists, and scripts.
    package let documents: [SourceText]
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
    let document = YAMLReader.read(source)
    findings.add(document.diagnostics + SecretCheck.findings(in: source))
    guard let root = document.root else {
      return Result(id: nil, runbook: nil, diagnostics: findings.inReadingOrder, allowances: [], documents: [source])
    }
    var draft = RunbookDecoder(document, findings: findings).decode(root)
    let tree = files.inTree(of: source)
    let imports = importFiles(of: &draft, from: source, in: tree, findings)
    let names = NameTable(draft, findings)
    var lists = ListLoader(
      tree: tree, deploymentFiles: files, findings: findings, names: names, overrides: listOverrides)
    let scope = Scope(draft, lists: draft.lists.compactMap { lists.load($0) }, names: names, findings: findings)
    lists.contacts.forEach(scope.note)
    let assembler = RunbookAssembler(draft: draft, names: names, scope: scope, findings: findings, files: tree)
    let runbook = assembler.assemble()
    let flow = FlowChecker(runbook: runbook, draft: draft, names: names, findings: findings)
    let order = flow.check()
    let extent = Reach(runbook: runbook, draft: draft, needs: flow.needs, scope: scope, findings: findings)
      .check(documents: [root] + imports.compactMap(\.root))
    let allowed = ([document] + imports).map(AllowanceReader.init)
    let allowances = allowed.flatMap(\.allowances).map { $0.with(lists.files, of: draft.lists.map(\.id)) }
    for reader in allowed { findings.add(reader.findings) }
    let scripts = runbook.exports.compactMap(\.script?.file)
    let documents = [source] + imports.map(\.source) + lists.documents + scripts
    let checked = extent.map {
      CheckedRunbook(runbook: runbook, documents: documents, needs: flow.needs, order: order, extent: $0)
    }
    return Result(
      id: draft.id, runbook: findings.hasErrors ? nil : checked, diagnostics: findings.inReadingOrder,
      allowances: allowances, documents: documents)
  }

  /// Checks a document that others import by itself. What it names may be declared by those, so no name is missed and
  /// nothing is told to be of no use.
  package func checkImport(_ source: SourceText) -> Result {
    let findings = Findings()
    let document = YAMLReader.read(source)
    findings.add(document.diagnostics + SecretCheck.findings(in: source))
    guard let root = document.root else {
      return Result(id: nil, runbook: nil, diagnostics: findings.inReadingOrder, allowances: [], documents: [source])
    }
    var draft = Draft(location: SourceLocation(source, root.range))
    RunbookDecoder(document, findings: findings).decodeImport(root, into: &draft)
    draft.gaps = Set(DeclarationKind.allCases)
    let tree = files.inTree(of: source)
    let names = NameTable(draft, findings)
    var lists = ListLoader(tree: tree, deploymentFiles: files, findings: findings, names: names, overrides: [:])
    let scope = Scope(draft, lists: draft.lists.compactMap { lists.load($0) }, names: names, findings: findings)
    _ = RunbookAssembler(draft: draft, names: names, scope: scope, findings: findings, files: tree).assemble()
    let allowed = AllowanceReader(document)
    findings.add(allowed.findings)
    return Result(
      id: nil, runbook: nil, diagnostics: findings.inReadingOrder,
      allowances: allowed.allowances.map { $0.with(lists.files, of: draft.lists.map(\.id)) },
      documents: [source] + lists.documents)
  }

  /// Whether a document holds sections that runbooks share, and nothing that makes it a runbook.
  package static func isImport(_ source: SourceText) -> Bool {
    let keys = Set((YAMLReader.read(source).root?.pairs ?? []).compactMap { $0.key.scalar?.text })
    return keys.isDisjoint(with: ["tocsin", "runbook", "alert", "questions"])
      && !keys.isDisjoint(with: RunbookDecoder.importable.map(\.plural))
  }

  /// Most files that one runbook imports.
  static let importLimit = 32

  private func importFiles(
    of draft: inout Draft, from source: SourceText, in tree: any RunbookFiles, _ findings: Findings
  ) -> [YAMLDocument] {
    var seen: Set<String> = []
    var documents: [YAMLDocument] = []
    for path in draft.imports {
      if !seen.insert(path.value).inserted {
        findings.add(.uselessKey(path.value, because: "it has been imported already", at: path.location))
      } else if documents.count == Self.importLimit {
        findings.add(.tooMany("import", count: draft.imports.count, limit: Self.importLimit, at: path.location))
        draft.gaps.formUnion(RunbookDecoder.importable)
        return documents
      } else {
        importFile(path, into: &draft, from: source, in: tree, findings).map { documents.append($0) }
      }
    }
    return documents
  }

  private func importFile(
    _ path: Placed<String>, into draft: inout Draft, from source: SourceText, in tree: any RunbookFiles,
    _ findings: Findings
  ) -> YAMLDocument? {
    switch tree.read(path.value, from: source) {
    case .failure(let problem):
      findings.add(.cannotRead(path, because: problem))
      draft.gaps.formUnion(RunbookDecoder.importable)
      return nil
    case .success(let imported):
      let document = YAMLReader.read(imported)
      if document.root?["runbook"] != nil, document.root?["questions"] != nil {
        let reason = "it is a runbook of its own, and only parts that runbooks share can be imported"
        findings.add(.cannotRead(path.value, because: reason, at: path.location))
        draft.gaps.formUnion(RunbookDecoder.importable)
        return document
      }
      findings.add(document.diagnostics + SecretCheck.findings(in: imported))
      let decoder = RunbookDecoder(document, findings: findings)
      if let root = document.root {
        decoder.decodeImport(root, into: &draft)
      } else {
        draft.gaps.formUnion(RunbookDecoder.importable)
      }
      return document
    }
  }
}
