import AuditTrail
import RunbookPorts
import Testing
import Values

/// Each check finds something that no other does: without it, the change that is made here would not show.
@Suite struct CheckTests {
  /// A trail in which only one check finds something.
  private func trail(with check: VerifierCheck) async throws -> VerifiedTrail {
    let trail = try await VerifiedTrail(documents: check == .document ? ["runbook", "new"] : [])
    switch check {
    case .checkpoints: trail.files[trail.layout.checkpoint(0)] = nil
    case .signature: try forge(trail)
    case .evidence:
      let path = try #require(trail.evidencePaths.first)
      trail.files[path]?[0] ^= 1
    case .evidenceMissing: trail.files[try #require(trail.evidencePaths.first)] = nil
    case .earlierCheckpoint:
      try trail.put(Checkpoint(origin: "tocsin/node-1", size: 4, root: Digest(of: [1])), in: trail.olderSlot())
    case .size: try trail.sign(size: 12)
    case .root:
      let last = try trail.slots()[1]
      try trail.put(
        Checkpoint(origin: last.checkpoint.origin, size: last.checkpoint.size, root: Digest(of: [1])),
        in: last.slot)
    case .segments: try splitWithoutSayingSo(trail)
    case .retained: try cutHead(trail)
    case .anchor:
      let checkpoint = Checkpoint(origin: "tocsin/node-1", size: 4, root: Digest(of: [1]))
      trail.files[trail.layout.anchor(4)] = try checkpoint.note(signedBy: VerifiedTrail.key).bytes
    case .form:
      try trail.rewrite { lines in
        lines[0] = try lines[0].edited { $0.replacing("\"v\":1", with: "\"v\":1.5") }
      }
    case .origin:
      try trail.rewrite { lines in
        lines[3] = try lines[3].edited { $0.replacing("tocsin/node-1", with: "tocsin/node-9") }
      }
    case .sequence:
      try trail.rewrite { lines in
        lines[3] = try lines[3].edited { $0.replacing("\"seq\":3", with: "\"seq\":4") }
        lines[4] = try lines[4].edited { $0.replacing("\"seq\":4", with: "\"seq\":5") }
      }
    case .runSequence:
      try trail.rewrite { lines in
        lines[5] = try lines[5].edited {
          $0.replacing("\"run_seq\":5", with: "\"run_seq\":6").replacing("\"records\":5", with: "\"records\":6")
        }
      }
    case .runLink:
      try trail.rewrite(keepingLinks: true) { lines in
        lines[3] = try lines[3].edited { $0.replacing("q1", with: "q9") }
      }
    case .runbook:
      try trail.rewrite { lines in
        lines[3] = try lines[3].edited { $0.replacing("sha256:abab", with: "sha256:cdab") }
      }
    case .count:
      try trail.rewrite { lines in
        lines[5] = try lines[5].edited { $0.replacing("\"records\":5", with: "\"records\":4") }
      }
    case .verdictHash:
      try trail.rewrite { lines in
        lines[5] = try lines[5].edited { $0.replacing("blocked", with: "benign") }
      }
    case .closed:
      try trail.rewrite { lines in
        let late = try lines[3].edited {
          $0.replacing("\"run_seq\":3", with: "\"run_seq\":6").replacing("\"seq\":3", with: "\"seq\":11")
        }
        lines.append(late)
      }
    case .document:
      let path = "trail/documents/\(Digest(of: Array("runbook".utf8)).hexadecimal)"
      #expect(trail.files[path] != nil)
      trail.files[path] = [1]
    case .proof, .statement: break
    }
    return trail
  }

  private func forge(_ trail: VerifiedTrail) throws {
    for slot in 0..<2 {
      let path = trail.layout.checkpoint(slot)
      let note = try #require(SignedNote(parsing: trail.files[path] ?? []))
      let own = try #require(note.signatures.first)
      var bytes = own.bytes
      bytes[0] ^= 1
      trail.files[path] =
        SignedNote(
          text: note.text, signatures: [.init(name: own.name, keyHash: own.keyHash, bytes: bytes)]
        ).bytes
    }
  }

  /// Two files of a log whose first does not end with the record that says so.
  private func splitWithoutSayingSo(_ trail: VerifiedTrail) throws {
    let lines = trail.lines()
    trail.setLines(Array(lines[..<6]))
    trail.files["trail/log/trail-0000000000000006.jsonl"] = lines[6...].flatMap { $0 + [0x0A] }
  }

  /// A log whose first records are taken away, with a file that says so and no record that does.
  private func cutHead(_ trail: VerifiedTrail) throws {
    let lines = trail.lines()
    var tree = MerkleFrontier()
    for line in lines[..<6] { tree.append(Digest(leaf: line)) }
    let body = JSON.object([
      "before": .integer(6), "cut": .array([]), "subtrees": .array(tree.subtrees.map { .string($0.hexadecimal) }),
    ])
    trail.files[trail.layout.removed] = body.canonicalBytes + [0x0A]
    trail.files[trail.layout.log] = nil
    trail.files["trail/log/trail-0000000000000006.jsonl"] = lines[6...].flatMap { $0 + [0x0A] }
    try trail.sign()
  }

  @Test(arguments: VerifiedTrail.ambiguous)
  func `what is signed and can be written in another way is no record`(member: String) async throws {
    let trail = try await VerifiedTrail(tail: 2)
    try trail.rewriteLast(member: member)
    let result = try trail.verify()
    #expect(result.status == .tampered && result.problems.map(\.check) == [.form], "\(result.problems)")
    #expect(result.firstBad == 12)
  }

  @Test(arguments: VerifiedTrail.unambiguous)
  func `what can be written in one way is a record, also where that takes a closer look`(member: String) async throws {
    let trail = try await VerifiedTrail(tail: 2)
    try trail.rewriteLast(member: member)
    let result = try trail.verify()
    #expect(result.status == .verified, "\(result.problems)")
  }

  @Test func `what a newer program has written is not told to be tampered with`() async throws {
    let trail = try await VerifiedTrail(middle: 8, tail: 2, segmentLimitBytes: 3_000)
    try trail.rewrite(keepingLinks: true) { lines in
      lines[4] = try lines[4].edited { $0.replacing("\"v\":1", with: "\"v\":2,\"w\":0") }
    }
    trail.files[try #require(trail.evidencePaths.last)] = nil
    let result = try trail.verify()
    #expect(result.status == .unverifiable && result.problems.isEmpty, "\(result.problems)")
    #expect(
      result.remarks.first == "record 4 is of version 2, which this program does not know: use the one that wrote it")
    trail.setLines(Array(trail.lines().dropLast()))
    #expect(try trail.verify().status == .tampered)
  }

  @Test func `documents are those that a run's records name`() async throws {
    let trail = try await VerifiedTrail(documents: ["runbook", "list", "new"])
    try trail.rewrite { lines in
      let first = try #require(lines.firstIndex { String(decoding: $0, as: UTF8.self).contains("\"run.started\"") })
      lines[first] = try lines[first].edited {
        // One that is there, too, and no problem by itself.
        $0.replacing(Digest(of: Array("list".utf8)).text, with: Digest(of: Array("runbook".utf8)).text)
      }
    }
    let result = try trail.verify()
    #expect(result.status == .tampered && result.problems.map(\.check) == [.runbook], "\(result.problems)")
  }

  @Test func `a log that was signed cannot say later that it was not`() async throws {
    let trail = try await VerifiedTrail(tail: 2)
    try trail.rewrite(keepingLinks: true) { lines in
      let key = try #require(lines.first.map { String(decoding: $0, as: UTF8.self) })
      #expect(key.contains("\"log.key\"") && key.contains("\"seq\":0"))
      lines.append(
        Array(
          key.replacing("\"seq\":0", with: "\"seq\":\(lines.count)")
            .replacing("\"},\"boot_id\"", with: "\",\"unsigned_before\":\(lines.count)},\"boot_id\"").utf8))
    }
    let result = try trail.verify()
    #expect(result.status == .tampered && result.problems.map(\.check) == [.signature], "\(result.problems)")
  }

  @Test(arguments: VerifierCheck.allCases.filter { ![.proof, .statement].contains($0) })
  func `a check finds what no other finds`(check: VerifierCheck) async throws {
    let trail = try await trail(with: check)
    let result = try trail.verify()
    #expect(result.status == .tampered)
    #expect(result.problems.map(\.check).allSatisfy { $0 == check }, "\(result.problems)")
    #expect(!result.problems.isEmpty)
    let without = try trail.verify(leavingOut: check)
    #expect(without.problems.isEmpty, "\(without.problems)")
    #expect(without.status != .tampered)
  }
}
