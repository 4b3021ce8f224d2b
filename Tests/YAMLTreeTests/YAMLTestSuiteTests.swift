import Diagnostics
import Foundation
import Testing

@testable import YAMLTree

/// The cases of yaml/yaml-test-suite, where they are at hand: `YAML_TEST_SUITE` names the file `cases.json`; without
/// it, it is looked for beside the repository. How values are read is compared elsewhere; here only how trouble is told.
struct YAMLTestSuiteTests {
  private struct Case: Decodable {
    let id: String
    let yaml: String
    let error: Bool
  }

  private static let path: String = {
    let beside = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/yaml-test-suite/cases.json")
    return ProcessInfo.processInfo.environment["YAML_TEST_SUITE"] ?? beside.path(percentEncoded: false)
  }()

  /// Cases that libyaml 0.2.5 takes for YAML although they are none, and in which nothing else is wrong for us.
  private static let accepted: Set<String> = [
    "9C9N", "9JBA", "CVW2", "DK95/01", "G5U8", "QB6E", "S98Z", "SU5Z", "X4QW", "Y79Y/003", "YJV2",
  ]

  @Test(.enabled(if: FileManager.default.fileExists(atPath: path), "cases.json of yaml-test-suite is not at hand"))
  func `every case is read or told, with places inside the text`() throws {
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(filePath: Self.path)))
    #expect(cases.count >= 400)
    var silent: Set<String> = []
    for item in cases {
      let document = read(item.yaml)
      let length = item.yaml.utf8.count
      for finding in document.diagnostics {
        let range = finding.location?.range
        #expect(range.map { $0.start >= 0 && $0.end <= length } == true, "\(item.id): \(finding.code.slug)")
      }
      for node in nodes(document.root) {
        #expect(node.range.start >= 0 && node.range.end <= length, "\(item.id)")
        if let scalar = node.scalar { #expect(scalar.scalarMap().isExact, "\(item.id): \(scalar.text)") }
      }
      if item.error, document.diagnostics.isEmpty { silent.insert(item.id) }
    }
    #expect(silent == Self.accepted)
  }
}
