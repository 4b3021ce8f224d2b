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
      try put(trail, Checkpoint(origin: "tocsin/node-1", size: 4, root: Digest(of: [1])), in: older(trail))
    case .size: try sign(trail, size: 12)
    case .root:
      let last = try slots(trail)[1]
      try put(
        trail, Checkpoint(origin: last.checkpoint.origin, size: last.checkpoint.size, root: Digest(of: [1])),
        in: last.slot)
    case .segments: try splitWithoutSayingSo(trail)
    case .retained: try cutHead(trail)
    case .anchor:
      let checkpoint = Checkpoint(origin: "tocsin/node-1", size: 4, root: Digest(of: [1]))
      trail.files[trail.layout.anchor(4)] = try checkpoint.note(signedBy: VerifiedTrail.key).bytes
    case .form:
      try rewrite(trail) { lines in
        lines[0] = try #require(self.edit(lines[0]) { $0.replacing("\"v\":1", with: "\"v\":2") })
      }
    case .origin:
      try rewrite(trail) { lines in
        lines[3] = try #require(self.edit(lines[3]) { $0.replacing("tocsin/node-1", with: "tocsin/node-9") })
      }
    case .sequence:
      try rewrite(trail) { lines in
        lines[3] = try #require(self.edit(lines[3]) { $0.replacing("\"seq\":3", with: "\"seq\":4") })
        lines[4] = try #require(self.edit(lines[4]) { $0.replacing("\"seq\":4", with: "\"seq\":5") })
      }
    case .runSequence:
      try rewrite(trail) { lines in
        lines[5] = try #require(
          self.edit(lines[5]) {
            $0.replacing("\"run_seq\":5", with: "\"run_seq\":6").replacing("\"records\":5", with: "\"records\":6")
          })
      }
    case .runLink:
      try rewrite(trail, keepingLinks: true) { lines in
        lines[3] = try #require(self.edit(lines[3]) { $0.replacing("q1", with: "q9") })
      }
    case .runbook:
      try rewrite(trail) { lines in
        lines[3] = try #require(self.edit(lines[3]) { $0.replacing("sha256:abab", with: "sha256:cdab") })
      }
    case .count:
      try rewrite(trail) { lines in
        lines[5] = try #require(self.edit(lines[5]) { $0.replacing("\"records\":5", with: "\"records\":4") })
      }
    case .verdictHash:
      try rewrite(trail) { lines in
        lines[5] = try #require(self.edit(lines[5]) { $0.replacing("blocked", with: "benign") })
      }
    case .closed:
      try rewrite(trail) { lines in
        let late = try #require(
          self.edit(lines[3]) {
            $0.replacing("\"run_seq\":3", with: "\"run_seq\":6").replacing("\"seq\":3", with: "\"seq\":11")
          })
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

  private func edit(_ line: [UInt8], _ change: (String) -> String) -> [UInt8]? {
    let text = String(decoding: line, as: UTF8.self)
    let changed = change(text)
    return changed == text ? nil : Array(changed.utf8)
  }

  private func put(_ trail: VerifiedTrail, _ checkpoint: Checkpoint, in slot: Int) throws {
    trail.files[trail.layout.checkpoint(slot)] = try checkpoint.note(signedBy: VerifiedTrail.key).bytes
  }

  private func slots(_ trail: VerifiedTrail) throws -> [(slot: Int, checkpoint: Checkpoint)] {
    try (0..<2).map { slot in
      let note = try #require(SignedNote(parsing: trail.files[trail.layout.checkpoint(slot)] ?? []))
      return (slot, try #require(Checkpoint(text: note.text)))
    }.sorted { $0.checkpoint.size < $1.checkpoint.size }
  }

  private func older(_ trail: VerifiedTrail) throws -> Int { try slots(trail)[0].slot }

  /// The last checkpoint, signed anew with another size or root; the other one is the same.
  private func sign(_ trail: VerifiedTrail, size: Int64? = nil, root: Digest? = nil) throws {
    let last = try slots(trail)[1].checkpoint
    let checkpoint = Checkpoint(origin: last.origin, size: size ?? last.size, root: root ?? last.root)
    for slot in 0..<2 { try put(trail, checkpoint, in: slot) }
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
    try sign(trail)
  }

  /// Changes records, and then everything that follows from them, as only the holder of the key can.
  private func rewrite(
    _ trail: VerifiedTrail, keepingLinks: Bool = false, _ change: (inout [[UInt8]]) throws -> Void
  ) throws {
    var lines = trail.lines()
    try change(&lines)
    if !keepingLinks {
      var last: [String: String] = [:]
      for index in lines.indices {
        let json = try JSON(parsing: lines[index])
        guard let run = json["run"]?.text else { continue }
        if let previous = json["run_prev"]?.text, let leaf = last[run], leaf != previous {
          lines[index] = Array(String(decoding: lines[index], as: UTF8.self).replacing(previous, with: leaf).utf8)
        }
        last[run] = Digest(leaf: lines[index]).hexadecimal
      }
    }
    trail.setLines(lines)
    trail.files[trail.layout.leaves] = nil
    let root = MerkleLeaves(lines.map { Digest(leaf: $0) }).root
    try sign(trail, size: Int64(lines.count), root: root)
  }

  /// Two tools may read one of these differently, and the holder of the key can sign them.
  @Test(arguments: [
    #""a":1,"a":1,"#, #""b":1,"a":1,"#, #""a":-0,"#, #""a":01,"#, #""a":1e2,"#, #""a":1.0,"#, #""a":9007199254740993,"#,
    #""a":"\u0041","#, #""a":"\/","#, #""a":"\ud800","#, #""a":"\u000A","#, #""a": 1,"#, #""a":tru,"#, #""a":[1,],"#,
    "\"a\":\(String(repeating: "[", count: 101))\(String(repeating: "]", count: 101)),",
    "\"a\":\"\(String(repeating: "x", count: 60_000))\",",
  ])
  func `what is signed and can be written in another way is no record`(member: String) async throws {
    let trail = try await VerifiedTrail(tail: 2)
    try rewrite(trail, keepingLinks: true) { lines in
      let last = lines.count - 1
      lines[last] = try #require(self.edit(lines[last]) { $0.replacing("\"body\":{", with: "\"body\":{\(member)") })
    }
    let result = try trail.verify()
    #expect(result.status == .tampered && result.problems.map(\.check) == [.form], "\(result.problems)")
    #expect(result.firstBad == 12)
  }

  @Test(arguments: [#""a":-15,"#, #""a":"\"\\\n\u0001","#, #""a":[1,[],{},null,true,"é"],"#, #""A":0,"#, #""a":1.5,"#])
  func `what can be written in one way is a record, also where that takes a closer look`(member: String) async throws {
    let trail = try await VerifiedTrail(tail: 2)
    try rewrite(trail, keepingLinks: true) { lines in
      let last = lines.count - 1
      lines[last] = try #require(self.edit(lines[last]) { $0.replacing("\"body\":{", with: "\"body\":{\(member)") })
    }
    let result = try trail.verify()
    #expect(result.status == .verified, "\(result.problems)")
  }

  @Test func `a log that was signed cannot say later that it was not`() async throws {
    let trail = try await VerifiedTrail(tail: 2)
    try rewrite(trail, keepingLinks: true) { lines in
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
