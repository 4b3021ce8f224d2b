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

      let run = try program.run(Self.run + ["--alert", "first/first.alert.json"], environment: key)
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
      #expect(try program.run(Self.run + ["--alert", "first/first.alert.json"], environment: key).code == 0)
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

  @Test func `what is missing of a trail is told by those who need it, and how many it stops`() throws {
    try withProgram { program, key in
      #expect(try program.run(["trail", "key", "--create"], environment: key).code == 0)
      for _ in 0..<2 {
        #expect(try program.run(Self.run + ["--alert", "first/first.alert.json"], environment: key).code == 0)
      }
      let refused = try program.run(["replay", "--all", "--trail", "trail", "--threshold", "no_such=1"])
      #expect(refused.code == 2 && refused.output == "0 of 2 runs replayed, 2 could not be, 0 other verdicts\n")
      #expect(refused.error.split(separator: "\n").count == 2, "\(refused.error)")
      let documents = "\(program.folder)/trail/documents"
      for name in try FileManager.default.contentsOfDirectory(atPath: documents) {
        try FileManager.default.removeItem(atPath: "\(documents)/\(name)")
      }
      let verify = try program.run(["trail", "verify", "--trail", "trail"], environment: key)
      #expect(verify.code == 1 && verify.output.hasPrefix("TAMPERED\n") && verify.output.contains("the document '"))
      let replay = try program.run(["replay", "--all", "--trail", "trail"])
      #expect(replay.code == 2 && replay.output == "0 of 2 runs replayed, 2 could not be, 0 with a difference\n")
      let export = try program.run(["trail", "export", "latest", "--trail", "trail", "-o", "case"], environment: key)
      #expect(export.code == 0 && export.error.contains("was left out"), "\(export.error)")
    }
  }

  @Test func `evidence that was erased is no damage`() throws {
    try withProgram { program, key in
      #expect(try program.run(["trail", "key", "--create"], environment: key).code == 0)
      // An alert that is too large for a record is kept as evidence.
      let alert = try String(contentsOfFile: "\(program.folder)/first/first.alert.json", encoding: .utf8)
      let large = alert.replacing(
        "\"labels\"", with: "\"text\": \"\(String(repeating: "x", count: 100_000))\", \"labels\"")
      try program.write("large.json", large)
      #expect(try program.run(Self.run + ["--alert", "large.json"], environment: key).code == 0)
      let list = try program.run(["trail", "list", "--trail", "trail", "--format", "json"])
      let run = try #require(try JSON(parsing: list.output.utf8)["run"]?.text)
      let erase = try program.run(
        ["trail", "erase", run, "--trail", "trail", "--reason", "case 4711"], environment: key)
      #expect(erase.code == 0, "\(erase.error)")
      #expect(erase.output.hasPrefix("1 piece of evidence of run"))
      for command in [["trail", "show"], ["report"]] {
        let shown = try program.run(command + [run, "--trail", "trail"], environment: key)
        #expect(shown.code == 0, "\(shown.output) \(shown.error)")
        #expect(!(shown.output + shown.error).lowercased().contains("damaged"), "\(shown.output) \(shown.error)")
      }
      let replay = try program.run(["replay", run, "--trail", "trail"])
      #expect(replay.error.contains("case 4711") && !replay.error.contains("damaged"), "\(replay.error)")
    }
  }

  @Test func `a line that is no record is named, and a key that is none is told from a missing file`() throws {
    try withProgram { program, key in
      #expect(try program.run(Self.run + ["--alert", "first/first.alert.json"]).code == 0)
      let path = "\(program.folder)/trail/log/trail.jsonl"
      var lines = try String(contentsOfFile: path, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      lines[3] = "no record"
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      let list = try program.run(["trail", "list", "--trail", "trail"])
      #expect(list.code == 1 && list.error.contains("damaged: line 4: "), "\(list.error)")
      #expect(list.error.contains("1 line of the trail is no record"))
      let mistyped = try program.run(["trail", "verify", "--trail", "trail", "--key", "tocsin/x+12345678+AZAA"])
      #expect(mistyped.code == 2 && mistyped.error.contains("is no verifier key"), "\(mistyped.error)")
      let missing = try program.run(["trail", "verify", "--trail", "trail", "--key", "no.key"])
      #expect(missing.error.contains("there is no key in 'no.key'"))
      let pem = try program.write("trail.pem", "-----BEGIN PUBLIC KEY-----\n")
      let nameless = try program.run(["trail", "verify", "--trail", "trail", "--key", pem])
      #expect(nameless.error.contains("which has no name"), "\(nameless.error)")
      for command in [["reindex"], ["checkpoint"], ["anchor", "--timestamp-request", "x"]] {
        let nowhere = try program.run(["trail"] + command + ["--trail", "first"])
        #expect(nowhere.code == 2 && nowhere.error.contains("there is no trail in 'first'"), "\(nowhere.error)")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/first/index.sqlite"))
      let misplaced = try program.run(Self.run.dropLast() + ["trail.pem", "--alert", "first/first.alert.json"])
      #expect(misplaced.code == 2 && misplaced.error.contains("'trail.pem' is a file, and a trail is a folder"))
      let empty = try program.run(["trail", "verify", "--case", "first"])
      #expect(empty.code == 2 && empty.error.contains("there is no case in 'first'"))
      let device = try program.run(["trail", "verify", "--trail", "trail", "--checkpoint", "/dev/null"])
      #expect(device.code == 2 && device.error.contains("'/dev/null': it is no plain file"), "\(device.error)")
    }
  }

  @Test func `a trail without a key works, and is UNVERIFIABLE`() throws {
    try withProgram { program, _ in
      #expect(try program.run(Self.run + ["--alert", "first/first.alert.json"]).code == 0)
      let verify = try program.run(["trail", "verify", "--trail", "trail"])
      #expect(verify.code == 1)
      #expect(verify.output.hasPrefix("UNVERIFIABLE\n  the checkpoint is not signed"))
      #expect(try program.run(["trail", "key"]).code == 2)
      #expect(try program.run(["trail", "verify", "--trail", "nowhere"]).code == 2)
      #expect(try program.run(["trail", "verify"]).code == 64)
    }
  }
}
