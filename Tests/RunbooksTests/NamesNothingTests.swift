import Foundation
import Testing
import Values

/// The runbook knows the shop, and nothing of any case: it is meant for the next incident.
@Suite struct NamesNothingTests {
  /// The runbook with all that belongs to it, except the organisation's own list of known sources.
  private static let texts: [(name: String, text: String)] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Places.runbook)) ?? []
    return names.sorted().filter { $0 != "known-sources.txt" && $0.contains(".") }.compactMap { name in
      (try? Places.text("\(Places.runbook)/\(name)")).map { (name, $0) }
    }
  }()

  @Test(arguments: Places.cases(in: Places.shippedCases) + Places.furtherCases)
  func `no address, file, path or rule of a case stands in the runbook or its lists`(folder: String) throws {
    #expect(Self.texts.map(\.name).contains("was-i-hacked.runbook.yaml"))
    let marks = try Marks(of: folder)
    #expect(!marks.all.isEmpty)
    for (name, text) in Self.texts {
      for mark in marks.all { if text.contains(mark) { Issue.record("\(name) names \(mark)") } }
    }
  }

  @Test func `a case's marks are found where they are`() throws {
    let marks = try Marks(of: "\(Places.shippedCases)/webshell").all
    for mark in ["127.66.23.91", "avatar_7731.cgi", "/srv/shop/htdocs/js/app.js", "customers.csv", "920440"] {
      #expect(marks.contains(mark), "\(mark)")
    }
  }
}

/// What tells one case from another.
private struct Marks {
  let all: Set<String>

  /// What the owner knows before any case: programs of the application read these.
  private static let known = ["/srv/shop/data/users.csv"]

  init(of folder: String) throws {
    let truth = try Truth(folder)
    // Addresses: of everybody who came.
    let access = try Places.text("\(folder)/access.log")
    var marks = Set(access.split(separator: "\n").map { String($0.prefix { $0 != " " }) })
    marks.formUnion(truth.texts("attacker_sources", "spike_sources"))
    // Files: what was read, changed, or named in a command.
    let told = [truth.json, truth.json["ground_truth_not_visible"]].compactMap { $0 }
    let lists = ["files_accessed", "files_modified", "files_added"]
    let files = told.flatMap { part in lists.flatMap { part[$0]?.elements ?? [] } }.compactMap(\.text)
    let commands = told.flatMap { $0["timeline"]?.elements ?? [] }.compactMap { $0["what"]?.text }
    let named = commands.flatMap { $0.split(separator: " ") }.map(String.init).filter { $0.hasPrefix("/srv/") }
    for path in files + named where !Self.known.contains(path) {
      guard let name = path.split(separator: "/").last, name.contains(".") else { continue }
      marks.formUnion([path, String(name)])
    }
    // Rules of the firewall.
    let firewall = try Places.text("\(folder)/modsec_audit.json")
    marks.formUnion(firewall.matches(of: /\[id \\"([0-9]+)\\"\]/).map { String($0.1) })
    all = marks
  }
}
