import Foundation
import Values

/// Where the texts and data lie that these tests speak of.
enum Places {
  static let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let runbook = "\(package)/Runbooks/was-i-hacked"
  static let shippedCases = "\(runbook)/cases"

  /// More recorded cases, which are not part of this repository: in the folder that the environment names, or in the one
  /// beside the package.
  static let sharedCases: String? = {
    let named = ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"]
    let folder = (named ?? "\(package)/../shared/data") + "/cases"
    return FileManager.default.fileExists(atPath: folder) ? folder : nil
  }()

  /// Those that are not shipped.
  static var furtherCases: [String] {
    let shipped = cases(in: shippedCases).map(name)
    return cases(in: sharedCases).filter { !shipped.contains(name($0)) }
  }

  private static func name(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  static func json(_ path: String) throws -> JSON {
    try JSON(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
  }

  /// The recorded cases in a folder: those that tell their truth.
  static func cases(in folder: String?) -> [String] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
    return names.sorted().map { "\(folder)/\($0)" }.filter {
      FileManager.default.fileExists(atPath: "\($0)/truth.json")
    }
  }
}

/// A folder that goes away with its last user.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = "\(NSTemporaryDirectory())tocsin-runbooks-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}
