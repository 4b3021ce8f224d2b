import RunbookPorts
import Values

/// Answers SQL over documents, which are read as a whole: reports, listings.
struct DocumentAdapter<Document: Sendable>: DataAdapter {
  /// What documents give.
  struct Content: Sendable {
    let tables: [RowTable]
    var extent: SourceExtent?
    var repaired = 0
    var warnings: [String] = []
  }

  let schema: SourceSchema
  let files: FileSet
  let read: @Sendable (_ bytes: [UInt8], _ name: String) throws(DocumentProblem) -> Document
  let content: @Sendable ([Document]) -> Content

  init(
    tables: [TableSchema], files: FileSet,
    read: @escaping @Sendable ([UInt8], String) throws(DocumentProblem) -> Document,
    content: @escaping @Sendable ([Document]) -> Content
  ) {
    schema = SourceSchema(languages: ["sql"], tables: tables)
    self.files = files
    self.read = read
    self.content = content
  }

  func fetch(_ query: BoundQuery) async throws(AdapterError) -> QueryResult {
    let (statement, columns) = try SQLRequest.read(query)
    let (documents, gaps) = try readAll()
    let content = content(documents)
    let outcome = try await SQLSession(source: query.source, limits: query.limits).run(
      statement, query, columns: columns, tables: content.tables)
    var statistics = outcome.scan.statistics
    statistics.repairedRecords = content.repaired
    return QueryResult(
      payload: .table(outcome.table),
      completeness: LogAdapter.completeness(cut: outcome.cut, gaps: gaps + outcome.scan.gaps),
      isMonotone: statement.isMonotone, extent: content.extent, warnings: content.warnings, statistics: statistics)
  }

  /// - Throws: when a document cannot be read. A check that failed must not look like one that found nothing, so a
  ///   single bad report among several is a gap, and a single one alone an error.
  private func readAll() throws(AdapterError) -> (documents: [Document], gaps: [String]) {
    do throws(FileProblem) {
      let snapshot = try files.snapshot()
      var documents: [Document] = []
      var problems: [FileProblem] = []
      for file in snapshot.files {
        do throws(DocumentProblem) {
          if let gap = file.gap { throw DocumentProblem(gap) }
          documents.append(try read(try contents(file), file.name))
        } catch {
          problems.append(FileProblem(path: file.path, reason: error.message))
        }
      }
      if documents.isEmpty, let problem = problems.first { throw problem }
      return (documents, snapshot.gaps + problems.map(\.message))
    } catch {
      throw error.adapterError(after: .zero)
    }
  }

  private func contents(_ file: LogFile) throws(DocumentProblem) -> [UInt8] {
    do { return try file.contents(limit: files.limits.documentBytes) } catch { throw DocumentProblem(error.reason) }
  }
}

/// Why bytes are not the document that they should be.
struct DocumentProblem: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
