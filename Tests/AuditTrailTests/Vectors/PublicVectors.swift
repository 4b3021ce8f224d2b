import Foundation
import Values

/// Public test vectors, beside the checkout or where `TOCSIN_SHARED_DATA` says.
enum PublicVectors {
  static let absence = "no public vectors: set TOCSIN_SHARED_DATA to the folder of shared data"

  static func folder(_ name: String) -> String? {
    let named = ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"]
    let beside = URL(fileURLWithPath: #filePath).appending(path: "../../../../../shared/data").standardized.path
    let path = "\(named ?? beside)/vectors/\(name)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  static func files(in folder: String?) -> [String] {
    guard let folder, let found = FileManager.default.enumerator(atPath: folder) else { return [] }
    return found.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
  }

  static func json(_ path: String) throws -> JSON {
    try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
