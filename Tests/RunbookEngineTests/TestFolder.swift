import Foundation

/// Files of a test.
enum TestFolder {
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  static func replaceFirst(_ text: String, by other: String, in path: String) throws {
    var content = try String(contentsOfFile: path, encoding: .utf8)
    if let range = content.range(of: text) { content.replaceSubrange(range, with: other) }
    try content.write(toFile: path, atomically: false, encoding: .utf8)
  }
}
