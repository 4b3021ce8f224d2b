import Foundation

/// The cases of yaml/yaml-test-suite (tag data-2022-01-17), and what libyaml 0.2.5 makes of them otherwise.
///
/// The file is looked for where `YAML_TEST_SUITE` says, then in the folder `yaml-test-suite` where `TOCSIN_SHARED_DATA`
/// says, then beside the repository.
enum YAMLTestSuite {
  struct Case: Decodable, Sendable {
    let id: String
    let yaml: String
    /// The events in the suite's notation; of a case that is no YAML those before the error.
    let events: String
    /// One JSON text for each document; `nil` where the suite has none.
    let json: String?
    /// Whether this is no YAML.
    let error: Bool
  }

  static let caseCount = 402
  static let absence = "cases.json of yaml-test-suite is not at hand: set YAML_TEST_SUITE to its path"

  static let path: String = {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["YAML_TEST_SUITE"] { return path }
    let name = "yaml-test-suite/cases.json"
    if let folder = environment["TOCSIN_SHARED_DATA"] { return "\(folder)/\(name)" }
    let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return repository.deletingLastPathComponent().appending(path: "shared/data/\(name)").path(percentEncoded: false)
  }()

  static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }

  static func cases() throws -> [Case] {
    try JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(filePath: path)))
  }

  // MARK: Known failures of libyaml 0.2.5

  /// YAML that the parser refuses.
  static let refused: Set<String> = [
    "2JQS", "2LFX", "2SXE", "4ABK", "4MUZ/00", "4MUZ/01", "4MUZ/02", "58MP", "5MUD", "5T43", "6BCT", "6CA3",
    "6LVF", "6M2F", "7Z25", "8XYN", "96NN/00", "96NN/01", "9SA2", "A2M4", "BEC7", "CFD4", "DBG4", "DK3J",
    "DK95/00", "DK95/03", "DK95/04", "FP8R", "FRK4", "HM87/00", "HWV9", "K3WX", "M2N8/00", "M7A3", "MUS6/05",
    "MUS6/06", "NHX8", "NJ66", "NKF9", "Q5MG", "QT73", "R4YG", "S3PD", "SM9W/01", "UKK6/00", "UT92", "VJP3/01",
    "W4TN", "W5VH", "Y79Y/001", "Y79Y/010",
  ]
  /// YAML of which it tells other events.
  static let misread: Set<String> = [
    "652Z", "HM87/01", "JEF9/02", "L24T/01", "Y2GN",
  ]
  /// No YAML, and it is accepted.
  static let accepted: Set<String> = [
    "9C9N", "9HCY", "9JBA", "CVW2", "DK95/01", "EB22", "G5U8", "MUS6/00", "MUS6/01", "QB6E", "RHX7", "S98Z",
    "SU5Z", "X4QW", "Y79Y/003", "YJV2",
  ]
  /// No YAML, refused, and until then other events were told than the suite has before its error.
  static let refusedOtherwise: Set<String> = [
    "Y79Y/006", "Y79Y/007", "Y79Y/008", "Y79Y/009",
  ]
  /// Of those accepted, the ones in which we find nothing else that is wrong for a runbook.
  static let untold: Set<String> = [
    "9C9N", "9JBA", "CVW2", "DK95/01", "G5U8", "QB6E", "S98Z", "SU5Z", "X4QW", "Y79Y/003", "YJV2",
  ]
}
