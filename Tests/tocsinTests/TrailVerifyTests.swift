import Foundation
import Testing
import Values

/// `trail key`, `verify` and `export` as scripts see them.
@Suite struct TrailVerifyTests {
  private static let run = ["run", "first/first.runbook.yaml", "--config", "first/tocsin.yaml", "--trail", "trail"]

  private func withProgram(_ work: (Program, [String: String]) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run(["new", "first"]).code == 0)
    try work(program, ["TOCSIN_TRAIL_KEY": "\(program.folder)/keys/trail.key"])
  }

  @Test func `a signed trail is verified, exported, and verified again without the trail`() throws {
    try withProgram { program, key in
      let made = try program.run(["trail", "key", "--create", "--name", "tocsin/test"], environment: key)
      #expect(made.code == 0, "\(made.error)")
      let verifier = made.output.trimmingCharacters(in: .newlines)
      #expect(verifier.hasPrefix("tocsin/test+"))
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(program.folder)/keys/trail.key")
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try program.run(["trail", "key"], environment: key).output == made.output)
      #expect(try program.run(["trail", "key", "--create"], environment: key).code == 2, "a key is not replaced")

      let run = try program.run(Self.run + ["--alert", "first/example-alert.json"], environment: key)
      #expect(run.code == 0, "\(run.error)")
      let verify = try program.run(["trail", "verify", "latest", "--trail", "trail"], environment: key)
      #expect(verify.code == 0, "\(verify.output) \(verify.error)")
      #expect(verify.output.hasPrefix("VERIFIED\n") && verify.output.contains("What this cannot tell:"))
      let export = try program.run(["trail", "export", "latest", "--trail", "trail", "-o", "case"], environment: key)
      #expect(export.code == 0, "\(export.error)")
      try FileManager.default.removeItem(atPath: "\(program.folder)/trail")
      let offline = ["trail", "verify", "--case", "case", "--format", "json"]
      let verified = try program.run(offline + ["--key", verifier])
      #expect(verified.code == 0, "\(verified.output)")
      #expect(try JSON(parsing: verified.output.utf8)["status"]?.text == "VERIFIED")
      let keyless = try program.run(offline)
      #expect(keyless.code == 1)
      #expect(try JSON(parsing: keyless.output.utf8)["status"]?.text == "UNVERIFIABLE")
    }
  }

  @Test func `a changed trail ends with 1 and names the first bad record`() throws {
    try withProgram { program, key in
      #expect(try program.run(["trail", "key", "--create"], environment: key).code == 0)
      #expect(try program.run(Self.run + ["--alert", "first/example-alert.json"], environment: key).code == 0)
      let path = "\(program.folder)/trail/log/trail.jsonl"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacingOccurrences(of: "taken_over", with: "taken_awry").write(
        toFile: path, atomically: true, encoding: .utf8)
      let verify = try program.run(["trail", "verify", "--trail", "trail"], environment: key)
      #expect(verify.code == 1)
      #expect(verify.output.hasPrefix("TAMPERED\nfirst bad record: "))
      #expect(try program.run(["trail", "export", "latest", "--trail", "trail"], environment: key).code == 2)
    }
  }

  @Test func `a trail without a key works, and is UNVERIFIABLE`() throws {
    try withProgram { program, _ in
      #expect(try program.run(Self.run + ["--alert", "first/example-alert.json"]).code == 0)
      let verify = try program.run(["trail", "verify", "--trail", "trail"])
      #expect(verify.code == 1)
      #expect(verify.output.hasPrefix("UNVERIFIABLE\n  the checkpoint is not signed"))
      #expect(try program.run(["trail", "key"]).code == 2)
      #expect(try program.run(["trail", "verify", "--trail", "nowhere"]).code == 2)
      #expect(try program.run(["trail", "verify"]).code == 64)
    }
  }
}
