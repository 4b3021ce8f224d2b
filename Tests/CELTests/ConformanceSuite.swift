import Foundation
import Values

/// A test of the public conformance suite of CEL.
struct ConformanceTest: Sendable, CustomStringConvertible {
  let id: String
  let json: JSON

  var description: String { id }
  var expression: String { json["expr"]?.text ?? "" }
  func flag(_ name: String) -> Bool {
    if case .bool(true)? = json[name] { true } else { false }
  }
}

/// The suite as plain JSON, in the folder `cel-conformance` of the shared data: that which the environment names, or
/// the one beside the package.
enum ConformanceSuite {
  static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"].map { URL(fileURLWithPath: $0) }
    let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let data = named ?? package.deletingLastPathComponent().appendingPathComponent("shared/data")
    let folder = data.appendingPathComponent("cel-conformance")
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent("basic.json").path) ? folder : nil
  }()

  static var isPresent: Bool { folder != nil }

  /// Libraries of extension that are none of Tocsin's: macros that only optimizers write.
  private static let foreignExtensions: Set<String> = ["block"]

  /// Tests that need neither protocol buffers nor a foreign extension, by file, in the order of the files' names.
  static func tests() throws -> [(file: String, tests: [ConformanceTest])] {
    guard let folder else { return [] }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    return try names.sorted().map { name in
      let json = try JSON(parsing: Data(contentsOf: folder.appendingPathComponent(name)))
      let tests = (json["tests"]?.elements ?? []).compactMap { test -> ConformanceTest? in
        let extensions = (test["extensions"]?.elements ?? []).compactMap(\.text)
        guard case .bool(false)? = test["needs_protobuf"], foreignExtensions.isDisjoint(with: extensions) else {
          return nil
        }
        return test["id"]?.text.map { ConformanceTest(id: $0, json: test) }
      }
      return (name.replacing(".json", with: ""), tests)
    }
  }
}
