import Exporters
import Foundation
import RunbookPorts
import Testing
import Values

@Suite struct ExportWriterTests {
  private let folder = "\(NSTemporaryDirectory())export-tests-\(UUID().uuidString)"

  private var table: Table {
    Table(columns: [Column("path", .path)], cells: [[.string("/srv/a")]], count: 1)
  }

  @Test func `the digest is that of the file, which is its owner's alone`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try ExportWriter(folder: "\(folder)/r1").write(table, as: "files.csv", with: CSVExporter())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
    #expect(String(decoding: bytes, as: UTF8.self) == "path\r\n/srv/a\r\n")
    // printf 'path\r\n/srv/a\r\n' | sha256sum
    #expect(file.digest == "sha256:8d58887ac8fa130fc58ff5d87bf88dbd5cc1a4fbd1358b238cef52d87c99e349")
    #expect(file.length == 14 && file.rows == 1 && file.path == "\(folder)/r1/files.csv")
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(
      file.json.canonicalText
        == "{\"digest\":\"\(file.digest)\",\"length\":14,\"media_type\":\"text/csv; charset=utf-8; header=present\","
        + "\"path\":\"\(file.path)\",\"rows\":1}")
  }

  @Test func `a new export replaces the old one whole`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = ExportWriter(folder: folder)
    _ = try writer.write(table, as: "files", with: CSVExporter())
    let file = try writer.write(table, as: "files", with: JSONLinesExporter())
    #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "{\"path\":\"/srv/a\"}\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["files"])
  }

  @Test(arguments: ["", ".", "..", ".hidden", "a/b", "../x", "a\u{0}b", "a\nb", String(repeating: "x", count: 256)])
  func `a name that leads elsewhere is refused`(name: String) {
    #expect(throws: ExportError.badName(name)) {
      try ExportWriter(folder: folder).write(table, as: name, with: CSVExporter())
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func `a folder that cannot be has a clear reason`() throws {
    let error = #expect(throws: ExportError.self) {
      try ExportWriter(folder: "/dev/null/below").write(table, as: "x.csv", with: CSVExporter())
    }
    #expect(error?.message == "cannot create folder '/dev/null/below': a part of the path is a file, not a folder")
  }
}
