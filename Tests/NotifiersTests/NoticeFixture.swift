import Foundation
import Notifiers
import RunbookPorts
import Values

func notice(_ key: String, subject: String = "Was it a hack? \"yes\"\n$(id)") -> Notice {
  Notice(
    idempotencyKey: key, run: "r1", runbook: "was-i-hacked", contact: "web-oncall",
    addresses: [("email", "oncall@example.org")], occasion: .verdict("intrusion", severity: "critical"),
    subject: subject,
    lines: ["files changed: 2"], advice: ["take the site down"], at: Timestamp(seconds: 1_795_408_502))
}

/// A folder that goes away with the test.
final class ScratchFolder: Sendable {
  let path = "\(NSTemporaryDirectory())notifier-tests-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func lines(of name: String) throws -> [JSON] {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")).split(separator: 0x0A).map { try JSON(parsing: $0) }
  }
}
