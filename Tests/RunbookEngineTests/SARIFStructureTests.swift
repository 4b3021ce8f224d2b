import Diagnostics
import RunbookLanguage
import Testing
import Values

@testable import RunbookEngine

/// What code hosts and viewers take for granted of SARIF 2.1.0 (OASIS), held against a real report: which properties an
/// object must and may have, and what their values can be. The section numbers are those of the standard.
@Suite struct SARIFStructureTests {
  /// The properties of the objects that are written, as far as the standard has them; those with `!` it demands.
  private static let objects: [String: Set<String>] = [
    "sarifLog": ["$schema", "version!", "runs!"],
    "run": ["tool!", "invocations", "columnKind", "originalUriBaseIds", "results"],
    "tool": ["driver!"],
    "toolComponent": ["name!", "version", "semanticVersion", "rules", "informationUri"],
    "reportingDescriptor": [
      "id!", "name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration",
    ],
    "multiformatMessageString": ["text!", "markdown"], "reportingConfiguration": ["level"],
    "invocation": ["executionSuccessful!", "toolExecutionNotifications"], "notification": ["level", "message!"],
    "result": [
      "ruleId", "ruleIndex", "level", "message!", "locations", "relatedLocations", "partialFingerprints", "fixes",
      "suppressions",
    ],
    "message": ["text"], "location": ["id", "physicalLocation", "message"],
    "physicalLocation": ["artifactLocation!", "region"], "artifactLocation": ["uri", "uriBaseId", "description"],
    "region": ["startLine!", "startColumn!", "endLine!", "endColumn!"], "fix": ["description", "artifactChanges!"],
    "artifactChange": ["artifactLocation!", "replacements!"],
    "replacement": ["deletedRegion!", "insertedContent"], "artifactContent": ["text"],
    "suppression": ["kind!", "justification"],
  ]

  /// Which object, or list of objects (`*`), stands under a property.
  private static let contents: [String: [String: String]] = [
    "sarifLog": ["runs": "run*"],
    "run": [
      "tool": "tool", "invocations": "invocation*", "results": "result*", "originalUriBaseIds": "artifactLocation{}",
    ],
    "invocation": ["toolExecutionNotifications": "notification*"], "notification": ["message": "message"],
    "tool": ["driver": "toolComponent"], "toolComponent": ["rules": "reportingDescriptor*"],
    "reportingDescriptor": [
      "shortDescription": "multiformatMessageString", "fullDescription": "multiformatMessageString",
      "help": "multiformatMessageString", "defaultConfiguration": "reportingConfiguration",
    ],
    "result": [
      "message": "message", "locations": "location*", "relatedLocations": "location*", "fixes": "fix*",
      "suppressions": "suppression*",
    ],
    "location": ["physicalLocation": "physicalLocation", "message": "message"],
    "physicalLocation": ["artifactLocation": "artifactLocation", "region": "region"],
    "artifactLocation": ["description": "message"],
    "fix": ["description": "message", "artifactChanges": "artifactChange*"],
    "artifactChange": ["artifactLocation": "artifactLocation", "replacements": "replacement*"],
    "replacement": ["deletedRegion": "region", "insertedContent": "artifactContent"],
  ]

  private static let words: [String: Set<String>] = [
    "level": ["none", "note", "warning", "error"], "kind": ["inSource", "external"],
    "columnKind": ["utf16CodeUnits", "unicodeCodePoints"], "version": ["2.1.0"],
  ]

  /// What is not as the standard says, each with its way from the root.
  private static func defects(_ json: JSON, _ object: String, at path: String) -> [String] {
    guard let members = json.members, let properties = objects[object] else { return ["\(path) is no \(object)"] }
    var defects: [String] = []
    for demanded in properties where demanded.hasSuffix("!") && json[String(demanded.dropLast())] == nil {
      defects.append("\(path) lacks \(demanded)")
    }
    for member in members {
      let place = "\(path).\(member.name)"
      guard properties.contains(member.name) || properties.contains(member.name + "!") else {
        defects.append("\(place) is no property of \(object)")
        continue
      }
      let isWord = object != "toolComponent"
      if isWord, let words = words[member.name], !words.contains(member.value.text ?? "") {
        defects.append("\(place) cannot be \(member.value.compactText)")
      }
      guard let content = contents[object]?[member.name] else { continue }
      if content.hasSuffix("*") {
        let elements = member.value.elements
        if elements == nil { defects.append("\(place) is no array") }
        for (index, element) in (elements ?? []).enumerated() {
          defects += Self.defects(element, String(content.dropLast()), at: "\(place)[\(index)]")
        }
      } else if content.hasSuffix("{}") {
        for entry in member.value.members ?? [] {
          defects += Self.defects(entry.value, String(content.dropLast(2)), at: "\(place).\(entry.name)")
        }
      } else {
        defects += Self.defects(member.value, content, at: place)
      }
    }
    return defects
  }

  /// The report of a runbook with errors, warnings, allowed findings, notes with places, and a file that is missing.
  private static func report(limit: Int = SARIFReport.resultLimit) -> JSON {
    let text = """
      tocsin: 1
      runbook: sample
      alert: {fields: {site: alert.labels.site}}
      questions:
        é_many: {ask: Many?, answer: hits.size() > 1, then: {yes: bad, no: benign}}
        many:
          ask: Many?
          answer: hits.size() > 1
          then: {yes: suspicious, no: bening}
        many: {ask: Twice?, answer: "true", then: {yes: suspicious, no: benign}}
      lists:
        # tocsin: allow TOC0204: the next version uses it
        spare: [a]
        other: [b]
      queries:
        hits: {from: access, sql: "SELECT 1 AS n", window: none, rows: {n: int}}
      """
    let whole = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("é_many") && !$0.contains("Twice?") }
      .joined(separator: "\n").replacing("bening", with: "benign")
    let check = RunbookCheck(files: MemoryFiles(), validators: [], today: CalendarDay("2026-11-23"))
    let bad = check.check(SourceText(name: "a b/é.runbook.yaml", text: text), in: nil)
    let good = check.check(SourceText(name: "good.runbook.yaml", text: whole), in: nil)
    let gone = Diagnostic.unreadable("gone.runbook.yaml", because: "there is no such file")
    return SARIFReport(version: "1.2.3", limit: limit).json(
      CheckReport(files: [], findings: bad.findings + good.findings + [gone], allowed: good.allowed, isIncomplete: true)
    )
  }

  @Test func `a report has what the standard demands, and nothing that it does not know`() throws {
    let report = Self.report()
    #expect(Self.defects(report, "sarifLog", at: "log") == [])
    let results = try #require(report["runs"]?.elements?.first?["results"]?.elements)
    #expect(results.count > 6)
    #expect(Set(results.compactMap { $0["level"]?.text }) == ["error", "warning", "note"])
  }

  @Test func `places count from 1, ends are not before beginnings, and a whole file has no region`() throws {
    let results = try #require(Self.report()["runs"]?.elements?.first?["results"]?.elements)
    var regions = 0
    func visit(_ json: JSON) {
      for member in json.members ?? [] {
        if ["region", "deletedRegion"].contains(member.name) {
          let numbers = ["startLine", "startColumn", "endLine", "endColumn"].map { member.value[$0]?.integer ?? 0 }
          #expect(numbers.allSatisfy { $0 >= 1 })
          #expect((numbers[0], numbers[1]) <= (numbers[2], numbers[3]))
          regions += 1
        }
        visit(member.value)
      }
      for element in json.elements ?? [] { visit(element) }
    }
    for result in results { visit(result) }
    #expect(regions > results.count)
    let gone = try #require(results.first { $0["ruleId"]?.text == "TOC0115" })
    let place = gone["locations"]?.elements?.first?["physicalLocation"]
    #expect(place?["region"] == nil && place?["artifactLocation"]?["uri"]?.text == "gone.runbook.yaml")
  }

  @Test func `rules are pointed at, fingerprints are one of a kind, and what is allowed says why`() throws {
    let run = try #require(Self.report()["runs"]?.elements?.first)
    let results = try #require(run["results"]?.elements)
    let rules = try #require(run["tool"]?["driver"]?["rules"]?.elements)
    for result in results {
      let index = try #require(result["ruleIndex"]?.integer)
      #expect(rules[Int(index)]["id"]?.text == result["ruleId"]?.text)
    }
    #expect(Set(rules.compactMap { $0["id"]?.text }).count == rules.count)
    let prints = results.compactMap { $0["partialFingerprints"]?["primaryLocationLineHash"]?.text }
    #expect(prints.count == results.count && Set(prints).count == prints.count)
    let suppressed = results.filter { $0["suppressions"] != nil }
    #expect(suppressed.map { $0["ruleId"]?.text } == ["TOC0204"])
    #expect(
      suppressed.first?["suppressions"]?.compactText
        == #"[{"kind":"inSource","justification":"the next version uses it"}]"#)
    #expect(run["invocations"]?.compactText == #"[{"executionSuccessful":false}]"#)
  }

  @Test func `of more results than code hosts take the most severe are kept in their order, and the report says so`()
    throws
  {
    let whole = try #require(Self.report()["runs"]?.elements?.first?["results"]?.elements)
    let errors = whole.filter { $0["level"]?.text == "error" }.count
    let report = Self.report(limit: errors + 1)
    #expect(Self.defects(report, "sarifLog", at: "log") == [])
    let run = try #require(report["runs"]?.elements?.first)
    let results = try #require(run["results"]?.elements)
    #expect(results.count == errors + 1)
    func place(_ result: JSON) -> String {
      (result["message"]?.compactText ?? "") + (result["locations"]?.compactText ?? "")
    }
    let order = whole.filter { $0["suppressions"] == nil }.map(place)
    let kept = results.map(place)
    #expect(kept == order.filter(Set(kept).contains))
    #expect(results.filter { $0["level"]?.text == "error" }.count == errors)
    #expect(results.contains { $0["level"]?.text == "warning" } && !results.contains { $0["suppressions"] != nil })
    let told = run["invocations"]?.elements?.first?["toolExecutionNotifications"]?.elements?.first?["message"]?["text"]
    #expect(told?.text?.hasPrefix("\(whole.count - errors - 1) of \(whole.count) results are left out") == true)
  }
}
