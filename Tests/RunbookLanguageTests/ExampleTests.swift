import Foundation
import Testing

import Diagnostics
import RunbookLanguage

@Suite struct ExampleTests {
  static let folder = ProcessInfo.processInfo.environment["TOCSIN_SHARED_DATA"].map { $0 + "/../examples" } ?? "/work/shared/examples"

  @Test(arguments: ["smallest", "small", "was-i-hacked", "04-web-shell", "08-lateral-movement"])
  func `example`(name: String) throws {
    let text = try String(contentsOfFile: Self.folder + "/\(name).runbook.yaml", encoding: .utf8)
    let result = check(text, files: [
      "../shared/contacts.yaml": "contacts:\n  web-oncall: {email: a@example.org}\nescalations:\n  on-call: [{notify: [web-oncall], acknowledge_within: 15m}]\n",
      "../shared/endpoint-sources.yaml": "sources:\n  processes: {about: x}\n  files: {about: x}\n  network: {about: x}\n",
      "../shared/people.yaml": "lists:\n  people: {file: people.csv, key: user, of: {hours: calendar, manager: contact}}\n",
      "../shared/assets.yaml": "lists:\n  assets: {file: assets.csv, key: host, of: {critical: bool, owner: contact}}\n",
      "people.csv": "user,hours,manager\nanna,Mo-Fr 07:00-19:00 Europe/Zurich,bob\n", "assets.csv": "host,critical,owner\nweb1,true,anna\n",
      "known-sources.txt": "127.0.0.0/8 local\n", "jump-servers.txt": "10.0.0.1\n", "recon-and-tools.txt": "nmap\n", "known-web-workflows.txt": "backup\n",
      "was-i-hacked.tests.yaml": "",
    ])
    for d in result.diagnostics { print(DiagnosticRenderer().render(d)) }
    #expect(result.runbook != nil)
  }
}
