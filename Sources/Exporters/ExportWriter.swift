internal import Crypto
internal import DurableFiles
package import RunbookPorts
package import Values

/// Writes export files into one folder.
package struct ExportWriter: Sendable {
  private let folder: String

  /// - Parameter folder: Made with the first export if it is missing.
  package init(folder: String) { self.folder = folder }

  /// Writes a table under a name, replacing what had it.
  ///
  /// - Parameter name: A plain file name: no slash, no control character, not hidden, 1…255 bytes.
  /// - Returns: after the file is on the disk.
  package func write(
    _ table: Table, as name: String, with exporter: any Exporter
  ) throws(ExportError) -> ExportedFile {
    guard Self.isPlainName(name) else { throw .badName(name) }
    let bytes = exporter.encode(table)
    let path = "\(folder)/\(name)"
    do {
      try Folder.make(folder)
      try WholeFile.write(bytes, to: path)
    } catch { throw .cannotWrite(error.message) }
    return ExportedFile(
      path: path, digest: Self.digest(of: bytes), length: bytes.count,
      rows: table.count, mediaType: exporter.mediaType)
  }

  /// `sha256:` and 64 lower-case hexadecimal digits.
  static func digest(of bytes: [UInt8]) -> String {
    "sha256:" + SHA256.hash(data: bytes).map(hexadecimal).joined()
  }

  private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

  private static func isPlainName(_ name: String) -> Bool {
    (1...255).contains(name.utf8.count) && !name.hasPrefix(".")
      && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
  }
}

/// An export as the trail names it.
package struct ExportedFile: Hashable, Sendable {
  package let path: String
  /// `sha256:` and 64 lower-case hexadecimal digits, over the file's bytes.
  package let digest: String
  package let length: Int
  package let rows: Int
  package let mediaType: String

  package var json: JSON {
    .object([
      "digest": .string(digest), "length": .integer(Int64(length)), "media_type": .string(mediaType),
      "path": .string(path), "rows": .integer(Int64(rows)),
    ])
  }
}

/// Why an export was not written. Nothing stands under its name then that was not there before.
package enum ExportError: Error, Hashable, Sendable {
  case badName(String)
  case cannotWrite(String)

  package var message: String {
    switch self {
    case .badName(let name): "\(name.debugDescription) is not a plain file name"
    case .cannotWrite(let text): text
    }
  }
}
