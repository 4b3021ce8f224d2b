import Diagnostics
import Foundation
import RunbookLanguage
import Testing

/// The examples that accompany the design, which are not part of this repository.
@Suite struct ExampleTests {
  static let folder: String =
    ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"].map { $0 + "/../examples" }
    ?? testFolder + "/../../../shared/examples"
  static let isPresent = FileManager.default.fileExists(atPath: folder)

  /// What the examples import, and that they do not bring along.
  static let imported = [
    "../shared/contacts.yaml": """
    contacts: {web-oncall: {email: a@example.org}}
    escalations: {on-call: [{notify: [web-oncall], acknowledge_within: 15m}]}
    """,
    "../shared/endpoint-sources.yaml": "sources: {processes: {about: x}, files: {about: x}, network: {about: x}}\n",
    "../shared/people.yaml": """
    lists: {people: {file: people.csv, key: user, of: {hours: calendar, manager: contact}}}
    """,
    "../shared/assets.yaml": "lists: {assets: {file: assets.csv, key: host, of: {critical: bool, owner: contact}}}\n",
    "people.csv": "user,hours,manager\nanna,Mo-Fr 07:00-19:00 Europe/Zurich,web-oncall\n",
    "assets.csv": "host,critical,owner\nweb1,true,web-oncall\n", "known-sources.txt": "127.0.0.0/8 local\n",
    "jump-servers.txt": "10.0.0.1\n", "recon-and-tools.txt": "nmap\n", "known-web-workflows.txt": "backup\n",
    "test.tests.yaml": "",
  ]

  @Test(
    .enabled(if: isPresent, "the shared examples are absent: set TOCSIN_SHARED_DATA to the folder beside them"),
    arguments: ["smallest", "small", "was-i-hacked", "04-web-shell", "08-lateral-movement"])
  func `an example of the language has nothing wrong with it but what is not supported yet`(name: String) throws {
    let data = try #require(FileManager.default.contents(atPath: Self.folder + "/\(name).runbook.yaml"))
    let result = check(String(decoding: data, as: UTF8.self), files: Self.imported)
    #expect(result.runbook != nil)
    #expect(result.diagnostics.filter { $0.severity > .note && $0.code.slug != "not-supported-yet" }.isEmpty)
  }

  @Test func `the runbook that is shipped has nothing wrong with it`() throws {
    let folder = testFolder + "/../../Runbooks/was-i-hacked"
    try #require(FileManager.default.fileExists(atPath: folder))
    let files = FilesInFolder(folder: folder)
    let source = try files.read("was-i-hacked.runbook.yaml", from: SourceText(name: "", text: "")).get()
    let result = RunbookChecker(files: files).check(source)
    #expect(result.runbook != nil)
    #expect(told(result).isEmpty)
  }
}
