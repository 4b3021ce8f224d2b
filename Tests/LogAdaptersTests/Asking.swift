import Foundation
import RunbookPorts
import Testing
import Values

@testable import LogAdapters

/// A source of the tests: an adapter over files, asked in SQL.
struct Asking {
  let adapter: any DataAdapter

  static var fixtures: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path(percentEncoded: false)
  }

  init(_ kind: any AdapterKind, _ settings: [String: AdapterOptions.Setting], folder: String = Asking.fixtures) throws {
    adapter = try kind.makeAdapter(AdapterOptions(source: "log", settings: settings, folder: folder))
  }

  /// - Parameter text: SQL with parameters as runbooks write them: `${name}`.
  func fetch(
    _ text: String, _ columns: [(String, ColumnType)], _ parameters: [String: Value] = [:],
    window: TimeWindow? = nil, limits: FetchLimits = FetchLimits()
  ) async throws -> QueryResult {
    try await adapter.fetch(
      BoundQuery(
        query: "q", source: "log", language: "sql", body: .text(template(text)), parameters: parameters, window: window,
        shape: .rows(columns.map { Column($0.0, $0.1) }, isSingle: false), limits: limits))
  }

  /// The rows as JSON arrays of cells.
  func rows(
    _ text: String, _ columns: [(String, ColumnType)], _ parameters: [String: Value] = [:]
  ) async throws -> [String] {
    let result = try await fetch(text, columns, parameters)
    let table = try #require(result.table)
    return (0..<table.count).map { row in JSON.array(table.cells.map { $0[row].json }).compactText }
  }

  /// The single number that a query such as `SELECT count(*) AS n …` gives.
  func count(_ text: String, _ parameters: [String: Value] = [:]) async throws -> Int {
    let table = try #require(try await fetch(text, [("n", .int)], parameters).table)
    guard case .int(let number) = try #require(table.cells.first?.first) else { return -1 }
    return Int(number)
  }
}

extension QueryResult {
  var table: Table? {
    if case .table(let table) = payload { table } else { nil }
  }
}

func template(_ text: String) -> QueryTemplate {
  var segments: [QueryTemplate.Segment] = []
  var rest = text[...]
  while let start = rest.range(of: "${"), let end = rest.range(of: "}", range: start.upperBound..<rest.endIndex) {
    segments.append(.text(String(rest[..<start.lowerBound])))
    segments.append(.parameter(String(rest[start.upperBound..<end.lowerBound])))
    rest = rest[end.upperBound...]
  }
  segments.append(.text(String(rest)))
  return QueryTemplate(segments.filter { $0 != .text("") })
}

/// A folder with files of a test, gone when the test is over.
final class Folder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "tocsin-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path).appending(path: name))
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }
}
